"""The pool: deadlines, deaths, cancellation, new generations, floods; and that it ends without a trace."""

import asyncio
import dataclasses
import json
import os
import signal
import time
from contextlib import asynccontextmanager

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg.algebra import look
from kg.settings import Settings
from kg.store import answers, formats, publication
from kg.store.answers import DeadlinePassed, ReaderLost, TooBusy
from kg.store.generation import NothingBuilt
from kg.store.readers import REFRESH, Readers

pytestmark = pytest.mark.alone

POINT = "SELECT ?o { <http://example.org/thing1> <http://example.org/property1> ?o } ORDER BY ?o"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@asynccontextmanager
async def pool(settings):
    readers = Readers(settings)
    await readers.start()
    try:
        yield readers
    finally:
        await readers.close()


def ask(readers, text, settings, client="me"):
    return readers.ask(answers.request(text, look(text, settings), formats.JSON, settings), client)


async def point(readers, settings, client="me") -> float:
    """Ask something small and return the seconds it took, waiting included."""
    began = time.monotonic()
    answer = await ask(readers, POINT, settings, client)
    assert len(json.loads(answer.body)["results"]["bindings"]) == 2
    return time.monotonic() - began


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def until(condition, seconds=5.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.02)


def test_the_deadline_holds_and_the_next_query_works(settings):
    async def scene():
        async with pool(settings) as readers:
            began = time.monotonic()
            with pytest.raises(DeadlinePassed):
                await ask(readers, ENDLESS, settings)
            assert time.monotonic() - began < settings.deadline + 0.5
            assert await point(readers, settings) < 0.5
            await until(lambda: len(readers.pids) == settings.readers)

    asyncio.run(scene())


def test_no_process_is_left(settings):
    async def scene():
        async with pool(settings) as readers:
            assert len(readers.pids) == settings.readers
            pids = readers.pids
            running = asyncio.create_task(ask(readers, ENDLESS, settings))
            await asyncio.sleep(0.1)
        with pytest.raises(ReaderLost):
            await running
        assert not any(map(is_running, pids))

    asyncio.run(scene())


def test_a_reader_killed_while_idle_is_replaced_unseen(settings):
    async def scene():
        async with pool(settings) as readers:
            for pid in readers.pids:
                os.kill(pid, signal.SIGKILL)
            await asyncio.sleep(0.05)
            assert await point(readers, settings) < 1
            await until(lambda: len(readers.pids) == settings.readers)

    asyncio.run(scene())


def test_a_reader_killed_at_work_is_reported_and_replaced(settings):
    async def scene():
        async with pool(settings) as readers:
            work = asyncio.create_task(ask(readers, ENDLESS, settings))
            await asyncio.sleep(0.2)
            for pid in readers.pids:
                os.kill(pid, signal.SIGKILL)
            with pytest.raises(ReaderLost, match="SIGKILL"):
                await work
            assert await point(readers, settings) < 1

    asyncio.run(scene())


def test_a_client_that_goes_away_ends_the_work(settings):
    patient = dataclasses.replace(settings, deadline=60, readers=1)

    async def scene():
        async with pool(patient) as readers:
            (pid,) = readers.pids
            work = asyncio.create_task(ask(readers, ENDLESS, patient))
            await asyncio.sleep(0.2)
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
            await until(lambda: not is_running(pid), 1)
            assert await point(readers, patient) < 1

    asyncio.run(scene())


def test_queries_run_side_by_side(settings):
    async def scene():
        async with pool(settings) as readers:
            work = asyncio.create_task(ask(readers, ENDLESS, settings, "other"))
            await asyncio.sleep(0.1)
            assert await point(readers, settings) < 0.5
            assert not work.done()
            with pytest.raises(DeadlinePassed):
                await work

    asyncio.run(scene())


