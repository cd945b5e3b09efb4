"""The questions in groups that a reader looks for, by the tags in their headers."""

from __future__ import annotations

from collections.abc import Iterable

from kg.queries import Query

# A question is in the first group of which it has a tag, and in the last one otherwise.
TOPICS: tuple[tuple[str, frozenset[str]], ...] = (
    ("Ukraine: offers, guarantees, talks", frozenset({"ukraine", "negotiation"})),
    (
        "Contested places, control, recognition",
        frozenset({"sites", "sovereignty", "recognition", "control", "contested", "viewpoint", "geospatial"}),
    ),
    ("Alliances and their members", frozenset({"membership", "organisations", "coalition"})),
    ("Treaties and commitments", frozenset({"commitments", "instruments", "treaties", "united-nations"})),
)
REST = "Who says so, and how surely"


def by_topic(questions: Iterable[Query]) -> list[tuple[str, list[Query]]]:
    """The groups that have questions, each in the order of the catalogue."""
    found: dict[str, list[Query]] = {title: [] for title in (*(title for title, _ in TOPICS), REST)}
    for question in questions:
        title = next((title for title, tags in TOPICS if tags & set(question.tags)), REST)
        found[title].append(question)
    return [(title, group) for title, group in found.items() if group]
