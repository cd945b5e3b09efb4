"""Every name answers, with the same graph in every format, in each profile, with the headers that lead on."""

import dataclasses
import json
import re
import shutil

import pyoxigraph
import pytest
import rdflib
from pyoxigraph import RdfFormat

from kg.terms import BASE
from server.errors import NotThere
from server.linked_data import profiles, vocabulary
from server.linked_data.context import terms
from server.linked_data.profiles import HTML, SUFFIXES

# rdflib's own reader of JSON-LD makes what rdflib warns of.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
CRIMEA = f"{BASE}id/territory/crimea"
NAMES = [
    "id/territory/crimea",
    "id/claim/crimea-russia",
    "id/attestation/crimea-russia-a",
    "id/source/list-a",
    "id/publisher/alpha",
    "id/membership/nato_germany",
    "id/dataset/register",
    "id/graph/provenance",
    "id/rule/contested-place",
    "concept/modality",
    "concept/certainty/verified",
]
RDFLIB = {"ttl": "turtle", "nt": "nt", "rdf": "xml"}
TRIPLES = ("ttl", "nt", "rdf", "jsonld")


def graph(response, suffix) -> set[str]:
    """The triples of a response, by a parser that is not the one that wrote it."""
    if suffix in RDFLIB:
        found = rdflib.Graph().parse(data=response.content, format=RDFLIB[suffix])
    else:
        document = json.loads(response.content)
        document["@context"] = terms()
        found = rdflib.Dataset(default_union=True).parse(data=json.dumps(document), format="json-ld")
    return {" ".join(term.n3() for term in triple[:3]) for triple in found}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_leads_to_its_document(site, name):
    response = site.get(f"/{name}", headers={"Accept": "text/turtle"})
    assert response.status_code == 303
    location = response.headers["location"]
    assert location.startswith("/doc/")
    assert f'<{BASE}{name}>; rel="cite-as"' in response.headers["link"]
    document = site.get(location, headers={"Accept": "text/turtle"})
    assert document.status_code == 200
    assert rdflib.URIRef(f"{BASE}{name}") in rdflib.Graph().parse(data=document.text, format="turtle").all_nodes()
    page = site.get(location, headers={"Accept": "text/html"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert f"<code>{BASE}{name}</code>" in page.text


@pytest.mark.parametrize("profile", ["plain", "claims"])
@pytest.mark.parametrize("path", ["territory/crimea", "claim/crimea-russia", "organisation/nato", "concept/modality"])
def test_formats_hold_the_same_graph(site, path, profile):
    graphs = {
        suffix: graph(site.get(f"/doc/{path}.{suffix}", params={"_profile": profile}), suffix) for suffix in TRIPLES
    }
    assert len(graphs["ttl"]) > 5
    for suffix, found in graphs.items():
        assert found == graphs["ttl"], suffix


def test_claims_are_graphs_of_their_own(site):
    response = site.get("/doc/territory/crimea.trig")
    quads = list(pyoxigraph.parse(response.content, format=RdfFormat.TRIG))
    claimed = {str(quad.graph_name)[1:-1] for quad in quads if "/id/claim/" in str(quad.graph_name)}
    assert claimed == {f"{BASE}id/claim/{name}" for name in ("crimea-russia", "crimea-ukraine", "crimea-point")}
    sources = {quad.object.value for quad in quads if quad.predicate.value.endswith("#source")}
    assert sources == {f"{BASE}id/source/list-a", f"{BASE}id/source/list-c"}
    merged = {quad.triple for quad in quads if quad.graph_name == pyoxigraph.DefaultGraph()}
    assert merged == {quad.triple for quad in quads}
    retracted = pyoxigraph.parse(site.get("/doc/claim/hostile-nato.trig").content, format=RdfFormat.TRIG)
    graphs = {str(quad.graph_name) for quad in retracted if quad.predicate.value.endswith("#member")}
    assert graphs == {f"<{BASE}id/claim/hostile-nato>"}
    lines = site.get("/doc/territory/crimea.nq")
    assert {str(quad) for quad in pyoxigraph.parse(lines.content, format=RdfFormat.N_QUADS)} == set(map(str, quads))
    plain = site.get("/doc/territory/crimea.ttl")
    assert "a foe:Attestation" not in plain.text
    assert "foe:claimant" in plain.text


def test_what_never_was_is_not_there(site):
    for path in ("/id/polity/nowhere", "/doc/polity/nowhere", "/concept/none", "/doc/polity/nowhere.ttl", "/id/"):
        assert site.get(path).status_code == 404, path


def test_what_is_retracted_or_deprecated_answers_and_says_so(site):
    page = site.get("/doc/claim/hostile-nato", headers={"Accept": "text/html"}).text
    assert "This was retracted on 2026-11-25" in page
    trig = site.get("/doc/claim/hostile-nato.trig").text
    assert "foe:retracted" in trig
    page = site.get("/doc/polity/atlantis", headers={"Accept": "text/html"}).text
    assert "This name is deprecated" in page
    assert "owl:deprecated true" in site.get("/doc/polity/atlantis.ttl").text


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_suffixes_and_headers_give_the_same(site, suffix):
    wanted = SUFFIXES[suffix]
    by_suffix = site.get(f"/doc/territory/crimea.{suffix}")
    by_header = site.get("/doc/territory/crimea", headers={"Accept": wanted.media_type})
    by_parameter = site.get("/doc/territory/crimea", params={"_mediatype": wanted.media_type})
    assert by_suffix.headers["content-type"] == wanted.content_type
    assert by_suffix.content == by_header.content
    if wanted is not HTML:
        assert by_parameter.content == by_header.content
    assert by_header.headers["content-location"] == f"/doc/territory/crimea.{suffix}"
    assert {"Accept", "Accept-Profile"} <= set(re.split(r",\s*", by_header.headers["vary"]))


def test_profiles_by_header_and_parameter(site):
    claims, plain = f"{BASE}profile/claims", f"{BASE}profile/plain"
    for profile in (claims, plain):
        headers = {"Accept": "text/turtle", "Accept-Profile": f"<urn:unknown>, <{profile}>;q=0.5"}
        response = site.get("/doc/territory/crimea", headers=headers)
        assert response.headers["content-profile"] == f"<{profile}>"
        assert ("foe:attests" in response.text) == (profile == claims)
    schema = site.get("/doc/territory/crimea", params={"_profile": "schema"}).json()
    assert (schema["@context"], schema["@type"], schema["@id"]) == ("https://schema.org/", "AdministrativeArea", CRIMEA)
    assert schema["geo"] == {"@type": "GeoCoordinates", "latitude": 45.3, "longitude": 34.56}
    japan = site.get("/doc/polity/japan", params={"_profile": "schema"}).json()
    assert japan["sameAs"] == ["http://www.wikidata.org/entity/Q17"]
    assert site.get("/doc/territory/crimea", params={"_profile": "none"}).status_code == 406
    assert site.get("/doc/territory/crimea.ttl", params={"_profile": "schema"}).status_code == 406


def test_alternates_are_listed_and_all_answer(site):
    page = site.get("/doc/territory/crimea", params={"_profile": "alt"}, headers={"Accept": "text/html"})
    addresses = re.findall(r'<td><a href="(.*?)">', page.text)
    assert len(addresses) == len(profiles.variants())
    for address in addresses:
        assert site.get(address.replace("&amp;", "&")).status_code == 200
    listed = site.get("/doc/territory/crimea?_profile=alt&_mediatype=application/ld%2Bjson").json()
    assert len(listed["altr:hasRepresentation"]) == len(addresses)


def test_signposts(site):
    response = site.get("/doc/territory/crimea", headers={"Accept": "text/html"})
    links = re.findall(r'<([^>]*)>; rel="([^"]*)"', response.headers["link"])
    relations = {relation for _, relation in links}
    assert relations >= {"canonical", "cite-as", "license", "alternate", "describedby", "type", "profile"}
    assert (CRIMEA, "cite-as") in links
    for address, _ in links:
        if address.startswith(str(site.base_url).rstrip("/")):
            assert site.get(address).status_code == 200, address


def test_a_document_is_sent_once_and_without_body_for_head(site):
    for accept in ("text/turtle", "text/html", "application/ld+json"):
        first = site.get("/doc/territory/crimea", headers={"Accept": accept})
        again = site.get("/doc/territory/crimea", headers={"Accept": accept, "If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        head = site.head("/doc/territory/crimea", headers={"Accept": accept})
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["etag"] == first.headers["etag"]
        assert "last-modified" in head.headers
        assert head.headers["access-control-allow-origin"] == "*"
    etags = {
        site.get("/doc/territory/crimea", headers={"Accept": accept}).headers["etag"]
        for accept in ("text/turtle", "text/html", "application/trig")
    }
    assert len(etags) == 3
    preflight = site.options("/doc/territory/crimea", headers={"Origin": "https://example.org"})
    assert preflight.status_code == 204
    assert "GET" in preflight.headers["access-control-allow-methods"]


def test_json_is_what_a_javascript_developer_expects(site):
    document = site.get("/doc/territory/crimea.jsonld").json()
    assert document["@context"] == f"{BASE}context/1.jsonld"
    assert document["id"] == CRIMEA
    assert "Territory" in document["type"]
    assert document["name"] == {"en": "Crimean Peninsula"}
    russian = next(each for each in document["statements"] if each["id"] == f"{BASE}id/claim/crimea-russia#statement")
    assert russian["claimant"]["name"] == {"en": "Russia"}
    assert russian["beginEarliest"] == "2014-03-18"
    claim = russian["statedIn"][0]
    assert claim["recorded"] == "2026-11-24"
    assert claim["attestations"][0]["speaker"]["id"] == f"{BASE}id/polity/russia"
    published = site.get("/context/1.jsonld")
    assert published.headers["content-type"] == "application/ld+json"
    assert published.json()["@context"] == terms()


def test_rdflib_reads_a_name(site):
    found = rdflib.Graph().parse(f"{site.base_url}/id/territory/crimea".replace("//id", "/id"))
    claimants = set(found.objects(None, rdflib.URIRef(f"{BASE}ontology#claimant")))
    assert claimants == {rdflib.URIRef(f"{BASE}id/polity/{name}") for name in ("russia", "ukraine")}


@pytest.mark.parametrize("kind", ["ontology", "shapes"])
def test_vocabularies_answer_with_their_versions(site, kind):
    whole = site.get(f"/{kind}", headers={"Accept": "text/turtle"})
    assert whole.status_code == 200
    everything = rdflib.Graph().parse(data=whole.text, format="turtle")
    version = next(iter(everything.objects(rdflib.URIRef(f"{BASE}{kind}/sites"), rdflib.OWL.versionIRI)))
    assert version == rdflib.URIRef(f"{BASE}{kind}/0.1.0/sites")
    for path in (f"/{kind}/sites", f"/{kind}/0.1.0/sites", f"/{kind}/sites.ttl"):
        topic = site.get(path, headers={"Accept": "text/turtle"})
        assert topic.status_code == 200
        assert topic.text in whole.text
    for suffix, name in (("nt", "nt"), ("rdf", "xml"), ("jsonld", "json-ld")):
        found = rdflib.Graph().parse(data=site.get(f"/{kind}/all.{suffix}").content, format=name)
        assert len(found) == len(everything)
    assert site.get(f"/{kind}/9.9.9/sites").status_code == 404
    assert site.get(f"/{kind}/none").status_code == 404
    assert site.get(f"/{kind}/sites", headers={"Accept": "image/png"}).status_code == 406
    assert "<h1>" in site.get(f"/{kind}/sites", headers={"Accept": "text/html"}).text


def test_terms_have_an_anchor_on_the_page_of_the_ontology(site):
    page = site.get("/ontology", headers={"Accept": "text/html"}).text
    everything = rdflib.Graph().parse(data=site.get("/ontology", headers={"Accept": "text/turtle"}).text)
    terms_ = {str(each) for each in everything.subjects(rdflib.RDFS.isDefinedBy, None)}
    assert len(terms_) > 100
    for term in terms_:
        assert f'id="{term.rpartition("#")[2]}"' in page


def test_profiles_answer(site):
    for name in ("claims", "plain"):
        found = rdflib.Graph().parse(data=site.get(f"/profile/{name}", headers={"Accept": "text/turtle"}).text)
        assert (rdflib.URIRef(f"{BASE}profile/{name}"), None, None) in found
    assert site.get("/profile/none").status_code == 404


def test_a_released_version_stays_when_the_ontology_moves_on(found, tmp_path):
    """The file of the release answers at the version's address, the new one at the address without."""
    folder = tmp_path / "ontology"
    shutil.copytree(found.ontology, folder)
    released = folder / "releases" / "0.1.0" / "vocabulary"
    shutil.copytree(folder / "vocabulary", released)
    for path in (folder / "vocabulary").glob("*.ttl"):
        path.write_text(path.read_text(encoding="utf-8").replace("/0.1.0/", "/0.2.0/"), encoding="utf-8")
    moved = dataclasses.replace(found, ontology=folder)
    assert vocabulary.versions(moved, "ontology") == ["0.2.0", "0.1.0"]
    for address, version in (
        ("sites", "0.2.0"),
        ("0.2.0/sites", "0.2.0"),
        ("0.1.0/sites", "0.1.0"),
        ("0.1.0", "0.1.0"),
    ):
        source = vocabulary.find(moved, "ontology", address)
        assert source.version == version
        assert f"/ontology/{version}/sites>" in source.turtle
    with pytest.raises(NotThere, match=r"in version 0\.2\.0"):
        vocabulary.find(moved, "ontology", "0.3.0/sites")
