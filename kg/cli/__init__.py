"""The command line: `foedus build`, `validate`, `query`, `serve`, `export` …"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version

from kg.errors import FoedusError, UnreadableInput, UsageError

COMMANDS = (
    *("build", "validate", "check", "diff", "query", "serve"),
    *("export", "dump", "key", "backup", "restore"),
)
EPILOG = """\
First steps
  foedus build                        build the graph from the fact tables
  foedus query --list                 the questions that come with it
  foedus query us-offer-to-ukraine    ask one of them
  foedus serve                        the same at http://127.0.0.1:8000
  foedus check                        check any RDF project: syntax, terms, shapes, questions

Exit codes
  0 done   1 violations, or a build that failed   2 wrong usage   3 input that cannot be read
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(
        prog="foedus",
        description="An open knowledge graph of states, alliances, commitments and contested sites: "
        "every answer says who claimed it, when, and where.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"foedus {version('foedus')}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    # The other commands load a web server and a table reader, for which `check` need not wait.
    for name in given[:1] if given and given[0] in COMMANDS else COMMANDS:
        try:
            importlib.import_module(f"kg.cli.{name}").add_to(commands)
        except ModuleNotFoundError as error:
            if name in given[:1]:
                return _missing(error)
    chosen = parser.parse_args(given)
    try:
        code: int = chosen.run(chosen)
    except UsageError as error:
        return _fail(error, 2)
    except UnreadableInput as error:
        return _fail(error, 3)
    except FoedusError as error:
        return _fail(error, 1)
    except ModuleNotFoundError as error:
        return _missing(error)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except OSError as error:
        return _fail(
            FoedusError(f"{error.filename or 'the system'}: {error.strerror or error}; nothing was changed"), 1
        )
    return code


def _missing(error: ModuleNotFoundError) -> int:
    """Name the package that a light installation leaves out; any other missing module is a fault of ours."""
    if error.name is None or error.name.split(".")[0] in ("kg", "server"):
        raise error
    return _fail(UsageError(f'{error.name} is not installed; pip install "foedus[all]" brings it'), 2)


def _fail(error: FoedusError, code: int) -> int:
    sys.stderr.write(f"foedus: {error}\n")
    return code
