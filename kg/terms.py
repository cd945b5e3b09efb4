"""The IRIs of Foedus and of the vocabularies it uses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

BASE = "https://w3id.org/foedus/"


class Namespace(str):
    """The start of a family of IRIs; indexing it gives a term."""

    __slots__ = ()

    def __getitem__(self, name: object) -> NamedNode:  # type: ignore[override]
        """Return the term with that local name."""
        return _node(f"{self}{name}")

    def iri(self, name: str) -> str:
        """Return the IRI with that local name as text; the web process, which has no engine, uses this one."""
        return f"{self}{name}"


DCTERMS = Namespace("http://purl.org/dc/terms/")
GEO = Namespace("http://www.opengis.net/ont/geosparql#")
OWL = Namespace("http://www.w3.org/2002/07/owl#")
PROV = Namespace("http://www.w3.org/ns/prov#")
RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#")
SH = Namespace("http://www.w3.org/ns/shacl#")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
WIKIDATA = Namespace("http://www.wikidata.org/entity/")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")
FOE = Namespace(f"{BASE}ontology#")


@dataclass(frozen=True)
class Names:
    """The IRIs under one base; the ontology's own terms never move, so `FOE` is not among them."""

    base: str = BASE

    @property
    def provenance(self) -> NamedNode:
        """The graph that describes all other graphs."""
        return _node(f"{self.base}id/graph/provenance")

    @property
    def register(self) -> NamedNode:
        """The dataset of things: which IRI names what."""
        return self.dataset("register")

    @property
    def viewpoints(self) -> NamedNode:
        """The dataset of viewpoints."""
        return self.dataset("viewpoints")

    def thing(self, ref: str) -> NamedNode:
        """The thing, claim or source that a reference such as `polity/ukraine` names."""
        return _node(f"{self.base}id/{ref}")

    def concept(self, scheme: str, code: str) -> NamedNode:
        """A concept of a scheme."""
        return _node(f"{self.base}concept/{scheme}/{code}")

    def claim(self, identifier: str) -> NamedNode:
        """A claim: the resource and the graph that holds what it states."""
        return self.thing(f"claim/{identifier}")

    def dataset(self, name: str) -> NamedNode:
        """A dataset graph."""
        return self.thing(f"dataset/{name}")

    def inference(self, digest: str) -> NamedNode:
        """An inference graph."""
        return self.thing(f"inference/{digest}")

    def rule(self, slug: str) -> NamedNode:
        """A rule of inference."""
        return self.thing(f"rule/{slug}")

    def vocabulary(self, path: str) -> NamedNode:
        """The graph of a vocabulary file: `ontology/sites`, `concept/modality`."""
        return _node(f"{self.base}{path}")


@lru_cache(maxsize=1 << 14)
def _node(iri: str) -> NamedNode:
    from pyoxigraph import NamedNode  # not before a term is wanted: whoever wants text only needs no engine

    return NamedNode(iri)


def lower_camel(name: str) -> str:
    """Turn a column's name into its property's name.

    >>> lower_camel("claimed_place")
    'claimedPlace'
    """
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def kebab(name: str) -> str:
    """Turn a class name into the path that its matters have.

    >>> kebab("SovereigntyClaim")
    'sovereignty-claim'
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()


def slugify(text: str) -> str:
    """Turn a name into a slug; two names that differ only in signs share it.

    >>> slugify("Reuters via Global Banking & Finance")
    'reuters-via-global-banking-finance'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "unnamed"
