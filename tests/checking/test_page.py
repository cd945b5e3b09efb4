"""The page that compares with pySHACL shows what both print."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "from-pyshacl.md"


def test_both_commands_print_what_the_page_shows(tmp_path):
    text = PAGE.read_text(encoding="utf-8")
    files = re.findall(r"(?ms)^`(\w+\.ttl)`:\n\n```turtle\n(.*?)^```", text)
    assert len(files) == 3
    for name, content in files:
        (tmp_path / name).write_text(content, encoding="utf-8")
    shown = re.findall(r"(?ms)^```console\n\$ (.*?)\n(.*?)^```", text)
    assert len(shown) == 2
    for line, output in shown:
        program, *arguments = shlex.split(line)
        module = {"foedus": "kg.cli", "pyshacl": "pyshacl"}[program]
        command = [sys.executable, "-m", module, *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 1, done.stderr
        assert done.stdout, done.stderr
        assert sorted(done.stdout.splitlines()) == sorted(output.splitlines())
