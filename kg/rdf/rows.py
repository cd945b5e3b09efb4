"""Quads as rows: what tables could hold of a graph, and what of it they could not. The inverse of kg.rdf.quads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from pyoxigraph import Literal, NamedNode, Quad

from kg.facts.amendments import Added
from kg.facts.claims import Claim
from kg.facts.columns import Column
from kg.facts.core import CLASSES_OF_KIND, Thing
from kg.facts.evidence import Attestation, Source
from kg.facts.tables import CLAIM_TABLES
from kg.facts.values import Code, Edtf, Ref
from kg.facts.viewpoints import Viewpoint
from kg.terms import DCTERMS, FOE, GEO, PROV, RDF, RDFS, SKOS, WIKIDATA, Names, lower_camel

Term = NamedNode | Literal
Properties = Mapping[str, Sequence[Term]]


@dataclass(frozen=True)
class Misfit:
    """A node that no row can hold: what is wrong about it, and what to do."""

    node: str
    message: str
    remedy: str


@dataclass
class Read:
    """The rows that a graph was read as, the days on which it retracts something, and what does not fit."""

    added: list[Added] = field(default_factory=list)
    retracted: dict[str, str] = field(default_factory=dict)
    misfits: list[Misfit] = field(default_factory=list)


def rows(quads: Iterable[Quad], names: Names, recorded: str) -> Read:
    """Read claims, attestations, sources and things from quads that have no blank node.

    Claims are the graphs that are named as such, the others stand in the provenance graph and in the
    register. `recorded` is the day for rows that do not say when they were recorded. Cells hold what
    the quads say, unjudged: whether rows are right is for kg.facts to say. What no cell takes is left out;
    whoever must not lose anything compares the quads of the rows with those that were read.
    """
    return _Reader(names, recorded).read(quads)


class _Reader:
    def __init__(self, names: Names, recorded: str) -> None:
        self._names = names
        self._recorded = recorded
        self._found = Read()

    def read(self, quads: Iterable[Quad]) -> Read:
        graphs: dict[str, dict[str, dict[str, list[Term]]]] = {}
        for quad in quads:
            subject, predicate = str(quad.subject)[1:-1], quad.predicate.value
            nodes = graphs.setdefault(str(quad.graph_name)[1:-1], {})
            # The stubs allow every kind of term; rows is documented for quads without blank nodes.
            nodes.setdefault(subject, {}).setdefault(predicate, []).append(quad.object)  # type: ignore[arg-type]
        about = graphs.pop(self._names.provenance.value, {})
        for subject, said in sorted(graphs.pop(self._names.register.value, {}).items()):
            self._thing(subject, said)
        for subject, said in sorted(graphs.pop(self._names.viewpoints.value, {}).items()):
            self._viewpoint(subject, said)
        for graph, nodes in sorted(graphs.items()):
            self._claim(graph, nodes, about.pop(graph, {}))
        for subject, said in sorted(about.items()):
            self._described(subject, said, about)
        return self._found

    def _described(self, subject: str, said: Properties, about: Mapping[str, Properties]) -> None:
        ref = self._ref(subject)
        kind = (ref or "").partition("/")[0]
        retracted = _one(said, FOE["retracted"])
        only_retracts = retracted and said.keys() <= {FOE["retracted"].value, PROV["invalidatedAtTime"].value}
        if only_retracts and retracted and kind in ("claim", "source", "attestation"):
            self._found.retracted[ref or ""] = retracted.value
        elif kind == "source":
            self._source(ref or "", said, about)
        elif kind == "attestation":
            self._attestation(subject, said)
        elif kind not in ("publisher", "dataset"):
            self._misfit(
                subject,
                "the provenance graph describes claims, attestations and sources, and this is none that is sent here",
                "send the graph of the claim with it, or leave the statement out",
            )

    def _thing(self, subject: str, said: Properties) -> None:
        ref = self._ref(subject)
        if ref is None or ref.partition("/")[0] not in CLASSES_OF_KIND:
            kinds = ", ".join(CLASSES_OF_KIND)
            self._misfit(
                subject, "the register names no such thing", f"name it {self._names.base}id/KIND/SLUG: {kinds}"
            )
            return
        kind = _one(said, RDF["type"])
        match = _one(said, SKOS["exactMatch"])
        cells = {
            "id": ref,
            "type": _local(kind.value, FOE) if kind else "",
            "name": _text(said, RDFS["label"]),
            "short_name": _text(said, FOE["shortName"]),
            "wikidata": _local(match.value, WIKIDATA) if match else "",
            "recorded": self._recorded,
        }
        self._add(Thing.TABLE, cells)

    def _viewpoint(self, subject: str, said: Properties) -> None:
        cells = self._cells(Viewpoint.columns(), said, skip={"id", "name"})
        self._add(Viewpoint.TABLE, {**cells, "id": self._ref(subject) or "", "name": _text(said, RDFS["label"])})

    def _source(self, ref: str, said: Properties, about: Mapping[str, Properties]) -> None:
        cells = self._cells(Source.columns(), said, skip={"id", "title", "publisher"})
        publisher = _one(said, DCTERMS["publisher"])
        label = about.get(publisher.value, {}).get(RDFS["label"].value, ()) if publisher else ()
        cells |= {
            "id": ref,
            "title": _text(said, DCTERMS["title"]),
            "publisher": label[0].value if label else publisher.value if isinstance(publisher, Literal) else "",
        }
        if publisher and not cells["publisher"]:
            self._misfit(publisher.value, "the publisher has no name here", "send its rdfs:label with the source")
        self._add(Source.TABLE, cells)

    def _attestation(self, subject: str, said: Properties) -> None:
        cells = self._cells(Attestation.columns(), said, skip={"id", "claim"})
        claim = _one(said, FOE["attests"])
        cells |= {
            "id": (self._ref(subject) or "").partition("/")[2],
            "claim": (claim and self._ref(claim.value)) or "",
        }
        self._add(Attestation.TABLE, cells)

    def _claim(self, graph: str, nodes: Mapping[str, Properties], said: Properties) -> None:
        ref = self._ref(graph)
        if ref is None or not ref.startswith("claim/"):
            self._misfit(
                graph,
                "no claim has this graph, so nothing would say who claimed what stands in it",
                f"put it into the graph of a claim, {self._names.base}id/claim/SLUG, with an attestation",
            )
            return
        node = f"{graph}#statement"
        table: type[Claim] | None
        if node in nodes:
            kinds = [_local(term.value, FOE) for term in nodes[node].get(RDF["type"].value, ())]
            table = next((by_class()[kind] for kind in kinds if kind in by_class()), None)
            if table is None:
                known = ", ".join(sorted(by_class()))
                self._misfit(node, f"it is of no class of statement: {', '.join(kinds) or 'it has no type'}", known)
                return
        else:
            stated = _one(said, FOE["states"])
            node = stated.value if stated else ""
            table = self._table_about(node, nodes.get(node, {}))
            if table is None:
                self._misfit(
                    graph,
                    "it is not clear what this claim states",
                    "name what it states by foe:states: <claim>#statement with its class, or the thing it describes",
                )
                return
        self._add(table.TABLE, self._claim_cells(table, graph, node, nodes, said))

    def _claim_cells(
        self, table: type[Claim], graph: str, node: str, nodes: Mapping[str, Properties], said: Properties
    ) -> dict[str, str]:
        own = {"claim", "recorded", "retracted", "replaces"}
        cells = self._cells(table.columns(), nodes[node], skip=own)
        if not table.MATTER:
            subject = next(
                column.name for column in table.columns() if column.name in cells or _is_subject(column, table)
            )
            cells[subject] = self._ref(node) or ""
        if {"latitude", "longitude"} <= cells.keys():
            cells |= _point(nodes.get(f"{graph}#geometry", {}))
        replaces, recorded, retracted = (
            _one(said, each) for each in (PROV["wasRevisionOf"], FOE["recorded"], FOE["retracted"])
        )
        return {
            **cells,
            "claim": (self._ref(graph) or "").partition("/")[2],
            "recorded": recorded.value if recorded else self._recorded,
            "retracted": retracted.value if retracted else "",
            "replaces": (self._ref(replaces.value) or replaces.value) if replaces else "",
        }

    def _table_about(self, node: str, said: Properties) -> type[Claim] | None:
        """The table of claims about things themselves that has a column for each property and takes the thing."""
        kind = (self._ref(node) or "").partition("/")[0]
        for table in CLAIM_TABLES:
            if table.MATTER:
                continue
            subject = next(column for column in table.columns() if _is_subject(column, table))
            known = {property_ for column in table.columns() for property_ in _properties(column)}
            if kind in subject.kinds and said and {name for name in said if name.startswith(FOE)} <= known:
                return table
        return None

    def _cells(self, columns: Iterable[Column], said: Properties, skip: set[str]) -> dict[str, str]:
        return {column.name: "; ".join(self._values(column, said)) for column in columns if column.name not in skip}

    def _values(self, column: Column, said: Properties) -> Iterator[str]:
        if column.name == "as_of":
            yield from (term.value for term in said.get(FOE["asOf"].value, ()))
        elif column.type is Edtf:
            yield from _dates(column, said)
        else:
            for term in sorted(said.get(_property(column.name), ()), key=str):
                yield self._value(column, term)

    def _value(self, column: Column, term: Term) -> str:
        if column.type is Ref:
            return self._ref(term.value) or term.value
        if column.type is Code and column.scheme is not None:
            return _local(term.value, self._names.concept(column.scheme, "").value)
        return term.value

    def _ref(self, iri: str) -> str | None:
        start = f"{self._names.base}id/"
        found = iri.removeprefix(start)
        return found if iri.startswith(start) and re.fullmatch(r"[a-z-]+/[^/#?]+", found) else None

    def _add(self, table: str, cells: Mapping[str, str]) -> None:
        kept = {name: text for name, text in cells.items() if text}
        kept.setdefault("recorded", self._recorded)
        self._found.added.append(Added(table, kept))

    def _misfit(self, node: str, message: str, remedy: str) -> None:
        self._found.misfits.append(Misfit(node, message, remedy))


@cache
def by_class() -> Mapping[str, type[Claim]]:
    """The claim table of each class of statement that has a matter."""
    return MappingProxyType(
        {
            name: table
            for table in CLAIM_TABLES
            if table.MATTER
            for name in (*getattr(table, "ROW_KINDS", {}).values(), table.CLASS)
        }
    )


def _is_subject(column: Column, table: type[Claim]) -> bool:
    shared = {each.name for each in Claim.columns()} | {"begin", "end", "as_of", "on"}
    return column.name == next(each.name for each in table.columns() if each.name not in shared)


def _property(name: str) -> str:
    return FOE[lower_camel(name)].value


def _properties(column: Column) -> tuple[str, ...]:
    if column.name == "as_of" or column.type is not Edtf:
        return (_property(column.name),)
    starts = ("begin", "end") if column.name == "on" else (column.name,)
    return tuple(f"{_property(start)}{part}" for start in starts for part in ("Earliest", "Latest", "Text"))


def _dates(column: Column, said: Properties) -> Iterator[str]:
    """The EDTF form of an earliest and a latest day; the source's own form where it stands beside them."""
    earliest, latest, text = (said.get(each, ()) for each in _properties(column)[:3])
    if text:
        yield from (term.value for term in text)
    elif earliest or latest:
        first, last = (terms[0].value if terms else "" for terms in (earliest, latest))
        yield first if first == last else f"[{first}..{last}]"


def _point(said: Properties) -> dict[str, str]:
    """Latitude and longitude as the geometry has them: it keeps the digits, numbers do not."""
    text = _text(said, GEO["asWKT"])
    found = re.fullmatch(r"POINT\((\S+) (\S+)\)", text)
    return {"longitude": found[1], "latitude": found[2]} if found else {}


def _one(said: Properties, predicate: NamedNode) -> Term | None:
    return next(iter(said.get(predicate.value, ())), None)


def _text(said: Properties, predicate: NamedNode) -> str:
    found = _one(said, predicate)
    return found.value if found is not None else ""


def _local(iri: str, start: str) -> str:
    return iri.removeprefix(start) if iri.startswith(start) else iri
