"""What the journal says, as rows of the tables: new ones in files of their own, retractions where the row is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kg import rdf
from kg.assets import Assets
from kg.facts.amendments import Amendments, reference
from kg.facts.cells import cells, records_text
from kg.facts.claims import Claim
from kg.facts.columns import Row
from kg.facts.csvtext import Cell, read_cells
from kg.facts.evidence import Attestation
from kg.facts.reader import read_tables
from kg.facts.tables import TABLES
from kg.terms import BASE, Names

FILE = "journal.csv"


@dataclass
class Exported:
    """The files written, how many rows were added and retracted in them, and what can't stand in a table.

    `left` are retractions of claims that no table holds, but a package; they stay in the journal.
    """

    files: list[Path] = field(default_factory=list)
    added: int = 0
    retracted: int = 0
    left: tuple[str, ...] = ()


def export(assets: Assets, amendments: Amendments, into: Path, base: str = BASE) -> Exported:
    """Write what the journal adds to the tables into `into`, beside copies of the tables that it changes.

    `into` may be the folder of the tables itself. Tables and journal together then build the same graph
    as before, and the tables alone, too. Raises BadFacts when tables and journal do not fit.
    """
    codes = rdf.concept_codes(assets.turtle("concepts"), Names(base))
    before = {reference(row) for row in read_tables(assets.data, codes).all()}
    facts = read_tables(assets.data, codes, amendments)
    exported = Exported()
    for table in TABLES:
        rows = [row for row in facts.all() if isinstance(row, table) and reference(row) not in before]
        _retract(table, assets.data, into, amendments, exported)
        if rows:
            _append(table, assets.data, into, rows, exported)
    known = {reference(row) for row in facts.all()}
    exported.left = tuple(sorted(amendments.retracted.keys() - known))
    return exported


def _append(table: type[Row], tables: Path, into: Path, rows: Sequence[Row], exported: Exported) -> None:
    texts = [cells(row) for row in rows]
    standing = _records(tables, into, table, FILE)
    header = [cell.text for cell in standing[0]] if standing else []
    names = [
        column.name
        for column in table.columns()
        if column.required or column.name in header or any(column.name in each for each in texts)
    ]
    kept = [dict(zip(header, (cell.text for cell in record), strict=True)) for record in standing[1:]]
    records = [names, *([each.get(name, "") for name in names] for each in (*kept, *texts))]
    _write(into / table.TABLE / FILE, records_text(records), exported)
    exported.added += len(rows)


def _retract(table: type[Row], tables: Path, into: Path, amendments: Amendments, exported: Exported) -> None:
    for name in sorted({path.name for folder in (tables, into) for path in (folder / table.TABLE).glob("*.csv")}):
        records = _records(tables, into, table, name)
        header, *body = ([cell.text for cell in record] for record in records)
        column = header.index("retracted") if "retracted" in header else None
        changed = 0
        for record in body:
            day = amendments.retracted.get(_reference(table, dict(zip(header, record, strict=True))))
            if day is None or (column is not None and record[column]):
                continue
            if column is None:
                column = len(header)
                header.append("retracted")
                for each in body:
                    each.append("")
            record[column] = day.isoformat()
            changed += 1
        if changed:
            _write(into / table.TABLE / name, records_text([header, *body]), exported)
            exported.retracted += changed


def _reference(table: type[Row], row: dict[str, str]) -> str:
    if issubclass(table, Claim):
        return f"claim/{row['claim']}"
    if issubclass(table, Attestation):
        return f"attestation/{row['id']}"
    return row.get("id", "")


def _records(tables: Path, into: Path, table: type[Row], name: str) -> list[list[Cell]]:
    for folder in (into, tables):
        path = folder / table.TABLE / name
        if path.is_file():
            return list(read_cells(path.read_text(encoding="utf-8")))
    return []


def _write(path: Path, text: str, exported: Exported) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    if path not in exported.files:
        exported.files.append(path)


def lines(exported: Exported) -> Iterator[str]:
    """What was done, for a person."""
    yield f"{_count(exported.added, 'row')} added, {_count(exported.retracted, 'row')} retracted"
    yield from (f"  {path}" for path in exported.files)
    if exported.left:
        yield "  no table holds these, so their retraction stays in the journal: " + ", ".join(exported.left)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
