"""The page: works without script, escapes everything, says what is wrong, and leads on."""

import html
import re
from html.parser import HTMLParser

import pytest

from kg import assets

SCRIPT = "SELECT ?label { <http://example.org/script> <http://example.org/label> ?label } ORDER BY ?label"


class Elements(HTMLParser):
    """Every element of a page with its attributes, and whether what opens is closed."""

    VOID = frozenset({"meta", "link", "br", "input"})

    def __init__(self, text):
        super().__init__()
        self.found, self._open = [], []
        self.feed(text)
        assert not self._open

    def handle_starttag(self, tag, attrs):
        """Note an element."""
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        """Close it."""
        assert self._open.pop() == tag

    def all(self, tag):
        """The attributes of every element of that name."""
        return [attributes for name, attributes in self.found if name == tag]


def page(served, status=200, **parameters):
    response = served.client.get("/", params=parameters)
    assert response.status_code == status
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    elements = Elements(response.text)
    assert not elements.all("script")
    assert not elements.all("style")
    assert not any(name.startswith("on") or name == "style" for _, each in elements.found for name in each)
    return response.text, elements


def test_the_questions_are_one_click_away(served):
    _, elements = page(served)
    links = {each["href"] for each in elements.all("a")}
    slugs = [path.stem for path in assets.find().queries_in("questions")]
    assert len(slugs) >= 20
    assert links >= {f"/questions/{slug}" for slug in slugs}


def test_the_old_address_of_a_question_leads_to_its_page(served):
    response = served.client.get("/", params={"question": "crimea"})
    assert (response.status_code, response.headers["location"]) == (303, "/questions/crimea")


def test_rows_are_a_table_with_everything_escaped(served):
    text, elements = page(served, query=SCRIPT)
    assert "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;&amp;amp;" in text
    assert '<span lang="uk">Ukraine</span> <small>@uk</small>' in text
    assert "2 rows in" in text
    assert "from the merge of" in text
    assert "first" in text
    assert len(elements.all("tr")) == 3


def test_what_is_typed_is_escaped_and_kept(served):
    typed = 'ASK { ?s ?p "</textarea><script>alert(1)</script>" }'
    text, _ = page(served, query=typed)
    assert "&lt;/textarea&gt;&lt;script&gt;" in text
    assert '<p class="boolean">No</p>' in text
    text, _ = page(served, 400, query="ASK { </textarea><script>")
    assert "&lt;script&gt;" in text


def test_things_of_ours_lead_to_what_the_graph_says_of_them(served):
    _, elements = page(served, query="SELECT * { ?thing <http://example.org/age> ?age }")
    link = next(each for each in elements.all("a") if each.get("title", "").endswith("id/polity/ukraine"))
    assert link["href"] == "/id/polity/ukraine"
    document = served.client.get(link["href"], headers={"Accept": "text/html"}, follow_redirects=True)
    assert document.status_code == 200
    assert "34" in document.text


def test_ask_construct_and_describe_work(served):
    assert '<p class="boolean">Yes</p>' in page(served, query="ASK { ?s ?p ?o }")[0]
    assert "8 triples in" in page(served, query="DESCRIBE <http://example.org/thing1>")[0]
    text, elements = page(served, query="CONSTRUCT WHERE { <http://example.org/thing1> ?p ?o }")
    assert "8 triples in" in text
    assert len(elements.all("tr")) == 9
    assert {each["download"] for each in elements.all("a") if "download" in each} == {
        "answer.ttl",
        "answer.nt",
        "answer.jsonld",
        "answer.rdf",
        "answer.trig",
        "answer.nq",
    }


def test_downloads_have_the_answer(served):
    _, elements = page(served, query=SCRIPT)
    links = {each["download"]: each["href"] for each in elements.all("a") if "download" in each}
    assert set(links) == {"answer.json", "answer.xml", "answer.csv", "answer.tsv"}
    browser = {"Accept": "text/html,*/*;q=0.8"}
    response = served.client.get(links["answer.csv"], headers=browser)
    assert response.headers["content-type"].startswith("text/csv")
    assert response.text.count("\n") == 3


def test_no_rows_and_unbound_cells(served):
    assert "0 rows in" in page(served, query="SELECT * { ?s <http://example.org/none> ?o }")[0]
    assert '<td class="unbound"></td>' in page(served, query="SELECT (1 AS ?a) ?b { }")[0]


def test_many_rows_are_cut_and_said_to_be(served):
    text, elements = page(served, query="SELECT * { ?a ?b ?c . ?d <http://example.org/property1> ?f }")
    assert len(elements.all("tr")) == 1001
    assert re.search(r"The first 1,000 of \d\d,\d{3} rows in", text)


@pytest.mark.parametrize(
    ("query", "status", "part"),
    [
        ("SELECT * {\n  ?s ?p \n}", 400, "line 3, column 1"),
        ("ASK { ?s ex:p ?o }", 400, "ex: is not declared"),
        ("INSERT DATA { <a:b> <a:c> 1 }", 400, "only answers queries"),
        ("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }", 504, "after 1 s"),
    ],
)
def test_a_problem_is_said_on_the_page_and_the_query_kept(served, query, status, part):
    text, elements = page(served, status, query=query)
    assert part in text
    assert [each["role"] for each in elements.all("section") if "role" in each] == ["alert"]
    assert html.escape(query.splitlines()[0]) in text


def test_the_mark_stands_below_the_mistake(served):
    text, _ = page(served, 400, query="SELECT * {\n  ?s ?p )\n}")
    lines = re.search(r"<pre>(.*?)</pre>", text, re.DOTALL)[1].splitlines()
    assert lines == ["  ?s ?p )", "        ▲"]


def test_the_request_itself_can_be_wrong(served):
    response = served.client.get("/?query=ASK%7B%7D&query=ASK%7B%7D")
    assert response.status_code == 400
    assert "2 times" in response.text


def test_it_can_be_used_by_keyboard_and_screen_reader(served):
    text, elements = page(served, query=SCRIPT)
    assert elements.all("html")[0]["lang"] == "en"
    assert elements.all("label")[0]["for"] == elements.all("textarea")[0]["id"]
    assert [each for each in elements.all("div") if each.get("tabindex") == "0" and each["role"] == "region"]
    assert all(each["scope"] == "col" for each in elements.all("th"))
    assert len(elements.all("h1")) == 1
    assert elements.all("a")[0] == {"class": "skip", "href": "#main"}
    ids = {each["id"] for _, each in elements.found if "id" in each}
    assert {each["aria-labelledby"] for _, each in elements.found if "aria-labelledby" in each} <= ids
    assert "width=device-width" in text


@pytest.mark.parametrize("path", ["/", "/sparql?query=ASK%7B%7D", "/health", "/nowhere", "/static/foedus.css"])
def test_security_headers_are_on_everything(served, path):
    headers = served.client.get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "server" not in headers


def test_what_the_page_needs_is_there(served):
    _, elements = page(served)
    for link in elements.all("link"):
        assert served.client.get(link["href"]).status_code == 200


def test_errors_for_browsers_are_pages(served):
    response = served.client.get("/nowhere", headers={"Accept": "text/html"})
    assert response.status_code == 404
    assert Elements(response.text).all("h1")
    response = served.client.post("/", headers={"Accept": "text/html"})
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD")
    assert "The query took too long" in served.client.get("/problem/deadline").text
    assert served.client.get("/problem/none").status_code == 404
