"""`/questions/{slug}/diff`: the rows that an answer gained and lost between two days, and the claims that caused it."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from starlette.datastructures import Headers
from starlette.requests import Request

from kg.algebra import bind
from kg.queries import Query
from kg.store.formats import JSON, Format
from kg.views.view import PARAMETERS, View, ViewRefused, read
from server import freshness, negotiation, rows
from server.asking import Asking
from server.headers import SHARED
from server.pages.rendering import Templates
from server.replies import Reply, while_connected
from server.rows import Row
from server.sparql.parameters import Parameters
from server.views import Views

DAYS = ("known-from", "known-to")
RESERVED = {*PARAMETERS, *DAYS, "format"}
PORTION = 100
_DOCUMENT = Format("json", "application/json", "application/json", ("text/json",))
_HTML = Format("html", "text/html", "text/html; charset=utf-8", ("application/xhtml+xml",))


class Cited(NamedTuple):
    """One row of an answer, as it compares, the claims that it rests on, and those that its own solutions state."""

    row: Row
    key: str
    claims: tuple[str, ...]
    direct: frozenset[str]


class Diff:
    """Answers what changed in the answer of a question between two days on which something was known."""

    def __init__(self, asking: Asking, templates: Templates, views: Views) -> None:
        self._asking = asking
        self._templates = templates
        self._views = views

    async def reply(self, request: Request, question: Query) -> Reply:
        """Answer one request; raises ViewRefused, ParameterRefused, QueryUncitable and what Asking raises."""
        parameters, headers = Parameters(request.scope["query_string"]), Headers(scope=request.scope)
        names = [name for name in parameters.all("format") if name]
        accept = ", ".join(headers.getlist("accept")) or None
        offered = (_DOCUMENT, _HTML)
        wanted = negotiation.by_name(names, offered) if names else negotiation.choose(accept, offered)
        before, after = _between(parameters)
        named = {name: [value for value in parameters.all(name) if value] for name in parameters.names()}
        given = {name: values for name, values in named.items() if values and name not in RESERVED}
        text = bind(question, given, self._asking.settings.base)
        digests = [self._views.normal(view).digest for view in (before, after)]
        fresh = freshness.validators(self._asking.generation, "diff", text, wanted.name, *digests)
        told = {"Content-Type": wanted.content_type, "Vary": "Accept", **fresh, **SHARED}
        if freshness.unchanged(headers, fresh):
            return Reply(304, b"", told)
        document = await while_connected(request.receive, self._document(request, text, before, after))
        document = {"question": question.slug, "summary": question.summary, "parameters": given, **document}
        if wanted is _DOCUMENT:
            return Reply(200, json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n", told)
        base = self._asking.settings.base
        shown = {
            "question": question,
            "diff": document,
            "short": lambda iri: iri.removeprefix(f"{base}id/"),
            "local": lambda iri: f"/{iri.removeprefix(base)}" if iri.startswith(base) else iri,
        }
        return Reply(200, self._templates.page("diff.html", **shown), told)

    async def _document(self, request: Request, text: str, before: View, after: View) -> dict[str, Any]:
        asking = [self._asking.through(self._views, view) for view in (before, after)]
        answers = await asyncio.gather(*(each.of_text(text, request.scope, JSON, cite=True) for each in asking))
        variables, _ = rows.read(answers[1].body)
        old, new = (_cited(answer.body) for answer in answers)
        lost, gained = _surplus(old, new), _surplus(new, old)
        claims = sorted({claim for each in (*lost, *gained) for claim in each.claims})
        told_old, told_new = [await _attested(each, request, claims) for each in asking]
        return {
            "known-from": _shown(before, asking[0]),
            "known-to": _shown(after, asking[1]),
            "columns": variables,
            "added": [
                {"row": _plain(variables, each.row), "because": _causes(each, told_old, told_new)} for each in gained
            ],
            "removed": [
                {
                    "row": _plain(variables, each.row),
                    "because": _causes(each, told_new, told_old),
                    "replacedBy": _replacement(each, gained),
                }
                for each in lost
            ],
            "unchanged": len(new) - len(gained),
        }


def _between(parameters: Parameters) -> tuple[View, View]:
    """The views of the two days; raises ViewRefused."""
    if any(parameters.all("known-at")):
        raise ViewRefused("known-at is one day; a difference is between known-from and known-to")
    view = read({name: parameters.all(name) for name in PARAMETERS})
    days = []
    for name in DAYS:
        found = read({"known-at": [value for value in parameters.all(name) if value]}).known_at
        if found is None:
            raise ViewRefused(f"{name} is missing; write known-from=YYYY-MM-DD&known-to=YYYY-MM-DD")
        days.append(found)
    if days[0] > days[1]:
        raise ViewRefused("known-from is after known-to; exchange them")
    return replace(view, known_at=days[0]), replace(view, known_at=days[1])


def _cited(body: bytes) -> list[Cited]:
    citations = json.loads(body)["citations"]
    graphs = [each["iri"] for each in citations["graphs"]]
    _, those = rows.read(body)
    return [
        Cited(
            row,
            json.dumps(sorted(row.items())),
            tuple(graphs[number] for number in cited["claims"]),
            frozenset(graphs[number] for number in _direct(cited, citations)),
        )
        for row, cited in zip(those, citations["rows"], strict=True)
    ]


def _direct(cited: Mapping[str, Any], citations: Mapping[str, Any]) -> set[int]:
    """The graphs of what a row's own solutions state, and those that inferences among them rest on."""
    statements = [statement for solution in cited["solutions"] for statement in solution.get("statements", ())]
    found = {graph for statement in statements for graph in citations["statements"][statement]["graphs"]}
    return found.union(*(citations["graphs"][graph].get("from", ()) for graph in found))


