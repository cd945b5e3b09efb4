"""Every setting of Foedus: its default, what it means, and the variable that changes it."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.errors import UsageError

PREFIX = "FOEDUS_"
FILE = f"{PREFIX}SETTINGS"
"""The variable that names a file of settings."""
MEBIBYTE = 1024 * 1024


def _about(meaning: str, *, least: float | None = None, most: float | None = None) -> dict[str, Any]:
    return {"help": meaning, "least": least, "most": most}


@dataclass(frozen=True)
class Settings:
    """The settings of one process; every field has a variable of the same name in capitals after `FOEDUS_`."""

    base: str = field(
        default="https://w3id.org/foedus/",
        metadata=_about("The IRI that all names of things begin with; ends in a slash."),
    )
    data_directory: Path = field(
        default=Path(".foedus"), metadata=_about("The folder with the generations that builds write.")
    )
    plain: bool = field(
        default=False,
        metadata=_about("Whether any RDF dataset is served as it is, without the questions and pages of the graph."),
    )
    store: str = field(
        default="",
        metadata=_about("The query endpoint of a SPARQL 1.1 store elsewhere, served in place of a dataset held here."),
    )
    store_update: str = field(
        default="", metadata=_about("The update endpoint of that store; empty is the same as for queries.")
    )
    store_graphs: str = field(
        default="",
        metadata=_about("The Graph Store endpoint of that store; empty writes whole graphs by updates."),
    )
    store_union: bool = field(
        default=False, metadata=_about("Whether that store's default graph is the union of all its graphs.")
    )
    services: str = field(
        default="",
        metadata=_about("The SPARQL endpoints that queries may ask by SERVICE, separated by spaces; empty is none."),
    )
    loads: str = field(
        default="",
        metadata=_about(
            "The documents that updates of a plain dataset may LOAD, separated by spaces; one that ends in a slash "
            "allows all below it; empty is none."
        ),
    )
    host: str = field(default="127.0.0.1", metadata=_about("The address that the server listens at."))
    port: int = field(
        default=8000, metadata=_about("The port that the server listens at; 0 takes any free one.", least=0, most=65535)
    )
    readers: int = field(
        default=4, metadata=_about("How many queries run at the same time, each in its own process.", least=1, most=256)
    )
    deadline: float = field(
        default=10.0, metadata=_about("Seconds that one query may run before it is ended.", least=0.05, most=3600)
    )
    patience: float = field(
        default=10.0, metadata=_about("Seconds that a query may wait for a free reader.", least=0.05, most=3600)
    )
    waiting: int = field(
        default=256,
        metadata=_about("How many queries may wait at once; further ones are turned away.", least=1, most=10000),
    )
    client_queries: int = field(
        default=64,
        metadata=_about("How many queries of one client may run or wait at once.", least=1, most=10000),
    )
    client_seconds: float = field(
        default=120.0,
        metadata=_about("Seconds of query time that a client may use each minute; 0 is no limit.", least=0, most=36000),
    )
    memory: int = field(
        default=1536,
        metadata=_about(
            "Address space that a query may take beside what its reader holds, in MiB.", least=1024, most=1_048_576
        ),
    )
    memory_triples: int = field(
        default=1_000_000,
        metadata=_about(
            "The largest merge, in triples, that readers hold in memory (about 350 bytes each); 0 is never.",
            least=0,
            most=1_000_000_000,
        ),
    )
    settling: float = field(
        default=30.0,
        metadata=_about("Seconds that a reader lives before it takes the merge into memory.", least=0, most=86400),
    )
    views_builders: int = field(
        default=1,
        metadata=_about("How many views are made at the same time, each in its own process.", least=1, most=64),
    )
    views_deadline: float = field(
        default=60.0, metadata=_about("Seconds that making one view may take.", least=0.1, most=3600)
    )
    views_memory: int = field(
        default=8192,
        metadata=_about("Address space of a process that makes a view, in MiB.", least=512, most=1_048_576),
    )
    views_prepared: int = field(
        default=6,
        metadata=_about(
            "How many days on each axis a server makes as views by itself, of a merge of more than a million triples.",
            least=0,
            most=1000,
        ),
    )
    views_space: int = field(
        default=4096, metadata=_about("Disk space for views that were made, in MiB.", least=1, most=1_048_576)
    )
    views_triples: int = field(
        default=1_000_000,
        metadata=_about(
            "How many triples of views a reader holds in memory in all; 0 is none.", least=0, most=1_000_000_000
        ),
    )
    frozen_space: int = field(
        default=256, metadata=_about("Disk space for frozen answers, in MiB; 0 takes none.", least=0, most=1_048_576)
    )
    answer_size: int = field(default=64, metadata=_about("The largest answer, in MiB.", least=1, most=4096))
    answer_rows: int = field(
        default=1_000_000,
        metadata=_about("How many rows or triples an answer to a query may have; 0 is no limit.", least=0, most=10**9),
    )
    query_size: int = field(
        default=262_144, metadata=_about("The longest query, in bytes of UTF-8.", least=1024, most=16_777_216)
    )
    nesting: int = field(
        default=96, metadata=_about("How deep brackets of any kind may nest in a query.", least=8, most=1000)
    )
    patterns: int = field(
        default=400, metadata=_about("How many patterns and groups one query may have.", least=10, most=100_000)
    )
    cache_size: int = field(
        default=64,
        metadata=_about(
            "How much memory the server uses for answers it has given, in MiB; 0 is none.", least=0, most=65536
        ),
    )
    freshness: int = field(
        default=5,
        metadata=_about(
            "Seconds for which a shared cache may give an answer without asking again; 0 is never.", least=0, most=86400
        ),
    )
    writable: bool = field(
        default=False,
        metadata=_about("Whether holders of keys may write; the server then holds the folder."),
    )
    private: bool = field(
        default=False, metadata=_about("Whether questions need a key, too; health and metrics of the process do not.")
    )
    facts: str = field(
        default="", metadata=_about("The folder of the fact tables that the graph is built from; empty is foedus' own.")
    )
    write_size: int = field(default=16, metadata=_about("The largest body of a write, in MiB.", least=1, most=1024))
    write_deadline: float = field(
        default=120.0,
        metadata=_about(
            "Seconds that one update of a plain dataset may take; then it is ended.", least=0.05, most=86400
        ),
    )
    log: str = field(
        default="auto",
        metadata=_about("One line a request and event: text, json or off; auto is text on a terminal, else off."),
    )
    page_rows: int = field(
        default=1000, metadata=_about("How many rows the page shows; downloads have all.", least=1, most=100_000)
    )

    def __post_init__(self) -> None:
        """Check every value; raise UsageError naming the variable and what it should be."""
        if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+/", self.base):
            raise _wrong("base", self.base, "an http or https address that ends in a slash")
        if self.log not in ("auto", "text", "json", "off"):
            raise _wrong("log", self.log, "auto, text, json or off")
        for each in dataclasses.fields(self):
            value, least, most = getattr(self, each.name), each.metadata["least"], each.metadata["most"]
            if least is not None and not least <= value <= most:
                raise _wrong(each.name, value, f"a number from {least} to {most}")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read the `FOEDUS_…` variables; for those that are absent or empty, the file of settings, else the default.

        `FOEDUS_SETTINGS` names the file, in TOML: the names of the settings, one a line. Raises UsageError
        naming the variable, or the file, and what it should be.

        >>> Settings.from_environment({"FOEDUS_PORT": "8080"}).port
        8080
        """
        path = environment.get(FILE, "").strip()
        given = _from_file(Path(path)) if path else {}
        for each in dataclasses.fields(cls):
            text = environment.get(variable(each.name), "").strip()
            if text:
                given[each.name] = _read(each.name, type(each.default), text)
        return cls(**given)

    def with_flags(self, flags: Mapping[str, str | None]) -> Settings:
        """The same, with the settings that were given as text on the command line."""
        given = {
            each.name: _read(each.name, type(each.default), text)
            for each in dataclasses.fields(self)
            if (text := flags.get(each.name)) is not None
        }
        return dataclasses.replace(self, **given)


