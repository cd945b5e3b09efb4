"""NS: prefixes that nothing uses, namespaces that are nearly a known one, one prefix for two namespaces."""

from __future__ import annotations

from collections.abc import Iterator

from kg.checking.context import KNOWN, Context
from kg.checking.findings import Finding, Place, Related
from kg.checking.layout import Prefix
from kg.checking.project import File

# Texts up to this many characters are read for their prefixes in a fraction of a second.
_LARGE = 300_000


def check(context: Context) -> Iterator[Finding]:
    """Yield what is wrong with the prefixes of Turtle and TriG files."""
    first: dict[str, tuple[str, Place]] = {}
    for file in context.files():
        if not file.prefixes or file.suffix not in (".ttl", ".trig"):
            continue
        if len(file.source.text) > _LARGE and not _suspect(file, first):
            continue
        for prefix in context.positions.layout(file).prefixes:
            yield from _prefix(context, file, prefix, first)


def _suspect(file: File, first: dict[str, tuple[str, Place]]) -> bool:
    """Whether a glance at a large text gives a reason to read all of it for its prefixes."""
    text = file.source.text
    return any(
        text.count(f"{name}:") < 2 or _near(namespace) or first.get(name, (namespace,))[0] != namespace
        for name, namespace in file.prefixes.items()
    )


def _prefix(context: Context, file: File, prefix: Prefix, first: dict[str, tuple[str, Place]]) -> Iterator[Finding]:
    place = file.source.place(*prefix.span)
    if not prefix.used:
        message = f"the prefix {prefix.name}: is declared and not used"
        yield context.finding("NS01", message, "remove the line", place=place, path=f"{prefix.name}:")
    near = _near(prefix.namespace)
    if near:
        message = f"{prefix.namespace} is nearly, and not, {near}"
        yield context.finding("NS02", message, f"write <{near}>", place=place, path=prefix.namespace)
    before = first.setdefault(prefix.name, (prefix.namespace, place))
    if before[0] != prefix.namespace:
        yield context.finding(
            "NS03",
            f"{prefix.name}: is {prefix.namespace} here and {before[0]} elsewhere",
            "give one of the two another prefix",
            place=place,
            path=f"{prefix.name}:",
            related=(Related(before[1], "it is declared here, too"),),
        )


def _near(namespace: str) -> str:
    """The well-known namespace that differs only in what is easily mistyped."""

    def bare(iri: str) -> str:
        return iri.lower().removeprefix("https").removeprefix("http").replace("://www.", "://").rstrip("#/")

    for known in KNOWN.values():
        # schema.org is in use with both schemes.
        if namespace != known and bare(namespace) == bare(known) and "schema.org" not in namespace:
            return known
    return ""
