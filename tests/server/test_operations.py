"""Health, metrics, logs, settings: what those who run the server see of it."""

import contextlib
import dataclasses
import json
import os
import re
import select
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from kg import keys
from kg.errors import UsageError
from kg.settings import Settings, flag
from kg.store import plain
from server.observing import Metrics
from tests.server.conftest import START, serving


def test_live_and_ready(served):
    assert served.client.get("/health/live").json() == {"live": True}
    ready = served.client.get("/health/ready")
    assert (ready.status_code, ready.json()) == (200, {"ready": True})


def test_a_server_without_a_graph_lives_and_is_not_ready(tmp_path, publish):
    publish(tmp_path, "first")
    with serving(tmp_path) as server:
        (tmp_path / "current").rename(tmp_path / "away")
        assert server.client.get("/health/live").status_code == 200
        ready = server.client.get("/health/ready")
        assert ready.status_code == 503
        assert "foedus build" in ready.json()["detail"]
        (tmp_path / "away").rename(tmp_path / "current")


SAMPLE = re.compile(r'[a-z_]+(\{[a-z_]+="[^"\n]*"(,[a-z_]+="[^"\n]*")*\})? -?[0-9.e+]+')


def test_metrics_are_text_that_prometheus_reads(served):
    def lost(text: str) -> int:
        found = re.search(r'foedus_requests_total\{place="other",method="GET",status="404"\} (\d+)', text)
        return int(found[1]) if found else 0

    before = lost(served.client.get("/metrics").text)
    for _ in range(3):
        served.get("ASK { ?s ?p ?o }")
    served.client.get("/nowhere/at/all")
    text = served.client.get("/metrics").text
    lines = text.splitlines()
    assert all(SAMPLE.fullmatch(line) or re.match(r"# (HELP|TYPE) [a-z_]+ ", line) for line in lines), text
    named = {line.split()[2]: line.split()[3] for line in lines if line.startswith("# TYPE")}
    assert named["foedus_request_seconds"] == "histogram"
    values = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert float(values['foedus_requests_total{place="/sparql",method="GET",status="200"}']) >= 3
    assert lost(text) == before + 1
    assert float(values["foedus_readers"]) == 2
    assert float(values["process_resident_memory_bytes"]) > 10_000_000
    count = float(values['foedus_request_seconds_count{place="/sparql"}'])
    assert count == float(values['foedus_request_seconds_bucket{place="/sparql",le="+Inf"}'])


def test_the_classes_of_the_histogram_add_up():
    metrics = Metrics()
    for seconds in (0.001, 0.005, 0.2, 99):
        metrics.note("/sparql", "GET", 200, seconds, 10)
    text = metrics.text({}, {"version": 'a"b'})
    assert 'le="0.005"} 2' in text
    assert 'le="30.0"} 3' in text
    assert 'le="+Inf"} 4' in text
    assert 'version="a\\"b"' in text


