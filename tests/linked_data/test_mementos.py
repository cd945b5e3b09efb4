"""Documents of the past: mementos, their timegate and their timemap, and documents as of any view."""

DOCUMENT = "/doc/territory/crimea"


def test_a_document_leads_to_what_was_known_on_a_day(site):
    asked = {"Accept": "text/turtle", "Accept-Datetime": "Sat, 01 Jul 2023 12:00:00 GMT"}
    gate = site.get(f"{DOCUMENT}?lang=en", headers=asked)
    assert gate.status_code == 302
    assert gate.headers["location"] == f"{DOCUMENT}?lang=en&known-at=2023-07-01"
    assert "accept-datetime" in gate.headers["vary"].lower()
    assert 'rel="original timegate"' in gate.headers["link"]
    memento = site.get(f"{DOCUMENT}?known-at=2024-03-01", headers=asked)
    assert memento.status_code == 200
    assert memento.headers["memento-datetime"] == "Fri, 01 Mar 2024 23:59:59 GMT"
    assert memento.headers["foedus-view"] == "known-at=2024-03-01"
    assert "crimea-ukraine" in memento.text
    assert "crimea-point" not in memento.text
    assert "crimea-point" in site.get(DOCUMENT, headers={"Accept": "text/turtle"}).text
    assert "memento-datetime" not in site.get(DOCUMENT).headers


def test_the_timemap_lists_the_days_on_which_something_was_reported(site):
    answer = site.get(f"/timemap{DOCUMENT}")
    assert answer.headers["content-type"] == "application/link-format"
    assert f'{DOCUMENT}>;rel="original timegate"' in answer.text
    assert answer.text.count('memento"') == 2
    assert (
        f'{DOCUMENT}?known-at=2023-12-31>;rel="first memento";datetime="Sun, 31 Dec 2023 23:59:59 GMT"' in answer.text
    )
    assert f'{DOCUMENT}?known-at=2024-05-01>;rel="last memento"' in answer.text
    assert site.get("/timemap/doc/territory/nowhere").status_code == 404


def test_a_date_that_is_none_is_refused(site):
    answer = site.get(DOCUMENT, headers={"Accept": "text/turtle", "Accept-Datetime": "yesterday"})
    assert answer.status_code == 400
    assert "Accept-Datetime" in answer.json()["detail"]


def test_the_page_of_a_thing_as_of_a_day_says_so_and_has_no_more(site):
    page = site.get(f"{DOCUMENT}?valid-at=2013-01-01", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "<code>valid-at=2013-01-01</code>" in page.text
    assert "crimea-ukraine" in page.text
    assert "crimea-russia" not in page.text
    assert "Claims in conflict" not in page.text
    assert "Claims in conflict" in site.get(DOCUMENT, headers={"Accept": "text/html"}).text
    again = site.get(f"{DOCUMENT}?valid-at=2013-01-01", headers={"Accept": "text/html"})
    assert again.headers["foedus-view-claims"] == page.headers["foedus-view-claims"]


def test_what_is_not_in_a_view_is_not_said_never_to_have_been(site):
    path, turtle = "/doc/claim/crimea-russia", {"Accept": "text/turtle"}
    assert site.get(path, headers=turtle).status_code == 200
    missing = site.get(f"{path}?valid-at=2013-01-01", headers=turtle)
    assert missing.status_code == 404
    assert "in the view valid-at=2013-01-01" in missing.json()["detail"]
    assert "nothing ever was" not in missing.json()["detail"]
    assert "nothing ever was" in site.get("/doc/claim/crimea-nobody", headers=turtle).json()["detail"]
