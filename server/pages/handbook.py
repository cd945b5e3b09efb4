"""`/handbook`: the ontology for readers, from the document that the build made of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request

from kg.store.generation import HANDBOOK
from server import freshness
from server.asking import Asking
from server.errors import NotThere
from server.headers import SHARED
from server.linked_data.profiles import HTML
from server.pages.rendering import Templates
from server.replies import Reply

CONCEPTS = "concepts"
LINE, STEP = 24, 26
"""Height of a line and width of a step of the drawing, in its units."""


class Handbook:
    """Answers `/handbook`, `/handbook/{topic}` and `/handbook/concepts`."""

    def __init__(self, asking: Asking, templates: Templates) -> None:
        self._asking = asking
        self._templates = templates

    async def overview(self, request: Request) -> Reply:
        """The topics, each with its classes as a drawing."""
        topics, schemes = self._read()
        drawn = [{**topic, "drawing": drawing(topic["tree"])} for topic in topics]
        return self._page(request, "handbook.html", topics=drawn, schemes=schemes)

    async def topic(self, request: Request) -> Reply:
        """One topic, or the concept schemes; raises NotThere."""
        wanted = str(request.path_params["topic"])
        topics, schemes = self._read()
        if wanted == CONCEPTS:
            return self._page(request, "handbook-concepts.html", topics=topics, schemes=schemes)
        chosen = next((topic for topic in topics if topic["topic"] == wanted), None)
        if chosen is None:
            known = ", ".join([*(topic["topic"] for topic in topics), CONCEPTS])
            raise NotThere(f"there is no topic {wanted[:80]!r} in the handbook; there are {known}")
        homes = {term["name"]: topic["topic"] for topic in topics for term in (*topic["classes"], *topic["properties"])}
        return self._page(
            request,
            "handbook-topic.html",
            topics=topics,
            topic=chosen,
            drawing=drawing(chosen["tree"]),
            homes=homes,
        )

    def _read(self) -> tuple[Sequence[Mapping[str, Any]], Sequence[Mapping[str, Any]]]:
        try:
            document = json.loads(self._asking.generation.document(HANDBOOK))
        except FileNotFoundError as error:
            raise NotThere("this generation was built without a handbook; run `foedus build` for a new one") from error
        return document["topics"], document["schemes"]

    def _page(self, request: Request, template: str, **values: object) -> Reply:
        fresh = freshness.validators(self._asking.generation, "handbook", request.url.path)
        told = {"Content-Type": HTML.content_type, **fresh, **SHARED}
        if freshness.unchanged(request.headers, fresh):
            return Reply(304, b"", told)
        return Reply(200, self._templates.page(template, **values), told)


def drawing(tree: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The class tree as boxes and lines: `lines` with `name`, `x`, `y` and `up`, how far up the parent is.

    >>> found = drawing([{"name": "A", "depth": 0, "from": -1}, {"name": "B", "depth": 1, "from": 0}])
    >>> [(each["x"], each["y"], each["up"]) for each in found["lines"]], found["height"]
    ([(4, 18, None), (30, 42, 18)], 52)
    """
    lines = [
        {
            "name": each["name"],
            "x": 4 + STEP * each["depth"],
            "y": 18 + LINE * row,
            "up": 18 + LINE * each["from"] if each["from"] >= 0 else None,
        }
        for row, each in enumerate(tree)
    ]
    width = max((each["x"] + 8.5 * len(each["name"]) for each in lines), default=0) + 12
    return {"lines": lines, "width": round(width), "height": LINE * len(lines) + 4}
