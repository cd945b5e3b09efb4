"""The checks: id, severity, title and page of each, read from the pages beside this file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg.checking.findings import Severity
from kg.errors import UsageError

FAMILIES = ("SYN", "FMT", "NS", "TRM", "DOC", "META", "PIT", "SHA", "OWL", "CQ", "DIF", "BAS")
_SECTION = re.compile(r"(?ms)^## ([A-Z]+\d\d) (.*?)\n\nSeverity: (\w+)\.\n\n(.*?)(?=^## |\Z)")


@dataclass(frozen=True)
class Check:
    """One check. `page` is Markdown: what it finds, why that matters, what to do."""

    id: str
    title: str
    severity: Severity
    page: str

    @property
    def family(self) -> str:
        """The letters of the id."""
        return self.id.rstrip("0123456789")

    @property
    def text(self) -> str:
        """The page with its heading."""
        return f"{self.id} {self.title}\n\nSeverity: {self.severity.word}.\n\n{self.page}\n"


@cache
def checks() -> Mapping[str, Check]:
    """All checks by id, family by family."""
    found: dict[str, Check] = {}
    for family in FAMILIES:
        text = (Path(__file__).parent / "pages" / f"{family.lower()}.md").read_text(encoding="utf-8")
        for name, title, severity, page in _SECTION.findall(text):
            found[name] = Check(name, title, Severity[severity.upper()], page.strip())
    return found


def explain(name: str) -> str:
    """The page of a check, or of every check of a family. Raises UsageError naming those that there are."""
    wanted = [check.text for check in checks().values() if name.upper() in (check.id, check.family)]
    if not wanted:
        raise UsageError(f"there is no check {name!r}; there are: {', '.join(checks())}")
    return "\n".join(wanted)


def matching(names: tuple[str, ...]) -> frozenset[str]:
    """The ids that a list of ids and families means. Raises UsageError for a name that means none."""
    found: set[str] = set()
    for name in names:
        wanted = {check.id for check in checks().values() if name.upper() in (check.id, check.family)}
        if not wanted:
            raise UsageError(f"there is no check {name!r}; there are families {', '.join(FAMILIES)}, and ids")
        found |= wanted
    return frozenset(found)
