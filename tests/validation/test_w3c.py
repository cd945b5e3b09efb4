"""Both engines against the W3C's test suite: they say the same, and what the suite says but for a few known cases."""

import sys

import pytest

from kg.checking import selftest
from kg.cli import main
from kg.errors import UnreadableInput


def test_both_engines_say_what_the_suite_says(suite, capsys):
    assert main(["check", "--self-test", str(suite)]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    lines = told.out.splitlines()
    assert lines[0] == "121 tests of the W3C's suite for SHACL; on 121 the engines agree."
    assert lines[1] == "fast engine: 119 as the suite has them"
    assert "pySHACL: 118 as the suite has them" in lines


def test_an_engine_that_is_wrong_is_found(suite, capsys, monkeypatch):
    folder = suite / "core" / "property"
    told = selftest._judged

    def wrong(data, shapes, engine):
        return "failure" if engine == "fast" else told(data, shapes, engine)

    monkeypatch.setattr(selftest, "_judged", wrong)
    assert main(["check", "--self-test", str(folder)]) == 1
    out = capsys.readouterr().out
    assert "warning[SHA05]: the engines disagree about datatype-001" in out
    assert "warning[SHA05]: fast engine differs from the suite in datatype-001" in out


def test_without_a_suite_it_says_what_to_do(tmp_path, monkeypatch):
    with pytest.raises(UnreadableInput, match="holds no test"):
        list(selftest.run(tmp_path))
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(UnreadableInput, match="name a folder that has it"):
        selftest.fetch(tmp_path)
