"""The lines of the files that findings point into, each file read once."""

from __future__ import annotations

from pathlib import Path

from kg.checking.findings import Place
from kg.checking.project import Project
from kg.checking.sources import Source


class Lines:
    """Looks lines up in the files of a project, and in those that it names without holding them."""

    def __init__(self, project: Project) -> None:
        """Take the project; nothing is read before it is asked for."""
        self._project = project
        self._sources: dict[str, Source] = {}

    @property
    def first(self) -> Place | None:
        """The beginning of the first file; None where there is no file."""
        return next((Place(file.name, 1, 1, 1, 2) for file in self._project.files), None)

    def of(self, place: Place) -> str:
        """The text of the line where a place begins, without its end; empty where there is none."""
        source = self._sources.get(place.file)
        if source is None:
            file = next((file for file in self._project.files if file.name == place.file), None)
            source = self._sources[place.file] = file.source if file else _read(place.file)
        return source.line(place.line)


def _read(name: str) -> Source:
    try:
        return Source(name, Path(name).read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return Source(name, "")
