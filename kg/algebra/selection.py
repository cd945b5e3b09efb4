"""What a DESCRIBE describes: the SELECT that finds it, made on the level of tokens."""

from __future__ import annotations

from kg.algebra.tokens import tokens

_ENDS = ("WHERE", "FROM", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES")


def selection(text: str) -> str:
    r"""The SELECT whose terms are what a DESCRIBE query describes, in the same dataset.

    >>> selection("DESCRIBE ?x <http://e/a> WHERE { ?x a ?y } LIMIT 3")
    'SELECT ?x (<http://e/a> AS ?described1) WHERE { ?x a ?y } LIMIT 3'
    >>> selection("DESCRIBE * { ?x a ?y }")
    'SELECT * { ?x a ?y }'
    >>> selection("PREFIX e: <http://e/> DESCRIBE e:a")
    'PREFIX e: <http://e/> SELECT (e:a AS ?described0) \n{ }'
    """
    found = list(tokens(text))
    begin = next(index for index, each in enumerate(found) if each.text.upper() == "DESCRIBE")
    name = "described"
    while name in text:
        name += "_"
    items: list[str] = []
    end = len(text)
    pattern = False
    for token in found[begin + 1 :]:
        if token.text == "{" or token.text.upper().startswith(_ENDS):
            end = token.start
            pattern = any(each.text == "{" for each in found if each.start >= end)
            break
        named = token.kind in ("iri", "name")
        items.append(f"({token.text} AS ?{name}{len(items)})" if named else token.text)
    rest = text[end:] + ("" if pattern else "\n{ }")
    return f"{text[: found[begin].start]}SELECT {' '.join(items)} {rest}"
