"""The questions as an API and as pages, on a small generation: formats, parameters, problems, descriptions."""

import json

import pytest

from kg import assets, queries
from kg.views.view import PARAMETERS
from server.questions.formats import ROW_FORMATS

CRIMEA = "/questions/crimea"


def test_the_list_has_every_question(served):
    response = served.client.get("/questions", headers={"Accept": "application/json"})
    every = response.json()["questions"]
    assert [each["question"] for each in every] == [path.stem for path in assets.find().queries_in("questions")]
    crimea = next(each for each in every if each["question"] == "crimea")
    assert crimea["href"] == f"{served.address}{CRIMEA}"
    assert crimea["parameters"][0]["example"] == "territory/crimea"
    page = served.client.get("/questions", headers={"Accept": "text/html"}).text
    assert page.count('<dt><a href="/questions/') == len(every)


@pytest.mark.parametrize("wanted", ROW_FORMATS, ids=lambda each: each.name)
def test_every_format_by_name_and_by_accept(served, wanted):
    named = served.client.get(CRIMEA, params={"format": wanted.name})
    accepted = served.client.get(CRIMEA, headers={"Accept": wanted.media_type})
    for response in (named, accepted):
        assert response.status_code == 200
        assert response.headers["content-type"] == wanted.content_type
        assert response.headers["vary"] == "Accept, Prefer"
        assert response.headers["access-control-allow-origin"] == "*"
    assert named.content == accepted.content


def test_programs_get_rows_and_browsers_a_page(served):
    document = served.client.get(CRIMEA, params={"place": "territory/crimea"}).json()
    assert document["question"] == "crimea"
    assert document["parameters"] == {"place": "territory/crimea"}
    assert document["columns"] == ["what", "who", "how", "whom", "since"]
    assert document["rows"] == []
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    page = served.client.get(CRIMEA, params={"place": "territory/kosovo"}, headers=browser)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert 'value="territory/kosovo"' in page.text
    assert "https://w3id.org/foedus/id/territory/kosovo" in page.text


def test_what_is_wrong_is_said_to_programs_and_on_the_page(served):
    response = served.client.get(CRIMEA, params={"place": "crimea"})
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["parameter"] == "place"
    page = served.client.get(CRIMEA, params={"place": '"><script>'}, headers={"Accept": "text/html"})
    assert page.status_code == 400
    assert 'aria-invalid="true"' in page.text
    assert "<script>" not in page.text
    for path, status in ((f"{CRIMEA}?x=1", 400), (f"{CRIMEA}?format=png", 406), ("/questions/none", 404)):
        assert served.client.get(path).status_code == status
    assert served.client.get(f"{CRIMEA}?place=territory/crimea&place=territory/kosovo").status_code == 400


def test_an_empty_field_means_the_default(served):
    assert served.client.get(CRIMEA, params={"place": ""}).json()["parameters"] == {}


def test_an_answer_is_sent_once(served):
    first = served.client.get(CRIMEA)
    again = served.client.get(CRIMEA, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    dated = served.client.get(CRIMEA, headers={"If-Modified-Since": first.headers["last-modified"]})
    assert dated.status_code == 304
    other = served.client.get(CRIMEA, params={"place": "site/x"}, headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200
    head = served.client.head(CRIMEA)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", first.headers["etag"])


def test_links_name_every_format(served):
    links = served.client.get(CRIMEA).headers["link"].split(", ")
    assert {link.split('type="')[1].rstrip('"') for link in links if "alternate" in link} >= {
        each.media_type for each in ROW_FORMATS
    }
    for link in links:
        assert served.client.get(link.split("<")[1].split(">")[0]).status_code == 200


def test_the_openapi_document_describes_every_question(served):
    document = json.loads(served.client.get("/openapi.json").content)
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": served.address}]
    stored = queries.read_folder(assets.find().queries_in("questions"))
    for question in stored:
        operation = document["paths"][f"/questions/{question.slug}"]["get"]
        assert operation["summary"] == question.summary
        assert operation["description"] == question.description
        names = [each["name"] for each in operation["parameters"]]
        assert names == [*(each.name for each in question.parameters), "format", "citations", *PARAMETERS]
        examples = {each["name"]: each["example"] for each in operation["parameters"] if "example" in each}
        assert served.client.get(f"/questions/{question.slug}", params=examples).status_code == 200
