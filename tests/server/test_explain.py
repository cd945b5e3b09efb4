"""Why a triple or a row is there: as a page, as JSON, as a drawing that is well-formed and has no script."""

from xml.etree import ElementTree

EXAMPLE = "http://example.org/"
TRIPLE = {"subject": f"{EXAMPLE}thing3", "predicate": f"<{EXAMPLE}property3>", "object": '"value 3"'}
ROWS = f"SELECT ?value {{ <{EXAMPLE}thing3> <{EXAMPLE}property3> ?value }} ORDER BY ?value"


def kinds(node):
    """The kinds of a tree, top down."""
    return [node["kind"], *(kind for each in node.get("because", ()) for kind in kinds(each))]


def test_a_triple_leads_to_the_graphs_that_state_it(served):
    tree = served.client.get("/explain", params=TRIPLE, headers={"Accept": "application/json"}).json()
    assert tree["kind"] == "answer"
    (triple,) = tree["because"]
    assert {each["iri"] for each in triple["because"]} == {f"{EXAMPLE}claim/3", f"{EXAMPLE}claim/again-3"}


def test_a_row_of_a_query(served):
    rows = served.get(ROWS).json()["results"]["bindings"]
    for number, row in enumerate(rows):
        tree = served.client.get("/explain", params={"query": ROWS, "row": number, "format": "json"}).json()
        assert row["value"]["value"] in tree["text"]
        assert kinds(tree)[:2] == ["answer", "triple"]
    past = served.client.get("/explain", params={"query": ROWS, "row": len(rows), "format": "json"})
    assert past.status_code == 404


def test_the_page_and_the_drawing(served):
    page = served.client.get("/explain", params=TRIPLE, headers={"Accept": "text/html"})
    assert page.headers["Content-Type"].startswith("text/html")
    assert "claim/again-3" in page.text or "again-3" in page.text
    svg = served.client.get("/explain", params={**TRIPLE, "format": "svg"})
    assert svg.headers["Content-Type"].startswith("image/svg+xml")
    drawing = ElementTree.fromstring(svg.text)
    names = {each.tag.rpartition("}")[2] for each in drawing.iter()}
    assert names == {"svg", "title", "rect", "text", "tspan", "path", "a"}
    empty = served.client.get("/explain", headers={"Accept": "text/html"})
    assert 'name="subject"' in empty.text


def test_what_is_not_there_or_no_term_is_said(served):
    absent = {**TRIPLE, "object": '"nothing"'}
    assert served.client.get("/explain", params=absent).status_code == 404
    for wrong in ("", "<a b>", '"x" . } DROP ALL #', '"open', '"x"^^<a b>'):
        response = served.client.get("/explain", params={**TRIPLE, "object": wrong, "format": "json"})
        assert response.status_code == 400, wrong
    query = "SELECT (NOW() AS ?now) { }"
    assert served.client.get("/explain", params={"query": query, "format": "json"}).status_code == 422
    assert served.client.get("/explain", params={"query": ROWS, "row": "x", "format": "json"}).status_code == 400


def test_text_from_the_graph_stays_text(served):
    asked = {"query": f"SELECT ?l {{ <{EXAMPLE}script> <{EXAMPLE}label> ?l }} ORDER BY ?l", "row": 0}
    for accept in ("text/html", "image/svg+xml"):
        text = served.client.get("/explain", params=asked, headers={"Accept": accept}).text
        assert "<script>" not in text
        assert "&lt;script&gt;" in text


def test_a_row_on_the_page_leads_to_its_explanation(served):
    page = served.client.get("/", params={"query": ROWS, "citations": "true"}).text
    assert "/explain?query=" in page
