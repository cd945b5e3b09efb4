"""RDF files are read as they are written, and reading one never reads another."""

import gzip
import logging
import socket

import pytest
import rdflib
from pyoxigraph import RdfFormat
from rdflib import RDF, XSD, Graph, Literal, URIRef

from kg.errors import UnreadableInput
from kg.validation import FORMATS, parse, read, union

IT = URIRef("https://example.org/it")
THING = URIRef("https://example.org/Thing")
SAME = {
    "it.jsonld": '{"@id": "https://example.org/it", "@type": "https://example.org/Thing"}',
    "it.json": '{"@id": "https://example.org/it", "@type": "https://example.org/Thing"}',
    "it.nq": f"<{IT}> <{RDF.type}> <{THING}> <https://example.org/graph> .",
    "it.nt": f"<{IT}> <{RDF.type}> <{THING}> .",
    "it.owl": f'<r:Description xmlns:r="{RDF}" r:about="{IT}"><r:type r:resource="{THING}"/></r:Description>',
    "it.rdf": f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:ex="https://example.org/"><ex:Thing rdf:about="{IT}"/></rdf:RDF>',
    "it.trig": "@prefix ex: <https://example.org/> . ex:graph { ex:it a ex:Thing }",
    "it.ttl": "@prefix ex: <https://example.org/> . ex:it a ex:Thing .",
    "it.xml": f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:ex="https://example.org/"><ex:Thing rdf:about="{IT}"/></rdf:RDF>',
}


def test_there_is_a_case_for_every_ending():
    assert {name.removeprefix("it") for name in SAME} == set(FORMATS)


@pytest.mark.parametrize("name", SAME)
def test_every_format_says_the_same(name, tmp_path):
    (tmp_path / name).write_text(SAME[name], encoding="utf-8")
    assert set(read(tmp_path / name)) == {(IT, RDF.type, THING)}


def test_a_packed_file_is_unpacked(tmp_path):
    (tmp_path / "it.nq.gz").write_bytes(gzip.compress(SAME["it.nq"].encode()))
    assert len(read(tmp_path / "it.nq.gz")) == 1


def test_graphs_of_a_dataset_count_as_one():
    content = f"{SAME['it.nt']}\n{SAME['it.nq']}\n".encode()
    assert len(parse(content, RdfFormat.N_QUADS)) == 1


def test_literals_keep_their_form(caplog):
    """To rdflib, 01 is 1, and a day that is none gets a traceback; the shapes have to see both as written."""
    forms = '"01"^^xsd:integer, "1.50"^^xsd:decimal, "2025-13-45"^^xsd:date, "P12M"^^xsd:duration, "Straße"@de'
    with caplog.at_level(logging.DEBUG):
        graph = parse(
            f"@prefix xsd: <{XSD}> . <https://example.org/it> <https://example.org/says> {forms} .".encode(),
            RdfFormat.TURTLE,
        )
    assert {str(value) for value in graph.objects()} == {"01", "1.50", "2025-13-45", "P12M", "Straße"}
    day = next(value for value in graph.objects() if value.datatype == XSD.date)
    assert day.ill_typed
    assert not caplog.records
    assert rdflib.NORMALIZE_LITERALS is True
    assert Literal("01", datatype=XSD.integer).n3() != '"01"^^<http://www.w3.org/2001/XMLSchema#integer>'


def test_a_plain_string_is_a_plain_string():
    (value,) = parse(b'<https://example.org/it> <https://example.org/says> "x" .', RdfFormat.TURTLE).objects()
    assert value == Literal("x")


def test_blank_nodes_of_two_files_stay_apart():
    content = b"_:b <https://example.org/says> 1 ."
    assert len(union((parse(content, RdfFormat.TURTLE), parse(content, RdfFormat.TURTLE)))) == 2


@pytest.mark.parametrize(
    ("name", "content", "place", "what"),
    [
        ("bad.ttl", b"@prefix ex: <https://example.org/> .\nex:it a thing .\n", "bad.ttl:2:", "correct the Turtle"),
        ("bad.nt", b"<https://example.org/it> <https://example.org/says> .\n", "bad.nt:1:", "correct the N-Triples"),
        ("bad.jsonld", b'{"@id":\n', "bad.jsonld:", "correct the JSON-LD"),
        ("bad.rdf", b"<rdf:RDF>\n<open>\n</rdf:RDF>", "bad.rdf:3:", "correct the XML"),
        ("bad.ttl", b"\xff\xfe", "bad.ttl:1:1", "UTF-8"),
        ("bad.csv", b"a,b", "bad.csv", "is no RDF format"),
        ("bad", b"a,b", "bad", "no ending is no RDF format"),
        ("bad.nt.gz", b"not packed", "bad.nt.gz", "name a file that can be read"),
        ("star.ttl", b"<< <a:a> <a:b> <a:c> >> <a:d> <a:e> .", "star.ttl", "quotes triples"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(name, content, place, what, tmp_path):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableInput) as caught:
        read(tmp_path / name)
    assert str(caught.value).startswith(str(tmp_path / place))
    assert what in str(caught.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(UnreadableInput, match="No such file"):
        read(tmp_path / "absent.ttl")


def test_a_context_on_the_web_is_refused(tmp_path, monkeypatch):
    def refuse(*_):
        raise AssertionError("reading a file opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    (tmp_path / "far.jsonld").write_text(
        '{"@context": "https://schema.org/", "@id": "https://example.org/it", "name": "x"}'
    )
    with pytest.raises(UnreadableInput, match="write the context into the file"):
        read(tmp_path / "far.jsonld")


def test_a_document_type_is_refused_before_its_entities_are_read(tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    entity = f'<!DOCTYPE rdf:RDF [<!ENTITY s SYSTEM "{(tmp_path / "secret.txt").as_uri()}">]>'
    body = SAME["it.rdf"].replace("/></rdf:RDF>", "><ex:says>&s;</ex:says></ex:Thing></rdf:RDF>")
    (tmp_path / "evil.rdf").write_text(f'<?xml version="1.0"?>\n{entity}\n{body}')
    with pytest.raises(UnreadableInput, match=r"evil\.rdf:2:\d+: a document type can name other files"):
        read(tmp_path / "evil.rdf")


def test_union_leaves_its_parts_alone():
    one, other = Graph(), Graph()
    one.add((IT, RDF.type, THING))
    assert len(union((one, other))) == 1
    assert len(other) == 0
