"""What is asked of a reader, what it answers, and how that can fail."""

from __future__ import annotations

import math
from dataclasses import dataclass

from kg.algebra import Dataset, Outline, QueryUnreadable, selection
from kg.errors import FoedusError
from kg.settings import MEBIBYTE, Settings
from kg.store.formats import Format
from kg.store.generation import EVIDENCE, MERGE

QUERY, GRAPH, DATASET, TRIPLES, TURTLE = "query", "graph", "dataset", "triples", "turtle"
PLAIN, CLAIMS, FETCH = "plain", "claims", "fetch"


@dataclass(frozen=True)
class Request:
    """One query for one reader.

    `store` is what is asked, MERGE or EVIDENCE (see `looks_up`), `media_type` the format wanted, `largest` the
    limit of the answer in bytes, `most_rows` in rows or triples (0 is none), `rows` how many rows the page format
    shows, `deadline` in seconds. `selection` is, for a DESCRIBE, the SELECT that finds what is described. `task`
    says what `text` is: QUERY a query, GRAPH the IRI of a graph that is wanted whole (nothing for the default
    graph), DATASET nothing at all, TRIPLES N-Triples and TURTLE Turtle of ours that are only to be written in
    another format, FETCH the address of a document, PLAIN and CLAIMS the IRI of what everything is wanted about,
    without and with who says so; `module:function` names a function of a higher layer that works on it with the
    reader's stores, see kg.store.tasks.Session. `form` is that of a query: SELECT, ASK, CONSTRUCT or DESCRIBE.
    `view` is the folder of the view whose store is asked instead of the generation's own, if any. `stable` says
    that the answer is always the same within a generation: never so where the dataset is in a store elsewhere.
    """

    text: str
    store: str
    media_type: str
    base: str
    prefixes: dict[str, str]
    default_graphs: tuple[str, ...] | None
    named_graphs: tuple[str, ...] | None
    largest: int
    rows: int
    deadline: float
    selection: str | None = None
    task: str = QUERY
    view: str | None = None
    stable: bool = False
    most_rows: int = 0
    form: str = ""


@dataclass(frozen=True)
class Answer:
    """An answer in bytes: from which store of which generation, after how many seconds."""

    body: bytes
    media_type: str
    store: str
    generation: str
    seconds: float
    cached: bool = False


class QueryUnanswerable(FoedusError):
    """The engine could not evaluate the query, for a reason that lies in the query."""


class GraphMissing(FoedusError):
    """There is no graph of that name."""


class AnswerTooLarge(FoedusError):
    """The answer is larger than the limit."""


class OutOfMemory(FoedusError):
    """The query needs more memory than a reader may take."""


class DeadlinePassed(FoedusError):
    """The query ran longer than the limit, and was ended."""


class RemoteFailed(FoedusError):
    """The store on another machine that holds the dataset cannot be reached, or fails."""


class RemoteBusy(FoedusError):
    """The store on another machine takes no more at the moment; `retry_after` is in seconds."""

    retry_after = 5


class AnswerCut(FoedusError):
    """The store on another machine gave only part of an answer."""


class ReaderLost(FoedusError):
    """The reader process ended while it worked on the query."""


class StoreUnreadable(FoedusError):
    """A generation cannot be opened."""


class TooBusy(FoedusError):
    """All readers are busy, and too many queries wait already; `retry_after` is in seconds."""

    retry_after = 5


class TooMany(TooBusy):
    """One client asks for more than its share; `retry_after` is in seconds."""

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = max(1, math.ceil(retry_after))


def request(text: str, outline: Outline, wanted: Format, settings: Settings, dataset: Dataset | None = None) -> Request:
    """Make the request for a query that the gate has let through.

    A query that looks at no named graph is asked of the merge, every other of the evidence: the answers
    are the same, the merge is faster. `dataset` is what the protocol says; it overrides FROM.
    """
    graphs = dataset or outline.dataset
    return Request(
        text=text,
        store=EVIDENCE if outline.looks_at_graphs or graphs else MERGE,
        media_type=wanted.media_type,
        base=settings.base,
        prefixes=outline.prefixes,
        default_graphs=graphs.default if graphs else None,
        named_graphs=graphs.named if graphs else None,
        largest=settings.answer_size * MEBIBYTE,
        rows=settings.page_rows,
        deadline=settings.deadline,
        selection=selection(text) if outline.form == "DESCRIBE" else None,
        stable=outline.stable and not settings.store,
        most_rows=settings.answer_rows,
        form=outline.form,
    )


def looks_up(request: Request) -> bool:
    """Whether a request that is asked of the merge looks up beside it which graphs state what."""
    return request.store == MERGE and request.task != QUERY


def whole(task: str, text: str, wanted: Format, settings: Settings, prefixes: dict[str, str] | None = None) -> Request:
    """Make the request for a whole graph, a whole dataset, or triples in another format; see Request."""
    return Request(
        text=text,
        store=MERGE if task in (PLAIN, CLAIMS) else EVIDENCE,
        media_type=wanted.media_type,
        base=settings.base,
        prefixes=prefixes or {},
        default_graphs=None,
        named_graphs=None,
        largest=settings.answer_size * MEBIBYTE,
        rows=settings.page_rows,
        deadline=settings.deadline,
        task=task,
        stable=task in (GRAPH, DATASET) and not settings.store,
    )


__all__ = [
    "CLAIMS",
    "DATASET",
    "FETCH",
    "GRAPH",
    "PLAIN",
    "QUERY",
    "TRIPLES",
    "TURTLE",
    "Answer",
    "AnswerCut",
    "AnswerTooLarge",
    "DeadlinePassed",
    "GraphMissing",
    "OutOfMemory",
    "QueryUnanswerable",
    "QueryUnreadable",
    "ReaderLost",
    "RemoteBusy",
    "RemoteFailed",
    "Request",
    "StoreUnreadable",
    "TooBusy",
    "TooMany",
    "looks_up",
    "request",
    "whole",
]
