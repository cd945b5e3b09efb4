"""Keys of those who may write: made at random, shown once, kept as hashes, with a role each.

A key is 256 random bits, so nobody can guess one from its hash, however fast a hash is: SHA-256 suffices,
and a slow one (scrypt) would only let strangers keep the server busy with wrong keys. Passwords that people
choose would need a slow hash; there are none here.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from kg.errors import UsageError

FILE = "keys.json"
ROLES = ("read", "contribute", "admin")
"""Each role may do what those before it may."""
_FORM = re.compile(r"foedus_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")


@dataclass(frozen=True)
class Key:
    """What is kept of a key: the public part, whose it is, its role, the hash of the secret part, when it was made."""

    id: str
    name: str
    role: str
    hash: str
    added: str

    def may(self, role: str) -> bool:
        """Whether the key is good for what needs a role.

        >>> Key("0", "a", "contribute", "", "").may("read")
        True
        """
        return ROLES.index(self.role) >= ROLES.index(role)


class Keys:
    """The keys of one root; a change to the file counts from the next request on."""

    def __init__(self, root: Path) -> None:
        self._path = root / FILE
        self._read_at: tuple[int, int] | None = None
        self._keys: dict[str, Key] = {}

    def all(self) -> tuple[Key, ...]:
        """The keys, by name."""
        self._refresh()
        return tuple(sorted(self._keys.values(), key=lambda key: key.name))

    def find(self, text: str) -> Key | None:
        """The key that somebody shows, or None; takes as long for a wrong one as for a right one."""
        self._refresh()
        parts = _FORM.fullmatch(text)
        known = self._keys.get(parts[1]) if parts else None
        shown = _hash(parts[1], parts[2]) if parts else _hash("", text)
        matches = hmac.compare_digest(shown, known.hash if known else _hash("", "nobody"))
        return known if known is not None and matches else None

    def _refresh(self) -> None:
        try:
            status = self._path.stat()
        except FileNotFoundError:
            self._keys, self._read_at = {}, None
            return
        if self._read_at != (status.st_mtime_ns, status.st_ino):
            self._keys = {key.id: key for key in _read(self._path)}
            self._read_at = (status.st_mtime_ns, status.st_ino)


def add(root: Path, name: str, role: str, day: str) -> str:
    """Make a key and return it, the only time that it is shown; raise UsageError when the name is taken."""
    if role not in ROLES:
        raise UsageError(f"{role!r} is not a role; the roles are {', '.join(ROLES)}")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9@._-]{0,63}", name):
        raise UsageError(f"{name!r} cannot name a key; use letters, digits and @ . _ -, at most 64")
    with _changing(root) as keys:
        if any(key.name == name for key in keys):
            raise UsageError(f"there is a key called {name} already; revoke it first, or choose another name")
        public, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
        keys.append(Key(public, name, role, _hash(public, secret), day))
    return f"foedus_{public}_{secret}"


def revoke(root: Path, name: str) -> None:
    """Make a key worthless from the next request on; raise UsageError when there is none of that name."""
    with _changing(root) as keys:
        kept = [key for key in keys if key.name != name]
        if len(kept) == len(keys):
            known = ", ".join(key.name for key in keys) or "there is none"
            raise UsageError(f"there is no key called {name}; known: {known}")
        keys[:] = kept


def _hash(public: str, secret: str) -> str:
    return hashlib.sha256(f"{public}:{secret}".encode()).hexdigest()


def _read(path: Path) -> list[Key]:
    try:
        return [Key(**each) for each in json.loads(path.read_text(encoding="utf-8"))["keys"]]
    except FileNotFoundError:
        return []
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"{path} is not a file of keys ({error}); restore it, or remove it and make new keys"
        ) from error


@contextmanager
def _changing(root: Path) -> Iterator[list[Key]]:
    root.mkdir(parents=True, exist_ok=True)
    path = root / FILE
    with (root / f"{FILE}.lock").open("a", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        keys = _read(path)
        yield keys
        text = json.dumps({"keys": [asdict(key) for key in keys]}, indent=2) + "\n"
        draft = path.with_suffix(".draft")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        directory = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