def flag(name: str) -> str:
    """The flag of a setting on the command line.

    >>> flag("memory_triples")
    '--memory-triples'
    """
    return f"--{name.replace('_', '-')}"


def variable(name: str) -> str:
    """The environment variable of a setting.

    >>> variable("data_directory")
    'FOEDUS_DATA_DIRECTORY'
    """
    return PREFIX + name.upper()


def table() -> tuple[tuple[str, str, str], ...]:
    """The settings for people: variable, default, meaning."""
    return tuple(
        (variable(each.name), str(each.default), str(each.metadata["help"])) for each in dataclasses.fields(Settings)
    )


_KINDS: dict[type, tuple[Callable[[str], Any], str]] = {
    int: (int, "a whole number"),
    float: (float, "a number of seconds"),
    str: (str, "text"),
    bool: (lambda text: {"true": True, "false": False}[text.lower()], "true or false"),
}


def _read(name: str, kind: type, text: str) -> Any:
    convert, expected = _KINDS.get(kind, (Path, "a folder"))
    try:
        return convert(text)
    except (ValueError, KeyError) as error:
        raise _wrong(name, text, expected) from error


def _from_file(path: Path) -> dict[str, Any]:
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{FILE} names {path}, which cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not TOML: {error}") from error
    known = {each.name: type(each.default) for each in dataclasses.fields(Settings)}
    unknown = sorted(told.keys() - known.keys())
    if unknown:
        raise UsageError(f"{path} has {unknown[0]!r}, which is no setting; the settings are {', '.join(known)}")
    return {
        name: _read(name, known[name], str(value).lower() if isinstance(value, bool) else str(value))
        for name, value in told.items()
    }


def _wrong(name: str, value: object, expected: str) -> UsageError:
    return UsageError(f"{variable(name)} (setting {name!r}) is {str(value)!r}; it should be {expected}")
