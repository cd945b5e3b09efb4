"""The names that the Unicode locale data (CLDR) give to polities and territories, in the languages of the world."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Quad

from kg.sources import iso
from kg.sources.codes import Code, identifier
from kg.sources.packages import describe, load
from kg.sources.readings import Readings
from kg.terms import SKOS, Names

PACKAGE = "babel"
LICENCE = "https://spdx.org/licenses/Unicode-3.0"
DATASET = "cldr-names"
REGIONS = "unicode-region"
GIVER = "organisation/unicode-consortium"
LANGUAGES = (
    *("ar", "az", "be", "de", "en", "es", "fa", "fr", "he", "hi", "hy", "it"),
    *("ja", "ka", "ko", "pl", "pt", "ru", "sr", "tr", "uk", "zh"),
)


def quads(readings: Readings, names: Names) -> Iterator[Quad]:
    """Yield the names of what has a code, and the codes that only CLDR gives; nothing when no code is read.

    A language that has no name for a thing is left out. Raises BuildFailed when a code is read that
    CLDR does not have.
    """
    current, own = readings.of_scheme(iso.CURRENT), readings.of_scheme(REGIONS)
    if not (current or own):
        return
    by_language = {language: _named(language) for language in LANGUAGES}
    english = by_language["en"]
    for scheme in (iso.CURRENT, REGIONS):
        readings.check_known(scheme, english, PACKAGE)
    graph = names.dataset(DATASET)
    cldr = f"CLDR {load('babel.core').get_cldr_version()}"
    yield from describe(
        graph, names, title="Names from the Unicode CLDR", package=PACKAGE, data_version=cldr, licence=LICENCE
    )
    for code, ref in own.items():
        yield from identifier(Code(REGIONS, code, english[code]), ref, GIVER, graph, names)
    for code, ref in {**current, **own}.items():
        yield from _names_of(names.thing(ref), code, by_language, graph)


def _named(language: str) -> Mapping[str, str]:
    """The name of each region in one language. A code that stands for itself is no name."""
    territories = load("babel.core").Locale.parse(language).territories
    return {code: name for code, name in territories.items() if name != code}


def _names_of(
    thing: NamedNode, code: str, by_language: Mapping[str, Mapping[str, str]], graph: NamedNode
) -> Iterator[Quad]:
    for language, territories in by_language.items():
        if name := territories.get(code):
            yield Quad(thing, SKOS["prefLabel"], Literal(name, language=language), graph)