def _surplus(these: Sequence[Cited], those: Sequence[Cited]) -> list[Cited]:
    """The rows that are there more often than among the others."""
    left = Counter(each.key for each in those)
    found = []
    for each in these:
        if left[each.key]:
            left[each.key] -= 1
        else:
            found.append(each)
    return found


async def _attested(asking: Asking, request: Request, claims: Sequence[str]) -> dict[str, dict[str, dict[str, Any]]]:
    """The attestations of claims in a view, by claim; a claim that the view does not have has none."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for begin in range(0, len(claims), PORTION):
        portion = claims[begin : begin + PORTION]
        for row in await asking.rows("attestations-of-claims", request.scope, claim=portion):
            plain = {name: term.value for name, term in row.items() if name != "claim"}
            found.setdefault(row["claim"].value, {})[plain["attestation"]] = plain
    return found


def _causes(
    cited: Cited,
    without: Mapping[str, Mapping[str, Mapping[str, Any]]],
    having: Mapping[str, Mapping[str, Mapping[str, Any]]],
) -> list[dict[str, Any]]:
    """Of the claims that a row rests on, those that only one of the views has, or attests by more.

    Where the row's own solutions state some of these, only they are told, not those of inner queries.
    """
    causes = []
    for claim in cited.claims:
        more = [each for name, each in having.get(claim, {}).items() if name not in without.get(claim, {})]
        if more:
            causes.append({"claim": claim, "new": claim not in without, "attestations": more})
    return [cause for cause in causes if cause["claim"] in cited.direct] or causes


def _replacement(lost: Cited, gained: Sequence[Cited]) -> int | None:
    """The added row that shares most values with a lost one, by its place; None where none shares any."""
    shared = [len(set(lost.row.items()) & set(each.row.items())) for each in gained]
    most = max(shared, default=0)
    return shared.index(most) if most else None


def _plain(variables: Sequence[str], row: Row) -> dict[str, Any]:
    return rows.plain(variables, [row])[0]


def _shown(view: View, asking: Asking) -> dict[str, Any]:
    return {"view": str(view), "claims": asking.seen.get("Foedus-View-Claims", "")}
