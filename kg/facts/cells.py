"""A row as the text of its cells, and cells as a row: what tables, journal and export have in common."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from kg.facts.columns import Row
from kg.facts.values import Edtf


def cells(row: Row) -> dict[str, str]:
    """The cells of a row that are not empty, by column, in the order of the columns.

    >>> from datetime import date
    >>> from kg.facts.core import Thing
    >>> from kg.facts.values import Ref
    >>> cells(Thing(id=Ref("polity/x"), type="Polity", name="X", recorded=date(2026, 1, 1)))
    {'id': 'polity/x', 'type': 'Polity', 'name': 'X', 'recorded': '2026-01-01'}
    """
    return {
        column.name: _text(value)
        for column in type(row).columns()
        if (value := getattr(row, column.name)) is not None and value != ()
    }


def table_text(row: type[Row], rows: Iterable[Mapping[str, str]]) -> str:
    """Rows of one class as a table: a line of column names, then one line a row; columns that all leave empty are out.

    Columns that every row must have stand there even when there is no row.
    """
    kept = list(rows)
    names = [column.name for column in row.columns() if column.required or any(column.name in each for each in kept)]
    return records_text([names, *([each.get(name, "") for name in names] for each in kept)])


def records_text(records: Iterable[Sequence[str]]) -> str:
    """Records as comma-separated text, quoted only where it must be, lines ended by a line feed."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(records)
    return text.getvalue()


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return "; ".join(map(_text, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Edtf):
        return value.text
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
