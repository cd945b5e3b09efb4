"""Where an update that the engine cannot parse is wrong."""

from __future__ import annotations

from typing import Any

from pyoxigraph import Store

from kg.algebra.diagnosis import diagnose


def misread(text: str, base: str) -> dict[str, Any] | None:
    """What is wrong with an update, as the answer of a writer: `failed`, `message`, `line`, `column`; None if nothing.

    It is run on an empty store, so it must have passed the gate.
    """

    def parse(each: str) -> str | None:
        try:
            Store().update(each, base_iri=base)
        except SyntaxError as error:
            return str(error)
        except (RuntimeError, ValueError, OSError):
            return None
        return None

    complaint = parse(text)
    return None if complaint is None else {"failed": "syntax", **diagnose(text, complaint, parse)._asdict()}
