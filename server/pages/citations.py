"""Citations as a person reads them: under each row, who says so, where and when."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SHOWN = 12
"""How many claims are told under one row; the rest is a number."""


@dataclass(frozen=True)
class Says:
    """One source for a claim, in words; `address` is where the document is."""

    who: str
    title: str
    address: str | None
    about: str


@dataclass(frozen=True)
class Told:
    """One claim: the end of its IRI, where it is told, and its sources."""

    name: str
    link: str | None
    says: tuple[Says, ...]


@dataclass(frozen=True)
class Cited:
    """What is told under one row; `more` is how many claims are not, `together` whether it rests on all ways to it."""

    claims: tuple[Told, ...]
    more: int
    rules: tuple[str, ...]
    others: tuple[str, ...]
    missing: tuple[str, ...]
    ways: int
    together: bool
    cut: bool


def cited(
    citations: Mapping[str, Any], prefixes: Mapping[str, str], link: Callable[[str], str | None]
) -> tuple[Cited, ...]:
    """Prepare the citations of an answer, row by row; `link` gives the address of a claim's page."""
    return tuple(_row(row, citations, prefixes, link) for row in citations["rows"])


def says(attestation: Mapping[str, Any]) -> Says:
    """One attestation in words."""
    source = attestation.get("source", {})
    publisher = source.get("publisher", {}).get("label", "")
    speaker = attestation.get("speaker", {}).get("label")
    behalf = attestation.get("onBehalfOf", {}).get("label")
    who = f"{speaker} on behalf of {behalf}" if speaker and behalf else speaker or ""
    reported = attestation.get("reportedText") or attestation.get("reported")
    certainty = attestation.get("certainty", {}).get("label")
    details = (publisher, reported, certainty, attestation.get("locator"))
    about = ", ".join(each for each in details if each)
    return Says(who, source.get("title", ""), source.get("address"), about)


def _row(
    row: Mapping[str, Any],
    citations: Mapping[str, Any],
    prefixes: Mapping[str, str],
    link: Callable[[str], str | None],
) -> Cited:
    graphs: Sequence[Mapping[str, Any]] = citations["graphs"]
    claims = [graphs[number] for number in row["claims"]]
    direct = [graphs[number] for number in row["graphs"]]
    numbers = {number for each in row["solutions"] for number in each.get("notFound", ())}
    absences = [citations["absences"][number] for number in sorted(numbers)[:3]]
    return Cited(
        claims=tuple(_told(each, link) for each in claims[:SHOWN]),
        more=max(0, len(claims) - SHOWN),
        rules=tuple(sorted({each["rule"]["label"] for each in direct if each.get("rule")})),
        others=tuple(sorted({_other(each) for each in direct if each["kind"] in ("dataset", "vocabulary", "graph")})),
        missing=tuple(f"{each['kind']} {_short(each['pattern'], prefixes)}" for each in absences),
        ways=len(row["solutions"]),
        together=row["mode"] == "all",
        cut="cut" in row,
    )


def _told(claim: Mapping[str, Any], link: Callable[[str], str | None]) -> Told:
    name = claim["iri"].rpartition("/")[2]
    return Told(name, link(claim["iri"]), tuple(says(each) for each in claim.get("attestations", ())))


def _other(graph: Mapping[str, Any]) -> str:
    title = graph.get("title") or graph["iri"].rpartition("/")[2]
    return f"{title} ({graph['version']})" if graph.get("version") else str(title)


def _short(pattern: str, prefixes: Mapping[str, str]) -> str:
    for name, start in prefixes.items():
        if start:
            pattern = pattern.replace(f"<{start}", f"<{name}:")
    return pattern
