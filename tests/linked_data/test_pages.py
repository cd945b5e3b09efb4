"""The pages of names: everything escaped, grouped by who claims, sound for those who cannot see or use a mouse."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

HOSTILE = '<script>alert("x")</script>&amp;{{7*7}}'

PAGES = [
    "/doc/territory/crimea",
    "/doc/polity/hostile",
    "/doc/claim/crimea-russia",
    "/doc/membership/nato_germany",
    "/doc/source/list-a",
    "/doc/concept/modality",
    "/doc/dataset/register",
    "/browse",
    "/browse/Polity",
    "/ontology",
    "/shapes/sites",
    "/questions",
    "/questions/crimea",
]
VOID = frozenset({"meta", "link", "br", "input", "rect", "line", "circle"})


class Elements(HTMLParser):
    """Every element with its attributes; what opens is closed in its order."""

    def __init__(self, text):
        super().__init__()
        self.found, self.open = [], []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag, attrs):
        """Note an element."""
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        """Note an element that is closed at once."""
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        """Close it."""
        assert self.open.pop() == tag, (tag, self.open)

    def all(self, tag):
        """The attributes of every element of that name."""
        return [attributes for name, attributes in self.found if name == tag]


def read(site, path, **headers):
    response = site.get(path, headers={"Accept": "text/html", **headers})
    assert response.status_code == 200, path
    return response.text, Elements(response.text)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_sound(site, path):
    text, elements = read(site, path)
    assert not elements.all("script")
    assert not any(name.startswith("on") or name == "style" for _, each in elements.found for name in each)
    ids = [each["id"] for _, each in elements.found if "id" in each]
    assert len(ids) == len(set(ids)), sorted(each for each in ids if ids.count(each) > 1)
    for attribute in ("aria-labelledby", "aria-describedby", "for", "list"):
        for _, each in elements.found:
            assert set(each.get(attribute, "").split()) <= set(ids), (attribute, each)
    assert len(elements.all("h1")) == 1
    levels = [int(tag[1]) for tag, _ in elements.found if re.fullmatch(r"h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels
    assert elements.all("a")[0] == {"class": "skip", "href": "#main"}
    assert all(each.get("href") for each in elements.all("a"))
    assert "{{" not in text.replace("{{7*7}}", "")


@pytest.mark.parametrize("path", PAGES)
def test_links_of_a_page_lead_somewhere(site, path):
    _, elements = read(site, path)
    inside = {each["href"].partition("#")[0] for each in elements.all("a") if each["href"].startswith("/")}
    assert inside
    for address in sorted(inside)[:40]:
        response = site.get(address, headers={"Accept": "text/html"}, follow_redirects=True)
        assert response.status_code == 200, (path, address)


def test_a_name_that_attacks_is_text(site):
    for path in ("/doc/polity/hostile", "/doc/claim/hostile-nato", "/browse/Polity"):
        text, elements = read(site, path)
        assert "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;&amp;amp;{{7*7}}" in text
        assert HOSTILE not in text
        assert not elements.all("script")


def test_contested_places_show_everybody_side_by_side(site):
    text, _ = read(site, "/doc/territory/crimea")
    contest = text[text.index('id="contest-claimant"') : text.index('id="claims-title"')]
    assert re.findall(r'<h3 id="contest-claimant-\d"><a href="[^"]*">(\w+)</a>', contest) == ["Russia", "Ukraine"]
    assert "none is the default" in text


def test_claims_are_grouped_by_who_claims(site):
    text, _ = read(site, "/doc/territory/crimea")
    groups = re.findall(r'<h3 id="group-\d+"><a href="([^"]*)">(.*?)</a> <span class="count">(\d+)', text)
    assert groups == [
        ("/id/publisher/alpha", "Alpha", "1"),
        ("/id/publisher/gamma", "Gamma", "1"),
        ("/id/polity/russia", "Russia", "1"),
    ]
    assert '<a class="away" href="https://example.org/a"' in text
    chosen, _ = read(site, "/doc/territory/crimea?by=publisher/gamma")
    assert chosen.count('<h3 id="group-') == 1


def test_two_dates_of_one_membership_stand_side_by_side(site):
    text, _ = read(site, "/doc/membership/nato_germany")
    assert "1955-05-06" in text
    assert "1955-05-09" in text
    assert "<svg" in text


def test_drawings_say_in_words_what_they_show(site):
    text, _ = read(site, "/doc/territory/crimea")
    assert "Where Crimean Peninsula lies: 45.3° N, 34.56° E" in text
    assert text.count('role="img"') == 2


def test_lists_have_pages_and_a_search(site):
    text, _ = read(site, "/browse/Polity?q=JAP")
    assert 'href="/id/polity/japan"' in text
    assert "/id/polity/germany" not in text
    assert 'value="JAP"' in text
    assert site.get("/browse/Nothing").status_code == 404
    assert "1 entry" in read(site, "/browse/Polity?q=japan&page=7")[0]
    assert site.get("/browse/Polity?page=-1").status_code == 200
