"""What a run found, in the formats that people, CI systems and other programs read."""

from __future__ import annotations

from collections.abc import Callable

from kg.checking.runner import Outcome

NAMES = ("text", "json", "sarif", "junit", "github", "gitlab", "markdown", "html", "shacl")


def render(name: str, outcome: Outcome, most: int) -> str:
    """Write an outcome in one format, with at most `most` findings where a format has a limit."""
    from kg.checking.outputs import github, gitlab, html, jsontext, junit, markdown, sarif, shacl, text

    formats: dict[str, Callable[[Outcome, int], str]] = {
        "text": text.render,
        "json": jsontext.render,
        "sarif": sarif.render,
        "junit": junit.render,
        "github": github.render,
        "gitlab": gitlab.render,
        "markdown": markdown.render,
        "html": html.render,
        "shacl": shacl.render,
    }
    return formats[name](outcome, most)
