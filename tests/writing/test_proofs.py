"""Nothing acknowledged is lost, nothing is torn: concurrency, kill -9, full disks, backups."""

import asyncio
import contextlib
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import httpx
import pytest
from pyoxigraph import Store

from kg import keys, pipeline
from kg.settings import Settings
from kg.store import journal, plain
from kg.store.generation import current
from kg.store.writer import Writer, WriterLost, WriterUnready
from tests.server.conftest import serving
from tests.writing.conftest import TRIG, Client, writing
from tests.writing.documents import BASE, membership

CYCLES = int(os.environ.get("FOEDUS_TEST_CYCLES", "1"))
"""How many times as many kills as in CI; `make soak` sets 10."""


def test_200_concurrent_replacements_land_or_are_refused_and_none_is_lost(root, small):
    key = keys.add(root, "alice", "contribute", "2026-11-25")
    headers = {**TRIG, "Authorization": f"Bearer {key}"}

    async def replace_all(address: str) -> list[httpx.Response]:
        limits = httpx.Limits(max_connections=200)
        async with httpx.AsyncClient(base_url=address, timeout=300, limits=limits) as http:

            async def replace(number: int, rival: str) -> httpx.Response:
                old, begin = f"old-{number}", "2005-01-01" if rival == "a" else "2005-01-02"
                text = membership(f"new-{number}-{rival}", f"polity:{old}", begin, replaces=old)
                return await http.post("/claims", content=text.encode(), headers=headers)

            return await asyncio.gather(*(replace(number, rival) for number in range(100) for rival in "ab"))

    with writing(root, small, FOEDUS_WAITING="300") as server:
        client = Client(server, key)
        first = "\n".join(membership(f"old-{number}") for number in range(100))
        assert client.post(first).status_code == 201
        answers = asyncio.run(replace_all(server.address))
        assert sorted(response.status_code for response in answers) == [201] * 100 + [409] * 100
        landed = [response.json()["claims"] for response in answers if response.status_code == 201]
        rows = server.get(
            "SELECT ?new ?old { ?new <http://www.w3.org/ns/prov#wasRevisionOf> ?old . "
            f"?old <{BASE}ontology#retracted> ?day }}",
            "text/csv",
        ).text.split()[1:]
    replaced = dict(row.split(",") for row in rows)
    assert len(replaced) == len(set(replaced.values())) == 100
    assert all(set(claims) & replaced.keys() for claims in landed)
    assert len(journal.read(root)) == 101


APPEND = """
    import itertools, sys
    from pathlib import Path
    from kg.store.journal import Journal
    book = Journal(Path(sys.argv[1]))
    for number in itertools.count(book.position.records + 1):
        book.append([{"n": number, "text": "x" * (number * 997 % 5000)}])
        print(number, flush=True)
"""


def test_the_journal_survives_50_kills(tmp_path):
    chance = random.Random(4)
    acknowledged = 0
    for _ in range(50 * CYCLES):
        command = [sys.executable, "-S", "-P", "-c", textwrap.dedent(APPEND), str(tmp_path)]
        environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
            assert process.stdout is not None
            assert process.stdout.readline()
            time.sleep(chance.random() * 0.02)
            process.kill()
            told = process.stdout.read().split()
        acknowledged = int(told[-1]) if told else acknowledged
        assert len(journal.read(tmp_path)) >= acknowledged
    entries = journal.read(tmp_path)
    assert [entry.record["n"] for entry in entries] == list(range(1, len(entries) + 1))
    assert len(entries) > 50


def settings(root: Path) -> Settings:
    return Settings(data_directory=root, waiting=10_000)


async def killed(writer: Writer, cycles: int, wanted, spread: float) -> set[int]:
    """Send writes all the time, kill the writer at random moments; return which were acknowledged.

    At the end the writer has started once more: only then is everything visible that was durable at the last kill.
    """
    chance, acknowledged, number, pid = random.Random(7), set(), 0, None
    await writer.start()
    for _ in range(cycles):
        pid = await another(writer, pid)
        sent: dict[int, asyncio.Future] = {}
        end = time.monotonic() + chance.random() * spread
        while time.monotonic() < end:
            number += 1
            sent[number] = writer.submit(*wanted(number)).durable
            await asyncio.sleep(0.002)
        os.kill(pid, signal.SIGKILL)
        for which, told in sent.items():
            with contextlib.suppress(WriterLost, WriterUnready):
                answer = await told
                assert "failed" not in answer, answer
                acknowledged.add(which)
    await another(writer, pid)
    await writer.close()
    return acknowledged


