"""Findings as JUnit XML: one suite a family, one case a finding, so that CI systems list them as failed tests."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from kg.checking.catalogue import checks
from kg.checking.findings import Finding, Severity
from kg.checking.runner import Outcome

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def render(outcome: Outcome, most: int) -> str:
    """A passed case for every check that found nothing, a failed one for each warning and error."""
    root = ElementTree.Element("testsuites", name="foedus check")
    by_check: dict[str, list[Finding]] = {}
    for finding in outcome.findings:
        by_check.setdefault(finding.id, []).append(finding)
    for family in outcome.seconds:
        names = [name for name, check in checks().items() if check.family == family]
        suite = ElementTree.SubElement(root, "testsuite", name=family, time=f"{outcome.seconds[family]:.3f}")
        count = failed = 0
        for name in names:
            bad = [each for each in by_check.get(name, []) if each.severity > Severity.INFO]
            for finding in bad[:most]:
                _case(suite, finding)
            if not bad:
                ElementTree.SubElement(suite, "testcase", classname=f"foedus.{family}", name=name)
            count += max(len(bad[:most]), 1)
            failed += len(bad[:most])
        suite.set("tests", str(count))
        suite.set("failures", str(failed))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _case(suite: ElementTree.Element, finding: Finding) -> None:
    place = str(finding.place or finding.focus)
    case = ElementTree.SubElement(suite, "testcase", classname=f"foedus.{finding.id}", name=_clean(place))
    if finding.place:
        case.set("file", finding.place.file)
        case.set("line", str(finding.place.line))
    failure = ElementTree.SubElement(case, "failure", message=_clean(finding.message), type=finding.severity.word)
    failure.text = _clean("\n".join((finding.remedy, *finding.details)).strip())


def _clean(text: str) -> str:
    return _CONTROL.sub("�", text)
