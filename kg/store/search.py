"""Search in the full-text index of a generation, which kg.store.indexing writes.

Text from outside becomes quoted words, so it is never read as syntax; a search that takes too long is
ended. Nothing here needs the engine: the web process searches by itself.
Source: https://www.sqlite.org/fts5.html
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from kg.errors import FoedusError

INDEX = "search.sqlite"
MOST = 2000
"""How many texts one search looks at; they are the best that there are."""
_FIND = """
SELECT entry.iri, entry.kind, entry.name, entry.claim, told.language, told.text, bm25(words) AS score
FROM words JOIN told ON told.id = words.rowid JOIN entry ON entry.id = told.entry
WHERE words MATCH ? ORDER BY entry.claim, score LIMIT ?
"""
_WORD = re.compile(r"\w+")


class SearchUnavailable(FoedusError):
    """The generation has no index, or the search was ended."""


@dataclass(frozen=True)
class Hit:
    """One thing or claim that fits: `kind` is its class, `text` what fitted, in `language`, if it is not the name."""

    iri: str
    kind: str
    name: str
    claim: bool
    language: str
    text: str


def find(path: Path, text: str, *, loose: bool = False, deadline: float = 2.0) -> list[Hit]:
    """The hits for words, each as the beginning of a word; things before claims, then by fit; each name once.

    With `loose`, one of the words is enough, and of a long one its first four letters. Raises
    SearchUnavailable when there is no index at the path, or after `deadline` seconds.
    """
    words = _WORD.findall(text)[:32]
    if not words:
        return []
    if not path.is_file():
        raise SearchUnavailable("this generation has no search index; whoever runs this server runs `foedus build`")
    until = time.monotonic() + deadline
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as database:
        database.set_progress_handler(lambda: time.monotonic() > until, 1000)
        try:
            rows = database.execute(_FIND, (_expression(words, loose), MOST)).fetchall()
        except sqlite3.OperationalError as error:
            raise SearchUnavailable(f"the search was ended after {deadline:g} s; use longer words") from error
    hits: dict[str, Hit] = {}
    for iri, kind, name, claim, language, fitting, _ in rows:
        hits.setdefault(iri, Hit(iri, kind, name, bool(claim), language, fitting))
    start = text.casefold().strip()
    return sorted(hits.values(), key=lambda hit: (_rank(hit), not hit.text.casefold().startswith(start)))


def _rank(hit: Hit) -> int:
    """Things first, then what is about sources and codes, then claims."""
    return 2 if hit.claim else int(hit.kind in ("Source", "Publisher", "Identifier", "Attestation"))


def _expression(words: Sequence[str], loose: bool) -> str:
    """The search in the words of FTS5, each of ours in quotes."""
    if not loose:
        return " ".join(f'"{word}"*' for word in words)
    return " OR ".join(f'"{word[:4]}"*' for word in words)
