"""Accept headers, alone."""

import pytest

from kg.store.formats import CSV, GRAPHS, JSON, N_TRIPLES, RESULTS, TSV, TURTLE, XML
from server.errors import NotAcceptable
from server.negotiation import by_name, choose


@pytest.mark.parametrize(
    ("accept", "offered", "chosen"),
    [
        (None, RESULTS, JSON),
        ("", RESULTS, JSON),
        ("*/*", GRAPHS, TURTLE),
        ("text/*", RESULTS, CSV),
        ("text/csv;q=0.9, text/tab-separated-values", RESULTS, TSV),
        ("TEXT/CSV", RESULTS, CSV),
        ("application/sparql-results+json;q=0, */*;q=0.1", RESULTS, XML),
        ("text/xml", RESULTS, XML),
        ("application/xml;q=0.5, application/sparql-results+json;q=0.4", RESULTS, XML),
        ("text/plain", GRAPHS, N_TRIPLES),
        ("*/*;q=0.1, text/csv;header=present", RESULTS, CSV),
        ("text/csv;q=1.7, application/json", RESULTS, JSON),
        ("nonsense, text/csv", RESULTS, CSV),
    ],
)
def test_the_most_wanted_is_chosen(accept, offered, chosen):
    assert choose(accept, offered) is chosen


@pytest.mark.parametrize("accept", ["image/png", "text/csv;q=0", "*/*;q=0", "nonsense", "text/csv;q=much"])
def test_nothing_fitting_names_what_there_is(accept):
    with pytest.raises(NotAcceptable) as refused:
        choose(accept, RESULTS)
    assert refused.value.available == tuple(each.media_type for each in RESULTS)


def test_short_names():
    assert by_name(["xml"], RESULTS) is XML
    assert by_name(["xml"], GRAPHS).name == "rdfxml"
    assert by_name(["TTL"], GRAPHS) is TURTLE
    assert by_name(["n3", "application/ld+json"], GRAPHS).name == "jsonld"
    with pytest.raises(NotAcceptable):
        by_name(["turtle"], RESULTS)
