"""One reader process: what it answers, how it fails, and what it may not do."""

import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg.algebra import QueryUnreadable, look
from kg.settings import Settings
from kg.store import answers, formats, generation
from kg.store.answers import (
    AnswerTooLarge,
    DeadlinePassed,
    OutOfMemory,
    QueryUnanswerable,
    ReaderLost,
    StoreUnreadable,
)
from kg.store.process import Reader

pytestmark = pytest.mark.alone

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def asked(text, settings, wanted=formats.JSON, dataset=None):
    return answers.request(text, look(text, settings), wanted, settings, dataset)


def count(reader, text, settings, **more) -> int:
    answer = json.loads(reader.ask(asked(text, settings, **more)).body)
    return int(answer["results"]["bindings"][0]["n"]["value"])


@pytest.fixture
def reader(settings):
    started = Reader(generation.current(settings.data_directory), settings)
    yield started
    started.close()


def test_every_format_is_written(reader, settings):
    expected = {
        ("ASK { ?s ?p ?o }", "json"): b'"boolean":true',
        ("ASK { ?s ?p ?o }", "xml"): b"<boolean>true</boolean>",
        ("ASK { ?s ?p ?o }", "csv"): b"true",
        ("SELECT ?o { ?s ?p ?o } ORDER BY ?o LIMIT 1", "json"): b'"value 0"',
        ("SELECT ?o { ?s ?p ?o } ORDER BY ?o LIMIT 1", "csv"): b"o\r\nvalue 0\r\n",
        ("SELECT ?o { ?s ?p ?o } ORDER BY ?o LIMIT 1", "tsv"): b'?o\n"value 0"\n',
        ("PREFIX e: <http://example.org/> DESCRIBE e:thing1", "turtle"): b'e:property1 "value 1"',
        ("DESCRIBE <http://example.org/thing1>", "ntriples"): b'property1> "value 1" .\n',
        ("DESCRIBE <http://example.org/thing1>", "jsonld"): b'"@value":"value 1"',
        ("DESCRIBE <http://example.org/thing1>", "rdfxml"): b"value 1</property1>",
    }
    for (text, name), part in expected.items():
        form = look(text, settings).form
        wanted = next(each for each in formats.offered(form) if each.name == name)
        answer = reader.ask(asked(text, settings, wanted))
        assert part in answer.body, name
        assert answer.store == "merge"
        assert answer.generation == "first"


def test_merge_and_evidence_give_the_same_answers_to_what_looks_at_no_graph(reader, settings):
    for text in (
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "SELECT ?s (COUNT(?o) AS ?n) { ?s ?p ?o } GROUP BY ?s ORDER BY ?s",
        "SELECT ?a ?b { ?s <http://example.org/property1> ?a ; <http://example.org/property2> ?b } ORDER BY ?a ?b",
        "ASK { <http://example.org/thing1> ?p 'value 1' }",
    ):
        request = asked(text, settings)
        assert request.store == "merge"
        evidence = reader.ask(dataclasses.replace(request, store="evidence"))
        assert reader.ask(request).body == evidence.body
        assert evidence.store == "evidence"


def test_named_graphs_are_asked_of_the_evidence(reader, settings):
    text = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert reader.ask(asked(text, settings)).store == "evidence"
    assert count(reader, text, settings) == 800


def test_graphs_that_are_put_together_count_a_triple_once(reader, settings):
    first, again = "http://example.org/claim/1", "http://example.org/claim/again-1"
    text = f"SELECT (COUNT(*) AS ?n) FROM <{first}> FROM <{again}> {{ ?s ?p ?o }}"
    assert count(reader, text, settings) == 1
    plain = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert count(reader, plain, settings, dataset=answers.Dataset((first, again), ())) == 1
    assert count(reader, plain, settings, dataset=answers.Dataset((first,), ())) == 1
    assert count(reader, plain, settings, dataset=answers.Dataset((), (first,))) == 0
    named = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert count(reader, named, settings, dataset=answers.Dataset((), (first, again))) == 2
    assert count(reader, named, settings, dataset=answers.Dataset((first, again), (first,))) == 1
    assert count(reader, named, settings, dataset=answers.Dataset((first,), ())) == 0


def test_the_page_format_counts_what_it_does_not_show(reader, settings):
    few = dataclasses.replace(settings, page_rows=3)
    page = json.loads(reader.ask(asked("SELECT ?s ?x { ?s ?p ?o }", few, formats.PAGE)).body)
    assert page["variables"] == ["s", "x"]
    assert (len(page["rows"]), page["total"]) == (3, 400)
    assert page["rows"][0][1] is None


def test_a_syntax_error_has_its_place(reader, settings):
    with pytest.raises(QueryUnreadable) as wrong:
        reader.ask(asked("SELECT * {\n  ?s ?p \n}", settings))
    assert (wrong.value.line, wrong.value.column) == (3, 1)
    assert reader.alive


