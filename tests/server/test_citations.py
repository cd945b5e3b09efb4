"""Citations over HTTP: asked for by preference or parameter, inside JSON or linked to, refused where there are none."""

import re
from html import unescape

import pytest
from SPARQLWrapper import JSON, SPARQLWrapper

EXAMPLE = "http://example.org/"
ROWS = f"SELECT ?thing ?value {{ ?thing <{EXAMPLE}property3> ?value }} ORDER BY ?value LIMIT 5"
PREFER = {"Prefer": "include=citations"}


def graphs_of(document, row):
    return {document["citations"]["graphs"][number]["iri"] for number in document["citations"]["rows"][row]["graphs"]}


def test_each_row_has_the_graphs_that_state_it(served):
    response = served.get(
        ROWS,
        "application/sparql-results+json",
    )
    plain = response.json()
    assert "Preference-Applied" not in response.headers
    cited = served.client.get("/sparql", params={"query": ROWS}, headers=PREFER)
    document = cited.json()
    assert cited.headers["Preference-Applied"] == "include=citations"
    assert "Prefer" in cited.headers["Vary"]
    assert cited.headers["ETag"] != response.headers["ETag"]
    assert document["results"] == plain["results"]
    assert len(document["citations"]["rows"]) == 5
    for index, row in enumerate(document["results"]["bindings"]):
        number = row["value"]["value"].removeprefix("value ")
        assert graphs_of(document, index) == {f"{EXAMPLE}claim/{number}", f"{EXAMPLE}claim/again-{number}"}
    statement = document["citations"]["statements"][0]
    assert statement["predicate"] == f"{EXAMPLE}property3"


@pytest.mark.parametrize("asked", ["citations=true", "citations=1"])
def test_the_parameter_asks_too_in_the_address_and_in_a_form(served, asked):
    name, value = asked.split("=")
    by_address = served.client.get("/sparql", params={"query": ROWS, name: value}).json()
    by_form = served.client.post("/sparql", data={"query": ROWS, name: value}).json()
    by_body = served.client.post(
        f"/sparql?{asked}", content=ROWS, headers={"Content-Type": "application/sparql-query"}
    ).json()
    assert by_address == by_form == by_body
    assert by_address["citations"]["rows"]


def test_the_parameter_is_stronger_than_the_preference(served):
    told = served.client.get("/sparql", params={"query": ROWS, "citations": "false"}, headers=PREFER)
    assert "citations" not in told.json()
    wrong = served.client.get("/sparql", params={"query": ROWS, "citations": "perhaps"})
    assert wrong.status_code == 400


@pytest.mark.parametrize("name", ["csv", "tsv", "xml"])
def test_other_formats_stay_what_they_are_and_link_to_the_citations(served, name):
    plain = served.get(ROWS, None).request.url.copy_merge_params({"format": name})
    cited = served.client.get(plain, headers=PREFER)
    assert cited.content == served.client.get(plain).content
    (where, relation) = re.fullmatch(r'<(.*)>; rel="(.*)"', cited.headers["Link"]).groups()
    assert relation == "http://www.w3.org/ns/prov#has_provenance"
    assert len(served.client.get(where).json()["citations"]["rows"]) == 5


def test_the_triples_of_a_construct_have_their_citations_at_the_link(served):
    query = f"CONSTRUCT {{ ?thing <{EXAMPLE}seen> ?value }} WHERE {{ ?thing <{EXAMPLE}property3> ?value }}"
    turtle = served.client.get("/sparql", params={"query": query}, headers={**PREFER, "Accept": "text/turtle"})
    assert turtle.headers["Content-Type"].startswith("text/turtle")
    (where,) = re.match(r"<(.*)>", turtle.headers["Link"]).groups()
    told = served.client.get(where)
    assert told.headers["Content-Type"].startswith("application/vnd.foedus.citations+json")
    document = told.json()
    assert len(document["triples"]) == len(document["citations"]["rows"]) > 50
    number = document["triples"][0]["object"]["value"].removeprefix("value ")
    assert f"{EXAMPLE}claim/{number}" in graphs_of(document, 0)


def test_describe_cites_each_triple(served):
    query = f"DESCRIBE <{EXAMPLE}thing3>"
    document = served.client.get("/sparql", params={"query": query, "citations": "true", "format": "citations"}).json()
    assert len(document["triples"]) == len(document["citations"]["rows"]) >= 8
    assert all(row["graphs"] for row in document["citations"]["rows"])


