"""Which findings concern what was changed since a git revision.

Everything is checked, since a change in one file can break another; shown are findings in changed files, and those
about nodes that changed files describe, point at, or are pointed at from, over any number of blank nodes.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

from rdflib import BNode, Literal

from kg.checking.context import Context
from kg.checking.findings import Finding
from kg.checking.project import Project
from kg.errors import UsageError


def changed_files(revision: str, folder: Path) -> frozenset[Path]:
    """The files that differ from a revision, new ones included. Raises UsageError when git does not know it."""
    top = Path(_git(folder, "rev-parse", "--show-toplevel").strip())
    base = _git(folder, "merge-base", revision, "HEAD").strip()
    names = _git(folder, "diff", "--name-only", "-z", base).split("\0")
    names += _git(top, "ls-files", "--others", "--exclude-standard", "-z").split("\0")
    return frozenset((top / name).resolve() for name in names if name)


def concerning(revision: str, project: Project) -> Callable[[Finding], bool]:
    """A test of findings: whether they concern what was changed since the revision."""
    changed = changed_files(revision, project.configuration.root)
    names = {file.name for file in project.files if file.path.resolve() in changed}
    context = Context(project)
    nodes: set[str] = set()
    for file in project.files:
        if file.name in names:
            for triple in file.triples:
                nodes.update(context.term(term) for term in triple if not isinstance(term, (BNode, Literal)))
    shapes = {file.name for file in project.files if file.serves("shapes")} & names

    def concerns(finding: Finding) -> bool:
        places = [finding.place, *(each.place for each in finding.related)]
        if any(place and (place.file in names or Path(place.file).resolve() in changed) for place in places):
            return True
        return finding.focus.split(" / ")[0] in nodes or bool(shapes and finding.shape.split(" / ")[0] in nodes)

    return concerns


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise UsageError("--changed-since asks git, which is not installed") from error
    if done.returncode:
        raise UsageError(
            f"git does not know what changed: {done.stderr.strip().splitlines()[-1:]}; name a revision that exists"
        )
    return done.stdout
