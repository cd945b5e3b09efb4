"""The ontology, the shapes and the profiles at their addresses: the Turtle as it was written, other formats made of it.

A version that was released stays: its files lie in `ontology/releases/<version>/`, and answer at the
version's address when the current ones have moved on.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import Headers
from starlette.requests import Request

from kg.assets import Assets
from kg.store import answers
from kg.store.answers import TURTLE as TURTLE_TASK
from kg.store.formats import JSON_LD, N_TRIPLES, RDF_XML, TURTLE
from server import freshness, negotiation, urls
from server.asking import Asking
from server.errors import NotThere
from server.headers import SHARED
from server.linked_data.context import PREFIXES
from server.linked_data.documents import Documents
from server.linked_data.places import Places
from server.linked_data.profiles import HTML, SUFFIXES
from server.linked_data.signposts import LICENCE
from server.pages.parts import defined
from server.pages.rendering import Templates
from server.pages.values import Teller
from server.replies import Reply, while_connected

FOLDERS = {"ontology": "vocabulary", "shapes": "shapes"}
TITLES = {"ontology": "The ontology", "shapes": "The shapes", "profile": "Profiles"}
FORMATS = (TURTLE, JSON_LD, N_TRIPLES, RDF_XML, HTML)
_VERSION = re.compile(r"owl:versionIRI <[^>]*?/(\d+\.\d+\.\d+)/")
_ADDRESS = re.compile(r"(?:(?P<version>\d+\.\d+\.\d+)(?:/|$))?(?P<topic>[a-z-]*)")


@dataclass(frozen=True)
class Source:
    """Turtle files that answer together: of one kind, one topic or all (""), one version."""

    kind: str
    topic: str
    version: str
    files: tuple[Path, ...]

    @property
    def turtle(self) -> str:
        """All files as one Turtle text."""
        return "\n".join(path.read_text(encoding="utf-8") for path in self.files)


class Vocabulary:
    """Answers `/ontology…`, `/shapes…` and `/profile/…`."""

    def __init__(self, asking: Asking, documents: Documents, templates: Templates, assets: Assets) -> None:
        self._asking = asking
        self._documents = documents
        self._templates = templates
        self._assets = assets

    async def answer(self, request: Request, kind: str, path: str) -> Reply:
        """One vocabulary, all topics of a kind, or an earlier version; raises NotThere."""
        stem, _, ending = path.rpartition(".")
        suffix = ending if stem and ending in SUFFIXES else None
        source = find(self._assets, kind, (stem if stem != "all" else "") if suffix else path)
        headers = Headers(scope=request.scope)
        accept = ", ".join(headers.getlist("accept")) or None
        wanted = SUFFIXES[suffix] if suffix else negotiation.choose(accept, FORMATS)
        if wanted not in FORMATS:
            raise NotThere(f"there is no {path} here; a vocabulary has no named graphs")
        text = source.turtle
        base = self._asking.settings.base
        here, address = urls.origin(request.scope), "/".join(filter(None, (kind, source.topic)))
        digest = hashlib.sha256(text.encode()).hexdigest()
        endings = {each: name for name, each in SUFFIXES.items()}
        links = [
            f'<{base}{address}>; rel="cite-as"',
            f'<{LICENCE}>; rel="license"',
            *(
                f'<{here}/{kind}/{source.topic or "all"}.{endings[each]}>; rel="alternate"; type="{each.media_type}"'
                for each in FORMATS
            ),
        ]
        sent = {
            **freshness.validators(self._asking.generation, digest, wanted.name, path),
            "Content-Type": wanted.content_type,
            "Vary": "Accept",
            "Link": ", ".join(links),
            **SHARED,
        }
        if freshness.unchanged(headers, sent):
            return Reply(304, b"", sent)
        if wanted is TURTLE:
            return Reply(200, text.encode(), sent)
        if wanted is HTML:
            return Reply(200, await self._page(request, source, text), sent)
        converted = answers.whole(TURTLE_TASK, text, wanted, self._asking.settings, dict(PREFIXES))
        answer = await while_connected(request.receive, self._asking.of_request(converted, request.scope))
        return Reply(200, answer.body, sent)

    async def _page(self, request: Request, source: Source, text: str) -> bytes:
        """The page: the terms where the graph has them, and the Turtle."""
        base, topics = self._asking.settings.base, []
        if source.kind == "ontology" and source.version == current(self._assets, source.kind):
            for path in source.files:
                about = await self._documents.about(request, f"{base}ontology/{path.stem}")
                topics.append((path.stem, defined(about, Teller(about, ("en",), Places(base)))))
        return self._templates.page(
            "vocabulary.html",
            kind=source.kind,
            title=TITLES[source.kind],
            topic=source.topic,
            version=source.version,
            others=[path.stem for path in _files(self._assets, source.kind)],
            versions=versions(self._assets, source.kind),
            topics=topics,
            turtle="" if topics else text,
            iri=f"{base}{'/'.join(filter(None, (source.kind, source.topic)))}",
        )


def find(assets: Assets, kind: str, path: str) -> Source:
    """The files behind an address such as `sites`, `0.1.0/sites` or nothing; raises NotThere."""
    found = _ADDRESS.fullmatch(path)
    now = current(assets, kind)
    version = found["version"] if found and found["version"] else now
    files = _files(assets, kind) if version == now else _files(assets, kind, version)
    topic = found["topic"] if found else ""
    if kind == "profile" and topic in ("claims", "plain"):
        return Source(kind, topic, version, files)
    chosen = tuple(each for each in files if not topic or each.stem == topic)
    if found is None or not chosen:
        known = ", ".join(each.stem for each in _files(assets, kind))
        raise NotThere(f"there is no {kind}/{path[:80]}; there are {known}, in version {now}")
    return Source(kind, topic, version, chosen)


def current(assets: Assets, kind: str) -> str:
    """The version of the files that are in use."""
    found = (_VERSION.search(path.read_text(encoding="utf-8")) for path in _files(assets, kind))
    return next((each[1] for each in found if each), "0.1.0")


def versions(assets: Assets, kind: str) -> list[str]:
    """Every version that answers, the newest first."""
    released = {path.name for path in (assets.ontology / "releases").glob("*") if path.is_dir()}
    return sorted(
        {*released, current(assets, kind)}, key=lambda each: [int(part) for part in each.split(".")], reverse=True
    )


def _files(assets: Assets, kind: str, version: str | None = None) -> tuple[Path, ...]:
    if kind == "profile":
        return (Path(__file__).with_name("profiles.ttl"),)
    root = assets.ontology / "releases" / version if version else assets.ontology
    return tuple(sorted((root / FOLDERS[kind]).glob("*.ttl")))
