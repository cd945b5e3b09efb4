"""What a build did: counts, violations and the time of each step, as text and as JSON."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True)
class BuildReport:
    """Counts of what was built, and seconds a step.

    `inputs` is the digest of all that the build read; `fresh` is false when nothing had to be built.
    """

    generation: str
    inputs: str
    base: str
    counts: Mapping[str, int]
    seconds: Mapping[str, float]
    warnings: tuple[str, ...] = ()
    fresh: bool = True

    def as_text(self) -> str:
        """Return the report for a person to read."""
        if not self.fresh:
            return f"Nothing has changed: generation {self.generation} is up to date.\n"
        names = max(map(len, [*self.counts, *self.seconds]))
        lines = [f"Built generation {self.generation}", ""]
        lines += [f"  {name:{names}}  {count:>9,}" for name, count in self.counts.items()]
        lines += ["", *(f"  {name:{names}}  {spent:>8.2f} s" for name, spent in self.seconds.items())]
        lines += [f"  {'in all':{names}}  {sum(self.seconds.values()):>8.2f} s"]
        lines += [f"warning: {warning}" for warning in self.warnings]
        return "\n".join(lines) + "\n"

    def as_json(self) -> str:
        """Return the report for a program to read: seconds as numbers, rounded to milliseconds."""
        document = {
            "generation": self.generation,
            "inputs": self.inputs,
            "base": self.base,
            "fresh": self.fresh,
            "counts": dict(self.counts),
            "seconds": {name: round(spent, 3) for name, spent in self.seconds.items()},
            "warnings": list(self.warnings),
        }
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> BuildReport:
        """Read a report back."""
        document = json.loads(text)
        return cls(
            generation=document["generation"],
            inputs=document["inputs"],
            base=document["base"],
            counts=document["counts"],
            seconds=document["seconds"],
            warnings=tuple(document["warnings"]),
            fresh=document["fresh"],
        )


@dataclass
class Stopwatch:
    """Measures named steps, one after the other."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Add the time that the block takes to the step's name."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started
