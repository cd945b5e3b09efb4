"""What a plan of citations is: the query to ask, and where in its solutions the triples stand that they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kg.algebra import writing
from kg.algebra.syntax import (
    Bind,
    Group,
    Item,
    Minus,
    Optional,
    Path,
    Pattern,
    certain,
    computed,
    is_variable,
)


@dataclass(frozen=True)
class Slot:
    """A triple pattern of the query: what it matched counts where every variable of `when` is bound."""

    subject: str
    verb: str | Path
    object: str
    graph: str | None
    when: tuple[str, ...]


@dataclass(frozen=True)
class Absence:
    """A pattern that must not match; `variables` are those that the solution gives it."""

    kind: str
    pattern: str
    variables: tuple[str, ...]
    when: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """An inner SELECT or EXISTS: `keys` are the variables of the solution, in the order of the plan's keys."""

    kind: str
    plan: Plan
    keys: tuple[str, ...]
    absence: Absence
    when: tuple[str, ...]


@dataclass
class Plan:
    """A query for solutions, and how to read one.

    `keys` tell the row that a solution belongs to, `given` are those of them that VALUES may bind
    (behind the pattern if `last`), `items` those that are computed. `together`: a row rests on all of its
    solutions, else on any one. `limited`: the query shows only some of its rows. `number`: the pattern is
    asked once for each row of VALUES, and this variable tells for which, since the pattern may bind what
    the row does not. `extended` is the SELECT that shows the keys of aggregated rows where the query itself
    does not, with `extra` keys behind its columns.
    """

    pattern: str
    keys: tuple[str, ...]
    items: tuple[Item, ...] = ()
    body: str = ""
    slots: list[Slot] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    absences: list[Absence] = field(default_factory=list)
    given: tuple[str, ...] = ()
    together: bool = False
    limited: bool = False
    last: bool = False
    number: str | None = None
    extended: str | None = None
    extra: tuple[str, ...] = ()

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables that a solution must show, each once."""
        needed = [*self.keys, *(item.name for item in self.items if item.name)]
        for slot in self.slots:
            ends = (slot.subject, slot.object, slot.graph, slot.verb)
            needed += [each for each in ends if isinstance(each, str) and is_variable(each)]
            needed += slot.when
        for part in self.parts:
            needed += [*part.keys, *part.when, *part.absence.variables]
        for absence in self.absences:
            needed += [*absence.variables, *absence.when]
        return tuple(dict.fromkeys(needed))

    def query(self, keys: Sequence[str] = ()) -> str:
        """The text; `keys` are the rows of a VALUES over `given`, if it should be asked for some only."""
        made = {item.name: writing.item(item) for item in self.items}
        shown = " ".join(made.get(name, name) for name in self.variables) or "*"
        if self.number and self.given:
            rows = " ".join(f"({index} {row})" for index, row in enumerate(keys))
            names = " ".join((self.number, *self.given))
            return f"SELECT {self.number} {shown} {{ VALUES ({names}) {{ {rows} }} LATERAL {{ {self.body} }} }}"
        rows = " ".join(f"({row})" for row in keys) if self.given else ""
        values = f"VALUES ({' '.join(self.given)}) {{ {rows} }}" if rows else ""
        return (
            f"SELECT {shown} {{ {self.body} {values} }}" if self.last else f"SELECT {shown} {{ {values} {self.body} }}"
        )


@dataclass(frozen=True)
class Citable:
    """A query whose answer can be cited: `names` are the columns by which its rows are told apart."""

    form: str
    plan: Plan
    template: tuple[Pattern, ...] = ()


def given(keys: Sequence[str], group: Group) -> tuple[tuple[str, ...], bool]:
    """The keys that VALUES may bind beside a group, and whether it must stand behind it.

    Only those that every solution has, from patterns alone: a solution that leaves one unbound would take
    any value for it, and be one of another row. Before an OPTIONAL, MINUS or BIND, VALUES would change what
    these see, unless what stands before them has bound the keys already.
    """
    derived = computed(group)
    barriers = (index for index, each in enumerate(group.elements) if isinstance(each, Optional | Minus | Bind))
    first = next(barriers, len(group.elements))
    for elements, last in ((group.elements[:first], False), (group.elements, True)):
        bound = certain(Group(elements)) - derived
        if given := tuple(name for name in keys if name in bound):
            return given, last
    return (), False