@contextlib.contextmanager
def logging(root: Path, form: str):
    """A server whose log can be read; the end of it is what it wrote."""
    given = {"FOEDUS_DATA_DIRECTORY": str(root), "FOEDUS_PORT": "0", "FOEDUS_LOG": form}
    environment = {"PATH": os.environ["PATH"], **given}
    process = subprocess.Popen(
        [sys.executable, "-c", START], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    written: list[str] = []
    try:
        ready, _, _ = select.select([process.stdout], [], [], 60)
        assert ready
        address = re.search(r"http://\S+:\d+", process.stdout.readline())
        assert address
        yield address[0], written
    finally:
        process.send_signal(signal.SIGTERM)
        written.extend(process.communicate(timeout=30)[1].splitlines())
    assert process.returncode in (0, -signal.SIGTERM), "it ends its work first, then by the signal"


def test_logs_tell_requests_and_never_queries_or_keys(tmp_path, publish):
    publish(tmp_path, "first")
    secret = "foedus_0123456789ab_" + "s" * 43
    for form in ("json", "text"):
        with logging(tmp_path, form) as (address, lines):
            headers = {"Authorization": f"Bearer {secret}", "X-Request-Id": "mine"}
            httpx.get(f"{address}/sparql", params={"query": "ASK { <http://private/thing> ?p ?o }"}, headers=headers)
        (line,) = [line for line in lines if "request" in line]
        assert "private" not in line
        assert secret not in "\n".join(lines)
        if form == "json":
            told = json.loads(line)
            assert (told["event"], told["method"], told["path"], told["status"], told["id"]) == (
                "request",
                "GET",
                "/sparql",
                200,
                "mine",
            )
            assert told["ms"] > 0
        else:
            assert "path=/sparql status=200" in line


def test_a_write_that_was_begun_when_the_server_is_told_to_end_is_finished(tmp_path):
    plain.publish(tmp_path, [])
    key = keys.add(tmp_path, "alice", "contribute", "2026-11-25")
    with serving(tmp_path, FOEDUS_PLAIN="true", FOEDUS_WRITABLE="true") as server:
        headers = {"Authorization": f"Bearer {key}", "Prefer": "respond-async"}
        headers["Content-Type"] = "application/sparql-update"
        for number in range(20):
            text = f"INSERT DATA {{ <http://e/{number}> <http://e/p> 1 }}"
            assert server.client.post("/sparql", content=text, headers=headers).status_code == 202
    with serving(tmp_path, FOEDUS_PLAIN="true") as server:
        answer = server.get("SELECT (COUNT(*) AS ?n) { ?s <http://e/p> 1 }", "text/csv").text
    assert answer.split() == ["n", "20"]


def test_settings_from_a_file_are_overridden_by_variables_and_flags(tmp_path):
    file = tmp_path / "foedus.toml"
    file.write_text('port = 1\nhost = "::1"\nwritable = true\ndeadline = 2.5\n', encoding="utf-8")
    environment = {"FOEDUS_SETTINGS": str(file), "FOEDUS_PORT": "2"}
    settings = Settings.from_environment(environment)
    assert (settings.port, settings.host, settings.writable, settings.deadline) == (2, "::1", True, 2.5)
    assert settings.with_flags({"port": "3", "host": None}).port == 3
    assert flag("memory_triples") == "--memory-triples"
    for text, said in (("prt = 1", "no setting"), ("port = ", "TOML"), ('port = "x"', "whole number")):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(UsageError, match=said):
            Settings.from_environment({"FOEDUS_SETTINGS": str(file)})
    with pytest.raises(UsageError, match="cannot be read"):
        Settings.from_environment({"FOEDUS_SETTINGS": str(tmp_path / "absent")})


def test_every_setting_has_a_flag(foedus):
    text = foedus("serve", "--help").stdout
    own = {"data_directory": "--from"}
    for each in dataclasses.fields(Settings):
        assert own.get(each.name, flag(each.name)) in text, each.name


def test_the_unit_and_the_recipe_keep_their_promises():
    folder = Path(__file__).parents[2] / "docs" / "deployment"
    recipe = (folder / "Containerfile").read_text(encoding="utf-8")
    assert re.search(r"(?m)^USER 10001$", recipe)
    assert "--require-hashes" in recipe
    copied = set(re.findall(r"(?m)^COPY (?!--from)(\S+)", recipe))
    assert copied == {"."}
    unit = (folder / "foedus.service").read_text(encoding="utf-8")
    for promise in ("DynamicUser=yes", "ProtectSystem=strict", "NoNewPrivileges=yes"):
        assert promise in unit
    variables = set(re.findall(r"FOEDUS_[A-Z_]+", recipe + unit))
    known = {f"FOEDUS_{name.upper()}" for name in Settings.__dataclass_fields__}
    assert variables <= known
    assert Settings.from_environment({"FOEDUS_SETTINGS": str(folder / "foedus.toml")}).writable
