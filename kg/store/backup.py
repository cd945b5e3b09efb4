"""Backups: the current generation, the journal and the keys in one folder, each file with its digest.

    <backup>/backup.json      what it holds, with the SHA-256 of every file
    <backup>/generation/      the generation that was current
    <backup>/journal, keys.json

A generation never changes, and the journal only grows, so a backup can be made while a server writes: the
journal is copied after the generation, and whatever it is ahead is brought in when a server or a build next
reads it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from kg.errors import UnreadableInput, UsageError
from kg.keys import FILE as KEYS
from kg.store.generation import CURRENT, GENERATIONS, holding
from kg.store.journal import JOURNAL, whole
from kg.store.live import LIVE
from kg.store.publication import publishing
from kg.store.syncing import sync_directory, sync_tree

ABOUT = "backup.json"
GENERATION = "generation"


@dataclass(frozen=True)
class Backup:
    """A backup: where it is, which generation, how many records of the journal, how many bytes."""

    path: Path
    generation: str
    records: int
    size: int


def backup(root: Path, target: Path, day: str) -> Backup:
    """Write a backup of a root into a new folder; raise UsageError when there is something already."""
    if target.exists():
        raise UsageError(f"{target} is there already; name a folder that is not")
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    with holding(root) as generation:
        shutil.copytree(generation.path, draft / GENERATION, symlinks=True)
    records = 0
    if (root / JOURNAL).is_file():
        content, records = whole(root)
        (draft / JOURNAL).write_bytes(content)
        (draft / JOURNAL).chmod(0o600)
    if (root / KEYS).is_file():
        shutil.copy(root / KEYS, draft / KEYS)
    files = _digests(draft)
    told = {"made": day, "generation": generation.name, "records": records, "files": files}
    (draft / ABOUT).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    sync_tree(draft)
    draft.rename(target)
    sync_directory(target.parent)
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    return Backup(target, generation.name, records, size)


def restore(source: Path, root: Path) -> Backup:
    """Make a backup the current state of a root; a server that only reads goes over to it by itself.

    The journal that was there is kept beside the new one. Raises UnreadableInput when the backup is not
    what was written, RootHeld while a server writes there.
    """
    try:
        told = json.loads((source / ABOUT).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnreadableInput(f"{source} is no backup: {error}; name a folder that `foedus backup` wrote") from error
    found = _digests(source)
    wrong = sorted(name for name in found.keys() | told["files"].keys() if found.get(name) != told["files"].get(name))
    if wrong:
        raise UnreadableInput(f"{source}: {', '.join(wrong[:3])} is not what was backed up; take another backup")
    with publishing(root, "a restore"):
        generations = root / GENERATIONS
        generations.mkdir(exist_ok=True)
        name, number = told["generation"], 1
        while (generations / name).exists():
            number += 1
            name = f"{told['generation']}-restored-{number}"
        draft = generations / f".unfinished-{name}"
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(source / GENERATION, draft, symlinks=True)
        sync_tree(draft)
        draft.rename(generations / name)
        sync_directory(generations)
        _put_journal(source, root)
        if (source / KEYS).is_file():
            shutil.copy(source / KEYS, root / KEYS)
        shutil.rmtree(root / LIVE, ignore_errors=True)
        link = root / f".{CURRENT}"
        link.unlink(missing_ok=True)
        link.symlink_to(Path(GENERATIONS) / name, target_is_directory=True)
        link.replace(root / CURRENT)
        sync_directory(root)
    size = sum(path.stat().st_size for path in source.rglob("*") if path.is_file())
    return Backup(root, name, told["records"], size)


def _put_journal(source: Path, root: Path) -> None:
    if (root / JOURNAL).exists():
        number = 1
        while (kept := root / f"{JOURNAL}.before-restore-{number}").exists():
            number += 1
        (root / JOURNAL).rename(kept)
    if (source / JOURNAL).is_file():
        draft = root / f".{JOURNAL}.draft"
        shutil.copy(source / JOURNAL, draft)
        draft.rename(root / JOURNAL)


def _digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in (ABOUT, "LOCK") and not path.parent.is_symlink()
    }