def test_fifty_heavy_queries_do_not_break_the_later_ones(published):
    settings = Settings(data_directory=published, deadline=1.0, patience=1.5, readers=2, waiting=64)

    async def scene():
        async with pool(settings) as readers:
            began = time.monotonic()
            flood = [asyncio.create_task(ask(readers, ENDLESS, settings, "flood")) for _ in range(50)]
            await asyncio.sleep(0.1)
            during = await point(readers, settings, "other")
            ended = await asyncio.gather(*flood, return_exceptions=True)
            assert all(isinstance(each, DeadlinePassed | TooBusy) for each in ended)
            assert sum(isinstance(each, DeadlinePassed) for each in ended) >= 1
            assert time.monotonic() - began < settings.deadline + settings.patience + 1
            assert during < 0.5
            assert await point(readers, settings, "flood") < 0.5
            await until(lambda: len(readers.pids) == settings.readers)
            assert readers.waiting == 0

    asyncio.run(scene())


def tiny(value: str) -> list[Quad]:
    return [Quad(NamedNode("http://e/s"), NamedNode("http://e/p"), Literal(value), NamedNode("http://e/g"))]


def publish(root, value):
    quads = tiny(value)
    publication.write(root, value, quads, [quad.triple for quad in quads], {})


def test_a_new_generation_is_served_without_a_gap(tmp_path):
    publish(tmp_path, "old")
    settings = Settings(data_directory=tmp_path, readers=2)

    async def scene():
        async with pool(settings) as readers:
            seen = []

            async def look_on():
                while not seen or seen[-1] != "new":
                    answer = await ask(readers, "SELECT ?o { ?s ?p ?o }", settings)
                    value = json.loads(answer.body)["results"]["bindings"][0]["o"]["value"]
                    assert answer.generation == value
                    seen.append(value)

            looking = asyncio.create_task(look_on())
            await asyncio.sleep(0.1)
            await asyncio.to_thread(publish, tmp_path, "new")
            await asyncio.wait_for(looking, 5)
            assert seen == sorted(seen, key=("old", "new").index)
            current = readers.generation()
            assert current.name == "new"
            await asyncio.sleep(2 * REFRESH)
            assert all(seat.is_ready(current) for seat in readers._seats)

    asyncio.run(scene())


def test_it_starts_before_anything_is_built(tmp_path):
    settings = Settings(data_directory=tmp_path, readers=1)

    async def scene():
        async with pool(settings) as readers:
            with pytest.raises(NothingBuilt):
                await ask(readers, "ASK { }", settings)
            publish(tmp_path, "first")
            assert (await ask(readers, "ASK { }", settings)).generation == "first"

    asyncio.run(scene())


def test_a_generation_in_use_outlives_later_builds(tmp_path):
    publish(tmp_path, "used")
    settings = Settings(data_directory=tmp_path, readers=1, deadline=2)

    async def scene():
        async with pool(settings) as readers:
            work = asyncio.create_task(ask(readers, "ASK { }", settings))
            await work
            for number in range(5):
                await asyncio.to_thread(publish, tmp_path, f"later{number}")
            assert (await ask(readers, "ASK { }", settings)).generation == "later4"

    asyncio.run(scene())


def test_generations_that_come_and_go_faster_than_readers_start_are_always_answered(tmp_path, quads):
    few = quads[:10]
    publication.write(tmp_path, "g0", few, {quad.triple for quad in few}, {})
    given = Settings(data_directory=tmp_path, deadline=20, patience=60, readers=2, answer_size=4)

    named, merge = publication.named_lines(few), publication.sorted_lines({quad.triple for quad in few})

    def publish() -> None:
        with publication.publishing(tmp_path) as publisher:
            for number in range(1, 16):
                publisher.write(f"g{number}", named, merge, {})

    async def scene() -> int:
        answered = 0
        async with pool(given) as readers:
            work = asyncio.create_task(asyncio.to_thread(publish))
            while not work.done():
                await ask(readers, POINT, given)
                answered += 1
            await work
        return answered

    assert asyncio.run(scene()) > 0
