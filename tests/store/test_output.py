"""Answers have as many rows as they may, exactly, in every format; what only looks like the end of a row is none."""

import pytest
from pyoxigraph import Store

from kg.store.formats import CSV, JSON, N_TRIPLES, PAGE, TSV, TURTLE, XML
from kg.store.output import Output, TooLarge, TooManyRows, write_result

TRICKY = r"""'},{"x":{' '</result>' 'a\nb' 'a\tb' '},{}' 'é🙂' """
SELECT = "SELECT ?n ?text {{ VALUES ?n {{ {numbers} }} VALUES ?text {{ {texts} }} }}"
CONSTRUCT = "CONSTRUCT {{ <http://e/s> ?n ?text }} {{ VALUES ?n {{ {names} }} VALUES ?text {{ {texts} }} }}"


def written(text: str, media_type: str, most: int, largest: int = 10**7) -> bytes:
    output = Output(largest)
    wanted = {"media_type": media_type, "most_rows": most, "rows": 10, "prefixes": {}}
    write_result(Store().query(text), wanted, output)
    return b"".join(output.parts)


@pytest.mark.parametrize("form", [JSON, XML, CSV, TSV, PAGE], ids=lambda form: form.name)
def test_rows_are_counted_exactly(form):
    query = SELECT.format(numbers=" ".join(map(str, range(500))), texts=TRICKY)
    assert written(query, form.media_type, 3000)
    with pytest.raises(TooManyRows):
        written(query, form.media_type, 2999)
    assert written(query, form.media_type, 0) == written(query, form.media_type, 3000)


@pytest.mark.parametrize("form", [JSON, XML, CSV, TSV, PAGE], ids=lambda form: form.name)
def test_few_rows_and_none(form):
    for count in (0, 1, 2):
        query = SELECT.format(numbers=" ".join(map(str, range(count))), texts="1")
        assert written(query, form.media_type, max(count, 1))
        if count == 2:
            with pytest.raises(TooManyRows):
                written(query, form.media_type, 1)
    assert written("ASK {}", form.media_type, 1)


@pytest.mark.parametrize("form", [TURTLE, N_TRIPLES, PAGE], ids=lambda form: form.name)
def test_triples_are_counted_too(form):
    query = CONSTRUCT.format(names=" ".join(f"<http://e/p{number}>" for number in range(50)), texts=TRICKY)
    assert written(query, form.media_type, 300)
    with pytest.raises(TooManyRows):
        written(query, form.media_type, 299)


def test_bytes_are_still_counted():
    with pytest.raises(TooLarge):
        written(SELECT.format(numbers=" ".join(map(str, range(500))), texts=TRICKY), JSON.media_type, 5000, 1000)
