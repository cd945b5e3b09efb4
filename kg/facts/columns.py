"""What a table's columns are: read off the fields of its row class, once."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, ClassVar, cast

from kg.facts import values
from kg.facts.values import Code, Duration, Edtf, Ref, Url


@dataclass(frozen=True)
class To:
    """Marks a reference: the kinds of thing that the column may name."""

    kinds: tuple[str, ...]


@dataclass(frozen=True)
class In:
    """Marks a code: the concept scheme that the column's values come from."""

    scheme: str


@dataclass(frozen=True)
class Column:
    """One column: its name is the name of the ontology's property, in snake_case.

    `many` columns hold several values separated by `; `. `type` is the Python type of one value.
    """

    name: str
    type: type
    required: bool
    many: bool
    kinds: tuple[str, ...] = ()
    scheme: str | None = None

    def read(self, text: str) -> Any:
        """Read one value; raise ValueError saying what is wrong with it."""
        return READERS[self.type](text)


READERS: Mapping[type, Callable[[str], Any]] = types.MappingProxyType(
    {
        str: values.read_text,
        bool: values.read_boolean,
        date: values.read_date,
        Decimal: values.read_decimal,
        Code: values.read_code,
        Duration: values.read_duration,
        Edtf: values.read_edtf,
        Ref: values.read_ref,
        Url: values.read_url,
    }
)


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of any table. `TABLE` is the table's folder under `kg/data/`."""

    TABLE: ClassVar[str]

    @classmethod
    def columns(cls) -> tuple[Column, ...]:
        """The columns in the order of the fields."""
        return _columns_of(cast(Any, cls))


@cache
def _columns_of(row: Any) -> tuple[Column, ...]:
    hints = typing.get_type_hints(row, include_extras=True)
    return tuple(_column(field.name, hints[field.name]) for field in dataclasses.fields(row))


def _column(name: str, hint: Any) -> Column:
    required, many = True, False
    kinds: tuple[str, ...] = ()
    scheme: str | None = None
    if typing.get_origin(hint) in {types.UnionType, typing.Union}:
        required = False
        (hint,) = (part for part in typing.get_args(hint) if part is not type(None))
    if typing.get_origin(hint) is Annotated:
        hint, mark = typing.get_args(hint)
        if isinstance(mark, To):
            kinds = mark.kinds
        else:
            scheme = mark.scheme
    if typing.get_origin(hint) is tuple:
        many = True
        hint = typing.get_args(hint)[0]
    return Column(name=name, type=hint, required=required, many=many, kinds=kinds, scheme=scheme)
