"""Making sure that files and directories are on the disk, not only in its cache."""

from __future__ import annotations

import os
from pathlib import Path


def sync_tree(directory: Path) -> None:
    """Sync every file and directory under a directory, and itself."""
    for path in directory.rglob("*"):
        if path.is_dir():
            sync_directory(path)
        else:
            sync_file(path)
    sync_directory(directory)


def sync_file(path: Path) -> None:
    """Sync one file: what it holds, and how long it is."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sync_directory(directory: Path) -> None:
    """Sync a directory: which files it has, under which names."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
