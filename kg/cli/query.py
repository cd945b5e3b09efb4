"""`foedus query`: ask a question that comes with foedus, a file, or a text."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import assets, queries
from kg.algebra import bind
from kg.citations.requests import cited
from kg.cli import cited_table, table, viewing
from kg.errors import UnreadableInput, UsageError
from kg.settings import Settings
from kg.store.formats import GRAPHS, JSON, RESULTS, TURTLE
from kg.store.local import query_generation
from kg.store.remote.asking import EndpointFailed, query_endpoint

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[Any]

ACCEPTED = {each.name: each.media_type for each in (*RESULTS, *GRAPHS)} | {
    "table": f"{JSON.media_type}, {TURTLE.media_type}"
}
HELP = """\
Asks the generation that was built last. QUERY is the name of a question that comes with foedus (see
--list), a file, SPARQL text, or - for standard input. Rows are shown as a table on a terminal and as
CSV elsewhere; triples as Turtle.

Examples
  foedus query --list
  foedus query us-offer-to-ukraine
  foedus query crimea --citations                  who says so, under each row
  foedus query us-offer-to-ukraine --show          print the SPARQL instead of running it
  foedus query crimea --param place=territory/western-sahara
  foedus query crimea --known-at 2014-03-01 --pov ukraine
  foedus query 'SELECT * WHERE { ?s ?p ?o } LIMIT 3' --format json
  foedus query my-query.rq --endpoint http://127.0.0.1:8000/sparql
"""


def add_to(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "query",
        help="ask a question",
        description=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("query", metavar="QUERY", nargs="?", help="a question's name, a file, SPARQL text, or -")
    parser.add_argument("--list", action="store_true", help="list the questions")
    parser.add_argument("--markdown", action="store_true", help="with --list: as a page, with descriptions")
    parser.add_argument(
        "--param",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="bind a parameter of the question, as its header describes; may be given again",
    )
    viewing.add_to(parser)
    parser.add_argument("--show", action="store_true", help="print the query instead of running it")
    parser.add_argument("--format", choices=sorted(ACCEPTED), help="how to print the answer")
    parser.add_argument("--width", type=int, metavar="N", help="wrap the table to N columns (default: the terminal's)")
    parser.add_argument(
        "--citations", action="store_true", help="show who says so under each row (formats table and json)"
    )
    parser.add_argument("--endpoint", metavar="URL", help="ask this SPARQL endpoint instead")
    parser.add_argument("--deadline", type=float, metavar="SECONDS", help="how long it may take (default: 10)")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Ask, and print the answer."""
    if chosen.list and chosen.markdown:
        print(queries.catalogue(_questions()), end="")
        return 0
    if chosen.list:
        questions = _questions()
        longest = max(len(question.slug) for question in questions)
        for question in questions:
            print(f"{question.slug:{longest}}  {question.summary}")
        return 0
    settings = Settings.from_environment(os.environ)
    if chosen.query is None:
        raise UsageError("name a question, a file or a query; `foedus query --list` lists the questions")
    text = _text(chosen.query, _given(chosen.param), settings.base)
    if chosen.show:
        print(text, end="")
        return 0
    shown = chosen.format or ("table" if sys.stdout.isatty() or chosen.citations else None)
    if chosen.citations and shown not in ("table", "json"):
        raise UsageError(f"--citations has no place in {shown}; use --format table or --format json")
    accept = ACCEPTED[shown] if shown else None
    deadline = chosen.deadline or settings.deadline
    if chosen.endpoint:
        prefer = "include=citations" if chosen.citations else None
        endpoint = viewing.address(chosen, chosen.endpoint)
        answer = query_endpoint(endpoint, text, accept=accept, deadline=deadline, prefer=prefer)
    else:
        prepare = cited if chosen.citations else None
        view = viewing.maker(chosen, settings)
        answer = query_generation(settings, text, accept=accept, deadline=deadline, prepare=prepare, view=view)
    if chosen.citations and b'"citations":' not in answer.body:
        raise EndpointFailed(f"{chosen.endpoint or 'this query'} gives no citations; ask without --citations")
    if shown == "table" and answer.media_type == JSON.media_type:
        terminal = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        render = cited_table.render if chosen.citations else table.render
        print(render(answer.body, settings.base, chosen.width or terminal), end="")
    else:
        sys.stdout.buffer.write(answer.body)
        sys.stdout.buffer.flush()
    return 0


def _questions() -> tuple[queries.Query, ...]:
    return queries.read_folder(assets.find().queries_in("questions"))


def _given(pairs: Sequence[str]) -> dict[str, list[str]]:
    """The values of `--param`, by name."""
    given: dict[str, list[str]] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise UsageError(f"--param {pair!r} binds nothing; write --param name=value")
        given.setdefault(name, []).append(value)
    return given


def _text(given: str, values: Mapping[str, Sequence[str]], base: str) -> str:
    """The query that is meant, with its parameters bound where values are given."""
    if given == "-" or any(character in given for character in " \n{"):
        if values:
            raise UsageError("--param binds parameters of a question or a query file; here the text is yours to change")
        return sys.stdin.read() if given == "-" else given
    path = Path(given)
    if not path.suffix and not path.exists():
        return bind(queries.find(given, _questions()), values, base)
    if values:
        return bind(queries.read_query(path), values, base)
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInput(f"{path}: cannot be read: {error}; name a file with a SPARQL query") from error
