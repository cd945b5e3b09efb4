"""How to cite a frozen answer: BibTeX and CSL-JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_SPECIAL = re.compile(r"[\\{}$&#%_^~]")
_ESCAPED = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}


def bibtex(record: Mapping[str, Any], address: str) -> str:
    """One entry; its key begins with the digest."""
    year, month, _ = record["frozen"].split("-")
    fields = {
        "author": "{Foedus}",
        "title": f"{{{_tex(_title(record))}}}",
        "year": year,
        "month": str(int(month)),
        "howpublished": f"\\url{{{address}}}",
        "note": _tex(note(record)),
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{foedus-{record['digest'][:12]},\n{lines}\n}}\n"


def csl(record: Mapping[str, Any], address: str) -> str:
    """One item.

    Source: https://docs.citationstyles.org/en/stable/specification.html#appendix-iv-variables
    """
    item = {
        "id": f"foedus-{record['digest'][:12]}",
        "type": "dataset",
        "title": _title(record),
        "author": [{"literal": "Foedus"}],
        "issued": {"date-parts": [[int(part) for part in record["frozen"].split("-")]]},
        "URL": address,
        "version": record["generation"],
        "note": note(record),
    }
    return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


def note(record: Mapping[str, Any]) -> str:
    """What makes the answer findable and checkable: its digest, the data, the view."""
    view = ", ".join(f"{name}={value}" for name, value in record["view"])
    return (
        f"Frozen answer, SHA-256 {record['digest']}; data version {record['generation']} "
        f"(dump SHA-256 {record['data']}){f'; view {view}' if view else ''}"
    )


def _title(record: Mapping[str, Any]) -> str:
    given = "; ".join(f"{name}: {', '.join(values)}" for name, values in record["parameters"].items())
    return f"{record['title']}{f' ({given})' if given else ''}"


def _tex(text: str) -> str:
    return _SPECIAL.sub(lambda match: _ESCAPED.get(match[0], f"\\{match[0]}"), text)
