"""The dataset at its addresses: its description, its dumps, and what crawlers look for."""

from __future__ import annotations

import json
from xml.sax.saxutils import escape

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from kg.queries import Query
from kg.store import answers, dumps
from kg.store.answers import TURTLE as TURTLE_TASK
from kg.store.formats import JSON_LD, N_TRIPLES, RDF_XML, TURTLE
from server import freshness, negotiation, urls
from server.asking import Asking
from server.errors import NotThere
from server.headers import SHARED
from server.linked_data.dataset import (
    DESCRIPTION,
    KEYWORDS,
    LICENCE,
    TITLE,
    Distribution,
    Statistics,
    described,
    distributions,
    quads_name,
)
from server.linked_data.places import Places
from server.linked_data.profiles import HTML, SUFFIXES
from server.pages.rendering import Templates
from server.pages.results import shorten
from server.questions.formats import ROWS
from server.replies import Reply, while_connected
from server.routing import answered

FORMATS = (TURTLE, JSON_LD, N_TRIPLES, RDF_XML, HTML)
NAME = "dataset/foedus"
_PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


class Catalogue:
    """Answers for the dataset as a whole."""

    def __init__(self, asking: Asking, templates: Templates, questions: tuple[Query, ...]) -> None:
        self._asking = asking
        self._templates = templates
        self._questions = questions
        self._places = Places(asking.settings.base)
        self._counted: tuple[str, Statistics] | None = None

    def routes(self) -> list[Route]:
        """The addresses; they stand before those of other documents."""

        async def name(_: Request) -> Reply:
            return Reply(303, b"", {"Location": f"/doc/{NAME}", "Vary": "Accept", **SHARED})

        return [
            answered(f"/id/{NAME}", name),
            answered(f"/doc/{NAME}", self.document),
            answered(f"/doc/{NAME}.{{ending}}", self.document),
            answered("/.well-known/void", self.document),
            answered("/dumps", self.dumps),
            Route("/dumps/{name}", self.file, methods=["GET", "HEAD"]),
            answered("/sitemap.xml", self.sitemap),
            answered("/robots.txt", self.robots),
        ]

    async def document(self, request: Request) -> Reply:
        """The description of the dataset, in the format that is wanted; raises NotThere and NotAcceptable."""
        headers, ending = Headers(scope=request.scope), request.path_params.get("ending")
        if ending is None:
            wanted = negotiation.choose(", ".join(headers.getlist("accept")) or None, FORMATS)
        else:
            if SUFFIXES.get(ending) not in FORMATS:
                raise NotThere(f"there is nothing at {request.url.path}")
            wanted = SUFFIXES[ending]
        settings, generation, here = self._asking.settings, self._asking.generation, urls.origin(request.scope)
        files = distributions(settings, generation)
        fresh = freshness.validators(generation, "dataset", wanted.name, here, files)
        iri = f"{settings.base}id/{NAME}"
        links = [
            f'<{iri}>; rel="cite-as"',
            f'<{LICENCE}>; rel="license"',
            *(
                f'<{here}/doc/{NAME}.{suffix}>; rel="{"describedby" if wanted is HTML else "alternate"}"; '
                f'type="{each.media_type}"'
                for suffix, each in SUFFIXES.items()
                if each in FORMATS and each is not HTML
            ),
            *(f'<{here}/dumps/{each.name}>; rel="item"; type="application/gzip"' for each in files),
        ]
        sent = {**fresh, "Content-Type": wanted.content_type, "Vary": "Accept", "Link": ", ".join(links), **SHARED}
        if freshness.unchanged(headers, fresh):
            return Reply(304, b"", sent)
        statistics = await self._statistics(request)
        if wanted is HTML:
            return Reply(200, self._page(statistics, files), sent)
        text = described(here, settings, generation, statistics, files)
        if wanted is N_TRIPLES:
            return Reply(200, text.encode(), sent)
        converted = answers.whole(TURTLE_TASK, text, wanted, settings, dict(_PREFIXES))
        answer = await while_connected(request.receive, self._asking.of_request(converted, request.scope))
        return Reply(200, answer.body, sent)

    async def dumps(self, request: Request) -> Reply:
        """The files that can be taken: as a page, or as JSON."""
        wanted = negotiation.choose(request.headers.get("accept"), (ROWS, HTML))
        generation, here = self._asking.generation, urls.origin(request.scope)
        files = distributions(self._asking.settings, generation)
        if wanted is HTML:
            body = self._templates.page("dumps.html", files=files, generation=generation.name)
        else:
            listed = [
                {
                    "name": each.name,
                    "url": f"{here}/dumps/{each.name}",
                    "mediaType": each.media_type,
                    "bytes": each.size,
                    "sha256": each.sha256,
                }
                for each in files
            ]
            body = json.dumps({"generation": generation.name, "files": listed}, indent=1).encode() + b"\n"
        headers = {"Content-Type": wanted.content_type, "Vary": "Accept", "Cache-Control": "no-cache", **SHARED}
        return Reply(200, body, headers)

    async def file(self, request: Request) -> Response:
        """One file, whole or the ranges that are asked for; raises NotThere."""
        name, root = request.path_params["name"], self._asking.settings.data_directory
        generation = self._asking.generation
        if name == dumps.SUMS:
            lines = [f"{each.sha256}  {each.name}\n" for each in distributions(self._asking.settings, generation)]
            return Response("".join(lines), media_type="text/plain", headers=dict(SHARED))
        path = generation.dump if name == quads_name(generation) else dumps.find(root, name)
        if path is None or not path.is_file():
            raise NotThere(f"there is no dump called {name[:120]!r}; /dumps lists those that there are")
        headers = {**SHARED, "Cache-Control": "public, max-age=31536000, immutable"}
        return FileResponse(path, media_type="application/gzip", filename=name, headers=headers)

    async def sitemap(self, request: Request) -> Reply:
        """The pages that are worth finding.

        Source: https://www.sitemaps.org/protocol.html
        """
        here = urls.origin(request.scope)
        found = await while_connected(request.receive, self._asking.rows("sitemap", request.scope))
        paths = [
            *("/", "/browse", "/questions", "/ontology", f"/doc/{NAME}"),
            *(f"/questions/{each.slug}" for each in self._questions),
            *(self._places.document(row["thing"].value) for row in found),
        ]
        entries = "".join(f"<url><loc>{escape(here + path)}</loc></url>\n" for path in paths[:50_000])
        space = "http://www.sitemaps.org/schemas/sitemap/0.9"
        body = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{space}">\n{entries}</urlset>\n'
        fresh = freshness.validators(self._asking.generation, "sitemap", here)
        return Reply(200, body.encode(), {**fresh, "Content-Type": "application/xml", **SHARED})

    async def robots(self, request: Request) -> Reply:
        """What crawlers may fetch: pages, not queries."""
        lines = ["User-agent: *", *(f"Disallow: {path}" for path in ("/sparql", "/store", "/reconcile", "/*?"))]
        text = "\n".join([*lines, f"Sitemap: {urls.origin(request.scope)}/sitemap.xml", ""])
        return Reply(200, text.encode(), {"Content-Type": "text/plain; charset=utf-8", **SHARED})

    def _page(self, statistics: Statistics, files: list[Distribution]) -> bytes:
        base = self._asking.settings.base
        prefixes = {**_PREFIXES, "owl": "http://www.w3.org/2002/07/owl#", "foe": f"{base}ontology#"}
        parts = [
            (title, [(shorten(row[name].value, prefixes, base), int(row["count"].value)) for row in rows])
            for title, name, rows in (
                ("Classes", "class", statistics.classes),
                ("Properties", "property", statistics.properties),
            )
        ]
        links = [
            (shorten(row["property"].value, prefixes, base), row["target"].value, int(row["count"].value))
            for row in statistics.links
        ]
        generation = self._asking.generation
        return self._templates.page(
            "dataset.html",
            title=TITLE,
            description=DESCRIPTION,
            keywords=KEYWORDS,
            licence=LICENCE,
            iri=f"{base}id/{NAME}",
            path=f"/doc/{NAME}",
            counts=generation.manifest()["counts"],
            parts=parts,
            links=links,
            datasets=[(self._places.local(row["dataset"].value), row["title"].value) for row in statistics.datasets],
            files=files,
            generation=generation.name,
        )

    async def _statistics(self, request: Request) -> Statistics:
        """The statistics of the generation, asked once."""
        name = self._asking.generation.name
        if self._counted is None or self._counted[0] != name:
            rows = [
                await while_connected(request.receive, self._asking.rows(f"statistics-{part}", request.scope))
                for part in ("classes", "properties", "links", "datasets")
            ]
            self._counted = (name, Statistics(*rows))
        return self._counted[1]
