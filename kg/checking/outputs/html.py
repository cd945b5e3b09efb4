"""Findings as one HTML file that needs nothing else: no script, no other file."""

from __future__ import annotations

from html import escape

from kg.checking.catalogue import checks
from kg.checking.findings import Finding
from kg.checking.outputs.text import summary
from kg.checking.runner import Outcome

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1f }
table { border-collapse: collapse; width: 100% } td, th { text-align: left; vertical-align: top; padding: .3rem .6rem }
tr { border-top: 1px solid #ddd } code { font-size: .9em; overflow-wrap: anywhere }
.error { color: #a40000 } .warning { color: #7a5200 } .info { color: #003f8a } summary { cursor: pointer }
@media (prefers-color-scheme: dark) { body { background: #141416; color: #e8e8ea } tr { border-color: #444 }
.error { color: #ff8a80 } .warning { color: #ffca6b } .info { color: #8ab8ff } }
"""


def render(outcome: Outcome, most: int) -> str:
    """A summary, and the findings of each check in a table that can be folded."""
    by_check: dict[str, list[Finding]] = {}
    for finding in outcome.findings:
        by_check.setdefault(finding.id, []).append(finding)
    parts = [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>foedus check</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>foedus check</h1>",
        f"<p><strong>{escape(summary(outcome))}</strong></p>\n<p>{escape(outcome.told)}</p>",
    ]
    for name, found in sorted(by_check.items(), key=lambda pair: (-max(each.severity for each in pair[1]), pair[0])):
        check = checks()[name]
        parts.append(f"<h2>{name} {escape(check.title)} ({len(found)})</h2>")
        parts.append(f"<details><summary>What this is</summary><p>{escape(check.page)}</p></details>\n<table>")
        parts.append("<tr><th>Severity</th><th>Place</th><th>About</th><th>Message</th></tr>")
        parts += [_row(each) for each in found[:most]]
        parts.append("</table>")
        if len(found) > most:
            parts.append(f"<p>… and {len(found) - most} more.</p>")
    return "\n".join(parts) + "\n</body>\n</html>\n"


def _row(finding: Finding) -> str:
    text = "<br>".join(map(escape, filter(None, (finding.message, *finding.details, finding.remedy))))
    place, about = escape(str(finding.place or "")), escape(finding.focus)
    word = finding.severity.word
    return (
        f'<tr><td class="{word}">{word}</td><td><code>{place}</code></td>'
        f"<td><code>{about}</code></td><td>{text}</td></tr>"
    )
