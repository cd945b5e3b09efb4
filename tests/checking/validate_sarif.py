"""Hold the reports of `foedus check` to Microsoft's SARIF validator, with the rules of GitHub's code scanning.

`make sarif` fetches the validator from npm and runs this. Every failing case of the checks gives a report, and so does
a run with more findings than a report may have; the validator may find nothing at the levels error and warning.
"""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

from kg.checking.configuration import Configuration, read_configuration
from kg.checking.findings import Finding, Place, Severity
from kg.checking.outputs import render
from kg.checking.outputs.sarif import LIMIT
from kg.checking.project import read_project
from kg.checking.runner import Outcome, run

HERE = Path(__file__).parent
CASES = HERE / "cases"
TOOL = HERE / "sarif" / "node_modules" / "@microsoft" / "sarif-multitool-linux" / "Sarif.Multitool"


def reports(folder: Path) -> list[Path]:
    """Write a report of every failing case, of a clean run, and of one beyond the limit."""
    for case in sorted(CASES.iterdir()):
        os.chdir(case / "fails")
        configuration = Configuration()
        if Path("foedus.toml").exists():
            configuration = read_configuration(Path.cwd())
        outcome = run(read_project(configuration, [Path()]))
        (folder / f"{case.name}.sarif").write_text(render("sarif", outcome, 100), encoding="utf-8")
    project = read_project(Configuration(), [CASES / "SHA01" / "fails"])
    findings = tuple(
        Finding("SYN02", Severity.ERROR, "m", place=Place("data.ttl", number, 1, number, 2), focus=f"ex:{number}")
        for number in range(1, LIMIT + 100)
    )
    for name, found in ("clean", ()), ("capped", findings):
        (folder / f"{name}.sarif").write_text(render("sarif", Outcome(found, project, ""), 100), encoding="utf-8")
    return sorted(folder.glob("*.sarif"))


def main() -> int:
    """Validate; return 1 when the validator objects."""
    TOOL.chmod(TOOL.stat().st_mode | stat.S_IXUSR)
    with tempfile.TemporaryDirectory() as folder:
        written = reports(Path(folder))
        command = [TOOL, "validate", *written, "--rule-kind", "Sarif;GHAS", "--level", "Error;Warning"]
        command += ["--max-file-size-in-kb", "100000"]
        # Without the libraries for languages, which a bare machine may lack, the tool speaks plain English.
        environment = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)
    objections = [line for line in done.stdout.splitlines() if " error " in line or " warning " in line]
    for line in objections:
        print(line)
    if done.returncode or f"{len(written)} files scanned" not in done.stdout:
        print(done.stdout, done.stderr, file=sys.stderr)
        return 1
    print(f"{len(written)} reports, {len(objections)} objections")
    return 1 if objections else 0


if __name__ == "__main__":
    sys.exit(main())
