"""What a cell may hold, and how it is said that it may not."""

from datetime import date
from decimal import Decimal

import pytest

from kg.facts import values


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2025-11-20", date(2025, 11, 20), date(2025, 11, 20)),
        ("[1955-05-06..1955-05-09]", date(1955, 5, 6), date(1955, 5, 9)),
        ("[2025-11..2025-12]", date(2025, 11, 1), date(2025, 12, 31)),
        ("1386-05-09", date(1386, 5, 9), date(1386, 5, 9)),
    ],
)
def test_a_date_is_every_day_it_may_be(text, earliest, latest):
    read = values.read_edtf(text)
    assert (read.earliest, read.latest, read.text) == (earliest, latest, text)
    assert read.exact == (earliest == latest)


@pytest.mark.parametrize("text", ["2025-13", "2025-02-30", "20 Nov 2025", "[2025..2024]", "2025-1", "", "0000"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match=r"date|calendar|ends before"):
        values.read_edtf(text)


@pytest.mark.parametrize("text", ["P15Y", "PT24H", "P1Y6M", "P2W"])
def test_durations(text):
    assert values.read_duration(text) == text


@pytest.mark.parametrize("text", ["15 years", "P", "PT", "P1H", "-P1Y"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match="ISO 8601"):
        values.read_duration(text)


def test_numbers_are_exact():
    assert values.read_decimal("0.90") == Decimal("0.90")
    for text in ("1e9", "1,000", "NaN", ""):
        with pytest.raises(ValueError, match="plain number"):
            values.read_decimal(text)


@pytest.mark.parametrize("text", ["ukraine", "polity/", "Polity/ukraine", "polity/a--b", "polity/a b", "a/b/c"])
def test_what_is_no_reference_is_refused(text):
    with pytest.raises(ValueError, match="reference"):
        values.read_ref(text)


def test_a_reference_knows_its_parts():
    ref = values.read_ref("polity/north-macedonia")
    assert (ref.kind, ref.slug) == ("polity", "north-macedonia")


@pytest.mark.parametrize("text", ["ftp://a.example", "www.a.example", "https://a b.example", "https://a<b>"])
def test_what_is_no_address_is_refused(text):
    with pytest.raises(ValueError, match="address"):
        values.read_url(text)


def test_truth_is_written_out():
    assert values.read_boolean("true") is True
    with pytest.raises(ValueError, match="neither"):
        values.read_boolean("yes")
