"""Citations on the real graph: every question has them, and inferences are followed to claims and sources."""

import json

from kg import queries
from kg.algebra import bind
from kg.citations.requests import cited
from kg.settings import Settings
from kg.store.formats import JSON
from kg.store.local import query_generation
from kg.terms import BASE


def ask(root, text):
    """A document with citations from the real graph."""
    settings = Settings(data_directory=root)
    answer = query_generation(settings, text, accept=JSON.media_type, deadline=60, prepare=cited)
    return json.loads(answer.body)


def test_an_inference_is_followed_to_claims_with_their_sources(root, found):
    question = queries.find("sites-within-contested-territory", queries.read_folder(found.queries_in("questions")))
    document = ask(root, bind(question, {}, BASE))
    told = document["citations"]
    assert not told["cut"]
    for row in told["rows"]:
        kinds = {told["graphs"][number]["kind"] for number in row["graphs"]}
        assert "inference" in kinds
        claims = [told["graphs"][number] for number in row["claims"]]
        assert len(claims) >= 3
        assert all(claim["attestations"] for claim in claims)
    (source,) = {
        one["source"]["title"]
        for graph in told["graphs"]
        if graph["iri"].endswith("/claim/kakhovka-dam-location")
        for one in graph["attestations"]
    }
    assert source == "Kakhovka Dam"
    inference = next(graph for graph in told["graphs"] if graph["kind"] == "inference")
    assert inference["rule"]["label"]
    assert all(told["graphs"][number]["iri"].startswith(BASE) for number in inference["from"])


def test_a_statement_about_an_attestation_leads_to_its_claim(root):
    text = (
        "SELECT ?attestation { ?attestation <https://w3id.org/foedus/ontology#speaker> "
        "<https://w3id.org/foedus/id/person/volodymyr-zelenskyy> } ORDER BY ?attestation LIMIT 3"
    )
    told = ask(root, text)["citations"]
    for row in told["rows"]:
        assert [told["graphs"][number]["kind"] for number in row["graphs"]] == ["provenance"]
        (claim,) = (told["graphs"][number] for number in row["claims"])
        speakers = {one["speaker"]["label"] for one in claim["attestations"] if "speaker" in one}
        assert "Volodymyr Zelenskyy" in speakers


def test_rows_in_csv_have_no_place_for_them(foedus, root):
    done = foedus("query", "ASK { ?s ?p ?o }", "--citations", "--format", "csv", FOEDUS_DATA_DIRECTORY=str(root))
    assert done.returncode == 2
    assert "--format json" in done.stderr
    no = foedus("query", "ASK { ?s <urn:absent> ?o }", "--citations", FOEDUS_DATA_DIRECTORY=str(root))
    assert no.stdout == "no\n    not found: ASK { ?s <urn:absent> ?o . }\n"
