"""The values that a cell can hold, and how each is read from text."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation


class Ref(str):
    """A thing, written as the path of its IRI: `polity/ukraine`, `source/ki-15`, `claim/nato-germany`."""

    __slots__ = ()

    @property
    def kind(self) -> str:
        """The part before the slash."""
        return self.partition("/")[0]

    @property
    def slug(self) -> str:
        """The part after the slash."""
        return self.partition("/")[2]


class Code(str):
    """A concept of the scheme that the column names, written as its slug: `full-member`."""

    __slots__ = ()


class Duration(str):
    """An ISO 8601 duration such as `P15Y` or `PT24H`."""

    __slots__ = ()


class Url(str):
    """An address on the web, or the address of a document that was never on it (`urn:…`)."""

    __slots__ = ()


@dataclass(frozen=True, order=True)
class Edtf:
    """A day known as well as the source gives it: every day from `earliest` to `latest` is possible.

    The forms read are those of EDTF level 0 (`2025`, `2025-11`, `2025-11-20`) and the level 2 set
    `[2025-11-20..2025-11-23]`, "one day of these".
    Source: https://www.loc.gov/standards/datetime/
    """

    earliest: date
    latest: date
    text: str

    @property
    def exact(self) -> bool:
        """True when one day only is possible."""
        return self.earliest == self.latest


_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_REF = re.compile(rf"{_SLUG.pattern}/{_SLUG.pattern}")
_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_DURATION = re.compile(r"P(?=.)([0-9]+Y)?([0-9]+M)?([0-9]+W)?([0-9]+D)?(T(?=.)([0-9]+H)?([0-9]+M)?([0-9]+S)?)?")


def read_slug(text: str) -> str:
    """Read lower-case letters, digits and single hyphens; raise ValueError otherwise."""
    if not _SLUG.fullmatch(text):
        raise ValueError("is not a slug: lower-case letters, digits and single hyphens")
    return text


def read_ref(text: str) -> Ref:
    """Read `kind/slug`; raise ValueError otherwise."""
    if not _REF.fullmatch(text):
        raise ValueError("is not a reference such as polity/ukraine")
    return Ref(text)


def read_code(text: str) -> Code:
    """Read the slug of a concept; raise ValueError otherwise."""
    return Code(read_slug(text))


def read_date(text: str) -> date:
    """Read one exact day, `2025-12-29`; raise ValueError otherwise."""
    try:
        if len(text) != 10:
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("is not a day of the calendar such as 2025-12-29") from None


def read_edtf(text: str) -> Edtf:
    """Read a day, a month, a year, or `[a..b]`; raise ValueError otherwise.

    >>> read_edtf("2025-11").latest
    datetime.date(2025, 11, 30)
    """
    if text.startswith("[") and text.endswith("]") and ".." in text:
        first, _, last = text[1:-1].partition("..")
        low, high = _span(first)[0], _span(last)[1]
        if low > high:
            raise ValueError("ends before it begins")
        return Edtf(low, high, text)
    low, high = _span(text)
    return Edtf(low, high, text)


def _span(text: str) -> tuple[date, date]:
    match = _DAY.fullmatch(text)
    if not match:
        raise ValueError("is not a date: write 2025, 2025-11, 2025-11-20 or [2025-11-20..2025-11-23]")
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        if year is None or month is None:
            return date(int(text), 1, 1), date(int(text), 12, 31)
        if day is None:
            return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
        return date(year, month, day), date(year, month, day)
    except (ValueError, calendar.IllegalMonthError):
        raise ValueError("is not a day of the calendar") from None


def read_duration(text: str) -> Duration:
    """Read an ISO 8601 duration; raise ValueError otherwise."""
    if not _DURATION.fullmatch(text):
        raise ValueError("is not an ISO 8601 duration such as P15Y or PT24H")
    return Duration(text)


def read_decimal(text: str) -> Decimal:
    """Read a plain decimal number without exponent or separators; raise ValueError otherwise."""
    try:
        if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
            raise InvalidOperation
        return Decimal(text)
    except InvalidOperation:
        raise ValueError("is not a plain number such as 0.9 or 2500000000") from None


def read_boolean(text: str) -> bool:
    """Read `true` or `false`; raise ValueError otherwise."""
    if text not in {"true", "false"}:
        raise ValueError("is neither true nor false")
    return text == "true"


def read_url(text: str) -> Url:
    """Read an http(s) address or a urn; raise ValueError otherwise."""
    if not re.fullmatch(r"(https?://|urn:[a-z0-9-]+:)[^\s<>\"{}|\\^`]+", text):
        raise ValueError("is not an address that starts with https://, http:// or urn:")
    return Url(text)


def read_text(text: str) -> str:
    """Read one line of text without surrounding space; raise ValueError otherwise."""
    if text != text.strip() or "\n" in text:
        raise ValueError("has space around it or a line break in it")
    return text