def test_an_unknown_function_is_the_fault_of_the_query(reader, settings):
    with pytest.raises(QueryUnanswerable, match=r"http://example\.org/f"):
        reader.ask(asked("SELECT (<http://example.org/f>(1) AS ?x) { }", settings))
    assert reader.alive


def test_an_answer_that_is_too_large_is_an_error_not_a_piece(reader, settings):
    with pytest.raises(AnswerTooLarge, match="4 MiB"):
        reader.ask(asked("SELECT * { ?a ?b ?c . ?d ?e ?f }", settings))
    assert reader.alive
    assert count(reader, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", settings) == 400


def test_the_deadline_holds(reader, settings):
    began = time.monotonic()
    with pytest.raises(DeadlinePassed, match="1 s"):
        reader.ask(asked(ENDLESS, settings))
    assert 1.0 <= time.monotonic() - began < 1.5
    assert not reader.alive


def test_the_deadline_holds_when_the_process_does_not_even_read(reader, settings):
    os.kill(reader.pid, signal.SIGSTOP)
    values = " ".join(f"<http://example.org/thing/{number}>" for number in range(6000))
    began = time.monotonic()
    with pytest.raises(DeadlinePassed):
        reader.ask(asked(f"SELECT * {{ VALUES ?x {{ {values} }} }}", settings))
    assert time.monotonic() - began < 1.5


def test_memory_has_a_limit(published):
    settings = Settings(data_directory=published, memory=1024, deadline=30)
    reader = Reader(generation.current(published), settings)
    try:
        with pytest.raises(OutOfMemory, match="1024 MiB"):
            reader.ask(asked("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i", settings))
    finally:
        reader.close()


def test_what_a_reader_holds_does_not_count_against_a_query():
    """700 MiB are held: then a query may take 1,024 more, and no 1,200 but where something is made beside it."""
    script = """
from kg.store.sandbox import Space, confine
def taken(size):
    try:
        return bool(bytearray(size << 20))
    except MemoryError:
        return False
confine(1024, movable=True)
space = Space(1024)
held = bytearray(700 << 20)
before = taken(900)
space.renew()
after = taken(900), taken(1200)
with space.beside(300 << 20):
    beside = taken(1200)
space.renew()
print(before, *after, beside, taken(1200))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True", "False", "True", "False"]


@pytest.mark.parametrize(
    "said", ["terminate called after throwing an instance of 'std::system_error'", "std::bad_alloc"]
)
def test_a_thread_that_cannot_be_made_is_memory_that_is_missing(reader, settings, said):
    reader._complaints.write(said.encode())
    reader._complaints.flush()
    reader._process.kill()
    with pytest.raises(OutOfMemory):
        reader.ask(asked("ASK { }", settings))


def test_a_crash_of_the_engine_is_reported(reader, settings):
    with pytest.raises(ReaderLost, match="SIGSEGV"):
        reader.ask(asked("ASK { FILTER(" + "1+" * 30_000 + "1) }", settings))
    assert not reader.alive


def test_connections_are_denied_by_the_kernel(reader, settings):
    request = dataclasses.replace(
        asked("ASK { }", settings), text="ASK { SERVICE <http://127.0.0.1:8080/sparql> { ?s ?p ?o } }"
    )
    with pytest.raises(StoreUnreadable, match=r"(?i)denied"):
        reader.ask(request)


def test_the_process_knows_nothing_of_the_environment(reader):
    environment = Path(f"/proc/{reader.pid}/environ").read_bytes()
    names = {entry.split(b"=")[0] for entry in environment.split(b"\0") if entry}
    assert names == {b"MALLOC_ARENA_MAX", b"OPENBLAS_NUM_THREADS", b"PYTHONPATH", b"PYTHONUTF8"}


def test_a_generation_that_is_damaged_is_said_to_be(tmp_path, published):
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    (damaged / "manifest.json").write_text("{}")
    with pytest.raises(StoreUnreadable, match="foedus build"):
        Reader(generation.Generation(damaged), Settings())


def is_open(reader, store) -> bool:
    """Whether the process still has files of that store open."""
    links = Path(f"/proc/{reader.pid}/fd").iterdir()
    return any(f"/{store}/" in str(link.readlink()) for link in links)


def test_a_small_merge_is_taken_into_memory_while_queries_run(settings):
    text = "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o"
    for more, in_memory in (({"settling": 0.2}, True), ({"settling": 0.2, "memory_triples": 399}, False)):
        reader = Reader(generation.current(settings.data_directory), dataclasses.replace(settings, **more))
        try:
            on_disk = reader.ask(asked(text, settings)).body
            assert is_open(reader, "merge")
            time.sleep(0.6)
            assert reader.ask(asked(text, settings)).body == on_disk
            assert is_open(reader, "merge") is not in_memory
            assert is_open(reader, "evidence")
        finally:
            reader.close()


def test_a_point_query_is_quick(reader, settings):
    request = asked("ASK { <http://example.org/thing1> ?p ?o }", settings)
    reader.ask(request)
    began = time.monotonic()
    for _ in range(200):
        reader.ask(request)
    assert (time.monotonic() - began) / 200 < 0.005
