"""SPARQL constraints for many focus nodes at once, over an Oxigraph store made from the index when first needed.

Only queries in which joining the focus nodes in front says the same as binding `$this` are run like
that; the others are left to pySHACL. Source: https://www.w3.org/TR/shacl/#sparql-constraints
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import pyoxigraph
from rdflib import SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from kg.validation.compiled import Shape
from kg.validation.index import Index

_BATCH = 5000
_TOKENS = re.compile(r"""'''.*?'''|\"{3}.*?\"{3}|'[^'\n]*'|"[^"\n]*"|<[^<>\s]*>|\#[^\n]*""", re.DOTALL)
# With any of these, a VALUES block in front may say something else than binding the variable everywhere.
_NOT_FLAT = re.compile(
    r"\b(UNION|OPTIONAL|MINUS|VALUES|SERVICE|GRAPH|GROUP|HAVING|LIMIT|OFFSET|BIND|COUNT|SUM|AVG|MIN|MAX|SAMPLE|GROUP_CONCAT"
    r"|shapesGraph|currentShape|bound)\b",
    re.IGNORECASE,
)
_stores: WeakKeyDictionary[Index, tuple[int, pyoxigraph.Store]] = WeakKeyDictionary()


@dataclass(frozen=True)
class SelectConstraint:
    """One `sh:sparql`: the query with a place for the focus nodes, or why it is not for this engine."""

    before: str
    after: str
    beyond: str = ""

    def failing(self, data: Index, focus_nodes: Iterable[Node]) -> Iterator[tuple[Node, Node | None, bool]]:
        """Yield the focus nodes for which the query has rows, `?value` of each row, and True.

        SPARQL has no names for blank nodes, so these are yielded with False: nobody looked.
        """
        named = {}
        for node in focus_nodes:
            if isinstance(node, BNode):
                yield node, None, False
            else:
                named[_term(node)] = node
        nodes = [str(term) for term in named]
        for start in range(0, len(nodes), _BATCH):
            block = " ".join(nodes[start : start + _BATCH])
            rows = _store(data).query(f"{self.before} VALUES ?this {{ {block} }} {self.after}")
            assert isinstance(rows, pyoxigraph.QuerySolutions)
            valued = "value" in {variable.value for variable in rows.variables}
            for row in rows:
                this = named.get(row["this"])
                value = row["value"] if valued else None
                if this is not None:
                    yield this, None if value is None else _node(value), True


def read_selects(shapes: Graph, shape: Shape) -> list[SelectConstraint]:
    """The SPARQL constraints of a shape that are not switched off."""
    return [
        _read(shapes, shape, node)
        for node in shape.parameters.get(SH.sparql, ())
        if not any(str(each) in ("true", "1") for each in shapes.objects(node, SH.deactivated))
    ]


def _read(shapes: Graph, shape: Shape, node: Node) -> SelectConstraint:
    text = shapes.value(node, SH.select)
    if text is None:
        return SelectConstraint("", "", "its SPARQL constraint has no sh:select")
    query = str(text)
    if "$PATH" in query or "?PATH" in query:
        if shape.path is None or shape.path.predicate is None:
            return SelectConstraint("", "", "its query has $PATH for a path of several steps")
        query = re.sub(r"[$?]PATH\b", shape.path.predicate.n3(), query)
    plain = _TOKENS.sub(lambda found: " " * len(found[0]), query)
    if _NOT_FLAT.search(plain) or len(re.findall(r"\bSELECT\b", plain, re.IGNORECASE)) != 1:
        return SelectConstraint("", "", "its query is more than one group of patterns and filters")
    opening = plain.find("{")
    head = re.sub(r"\$(?=\w)", "?", query[: opening + 1])
    body = re.sub(r"\$(?=this\b|value\b|path\b)", "?", query[opening + 1 :])
    if not re.search(r"SELECT\s+(?:DISTINCT\s+|REDUCED\s+)?(?:\*|[^{]*\?this\b)", head, re.IGNORECASE):
        return SelectConstraint("", "", "its query does not select $this")
    return SelectConstraint("".join(_prefixes(shapes, node)) + head, body)


def _prefixes(shapes: Graph, node: Node) -> Iterator[str]:
    """PREFIX lines from `sh:prefixes`, imports of the ontologies included."""
    ahead, seen = list(shapes.objects(node, SH.prefixes)), set()
    while ahead:
        ontology = ahead.pop()
        if ontology in seen:
            continue
        seen.add(ontology)
        ahead.extend(shapes.objects(ontology, URIRef("http://www.w3.org/2002/07/owl#imports")))
        for declared in shapes.objects(ontology, SH.declare):
            prefix, namespace = shapes.value(declared, SH.prefix), shapes.value(declared, SH.namespace)
            if prefix is not None and namespace is not None:
                yield f"PREFIX {prefix}: <{namespace}>\n"


def _store(data: Index) -> pyoxigraph.Store:
    known = _stores.get(data)
    if known is not None and known[0] == data.size:
        return known[1]
    store = pyoxigraph.Store()
    store.bulk_extend(
        pyoxigraph.Quad(_term(subject), _term(predicate), _term(value))  # type: ignore[arg-type]
        for subject, predicate, value in data.match((None, None, None))
    )
    _stores[data] = (data.size, store)
    return store


def _term(node: Node) -> pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal:
    if isinstance(node, URIRef):
        return pyoxigraph.NamedNode(node)
    if isinstance(node, BNode):
        return pyoxigraph.BlankNode(node)
    assert isinstance(node, Literal)
    if node.language:
        return pyoxigraph.Literal(str(node), language=node.language)
    datatype = pyoxigraph.NamedNode(node.datatype) if node.datatype else None
    return pyoxigraph.Literal(str(node), datatype=datatype)


def _node(term: object) -> Node:
    if isinstance(term, pyoxigraph.NamedNode):
        return URIRef(term.value)
    if isinstance(term, pyoxigraph.BlankNode):
        return BNode(term.value)
    assert isinstance(term, pyoxigraph.Literal)
    if term.language:
        return Literal(term.value, lang=term.language)
    return Literal(term.value, datatype=URIRef(term.datatype.value), normalize=False)
