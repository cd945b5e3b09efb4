"""The functions that queries have besides those of SPARQL: `foe-fn:matches`, the search inside a query."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

BASE = "https://w3id.org/foedus/function/"
MATCHES = f"{BASE}matches"
Term = NamedNode | BlankNode | Literal | Triple
_WORD = re.compile(r"\w+")


def matches(*arguments: Term) -> Literal | None:
    """Whether every word of the second text begins a word of the first, whatever case and accents.

    An error, which a FILTER takes for no, unless both are literals.
    """
    if len(arguments) != 2:
        return None
    text, sought = arguments
    if not isinstance(text, Literal) or not isinstance(sought, Literal):
        return None
    words = _words(text.value)
    return Literal(all(any(word.startswith(each) for word in words) for each in _words(sought.value)))


FUNCTIONS: Mapping[NamedNode, Callable[..., Term | None]] = {NamedNode(MATCHES): matches}


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    folded = unicodedata.normalize("NFKD", text.casefold())
    return tuple(_WORD.findall("".join(each for each in folded if not unicodedata.combining(each))))
