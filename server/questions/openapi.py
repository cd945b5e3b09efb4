"""The OpenAPI document: made of the questions' headers and of what this server answers.

Source: https://spec.openapis.org/oas/v3.1.0
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from kg.queries import Parameter, Query
from kg.views.view import PARAMETERS
from server.linked_data.profiles import SUFFIXES
from server.questions.formats import ROW_FORMATS

_SCHEMAS: dict[str, dict[str, Any]] = {
    "iri": {"type": "string"},
    "date": {"type": "string", "format": "date"},
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "boolean": {"type": "boolean"},
    "text": {"type": "string"},
    "language": {"type": "string"},
}
_PROBLEM = {
    "description": "What is wrong, and what to do",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def document(here: str, questions: Sequence[Query]) -> bytes:
    """The document for a server at `here`."""
    paths: dict[str, Any] = {
        "/questions": {
            "get": {
                "operationId": "questions",
                "summary": "All questions, with their parameters",
                "tags": ["questions"],
                "responses": {"200": {"description": "The questions", "content": {"application/json": {}}}},
            }
        },
        **{f"/questions/{each.slug}": {"get": _operation(each)} for each in questions},
        **{f"/questions/{each.slug}/diff": {"get": _changes(each)} for each in questions},
        **_OTHERS,
    }
    described = {
        "openapi": "3.1.0",
        "info": {
            "title": "Foedus",
            "version": version("foedus"),
            "summary": "States, alliances, commitments and contested sites, with who claims what, when and where",
            "license": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
        },
        "servers": [{"url": here}],
        "tags": [
            {"name": "questions"},
            {"name": "sparql"},
            {"name": "views"},
            {"name": "linked data"},
            {"name": "search"},
        ],
        "paths": paths,
        "components": {"schemas": _COMPONENTS},
    }
    return json.dumps(described, ensure_ascii=False, indent=1).encode() + b"\n"


def _operation(question: Query) -> dict[str, Any]:
    formats = {
        each.media_type: {"schema": {"$ref": "#/components/schemas/Rows"}} if each.name == "json" else {}
        for each in ROW_FORMATS
    }
    return {
        "operationId": question.slug,
        "summary": question.summary,
        "description": question.description,
        "tags": ["questions"],
        "parameters": [*map(_parameter, question.parameters), _FORMAT, _CITATIONS, *_VIEW],
        "responses": {
            "200": {"description": "The answer", "content": formats},
            "304": {"description": "Nothing has changed since the ETag that was sent"},
            "400": _PROBLEM,
            "406": _PROBLEM,
            "503": _PROBLEM,
            "504": _PROBLEM,
        },
    }


def _changes(question: Query) -> dict[str, Any]:
    days = [
        {"name": name, "in": "query", "required": True, "schema": {"type": "string", "format": "date"}}
        for name in ("known-from", "known-to")
    ]
    view = [each for each in _VIEW if each["name"] != "known-at"]
    return {
        "operationId": f"{question.slug}-diff",
        "summary": f"What changed: {question.summary}",
        "tags": ["views"],
        "parameters": [*days, *map(_parameter, question.parameters), *view],
        "responses": {
            "200": {"description": "Rows added and removed", "content": {"application/json": {}}},
            "400": _PROBLEM,
        },
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = dict(_SCHEMAS[parameter.type])
    if parameter.choices:
        schema["enum"] = list(parameter.choices)
    if parameter.of:
        kinds = "|".join(parameter.of)
        schema["description"] = f"A name of this graph ({' or '.join(parameter.of)}) or its whole IRI"
        schema["pattern"] = f"(^|/)({kinds})/"
    example: Any = (
        json.loads(parameter.example) if schema["type"] in ("integer", "number", "boolean") else parameter.example
    )
    if parameter.several:
        schema, example = {"type": "array", "items": schema}, [example]
    described: dict[str, Any] = {
        "name": parameter.name,
        "in": "query",
        "required": False,
        "description": parameter.description,
        "schema": schema,
        "example": example,
    }
    return described


_FORMAT = {
    "name": "format",
    "in": "query",
    "description": "The format of the answer, instead of the Accept header",
    "schema": {"type": "string", "enum": [each.name for each in ROW_FORMATS]},
}
_CITATIONS = {
    "name": "citations",
    "in": "query",
    "description": "Whether the answer says of each row who claims it, as `Prefer: include=citations` does",
    "schema": {"type": "boolean"},
}
_DOCUMENTS = tuple(each.media_type for each in SUFFIXES.values())
_SEVERAL = {"type": "array", "items": {"type": "string"}}
_KINDS: dict[str, dict[str, Any]] = {
    **{name: {"type": "string", "format": "date"} for name in ("valid-at", "known-at", "recorded-at")},
    **dict.fromkeys(("pov", "exclude-source"), _SEVERAL),
    "min-sources": {"type": "integer", "minimum": 1},
    "certainty": {"type": "string", "enum": ["remembered", "verified"]},
    "possible": {"type": "boolean"},
}
_VIEW = [
    {"name": name, "in": "query", "description": f"A view: {meaning}", "schema": _KINDS[name]}
    for name, meaning in PARAMETERS.items()
]
_OTHERS: dict[str, Any] = {
    "/views": {
        "get": {
            "operationId": "views",
            "summary": "What can be asked as a view, and what each viewpoint accepts, excludes and leaves undecided",
            "tags": ["views"],
            "responses": {"200": {"description": "The views", "content": {"application/json": {}}}},
        }
    },
    "/contradictions": {
        "get": {
            "operationId": "contradictions",
            "summary": "Pairs of claims that cannot both hold, the rule, the sources of both, and since when",
            "tags": ["views"],
            "parameters": [
                {"name": "about", "in": "query", "description": "A thing or a claim", "schema": {"type": "string"}},
                *_VIEW,
            ],
            "responses": {
                "200": {"description": "The pairs", "content": {"application/json": {}}},
                "400": _PROBLEM,
            },
        }
    },
    "/sparql": {
        "get": {
            "operationId": "sparql",
            "summary": "A SPARQL 1.1 query",
            "externalDocs": {"url": "https://www.w3.org/TR/sparql11-protocol/"},
            "tags": ["sparql"],
            "parameters": [
                {"name": "query", "in": "query", "required": True, "schema": {"type": "string"}},
                _CITATIONS,
                *_VIEW,
            ],
            "responses": {"200": {"description": "The answer, in the format that is accepted"}, "400": _PROBLEM},
        }
    },
    "/search": {
        "get": {
            "operationId": "search",
            "summary": "Names in all languages, and claims by their words",
            "tags": ["search"],
            "parameters": [
                {"name": "q", "in": "query", "required": True, "schema": {"type": "string"}, "example": "crimea"},
                {"name": "kind", "in": "query", "schema": {"type": "string"}, "description": "Only this class"},
                {"name": "page", "in": "query", "schema": {"type": "integer", "minimum": 1}},
            ],
            "responses": {"200": {"description": "The hits", "content": {"application/json": {}}}, "503": _PROBLEM},
        }
    },
    "/reconcile": {
        "get": {
            "operationId": "reconcile",
            "summary": "The reconciliation service for OpenRefine: its manifest, or the candidates for a batch",
            "externalDocs": {"url": "https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/"},
            "tags": ["search"],
            "parameters": [{"name": "queries", "in": "query", "schema": {"type": "string"}}],
            "responses": {"200": {"description": "As the specification has it", "content": {"application/json": {}}}},
        }
    },
    "/doc/{path}": {
        "get": {
            "operationId": "document",
            "summary": "The document about a name, in many formats and profiles",
            "tags": ["linked data"],
            "parameters": [
                {
                    "name": "path",
                    "in": "path",
                    "required": True,
                    "schema": {"type": "string"},
                    "example": "territory/crimea",
                },
                {
                    "name": "_profile",
                    "in": "query",
                    "schema": {"type": "string", "enum": ["claims", "plain", "schema", "alt"]},
                },
            ],
            "responses": {
                "200": {"description": "The document", "content": {each: {} for each in _DOCUMENTS}},
                "404": _PROBLEM,
                "406": _PROBLEM,
            },
        }
    },
}
_COMPONENTS = {
    "Problem": {
        "description": "RFC 9457",
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "parameter": {"type": "string"},
        },
    },
    "Rows": {
        "type": "object",
        "required": ["question", "summary", "parameters", "generation", "columns", "rows"],
        "properties": {
            "question": {"type": "string"},
            "summary": {"type": "string"},
            "parameters": {"type": "object"},
            "generation": {"type": "string"},
            "columns": {"type": "array", "items": {"type": "string"}},
            "rows": {
                "type": "array",
                "items": {
                    "type": "object",
                    "additionalProperties": {"type": ["string", "number", "integer", "boolean", "null"]},
                },
            },
        },
    },
}
