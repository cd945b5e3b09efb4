"""The handbook: every term of the ontology is on a page, links lead somewhere, and it is made by the build."""

import re
import urllib.error
import urllib.request
from html import unescape

import pytest
from rdflib import OWL, RDF, SH, Graph

from kg import assets
from server.pages.handbook import drawing

FOE = "https://w3id.org/foedus/ontology#"
FOUND = assets.find()
TOPICS = [path.stem for path in FOUND.turtle("vocabulary")]


def page(served, path):
    request = urllib.request.Request(f"{served}{path}", headers={"Accept": "text/html"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read().decode()


@pytest.fixture(scope="module")
def pages(served):
    """Every page of the handbook, by its path."""
    paths = ["/handbook", "/handbook/concepts", *(f"/handbook/{topic}" for topic in TOPICS)]
    return {path: page(served, path) for path in paths}


def ids(text):
    return re.findall(r'\bid="([^"]+)"', text)


@pytest.mark.parametrize("topic", TOPICS)
def test_every_class_and_property_of_a_topic_is_on_its_page(topic, pages):
    text = pages[f"/handbook/{topic}"]
    graph = Graph().parse(FOUND.ontology / "vocabulary" / f"{topic}.ttl")
    terms = {
        str(term).removeprefix(FOE)
        for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
        for term in graph.subjects(RDF.type, kind)
        if str(term).startswith(FOE)
    }
    assert len(terms) > 5
    assert terms <= set(ids(text))
    example = (FOUND.ontology / "examples" / f"{topic}.ttl").read_text(encoding="utf-8").splitlines()
    assert example[0].removeprefix("# ") in unescape(text)


def test_every_message_of_a_shape_for_a_class_is_there(pages):
    graph = Graph()
    for path in FOUND.turtle("shapes"):
        if path.stem != "house-style":
            graph.parse(path)
    text = unescape("".join(pages.values()))
    messages = {
        str(message)
        for shape in graph.subjects(SH.targetClass)
        for each in graph.objects(shape, SH.property)
        for message in graph.objects(each, SH.message)
    }
    assert len(messages) > 100
    assert not [message for message in messages if message not in text]


def test_no_id_is_twice_and_links_within_the_handbook_lead_somewhere(pages):
    for text in pages.values():
        assert len(ids(text)) == len(set(ids(text)))
    for path, text in pages.items():
        for link in re.findall(r'href="((?:/handbook[^"]*)?(?:#[^"]+)?)"', text):
            target, _, anchor = link.partition("#")
            assert not anchor or anchor in ids(pages[target or path]), f"{path}: {link}"
            assert not target or target in pages, f"{path}: {link}"


def test_the_pages_of_the_ontology_lead_to_it_and_an_unknown_topic_is_not_there(served):
    assert 'href="/handbook/sites"' in page(served, "/ontology/sites")
    with pytest.raises(urllib.error.HTTPError, match="404") as refused:
        page(served, "/handbook/nothing")
    assert "there are core" in unescape(refused.value.read().decode())


def test_a_class_hangs_from_the_one_above_it():
    found = drawing([{"name": "A", "depth": 0, "from": -1}, {"name": "B", "depth": 1, "from": 0}])
    assert [(each["x"], each["y"], each["up"]) for each in found["lines"]] == [(4, 18, None), (30, 42, 18)]
    assert found["height"] == 52
