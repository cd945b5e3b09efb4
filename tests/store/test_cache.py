"""Known answers: of one generation, up to a size, the oldest forgotten first."""

from dataclasses import replace

from kg.algebra import look
from kg.settings import Settings
from kg.store import answers
from kg.store.answers import Answer
from kg.store.cache import Cache
from kg.store.formats import CSV, JSON

SETTINGS = Settings()


def request(text="ASK { }", wanted=JSON):
    return answers.request(text, look(text, SETTINGS), wanted, SETTINGS)


def answer(size=10, generation="one"):
    return Answer(b"x" * size, JSON.media_type, "merge", generation, 1.5)


def test_an_answer_is_known_for_the_same_request_only():
    cache = Cache(100_000)
    cache.put(request(), answer())
    assert cache.get(request(), "one") == replace(answer(), seconds=0.0, cached=True)
    assert cache.get(request(wanted=CSV), "one") is None
    assert cache.get(request("ASK { ?s ?p ?o }"), "one") is None
    assert cache.get(replace(request(), named_graphs=("x:y",), default_graphs=()), "one") is None


def test_a_new_generation_knows_nothing():
    cache = Cache(100_000)
    cache.put(request(), answer())
    assert cache.get(request(), "two") is None
    cache.put(request("ASK { ?s ?p ?o }"), answer(generation="two"))
    assert cache.get(request(), "two") is None
    assert cache.get(request(), "one") is None
    assert cache.used < 3000


def test_what_may_differ_next_time_is_not_kept():
    cache = Cache(100_000)
    for text in ("SELECT (NOW() AS ?n) { }", "SELECT (RAND() AS ?n) { }", "SELECT (UUID() AS ?n) { }"):
        cache.put(request(text), answer())
        assert cache.get(request(text), "one") is None
    assert cache.used == 0


def test_it_never_grows_over_its_size():
    cache = Cache(100_000)
    for number in range(100):
        cache.put(request(f"ASK {{ ?s ?p {number} }}"), answer(5000))
        assert cache.used <= 100_000
    assert cache.get(request("ASK { ?s ?p 99 }"), "one") is not None
    assert cache.get(request("ASK { ?s ?p 1 }"), "one") is None
    cache.put(request(), answer(50_000))
    assert cache.get(request(), "one") is None, "one answer takes no more than a part"
    nothing = Cache(0)
    nothing.put(request(), answer())
    assert nothing.get(request(), "one") is None
