"""Which format a client gets: the Accept header against what is available.

Source: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kg.store.formats import Format
from server.errors import BodyPacked, NotAcceptable


class Range(NamedTuple):
    """One media range of an Accept header, and how much it is wanted (0 is not at all)."""

    main: str
    sub: str
    quality: float

    def fits(self, media_type: str) -> int:
        """How precisely the range names a media type: 3 exactly, 2 by its first half, 1 as `*/*`, 0 not."""
        main, sub = media_type.split("/")
        if (self.main, self.sub) == (main, sub):
            return 3
        if self.sub != "*":
            return 0
        return 2 if self.main == main else int(self.main == "*")


def ranges(accept: str) -> tuple[Range, ...]:
    """Read an Accept header; parts that are no media ranges are left out.

    >>> ranges("text/csv;q=0.5, */*;q=0.1")
    (Range(main='text', sub='csv', quality=0.5), Range(main='*', sub='*', quality=0.1))
    """
    found = []
    for part in accept.split(","):
        media_type, *parameters = (piece.strip() for piece in part.lower().split(";"))
        main, slash, sub = media_type.partition("/")
        if slash and main and sub:
            found.append(Range(main, sub, _quality(parameters)))
    return tuple(found)


def choose(accept: str | None, offered: Sequence[Format]) -> Format:
    """The offered format that is wanted most; among equals, the first.

    No header means anything. Raises NotAcceptable, naming what there is.
    """
    wanted = ranges(accept or "*/*")
    best = max(offered, key=lambda each: _wanted(each, wanted))
    if _wanted(best, wanted) <= 0:
        raise NotAcceptable(accept or "*/*", tuple(each.media_type for each in offered))
    return best


def by_name(names: Sequence[str], offered: Sequence[Format]) -> Format:
    """The offered format with the first of these short names or media types that is any.

    `xml` and `json` mean the fitting one of each. Some clients send two names for one format, a general
    and a special one. Raises NotAcceptable, naming what there is.
    """
    for name in map(str.lower, names):
        for each in offered:
            if name in (each.name, each.media_type) or name in _ALSO.get(each.name, ()):
                return each
    raise NotAcceptable(repr(", ".join(names)[:80]), tuple(each.name for each in offered))


_ALSO = {
    "turtle": ("ttl",),
    "ntriples": ("nt", "n-triples"),
    "jsonld": ("json-ld", "json"),
    "rdfxml": ("rdf", "rdf+xml", "xml"),
}


def _wanted(offer: Format, wanted: Sequence[Range]) -> float:
    precision, quality = max((each.fits(offer.media_type), each.quality) for each in wanted) if wanted else (0, 0.0)
    if precision == 3:
        return quality
    by_alias = [each.quality for each in wanted for alias in offer.aliases if each.fits(alias) == 3]
    return max(by_alias, default=quality if precision else 0.0)


def _quality(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(1.0, max(0.0, float(value)))
            except ValueError:
                return 0.0
    return 1.0


def refuse_packed(coding: str | None) -> None:
    """Raise BodyPacked for a request body with a content coding. Source: RFC 9110 §8.4, §15.5.16."""
    named = [each for each in (coding or "").lower().replace(",", " ").split() if each != "identity"]
    if named:
        raise BodyPacked(f"the body has the coding {named[0][:40]!r}, which is not unpacked here; send it as it is")
