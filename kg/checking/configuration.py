"""What a project says about its checks, in `foedus.toml` or `pyproject.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from kg.checking.catalogue import matching
from kg.checking.findings import Severity
from kg.errors import UnreadableInput, UsageError

_LISTS = ("data", "ontology", "shapes", "queries", "tables", "namespaces", "skip", "exclude")


@dataclass(frozen=True)
class Configuration:
    """Settings of one project; file patterns are relative to `root`, and `**` goes into folders.

    `namespaces` are the project's own; `severities` change those of checks; `expected` is the folder
    with the rows that questions must answer; `profile` is the OWL 2 profile to keep; `release` is the version to
    compare the ontology with; `seconds` is how long one question may take.
    """

    root: Path = field(default_factory=Path)
    file: Path | None = None
    data: tuple[str, ...] = ()
    ontology: tuple[str, ...] = ()
    shapes: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    namespaces: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    expected: str = ""
    baseline: str = ""
    release: str = ""
    profile: str = ""
    fail_on: str = "error"
    seconds: float = 60
    severities: Mapping[str, Severity] = field(default_factory=dict)

    @property
    def stated(self) -> bool:
        """Whether the project says which files are what."""
        return any((self.data, self.ontology, self.shapes, self.queries, self.tables))


def read_configuration(start: Path) -> Configuration:
    """Read the nearest `foedus.toml`, or `pyproject.toml` with `[tool.foedus.check]`, at or above a folder.

    Raises UnreadableInput when it is no TOML, UsageError when a key or a value is wrong.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        for name, keys in (("foedus.toml", ("check",)), ("pyproject.toml", ("tool", "foedus", "check"))):
            path = folder / name
            if path.is_file():
                table = _table(path, keys)
                if table is not None:
                    return _configured(folder, path, table)
        if (folder / ".git").exists():
            break
    return Configuration(root=start)


def _table(path: Path, keys: tuple[str, ...]) -> dict[str, Any] | None:
    try:
        found: Any = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnreadableInput(f"{path}: {error}; correct the TOML there") from error
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else None


def _configured(root: Path, path: Path, table: dict[str, Any]) -> Configuration:
    known = {each.name for each in fields(Configuration)} - {"root", "file"}
    given: dict[str, Any] = {}
    for key, value in table.items():
        name = key.replace("-", "_")
        if name not in known:
            raise UsageError(f"{path}: no setting {key!r}; there are: {', '.join(sorted(known))}")
        if name in _LISTS:
            texts = [value] if isinstance(value, str) else value
            if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
                raise UsageError(f"{path}: {key} should be a text or a list of texts")
            given[name] = tuple(texts)
        elif name == "severities":
            given[name] = _severities(path, value)
        elif name == "seconds":
            if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
                raise UsageError(f"{path}: seconds should be a number above 0")
            given[name] = float(value)
        elif isinstance(value, str):
            given[name] = value
        else:
            raise UsageError(f"{path}: {key} should be a text")
    configuration = Configuration(root=root, file=path, **given)
    severity(configuration.fail_on)
    matching(configuration.skip)
    if configuration.profile not in ("", "DL", "RL"):
        raise UsageError(f"{path}: profile should be DL or RL")
    return configuration


def _severities(path: Path, value: Any) -> dict[str, Severity]:
    if not isinstance(value, dict):
        raise UsageError(f"{path}: severities should be a table, such as DOC01 = 'error'")
    found: dict[str, Severity] = {}
    for name, word in value.items():
        for check in matching((name,)):
            found[check] = severity(str(word))
    return found


def severity(word: str) -> Severity:
    """The severity of that name."""
    try:
        return Severity[word.upper()]
    except KeyError as error:
        raise UsageError(f"{word!r} is no severity; write error, warning or info") from error
