"""Comma-separated text with the place of every cell, so that a fault can be shown where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """One cell: its text without quotes, and the line and column (from 1) where it starts."""

    text: str
    line: int
    column: int


def read_cells(text: str) -> Iterator[list[Cell]]:
    """Yield the records of a CSV text as lists of cells; blank lines are left out.

    Quoting as in RFC 4180: a cell in double quotes may hold commas and line breaks, and two
    double quotes stand for one. Raises ValueError with `line:column` first when a quote is never
    closed or has text behind it. Source: https://www.rfc-editor.org/rfc/rfc4180
    """
    position, line, start_of_line = 0, 1, 0
    record: list[Cell] = []
    while position < len(text):
        column = position - start_of_line + 1
        begun_at = line
        if text[position] == '"':
            content: list[str] = []
            position += 1
            while True:
                close = text.find('"', position)
                if close < 0:
                    raise ValueError(f"{begun_at}:{column}: a quote is opened and never closed")
                content.append(text[position:close])
                position = close + 1
                if not text.startswith('"', position):
                    break
                content.append('"')
                position += 1
            value = "".join(content)
            breaks = value.count("\n")
            if breaks:
                line += breaks
                start_of_line = text.rfind("\n", 0, position) + 1
            if position < len(text) and text[position] not in ",\r\n":
                raise ValueError(f"{line}:{position - start_of_line + 1}: text stands behind a closing quote")
        else:
            end = position
            while end < len(text) and text[end] not in ",\r\n":
                end += 1
            value, position = text[position:end], end
        record.append(Cell(value, begun_at, column))
        if text.startswith(",", position):
            position += 1
            if position == len(text) or text[position] in "\r\n":
                record.append(Cell("", line, position - start_of_line + 1))
        if position < len(text) and text[position] in "\r\n":
            position += 2 if text.startswith("\r\n", position) else 1
            if len(record) > 1 or record[0].text:
                yield record
            record = []
            line, start_of_line = line + 1, position
    if record and (len(record) > 1 or record[0].text):
        yield record