async def another(writer: Writer, before: int | None) -> int:
    """Wait until a process has started that is not the one before; return its id."""
    while not writer.loaded or writer.pid in (None, before):
        await asyncio.sleep(0.01)
    return writer.pid


def test_a_plain_dataset_survives_40_kills_of_its_writer(tmp_path):
    plain.publish(tmp_path, [])

    def wanted(number: int) -> tuple[dict, bytes]:
        header = {"kind": "update", "using": [], "using_named": [], "hurry": number % 3 > 0}
        pair = f"<http://e/{number}> <http://e/one> {number} ; <http://e/two> {number}"
        return header, f"INSERT DATA {{ {pair} }}".encode()

    arguments = (str(tmp_path), BASE, "96")
    writer = Writer(settings(tmp_path), "kg.store.plain_writer", arguments)
    acknowledged = asyncio.run(killed(writer, 40 * CYCLES, wanted, 0.2))
    assert len(acknowledged) > 40
    store = Store.read_only(str(current(tmp_path).evidence))
    ones, twos = (
        {int(quad.object.value) for quad in store if quad.predicate.value == f"http://e/{name}"}
        for name in ("one", "two")
    )
    assert acknowledged <= ones
    assert ones == twos, "an update is there whole, or not at all"


def test_the_graph_survives_kills_of_its_writer_and_is_what_a_build_makes(root, small, small_assets):
    def wanted(number: int) -> tuple[dict, bytes]:
        statement = f'<{BASE}id/polity/p{number}> <http://www.w3.org/2000/01/rdf-schema#label> "P {number}"@en'
        kind = f"<{BASE}id/polity/p{number}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{BASE}ontology#Polity>"
        register = f"<{BASE}id/dataset/register>"
        return {"kind": "claims", "by": "test"}, f"{statement} {register} .\n{kind} {register} .\n".encode()

    writer = Writer(settings(root), "kg.writing.process", (str(root), BASE, str(small)))
    acknowledged = asyncio.run(killed(writer, 3 * CYCLES, wanted, 2.0))
    assert acknowledged
    kept = {entry.record["rows"][0]["cells"]["id"] for entry in journal.read(root)}
    assert {f"polity/p{number}" for number in acknowledged} <= kept
    served = current(root)
    rebuilt = pipeline.build(small_assets, root)
    assert (served.path / "dump.nq.gz").read_bytes() == (rebuilt.path / "dump.nq.gz").read_bytes()