def test_what_is_not_there_is_said(served):
    no = served.client.get("/sparql", params={"query": f"ASK {{ ?x <{EXAMPLE}absent> ?y }}"}, headers=PREFER).json()
    assert no["boolean"] is False
    (row,) = no["citations"]["rows"]
    (absence,) = no["citations"]["absences"]
    assert row["solutions"] == [{"notFound": [0]}]
    assert absence["kind"] == "ASK"
    assert f"<{EXAMPLE}absent>" in absence["pattern"]
    query = f"SELECT ?x {{ ?x <{EXAMPLE}property3> 'value 3' . FILTER NOT EXISTS {{ ?x <{EXAMPLE}absent> ?y }} }}"
    told = served.client.get("/sparql", params={"query": query}, headers=PREFER).json()
    (absence,) = told["citations"]["absences"]
    assert absence["kind"] == "NOT EXISTS"
    assert absence["with"]["x"]["value"] == f"{EXAMPLE}thing3"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (NOW() AS ?now) { ?x ?y ?z } LIMIT 1",
        f"CONSTRUCT {{ [] <{EXAMPLE}of> ?x }} WHERE {{ ?x <{EXAMPLE}property3> ?y }}",
        f"SELECT ?g {{ GRAPH ?g {{ OPTIONAL {{ ?x <{EXAMPLE}property3> ?y }} }} }} LIMIT 1",
    ],
)
def test_what_cannot_be_cited_is_refused_and_answered_without(served, query):
    refused = served.client.get("/sparql", params={"query": query}, headers=PREFER)
    assert refused.status_code == 422
    assert refused.json()["type"].endswith("problem/citations")
    assert served.client.get("/sparql", params={"query": query}).status_code == 200


@pytest.mark.parametrize("name", ["json", "csv"])
def test_what_is_no_query_is_a_mistake_with_its_place(served, name):
    asked = {"query": "SELECT ?x { ?x ?y }", "format": name}
    problem = served.client.get("/sparql", params=asked, headers=PREFER)
    assert problem.status_code == 400
    assert problem.json()["column"] == 19


def test_a_dataset_is_cited_from_its_own_graphs(served):
    query = ROWS.replace(" LIMIT 5", "")
    asked = {"query": query, "default-graph-uri": [f"{EXAMPLE}claim/3", f"{EXAMPLE}claim/again-10"]}
    document = served.client.get("/sparql", params=asked, headers=PREFER).json()
    assert [graphs_of(document, index) for index in range(2)] == [
        {f"{EXAMPLE}claim/again-10"},
        {f"{EXAMPLE}claim/3"},
    ]


def test_a_client_of_the_standard_notices_nothing_but_more(served):
    endpoint = SPARQLWrapper(f"{served.address}/sparql", returnFormat=JSON)
    endpoint.setQuery(ROWS)
    endpoint.addCustomHttpHeader("Prefer", "include=citations")
    told = endpoint.queryAndConvert()
    assert [row["value"]["value"] for row in told["results"]["bindings"]] == sorted(
        row["value"]["value"] for row in told["results"]["bindings"]
    )
    assert len(told["citations"]["rows"]) == 5


def test_the_page_shows_them_under_each_row(served):
    page = served.client.get("/", params={"query": ROWS}).text
    assert 'name="citations"' in page
    assert 'class="cited"' not in page
    cited = served.client.get("/", params={"query": ROWS, "citations": "true"}).text
    assert cited.count('<tr class="cited">') == 5
    assert "checked" in cited
    assert "citations=true" in unescape(cited)
    redirected = served.client.get("/sparql", params={"query": ROWS}, headers={**PREFER, "Accept": "text/html"})
    assert redirected.status_code == 303
    assert redirected.headers["Location"].endswith("&citations=true")
    script = f"SELECT ?s {{ ?s <{EXAMPLE}label> '<script>alert(\"x\")</script>&amp;' }}"
    assert "<script>" not in served.client.get("/", params={"query": script, "citations": "true"}).text


def test_a_query_that_takes_too_long_is_ended_as_without(served):
    bomb = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    assert served.client.get("/sparql", params={"query": bomb}, headers=PREFER).status_code == 504
    assert served.client.get("/sparql", params={"query": ROWS}, headers=PREFER).status_code == 200


def test_questions_have_them_in_their_own_json_too(served):
    plain = served.client.get("/questions/crimea", params={"format": "json"}).json()
    cited = served.client.get("/questions/crimea", params={"format": "json", "citations": "true"}).json()
    assert cited["rows"] == plain["rows"]
    assert "citations" not in plain
    assert len(cited["citations"]["rows"]) == len(cited["rows"])
    csv = served.client.get("/questions/crimea", params={"format": "csv"}, headers=PREFER)
    assert "has_provenance" in csv.headers["Link"]
    (where,) = re.findall(r'<([^>]*)>; rel="http://www.w3.org/ns/prov#has_provenance"', csv.headers["Link"])
    assert "citations" in served.client.get(where).json()
