"""Rules made wrong on purpose, one change at a time: the tests of what must and what must not follow have to fail.

    python -m tests.reasoning.mutations [words of the names of rules …]

Each rule is taken away; each of its FILTERs is; and each comparison of dates is made strict, or lax. A change takes
up to half a minute. Whatever no test notices is told, and the end is then 1.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("kg", "ontology", "queries", "tests/conftest.py", "tests/reasoning", "pyproject.toml")
JUDGES = tuple(f"tests/reasoning/test_{name}.py" for name in ("commitments", "contested", "contradictions", "listings"))
OTHER = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}


def mutations(text: str) -> Iterator[tuple[str, str | None]]:
    """Yield what is changed, in words, and the rule after it; None where it is no longer there.

    >>> [what for what, _ in mutations("WHERE { ?a foe:p ?b FILTER (?a < ?b) }")]
    ['without the rule', 'without FILTER (?a < ?b)', 'FILTER (?a < ?b) with <= for <']
    """
    yield "without the rule", None
    for found in re.finditer(r"FILTER ", text):
        end = _closed(text, found.end())
        condition = " ".join(text[found.start() : end].split())
        yield f"without {condition}", text[: found.start()] + text[end:]
        for sign in re.finditer(r" ([<>]=?) ", text[found.start() : end]):
            place = found.start() + sign.start(1)
            changed = text[:place] + OTHER[sign[1]] + text[place + len(sign[1]) :]
            yield f"{condition} with {OTHER[sign[1]]} for {sign[1]}", changed


def _closed(text: str, start: int) -> int:
    """Where the bracket that opens at `start` is closed."""
    depth = 0
    for place in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if not depth:
            return place + 1
    raise ValueError(f"a bracket is not closed: {text[start:]}")


def noticed(house: Path) -> bool:
    """Whether some test fails there; raises RuntimeError when they cannot be run."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *JUDGES]
    ended = subprocess.run(command, cwd=house, capture_output=True, text=True, check=False)
    if ended.returncode not in (0, 1):
        raise RuntimeError(ended.stdout[-2000:] + ended.stderr[-2000:])
    return ended.returncode == 1


def main() -> None:
    """Change, test, and print what was noticed and what was not."""
    words, unnoticed = sys.argv[1:], 0
    with tempfile.TemporaryDirectory() as folder:
        house = Path(folder)
        for name in NEEDED:
            source, target = ROOT / name, house / name
            target.parent.mkdir(parents=True, exist_ok=True)
            _ = shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
        if noticed(house):
            raise RuntimeError("the tests fail already, with the rules as they are")
        for rule in sorted((house / "queries" / "rules").glob("*.rq")):
            if words and not any(word in rule.stem for word in words):
                continue
            text = rule.read_text()
            for what, changed in mutations(text):
                rule.unlink() if changed is None else rule.write_text(changed)
                found = noticed(house)
                rule.write_text(text)
                unnoticed += not found
                sys.stdout.write(f"{'noticed' if found else 'NOT NOTICED'}: {rule.stem} {what}\n")
                sys.stdout.flush()
    sys.exit(unnoticed > 0)


if __name__ == "__main__":
    main()