@contextlib.contextmanager
def small_disk(folder: Path, size: int):
    """A file system of its own, in memory, with room for `size` MiB."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}m", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(disk: Path) -> Path:
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        for block in (1 << 16, 1 << 12, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(b"x" * block)
    return ballast


def can_mount(tmp_path: Path) -> bool:
    with contextlib.suppress(OSError, subprocess.CalledProcessError), small_disk(tmp_path / "probe", 1):
        return True
    return False


def test_a_full_disk_is_507_and_reads_go_on_and_writes_come_back(tmp_path):
    with contextlib.ExitStack() as stack:
        mounted = can_mount(tmp_path)
        disk = stack.enter_context(small_disk(tmp_path / "disk", 48)) if mounted else tmp_path / "disk"
        root = disk / "root"
        plain.publish(root, [])
        key = keys.add(root, "alice", "contribute", "2026-11-25")
        environment = {"FOEDUS_PLAIN": "true", "FOEDUS_WRITABLE": "true", "FOEDUS_PATIENCE": "30"}
        server = stack.enter_context(serving(root, **environment))
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/sparql-update"}

        def insert(name: str) -> int:
            content = f"INSERT DATA {{ <http://e/{name}> <http://e/p> '{'x' * 200_000}' }}"
            return server.client.post("/sparql", content=content, headers=headers, timeout=60).status_code

        def there(name: str) -> bool:
            response = server.get(f"ASK {{ <http://e/{name}> ?p ?o }}", "application/json")
            assert response.status_code == 200
            return response.json()["boolean"]

        assert insert("before") == 204
        release = _make_full(server, disk, mounted)
        assert insert("during") == 507
        assert there("before")
        assert not there("during")
        release()
        assert insert("after") == 204
        assert there("after")
        assert there("before")


def _make_full(server, disk: Path, mounted: bool):
    """Leave no room: on a small file system by filling it, elsewhere by a limit on the writer's files."""
    if mounted:
        return fill(disk).unlink
    writers = [pid for pid in server.readers() if b"plain_writer" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    before = resource.prlimit(writers[0], resource.RLIMIT_FSIZE)
    resource.prlimit(writers[0], resource.RLIMIT_FSIZE, (100_000, before[1]))
    return lambda: resource.prlimit(writers[0], resource.RLIMIT_FSIZE, before)


def test_a_full_disk_loses_no_claim(root, small, tmp_path):
    with contextlib.ExitStack() as stack:
        disk = stack.enter_context(small_disk(tmp_path / "disk", 64)) if can_mount(tmp_path) else None
        if disk is None:
            pytest.fail("this test needs the right to mount a small file system; run it as root")
        place = Path(shutil.copytree(root, disk / "root", symlinks=True))
        key = keys.add(place, "alice", "contribute", "2026-11-25")
        server = stack.enter_context(writing(place, small))
        client = Client(server, key)
        assert client.post(membership("before")).status_code == 201
        ballast = fill(disk)
        answer = client.post(membership("during"))
        assert answer.status_code in (202, 507)
        assert client.ask(f"ASK {{ <{BASE}id/polity/before> ?p ?o }}")
        ballast.unlink()
        assert client.post(membership("after")).status_code == 201
        assert client.ask(f"ASK {{ <{BASE}id/polity/after> ?p ?o }}")
        kept = client.ask(f"ASK {{ <{BASE}id/polity/during> ?p ?o }}")
        assert kept == (answer.status_code == 202)


def test_a_backup_made_while_writing_is_restored_whole(root, small, foedus, tmp_path):
    key = keys.add(root, "alice", "contribute", "2026-11-25")
    with writing(root, small) as server:
        client = Client(server, key)
        assert client.post(membership("kept")).status_code == 201
        assert client.post(membership("hurried"), prefer="respond-async").status_code == 202
        made = foedus("backup", "--from", root, tmp_path / "backup")
        assert made.returncode == 0, made.stderr
        assert client.post(membership("later")).status_code == 201
        refused = foedus("restore", tmp_path / "backup", "--into", root)
        assert refused.returncode == 1
        assert "a server that writes" in refused.stderr
        second = foedus("serve", "--writable", "--port", "0", "--from", root)
        assert second.returncode == 1
        assert "a server that writes" in second.stderr
        assert second.stderr.count("\n") == 1
    with serving(root) as server:
        assert server.get(f"ASK {{ <{BASE}id/polity/later> ?p ?o }}", "application/json").json()["boolean"]
        assert foedus("restore", tmp_path / "backup", "--into", root).returncode == 0
        assert not server.get(f"ASK {{ <{BASE}id/polity/later> ?p ?o }}", "application/json").json()["boolean"]
    with writing(root, small) as server:
        client = Client(server, key)
        assert client.post(membership("again")).status_code == 201
        assert client.ask(f"ASK {{ <{BASE}id/polity/kept> ?p ?o }}")
        assert client.ask(f"ASK {{ <{BASE}id/polity/hurried> ?p ?o }}")
        assert not client.ask(f"ASK {{ <{BASE}id/polity/later> ?p ?o }}")
    (tmp_path / "backup" / "journal").write_bytes(b"changed")
    damaged = foedus("restore", tmp_path / "backup", "--into", tmp_path / "elsewhere")
    assert damaged.returncode == 3
    assert "journal" in damaged.stderr
