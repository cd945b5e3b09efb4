"""The real graph, built once for all tests that ask it something."""

from pathlib import Path

import pytest

from kg import assets, pipeline


@pytest.fixture(scope="session")
def found():
    """The ontology, queries and fact tables of the checkout."""
    return assets.find()


@pytest.fixture(scope="session")
def built(found, tmp_path_factory) -> pipeline.Built:
    """A generation of the real graph; its root is two folders up from its path."""
    return pipeline.build(found, tmp_path_factory.mktemp("foedus"))


@pytest.fixture(scope="session")
def root(built) -> Path:
    """The folder that generations are under."""
    return built.path.parent.parent
