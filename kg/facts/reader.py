"""Read the fact tables, or say everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from kg.errors import BadFacts, Fault
from kg.facts.amendments import Added, Amendments, reference
from kg.facts.columns import Column, Row
from kg.facts.consistency import faults_between
from kg.facts.csvtext import Cell, read_cells
from kg.facts.tables import TABLES, Facts

_NONE = Amendments()


@dataclass(frozen=True)
class Placed:
    """A row with the file it stands in and the cell of each column, for messages."""

    row: Row
    file: str
    cells: Mapping[str, Cell]

    def fault(self, column: str, message: str, remedy: str) -> Fault:
        """Build a fault at one of the row's cells."""
        cell = self.cells[column]
        return Fault(self.file, cell.line, cell.column, message, remedy)


def read_tables(folder: Path, codes: Mapping[str, Set[str]], amendments: Amendments = _NONE) -> Facts:
    """Read every table under `folder`, one sub-folder a table, its CSV files in the order of their names.

    `codes` maps each concept scheme to its known slugs. `amendments` are rows that count as if they stood
    in the tables, and retractions; a row that stands in both places, the same, counts once.
    Raises BadFacts listing every mistake of every file: unknown columns and codes, unreadable values,
    duplicate ids, dangling references, claims without attestation, intervals that end before they begin.
    """
    faults: list[Fault] = []
    placed: list[Placed] = []
    unread: set[str] = set()
    known = {row.TABLE: row for row in TABLES}
    for sub in sorted(path for path in folder.iterdir() if path.is_dir()):
        if sub.name not in known:
            faults.append(Fault(sub.name, 1, 1, "this folder is not a table", _meant(sub.name, known)))
            continue
        for file in sorted(sub.glob("*.csv")):
            name = f"{sub.name}/{file.name}"
            try:
                records = list(read_cells(file.read_text(encoding="utf-8")))
            except UnicodeDecodeError as error:
                faults.append(Fault(name, 1, 1, f"is not UTF-8 (byte {error.start})", "save it as UTF-8"))
                continue
            except ValueError as error:
                line, column, message = str(error).split(":", 2)
                faults.append(Fault(name, int(line), int(column), message.strip(), "close or double the quote"))
                continue
            placed.extend(_rows(known[sub.name], name, records, codes, faults, unread))
    if not placed and not faults:
        faults.append(Fault(".", 1, 1, f"{folder} has no fact table", "name the folder that holds things/, sources/ …"))
    placed.extend(_new(placed, read_added(amendments.added, codes, faults, unread), amendments))
    faults.extend(faults_between(placed, unread))
    if faults:
        raise BadFacts(faults)
    return amendments.retract(Facts.from_rows(tuple(item.row for item in placed)))


def read_added(
    added: Iterable[Added], codes: Mapping[str, Set[str]], faults: list[Fault], unread: set[str], file: str = "journal"
) -> list[Placed]:
    """Read rows that stand in no table; faults name `file`, and the record as its line."""
    known = {row.TABLE: row for row in TABLES}
    placed: list[Placed] = []
    for each in added:
        if each.table not in known:
            faults.append(Fault(file, each.record, 1, f"there is no table {each.table}", _meant(each.table, known)))
            continue
        header = [Cell(name, each.record, 1) for name in each.cells]
        body = [Cell(text, each.record, 1) for text in each.cells.values()]
        placed.extend(_rows(known[each.table], file, [header, body], codes, faults, unread))
    return placed


def _new(standing: Iterable[Placed], added: Iterable[Placed], amendments: Amendments) -> Iterator[Placed]:
    """The added rows but those that stand in the tables already, as after an export."""
    rows = amendments.retract(Facts.from_rows(tuple(item.row for item in standing)))
    there = {reference(row): row for row in rows.all()}
    for item in added:
        (again,) = amendments.retract(Facts.from_rows((item.row,))).all()
        if there.get(reference(item.row)) != again:
            yield item


def _rows(
    row: type[Row],
    file: str,
    records: list[list[Cell]],
    codes: Mapping[str, Set[str]],
    faults: list[Fault],
    unread: set[str],
) -> Iterator[Placed]:
    """Yield the rows that can be read; what the others would have defined goes to `unread`."""
    if not records:
        faults.append(Fault(file, 1, 1, "is empty", "begin with a line of column names"))
        return
    columns = {column.name: column for column in row.columns()}
    header, *body = records
    names = [cell.text for cell in header]
    for cell in header:
        if cell.text not in columns:
            faults.append(
                Fault(file, cell.line, cell.column, f"no column {cell.text!r} here", _meant(cell.text, columns))
            )
        elif names.count(cell.text) > 1:
            faults.append(Fault(file, cell.line, cell.column, f"column {cell.text!r} twice", "remove one"))
    missing = [name for name, column in columns.items() if column.required and name not in names]
    if missing:
        faults.append(Fault(file, 1, 1, f"the columns {', '.join(missing)} are missing", "add them"))
    if missing or len(set(names) & set(columns)) != len(names):
        return
    for record in body:
        if len(record) != len(names):
            faults.append(
                Fault(
                    file,
                    record[0].line,
                    1,
                    f"{len(record)} cells where there are {len(names)} columns",
                    "check the commas and the quotes of this line",
                )
            )
            continue
        cells = dict(zip(names, record, strict=True))
        before = len(faults)
        read = {name: _value(columns[name], cell, file, codes, faults) for name, cell in cells.items()}
        if len(faults) == before:
            yield Placed(row(**read), file, cells)
        else:
            unread.update({cells["id"].text} if "id" in cells else ())
            if "claim" in cells:
                unread.update({cells["claim"].text, f"claim/{cells['claim'].text}"})


def _value(column: Column, cell: Cell, file: str, codes: Mapping[str, Set[str]], faults: list[Fault]) -> Any:
    if not cell.text:
        if column.required:
            faults.append(Fault(file, cell.line, cell.column, f"{column.name} is empty", "fill it in"))
        return None
    parts = cell.text.split("; ") if column.many else [cell.text]
    values: list[Any] = []
    for part in parts:
        try:
            value = column.read(part)
        except ValueError as error:
            remedy = "separate values by '; '" if ";" in part else f"write {column.name} as its column is defined"
            faults.append(Fault(file, cell.line, cell.column, f"{column.name}: {part!r} {error}", remedy))
            continue
        if column.scheme is not None and part not in codes.get(column.scheme, frozenset()):
            faults.append(
                Fault(
                    file,
                    cell.line,
                    cell.column,
                    f"{column.name}: {part!r} is not in the scheme {column.scheme}",
                    _meant(part, codes.get(column.scheme, ())),
                )
            )
        values.append(value)
    if column.many:
        if len(set(values)) != len(values):
            faults.append(Fault(file, cell.line, cell.column, f"{column.name}: a value twice", "remove one"))
        return tuple(values)
    return values[0] if values else None


def _meant(text: str, known: Iterable[str]) -> str:
    close = get_close_matches(text, list(known), n=1, cutoff=0.6)
    return f"did you mean {close[0]}?" if close else "see kg/data/README.md for what there is"
