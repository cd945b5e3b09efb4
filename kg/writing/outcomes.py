"""What becomes of a write: accepted, unchanged, refused with reasons, or in conflict with what is there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

ACCEPTED, UNCHANGED, REFUSED, CONFLICT, VALID = "accepted", "unchanged", "refused", "conflict", "valid"


@dataclass(frozen=True)
class Complaint:
    """One thing that is wrong with what was sent: about which node, what, and what to do."""

    about: str
    message: str
    remedy: str
    conflict: bool = False

    def as_json(self) -> dict[str, str]:
        """For machines."""
        return {"about": self.about, "message": self.message, "remedy": self.remedy}


@dataclass
class Outcome:
    """What one write came to.

    `results` are those of the validation, as objects of JSON; `report` is the same as a SHACL validation
    report. `record` and `digest` are the place in the journal, where one was taken.
    """

    status: str
    complaints: list[Complaint] = field(default_factory=list)
    results: list[dict[str, Any]] = field(default_factory=list)
    report: str = ""
    claims: list[str] = field(default_factory=list)
    record: int | None = None
    digest: str | None = None

    def as_json(self) -> dict[str, Any]:
        """For the pipe to the web process."""
        return {
            "status": self.status,
            "complaints": [each.as_json() for each in self.complaints],
            "results": self.results,
            "report": self.report,
            "claims": self.claims,
            "record": self.record,
            "digest": self.digest,
        }
