"""Turns: fair between clients, with an end to the queue, and no place lost."""

import asyncio

import pytest

from kg.store.answers import TooBusy, TooMany
from kg.store.turns import Turns


def test_one_client_never_has_all_places():
    async def scene():
        turns = Turns(places=3, waiting=10, patience=0.05)
        await turns.take("flood")
        await turns.take("flood")
        with pytest.raises(TooBusy, match="FOEDUS_PATIENCE"):
            await turns.take("flood")
        await turns.take("other")
        assert turns.waiting == 0

    asyncio.run(scene())


def test_a_single_place_is_had_by_anyone():
    async def scene():
        turns = Turns(places=1, waiting=10, patience=0.05)
        await turns.take("one")
        turns.release("one")
        await turns.take("one")

    asyncio.run(scene())


def test_waiting_clients_take_turns():
    async def scene():
        turns = Turns(places=1, waiting=10, patience=5)
        order = []

        async def work(client):
            await turns.take(client)
            order.append(client)
            turns.release(client)

        await turns.take("first")
        tasks = []
        for client in ("flood", "flood", "flood", "other", "third"):
            tasks.append(asyncio.create_task(work(client)))
            await asyncio.sleep(0)
        turns.release("first")
        await asyncio.gather(*tasks)
        assert order == ["flood", "other", "third", "flood", "flood"]

    asyncio.run(scene())


def test_the_queue_has_an_end():
    async def scene():
        turns = Turns(places=1, waiting=2, patience=5)
        await turns.take("a")
        tasks = [asyncio.create_task(turns.take(client)) for client in ("b", "c")]
        await asyncio.sleep(0)
        with pytest.raises(TooBusy, match="FOEDUS_WAITING"):
            await turns.take("d")
        turns.release("a")
        await tasks[0]
        turns.release("b")
        await tasks[1]

    asyncio.run(scene())


def test_who_goes_away_while_waiting_takes_no_place():
    async def scene():
        turns = Turns(places=1, waiting=5, patience=5)
        await turns.take("a")
        gone = asyncio.create_task(turns.take("b"))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
        assert turns.waiting == 0
        turns.release("a")
        await asyncio.wait_for(turns.take("c"), 1)

    asyncio.run(scene())


def test_who_goes_away_as_the_turn_comes_gives_the_place_back():
    async def scene():
        turns = Turns(places=1, waiting=5, patience=5)
        await turns.take("a")
        gone = asyncio.create_task(turns.take("b"))
        await asyncio.sleep(0)
        turns.release("a")
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
        await asyncio.wait_for(turns.take("c"), 1)

    asyncio.run(scene())


def test_one_client_may_have_so_many_and_no_more():
    async def scene():
        turns = Turns(places=2, waiting=100, patience=5, each=3)
        await turns.take("flood")
        tasks = [asyncio.create_task(turns.take("flood")) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(TooMany, match="FOEDUS_CLIENT_QUERIES"):
            await turns.take("flood")
        await turns.take("other")
        for _ in range(3):
            turns.release("flood")
            await asyncio.sleep(0)
        await asyncio.gather(*tasks)

    asyncio.run(scene())
