"""Which findings concern what was changed since a git revision.

Everything is checked, since a change in one file can break another. Shown are findings in changed files, those about
nodes that changed files describe, point at, or are pointed at from, and whatever was not found at the revision: a
triple that was taken away can make a node fail that no changed file names. The revision is checked only where a
finding is neither in a changed file nor about its nodes.
"""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from rdflib import BNode, Literal

from kg.checking.context import Context
from kg.checking.findings import Finding
from kg.checking.project import Project, read_project
from kg.checking.runner import run
from kg.errors import FoedusError, UsageError


def changed_files(revision: str, folder: Path) -> frozenset[Path]:
    """The files that differ from a revision, new ones included. Raises UsageError when git does not know it."""
    top, base = _top(folder), _base(revision, folder)
    names = _git(folder, "diff", "--name-only", "-z", base).split("\0")
    names += _git(top, "ls-files", "--others", "--exclude-standard", "-z").split("\0")
    return frozenset((top / name).resolve() for name in names if name)


def found_before(revision: str, project: Project, paths: Sequence[Path], only: tuple[str, ...]) -> frozenset[str]:
    """The fingerprints of the findings about nodes at a revision, by the same checks; none if it cannot be read."""
    root = project.configuration.root.resolve()
    top, base = _top(root), _base(revision, root)
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder).resolve()
        with tarfile.open(fileobj=io.BytesIO(_asked(top, "archive", "--format=tar", base))) as tree:
            tree.extractall(there, filter="data")
        moved = [there / path.resolve().relative_to(top) for path in paths if path.resolve().is_relative_to(top)]
        configuration = replace(project.configuration, root=there / root.relative_to(top))
        try:
            then = read_project(configuration, [path for path in moved if path.exists()])
            return frozenset(finding.fingerprint for finding in run(then, only=only).findings if finding.focus)
        except FoedusError:
            return frozenset()


def concerning(
    revision: str, project: Project, paths: Sequence[Path] = (), only: tuple[str, ...] = ()
) -> Callable[[Finding], bool]:
    """A test of findings: whether they concern what was changed since the revision.

    `paths` are the files and folders that were named, `only` the checks.
    """

    @cache
    def before() -> frozenset[str]:
        return found_before(revision, project, paths, only)

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
        if finding.focus.split(" / ")[0] in nodes or (shapes and finding.shape.split(" / ")[0] in nodes):
            return True
        return bool(finding.focus) and finding.fingerprint not in before()

    return concerns


def _top(folder: Path) -> Path:
    return Path(_git(folder, "rev-parse", "--show-toplevel").strip())


def _base(revision: str, folder: Path) -> str:
    return _git(folder, "merge-base", revision, "HEAD").strip()


def _git(folder: Path, *arguments: str) -> str:
    return _asked(folder, *arguments).decode(errors="surrogateescape")


def _asked(folder: Path, *arguments: str) -> bytes:
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)
    except FileNotFoundError as error:
        raise UsageError("--changed-since asks git, which is not installed") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise UsageError(f"git does not know what changed: {said[-1:]}; name a revision that exists")
    return done.stdout
