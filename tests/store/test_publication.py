"""Generations: whole or not at all, the same bytes each time, and never taken from a reader."""

import fcntl
import gzip
import os
import signal
import subprocess
import sys
import textwrap

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from kg.errors import BuildFailed
from kg.store import generation, publication
from kg.store.generation import MANIFEST, NothingBuilt

DOCUMENTS = {"report.txt": b"a report\n", "report.json": b"{}\n"}


def merged(quads):
    return {quad.triple for quad in quads}


def names(root):
    return sorted(path.name for path in (root / "generations").iterdir())


def test_a_generation_has_both_stores_and_all_files(tmp_path, quads):
    path = publication.write(tmp_path, "one", quads, merged(quads), DOCUMENTS)
    current = generation.current(tmp_path)
    assert current.path == path
    assert current.name == "one"
    assert current.document("report.txt") == b"a report\n"
    assert set(Store.read_only(str(current.merge))) == {Quad(*triple) for triple in merged(quads)}
    assert set(Store.read_only(str(current.evidence))) == set(quads) | {Quad(*triple) for triple in merged(quads)}
    assert set(parse(gzip.decompress(current.dump.read_bytes()), format=RdfFormat.N_QUADS)) == set(quads)
    assert current.manifest()["counts"] == {"graphs": 800, "quads": 800, "merged triples": 400}


def test_the_dump_is_the_same_bytes_whatever_the_order(tmp_path, quads):
    one = publication.write(tmp_path / "a", "one", quads, merged(quads), {})
    two = publication.write(tmp_path / "b", "one", [*reversed(quads), quads[3]], merged(quads), {})
    for name in ("dump.nq.gz", MANIFEST):
        assert (one / name).read_bytes() == (two / name).read_bytes()
    lines = gzip.decompress((one / "dump.nq.gz").read_bytes()).splitlines(keepends=True)
    assert lines == sorted(set(lines))


def test_literals_stay_as_they_were_written_in_the_dump(tmp_path):
    number = Literal("01", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
    quad = Quad(NamedNode("http://e/s"), NamedNode("http://e/p"), number, NamedNode("http://e/g"))
    path = publication.write(tmp_path, "one", [quad], [quad.triple], {})
    assert b'"01"' in gzip.decompress((path / "dump.nq.gz").read_bytes())


def test_nothing_built_says_what_to_do(tmp_path):
    with pytest.raises(NothingBuilt, match="foedus build"):
        generation.current(tmp_path)


def test_a_quad_without_a_graph_is_refused_and_the_old_generation_stays(tmp_path, quads):
    publication.write(tmp_path, "one", quads, merged(quads), {})
    with pytest.raises(BuildFailed, match="default graph"):
        publication.write(tmp_path, "two", [Quad(*quads[0].triple)], [], {})
    assert generation.current(tmp_path).name == "one"


@pytest.mark.parametrize("name", ["", "../escape", "a/b", ".hidden", "a b"])
def test_a_name_that_is_no_name_is_refused(tmp_path, name):
    with pytest.raises(BuildFailed, match="cannot name"):
        publication.write(tmp_path, name, [], [], {})


def test_the_same_name_again_gets_a_number(tmp_path, quads):
    publication.write(tmp_path, "same", quads, merged(quads), {})
    path = publication.write(tmp_path, "same", quads, merged(quads), {})
    assert path.name == "same-2"
    assert generation.current(tmp_path).name == "same-2"
    assert generation.current(tmp_path).manifest()["name"] == "same-2"


def test_only_the_newest_are_kept(tmp_path, quads):
    few = quads[:10]
    for number in range(5):
        publication.write(tmp_path, f"g{number}", few, merged(few), {})
    assert names(tmp_path) == ["g2", "g3", "g4"]


def test_a_generation_that_is_read_is_never_removed(tmp_path, quads):
    few = quads[:10]
    publication.write(tmp_path, "held", few, merged(few), {})
    with (tmp_path / "generations" / "held" / MANIFEST).open("rb") as manifest:
        fcntl.flock(manifest, fcntl.LOCK_SH)
        for number in range(4):
            publication.write(tmp_path, f"g{number}", few, merged(few), {})
        assert names(tmp_path) == ["g1", "g2", "g3", "held"]
    publication.write(tmp_path, "g4", few, merged(few), {})
    assert names(tmp_path) == ["g2", "g3", "g4"]


def test_two_builds_at_once_are_refused(tmp_path, quads):
    with (
        publication.publishing(tmp_path) as publisher,
        pytest.raises(BuildFailed, match=rf"another build \(process {os.getpid()}\)"),
    ):
        publication.write(publisher.root, "two", quads, merged(quads), {})
    assert publication.write(tmp_path, "two", quads, merged(quads), {}).name == "two"


KILLED = """
    import os, signal, sys
    from pathlib import Path
    from pyoxigraph import Literal, NamedNode, Quad
    from kg.store import publication

    quads = [Quad(NamedNode("http://e/s"), NamedNode("http://e/p"), Literal("x"), NamedNode("http://e/g"))]
    when = sys.argv[2]
    original = getattr(publication, when)

    def killed(*arguments):
        original(*arguments)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(publication, when, killed)
    publication.write(Path(sys.argv[1]), "killed", quads, [quads[0].triple], {})
"""


@pytest.mark.parametrize("when", ["_load", "packed", "sync_tree", "sync_directory"])
def test_a_killed_build_leaves_the_old_generation_and_its_leftovers_go(tmp_path, quads, when):
    publication.write(tmp_path, "one", quads, merged(quads), {})
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(KILLED), str(tmp_path), when], check=False)
    assert done.returncode == -signal.SIGKILL
    assert generation.current(tmp_path).name == "one"
    assert len(Store.read_only(str(generation.current(tmp_path).merge))) == 400
    publication.write(tmp_path, "two", quads, merged(quads), {})
    assert generation.current(tmp_path).name == "two"
    assert set(names(tmp_path)) <= {"one", "two", "killed"}


def test_a_triple_stated_twice_is_merged_once(tmp_path, quads):
    twice = [*merged(quads), *merged(quads)]
    path = publication.write(tmp_path, "one", quads, twice, {})
    assert len(Store.read_only(str(path / "merge"))) == 400
    assert all(isinstance(triple, Triple) for triple in twice)
