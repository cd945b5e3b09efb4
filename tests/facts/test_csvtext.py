"""Cells keep their text and their place."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.facts.csvtext import read_cells


def test_cells_know_line_and_column():
    records = list(read_cells('a,b,c\n"x, ""y""\nz",2,\n\n3,4,5\r\n'))
    assert [[cell.text for cell in record] for record in records] == [
        ["a", "b", "c"],
        ['x, "y"\nz', "2", ""],
        ["3", "4", "5"],
    ]
    assert [(cell.line, cell.column) for cell in records[1]] == [(2, 1), (3, 4), (3, 6)]
    assert [(cell.line, cell.column) for cell in records[2]] == [(5, 1), (5, 3), (5, 5)]


@pytest.mark.parametrize(("text", "place"), [('a,"b', "1:3:"), ('a\n"b"c', "2:4:")])
def test_a_broken_quote_is_placed(text, place):
    with pytest.raises(ValueError, match=f"^{place}"):
        list(read_cells(text))


@given(st.lists(st.lists(st.text(alphabet='ab,"\n é'), min_size=2, max_size=3), min_size=1, max_size=4))
def test_the_standard_library_agrees(rows):
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    assert [[cell.text for cell in record] for record in read_cells(text.getvalue())] == rows
