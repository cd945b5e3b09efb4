"""Link headers of a document: its formats, its subject, its licence, how to cite it.

Source: https://signposting.org/FAIR/
"""

from __future__ import annotations

from server.linked_data.profiles import CLAIMS, HTML, Wish, profile_iri, variants

LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def links(here: str, document: str, iri: str, base: str, given: Wish, classes: list[str]) -> str:
    """The `Link` header; `document` is the path without suffix, `iri` its subject, `here` this server's origin."""
    found = [
        f'<{here}{document}>; rel="canonical"',
        f'<{iri}>; rel="cite-as"',
        f'<{LICENCE}>; rel="license"',
        f'<{here}{document}?_profile=alt>; rel="alternate"; type="text/html"; title="all formats and profiles"',
        f'<{base}id/dataset/foedus>; rel="collection"',
        f'<{profile_iri(given.profile, base)}>; rel="profile"',
        *(f'<{each}>; rel="type"' for each in classes),
    ]
    for profile, suffix, each in variants():
        relation = "describedby" if given.wanted is HTML and each is not HTML and profile == CLAIMS else "alternate"
        address = f"{here}{document}.{suffix}" + ("" if each is HTML else f"?_profile={profile}")
        found.append(f'<{address}>; rel="{relation}"; type="{each.media_type}"; formats="{profile_iri(profile, base)}"')
    return ", ".join(found)
