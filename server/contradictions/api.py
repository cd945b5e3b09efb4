"""`/contradictions`: pairs of claims that cannot both hold, by which rule, with the sources of both, and since when.

As a page, as JSON, and in the formats of RDF.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from starlette.datastructures import Headers
from starlette.types import Receive, Scope

from kg.store import answers
from kg.store.formats import JSON_LD, N_TRIPLES, RDF_XML, TURTLE, Format
from kg.terms import FOE, PROV, RDFS
from server import freshness, negotiation
from server.asking import Asking
from server.contradictions.triples import triples
from server.headers import SHARED
from server.pages.rendering import Templates
from server.replies import Reply, while_connected
from server.rows import Row
from server.sparql.parameters import Parameters
from server.views import Views

JSON = Format("json", "application/json", "application/json", ("text/json",))
HTML = Format("html", "text/html", "text/html; charset=utf-8", ("application/xhtml+xml",))
FORMATS = (JSON, HTML, TURTLE, JSON_LD, N_TRIPLES, RDF_XML)
PORTION = 100
"""Claims that are asked about in one query."""


class Contradictions:
    """Answers `/contradictions?about=…`, as of any view."""

    def __init__(self, asking: Asking, templates: Templates, views: Views) -> None:
        self._asking = asking
        self._templates = templates
        self._views = views

    async def reply(self, scope: Scope, receive: Receive) -> Reply:
        """Answer one request; raises ParameterRefused, ViewRefused, NotAcceptable and what Asking raises."""
        headers, parameters = Headers(scope=scope), Parameters(scope["query_string"])
        names = [name for name in parameters.all("format") if name]
        accept = ", ".join(headers.getlist("accept")) or None
        wanted = negotiation.by_name(names, FORMATS) if names else negotiation.choose(accept, FORMATS)
        about = (parameters.one("about") or "").strip()
        view = self._views.read(parameters)
        seen = self._views.normal(view)
        digest = seen.digest if seen else ""
        fresh = freshness.validators(self._asking.generation, "contradictions", about, wanted.name, digest)
        told = {"Content-Type": wanted.content_type, "Vary": "Accept", **fresh, **SHARED}
        if freshness.unchanged(headers, fresh):
            return Reply(304, b"", told)
        asking = self._asking.through(self._views, view)
        evidence = await while_connected(receive, _evidence(asking, scope, about))
        told |= asking.seen
        if wanted not in (JSON, HTML):
            return Reply(200, await while_connected(receive, self._as_rdf(evidence, wanted, scope)), told)
        found = _pairs(evidence)
        base = self._asking.settings.base
        if wanted is JSON:
            document = {"about": about or None, "view": dict(_several(view.parameters())), "contradictions": found}
            return Reply(200, json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n", told)
        body = self._templates.render(
            "contradictions.html",
            about=about,
            pairs=found,
            short=lambda iri: iri.removeprefix(f"{base}id/").removeprefix(base),
            local=lambda iri: f"/{iri.removeprefix(base)}" if iri.startswith(base) else iri,
            address=f"/contradictions?{urlencode([('about', about), *view.parameters(), ('format', 'json')])}",
            view=self._views.fields(parameters),
            headers=asking.seen,
        )
        return Reply(200, body.encode(errors="replace"), told)

    async def _as_rdf(self, evidence: Evidence, wanted: Format, scope: Scope) -> bytes:
        lines = sorted(set(triples(evidence.pairs, evidence.statements, evidence.attestations)))
        if wanted is N_TRIPLES:
            return "".join(lines).encode()
        prefixes = {"foe": str(FOE), "rdfs": str(RDFS), "dcterms": "http://purl.org/dc/terms/", "prov": str(PROV)}
        asked = answers.whole(answers.TRIPLES, "".join(lines), wanted, self._asking.settings, prefixes)
        return (await self._asking.of_request(asked, scope)).body


class Evidence(NamedTuple):
    """The pairs, what their claims state, and who attests them: rows of the queries of these names."""

    pairs: list[Row]
    statements: list[Row]
    attestations: list[Row]


async def _evidence(asking: Asking, scope: Scope, about: str) -> Evidence:
    """Ask about the pairs, and then about their claims, a portion at a time."""
    found = Evidence(await asking.rows("contradictions", scope, **({"about": about} if about else {})), [], [])
    claims = sorted({row[side].value for row in found.pairs for side in ("one", "other")})
    for begin in range(0, len(claims), PORTION):
        portion = claims[begin : begin + PORTION]
        found.attestations.extend(await asking.rows("attestations-of-claims", scope, claim=portion))
        found.statements.extend(await asking.rows("statements-of-claims", scope, claim=portion))
    return found


def _pairs(evidence: Evidence) -> list[dict[str, Any]]:
    """The pairs as documents, those that disagree longest first."""
    attested: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    stated: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for row in evidence.attestations:
        attested[row["claim"].value].append(_attestation(row))
    for row in evidence.statements:
        said = {"property": row["property"].value, "iri": row["says"].value, "value": row["value"].value}
        stated[row["claim"].value].append(said | ({"name": row["name"].value} if "name" in row else {}))
    pairs = [_pair(row, attested, stated) for row in evidence.pairs]
    return sorted(pairs, key=lambda pair: (pair["since"] or "9999", pair["subject"]["iri"]))


def _attestation(row: Row) -> dict[str, Any]:
    plain = {name: term.value for name, term in row.items() if name != "claim"}
    days = {"earliest": plain.pop("earliest"), "latest": plain.pop("latest")} if "latest" in plain else None
    return {**plain, "reported": days}


def _pair(
    row: Row, attested: Mapping[str, list[dict[str, Any]]], stated: Mapping[str, list[dict[str, str]]]
) -> dict[str, Any]:
    sides = [row["one"].value, row["other"].value]
    known = [_first(attested[side]) for side in sides]
    history = [
        {"day": each["reported"]["latest"], "claim": side, "source": each["source"], "publisher": each["publisher"]}
        for side in sides
        for each in attested[side]
        if each["reported"]
    ]
    begins = [
        max((each["value"] for each in stated[side] if each["iri"].endswith("#beginLatest")), default=None)
        for side in sides
    ]
    return {
        "subject": {"iri": row["subject"].value, "name": row["subjectLabel"].value if "subjectLabel" in row else None},
        "property": row["propertyLabel"].value if "propertyLabel" in row else None,
        "rule": {"iri": row["rule"].value, "says": row["ruleLabel"].value},
        "held together from": max(day for day in begins if day) if all(begins) else None,
        "since": max(day for day in known if day) if all(known) else None,
        "claims": [
            {"iri": side, "known": first, "says": stated[side], "attestations": attested[side]}
            for side, first in zip(sides, known, strict=True)
        ],
        "history": sorted(history, key=lambda each: (each["day"], each["claim"], each["source"])),
    }


def _first(attestations: Iterable[Mapping[str, Any]]) -> str | None:
    """The day by which a claim was certainly known; None where no source of it is dated."""
    return min((each["reported"]["latest"] for each in attestations if each["reported"]), default=None)


def _several(parameters: Iterable[tuple[str, str]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in parameters:
        found[name] = [*found[name], value] if name in found else [value]
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}
