"""RDF from strangers: a process that parses it, so that a parser that falls over takes nothing with it.

    python -m kg.store.documents <memory in MiB>

Each frame has a document and its media type; the answer is its N-Quads, or what is wrong, where.
Nothing is fetched: contexts of JSON-LD on the web and document types in RDF/XML are refused.
"""

from __future__ import annotations

import os
import sys
from typing import Any
from xml.parsers import expat

from pyoxigraph import RdfFormat, Store, parse, serialize

from kg.store import frames, sandbox


def main() -> None:
    """Answer until standard input ends."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sandbox.confine(int(sys.argv[1]))
    frames.write(sink, {"ready": True})
    while frame := frames.read(source):
        wanted, content = frame
        sandbox.limit_processor_time(2 * wanted["deadline"])
        frames.write(sink, *answer(wanted, content))


def answer(wanted: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    """Parse one document, or run an update on an empty store; the header says `ok`, or which `error`."""
    try:
        if wanted["media_type"] == "application/sparql-update":
            return {"ok": True}, _inserted(content, wanted["base"])
        rdf_format = RdfFormat.from_media_type(wanted["media_type"])
        if rdf_format == RdfFormat.RDF_XML:
            _refuse_document_type(content)
        quads = parse(content, rdf_format, base_iri=wanted["base"], rename_blank_nodes=True)
        return {"ok": True}, serialize(quads, format=RdfFormat.N_QUADS) or b""
    except SyntaxError as error:
        return _complaint(error), b""
    except MemoryError:
        return {"error": "memory"}, b""
    except (RuntimeError, ValueError, OSError) as error:
        return {"error": "syntax", "message": str(error), "line": 1, "column": 1}, b""


def _inserted(content: bytes, base: str) -> bytes:
    store = Store()
    store.update(content.decode(), base_iri=base)
    return store.dump(format=RdfFormat.N_QUADS) or b""


def _refuse_document_type(content: bytes) -> None:
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        place = (None, parser.CurrentLineNumber, parser.CurrentColumnNumber + 1, None)
        raise SyntaxError("a document type can name other files; remove <!DOCTYPE …>", place)

    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise SyntaxError(str(error), (None, error.lineno, error.offset + 1, None)) from error


def _complaint(error: SyntaxError) -> dict[str, Any]:
    message = str(error.msg)
    if "LoadDocumentCallback" in message:
        message = "its @context is on the web and is not fetched; write the context into the document"
    return {"error": "syntax", "message": message, "line": error.lineno or 1, "column": error.offset or 1}


if __name__ == "__main__":
    main()
