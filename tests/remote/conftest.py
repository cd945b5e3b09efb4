"""Servers in front of other stores; what is kept there is thrown away with them."""

import pytest

from kg import keys
from kg.settings import Settings
from kg.store.remote.address import Remote, publish
from tests.server.conftest import serving

from .stores import NAMES, running


def in_front(root, store, **environment):
    """Serve a store from a folder that stands for it; the server has a `key`, and its client shows it."""
    publish(root, Remote.of_settings(Settings.from_environment(store.settings)))
    limits = {"FOEDUS_PATIENCE": "30", "FOEDUS_DEADLINE": "20", "FOEDUS_CLIENT_SECONDS": "0"}
    return serving(root, **{"FOEDUS_PLAIN": "true", **limits, **store.environment, **environment})


@pytest.fixture(scope="module", params=NAMES)
def store(request, tmp_path_factory):
    """Each store, running."""
    with running(request.param, tmp_path_factory.mktemp(request.param)) as each:
        yield each


@pytest.fixture(scope="module")
def front(store, tmp_path_factory):
    """A server in front of each store, which takes writes."""
    root = tmp_path_factory.mktemp("front")
    key = keys.add(root, "alice", "contribute", "2026-11-26")
    with in_front(root, store, FOEDUS_WRITABLE="true") as server:
        server.store, server.key = store, key
        server.client.headers["Authorization"] = f"Bearer {key}"
        server.client.timeout = 90
        yield server
