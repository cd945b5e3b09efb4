"""Random claim graphs and random queries over them, small enough for the oracle."""

from __future__ import annotations

import random

NODES = ["a", "b", "c"]
PROPERTIES = ["p", "q"]
VARIABLES = ["?x", "?y", "?z", "?w"]
VALUES = [1, 2]


def claims(draw: random.Random):
    """Some graphs of some triples; a triple may be in several."""
    triples = [
        (draw.choice(NODES), draw.choice(PROPERTIES), draw.choice([*NODES, *NODES, *VALUES]))
        for _ in range(draw.randint(8, 16))
    ]
    drawn = {f"g{number}": frozenset(draw.sample(triples, draw.randint(1, 4))) for number in range(draw.randint(3, 7))}
    # Zero steps from a node that is nowhere give a row by the definition, but none by this engine.
    return {**drawn, "g0": drawn["g0"] | {("a", "other", each) for each in ("b", *VALUES)}}


class Drawing:
    """Draws one query.

    `monotone` leaves out what a new triple could undo; `inner` has counts and limits in inner SELECTs;
    `zero` has paths of no steps, which match a node for being there, whatever graph it is in.
    """

    def __init__(self, draw: random.Random, *, monotone: bool, inner: bool = True, zero: bool = True) -> None:
        self.draw = draw
        self.signs = "+/^" + "*?" * zero + "|!" * monotone  # how often `|` and `!` match is the engine's
        self.inner_counts = inner
        self.monotone = monotone
        self.made = 0
        self.told: list[str] = []
        self.within = False

    def fresh(self):
        """A new variable."""
        self.made += 1
        return f"?v{self.made}"

    def query(self, *, counted=False, limit=0):
        """A SELECT over a group."""
        group = self.group(depth=2)
        while not _bound(group):
            group = self.group(depth=2)
        seen = sorted(_bound(group))
        names = self.draw.sample(seen, self.draw.randint(1, min(3, len(seen))))
        if counted:
            names = names[: self.draw.randint(0, 2)]
            return ("select", False, names, (self.draw.choice(["*", self.draw.choice(seen)]), self.fresh()), group, 0)
        return ("select", limit > 0 or self.draw.random() < 0.5, names, None, group, limit)

    def group(self, depth, scope=()):
        """Some patterns; `scope` are variables from outside to take up."""
        made = [self.triple(scope) for _ in range(self.draw.randint(1, 2))]
        for _ in range(self.draw.randint(0, 3)) if depth else ():
            made.append(self.extra(depth - 1, sorted({*scope, *_bound(made)})))
        return made

    def triple(self, scope=()):
        """A triple pattern, sometimes with a path."""
        if self.draw.random() < 0.2:
            return self.path()
        subject = self.draw.choice([*VARIABLES, *scope, self.draw.choice(NODES)])
        verb = self.draw.choice([*PROPERTIES, *PROPERTIES, "?verb"])
        return ("triple", subject, verb, self.draw.choice([*VARIABLES, *VARIABLES, *NODES, *VALUES]))

    def path(self):
        """A pattern with a path."""
        sign = self.draw.choice(self.signs)
        one, other = self.draw.sample(PROPERTIES, 2)
        begin, end = self.draw.choice([("?x", "?y"), ("?x", "?y"), ("?y", "?z"), ("a", "?x"), ("?x", "b")])
        return ("path", begin, sign, one, other, end)

    def extra(self, depth, scope):
        """Anything else than a triple pattern."""
        kinds = ["union", "filter", "exists", "bind", "values", "graph", "select", "triple"]
        if not self.monotone:
            kinds += ["minus", "none", "told", *["optional"] * (0 if self.within else 2)]
        if self.inner_counts:
            kinds += [] if self.monotone else ["counted", "limited"]
        match self.draw.choice(kinds) if scope else "triple":
            case "union":
                return ("union", self.group(depth), self.group(depth))
            case "filter":
                return (
                    "filter",
                    self.draw.choice([each for each in scope if each not in self.told] or ["?x"]),
                    self.draw.choice([*NODES, *VALUES]),
                )
            case "exists":
                return ("exists", False, self.inner(scope))
            case "none":
                return ("exists", True, self.inner(scope))
            case "told":
                self.told.append(self.fresh())
                return ("told", self.inner(scope), self.told[-1])
            case "bind":
                return ("bind", self.draw.choice(scope), self.fresh())
            case "values":
                return ("values", self.draw.choice(VARIABLES), self.draw.sample([*NODES, *VALUES], 3))
            case "graph":
                patterns = [("triple", *self.triple()[1:]) for _ in range(self.draw.randint(1, 2))]
                patterns = [each for each in patterns if len(each) == 4] or [("triple", "?x", "p", "?y")]
                return ("graph", self.draw.choice(["?g", "g1"]), patterns)
            case "optional":
                self.within = True  # the engine lets an OPTIONAL in an OPTIONAL see too much
                inner = self.group(depth)
                self.within = False
                return ("optional", inner)
            case "minus":
                return ("minus", self.group(0))
            case "select" | "counted" | "limited" as kind:
                return self.inner_select(kind, depth)
        return self.triple()

    def inner(self, scope):
        """The pattern of an EXISTS."""
        return [self.triple(scope) for _ in range(self.draw.randint(1, 2))]

    def inner_select(self, kind, depth):
        """A SELECT in a group."""
        group = self.group(depth)
        while not _bound(group):
            group = self.group(depth)
        names = sorted(_bound(group))[: self.draw.randint(1, 2)]
        if kind == "counted":
            return ("select", False, names, ("*", self.fresh()), group, 0)
        return ("select", True, names, None, group, 1 if kind == "limited" else 0)


def _bound(group):
    """The variables that a group may bind."""
    found = set()
    for item in group:
        match item:
            case ("triple" | "path", *parts):
                found |= {part for part in parts if isinstance(part, str) and part.startswith("?") and len(part) > 1}
            case ("union", one, other):
                found |= _bound(one) | _bound(other)
            case ("optional", inner):
                found |= _bound(inner)
            case ("graph", name, inner):
                found |= _bound(inner) | ({name} if name.startswith("?") else set())
            case ("bind", _, new) | ("told", _, new) | ("values", new, _):
                found.add(new)
            case ("select", _, names, counted, _, _):
                found |= set(names) | ({counted[1]} if counted else set())
    return found
