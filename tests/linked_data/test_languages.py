"""Names in the reader's language: by header, by choice in the address, with their direction, on the real graph."""

import re

import httpx
import pytest

from server.linked_data.languages import name, preferred


@pytest.mark.parametrize(
    ("accept", "chosen", "expected"),
    [
        (None, None, ("en",)),
        ("uk-UA, ru;q=0.8", None, ("uk", "ru", "en")),
        ("xx, de;q=0, fr;q=0.1", None, ("fr", "en")),
        ("de", "ar", ("ar", "en")),
        ("de", "none", ("de", "en")),
        ("de;q=much", None, ("en",)),
    ],
)
def test_languages_of_a_reader(accept, chosen, expected):
    assert preferred(accept, chosen) == expected


def test_english_is_the_last_resort_but_one():
    assert name({"en": "Germany", "de": "Deutschland"}, ("fr", "en")) == ("Germany", "en")
    assert name({"de": "Deutschland"}, ("fr", "en")) == ("Deutschland", "de")
    assert name({}, ("en",)) is None


def test_pages_speak_the_language_of_the_reader(served):
    def heading(**headers):
        page = httpx.get(f"{served}/doc/polity/germany", headers={"Accept": "text/html", **headers}, timeout=60)
        assert "Accept-Language" in page.headers["vary"]
        return re.search(r"<h1(.*?)>(.*?)</h1>", page.text).groups(), page.headers["etag"]

    english, french = heading(), heading(**{"Accept-Language": "fr-CH, fr;q=0.9, en;q=0.5"})
    assert english[0] == ("", "Germany")
    assert french[0] == (' lang="fr"', "Allemagne")
    assert english[1] != french[1]
    arabic = httpx.get(f"{served}/doc/polity/germany?lang=ar", headers={"Accept": "text/html"}, timeout=60).text
    assert '<h1 lang="ar" dir="rtl">ألمانيا</h1>' in arabic
    assert 'hreflang="ja"' in arabic
    listed = httpx.get(
        f"{served}/browse/Polity?q=allem", headers={"Accept": "text/html", "Accept-Language": "fr"}, timeout=60
    ).text
    assert '<a href="/id/polity/germany" lang="fr">Allemagne</a>' in listed


def test_search_finds_names_in_other_scripts(served):
    for sought, path in (("日本", "polity/japan"), ("Украина", "polity/ukraine"), ("côte", "polity/cote-d-ivoire")):
        found = httpx.get(f"{served}/search", params={"q": sought}, timeout=60).json()["results"]
        assert found[0]["id"].endswith(f"/id/{path}")
