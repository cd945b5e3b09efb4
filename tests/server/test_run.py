"""Starting and ending: what is said, what is imported, and what is said when it can't."""

import os
import socket
import subprocess
import sys

import pytest

from kg.errors import UsageError
from kg.settings import Settings
from kg.store.generation import NothingBuilt
from server.run import run

IMPORTS = """
import sys
from pathlib import Path
from kg.settings import Settings
from server.app import create_app
create_app(Settings(data_directory=Path("nowhere")))
native = {name.partition(".")[0] for name in sys.modules}
print(sorted(native & {"pyoxigraph", "rdflib", "pyshacl", "SPARQLWrapper", "kg.rdf"}))
"""


def test_the_web_process_has_no_engine_and_no_parser():
    done = subprocess.run([sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_nothing_built_is_said_at_once(tmp_path):
    with pytest.raises(NothingBuilt, match="foedus build"):
        run(Settings(data_directory=tmp_path), print)


def test_a_port_that_is_taken_is_said_to_be(tmp_path, publish):
    publish(tmp_path, "first")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {port} of 127.0.0.1 is taken.*FOEDUS_PORT"):
            run(Settings(data_directory=tmp_path, port=port), print)


def test_an_address_that_is_not_ours_is_said_to_be(tmp_path, publish):
    publish(tmp_path, "first")
    with pytest.raises(UsageError, match="FOEDUS_HOST"):
        run(Settings(data_directory=tmp_path, host="no.such.host.invalid"), print)


def test_ending_takes_the_readers_along(tmp_path, publish, serving):
    publish(tmp_path, "first")
    with serving(tmp_path) as server:
        pids = server.readers()
        assert len(pids) == 2
        assert server.get("ASK { ?s ?p ?o }").json()["boolean"] is True
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
