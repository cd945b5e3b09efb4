"""The form of a question: one field a parameter, with the names that it may take where they are things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.types import Scope

from kg.algebra.binding import slots
from kg.queries import Parameter, Query
from server.asking import Asking

_KINDS = {"date": "date", "integer": "number"}


@dataclass(frozen=True)
class Option:
    """One value of a field, and what it is called."""

    value: str
    label: str


@dataclass(frozen=True)
class Field:
    """One field: its parameter, what is in it, what may be, and whether what was sent is refused."""

    parameter: Parameter
    value: str
    kind: str
    options: tuple[Option, ...]
    optional: bool
    wrong: bool


async def fields(
    asking: Asking, scope: Scope, question: Query, given: Mapping[str, Sequence[str]], wrong: str | None
) -> list[Field]:
    """The fields of a question; `given` are the values of the request, `wrong` is the parameter that is refused."""
    optional = {slot.name for slot in slots(question.text) if slot.terms == ("UNDEF",)}
    return [
        Field(
            parameter=each,
            value=(given.get(each.name) or [("" if each.name in optional else each.example)])[0],
            kind=_KINDS.get(each.type, "text"),
            options=await _options(asking, scope, each),
            optional=each.name in optional,
            wrong=each.name == wrong,
        )
        for each in question.parameters
    ]


async def _options(asking: Asking, scope: Scope, parameter: Parameter) -> tuple[Option, ...]:
    if parameter.choices:
        return tuple(Option(each, each) for each in parameter.choices)
    if parameter.type == "boolean":
        return (Option("true", "yes"), Option("false", "no"))
    if not parameter.of:
        return ()
    base = asking.settings.base
    starts = [f"{base}{'' if kind.startswith('concept/') else 'id/'}{kind}/" for kind in parameter.of]
    rows = await asking.rows("options", scope, start=starts)
    return tuple(
        Option(row["thing"].value.removeprefix(f"{base}id/").removeprefix(base), row["name"].value) for row in rows
    )
