"""Reading what stores answer, whatever the sizes in which it arrives."""

import io
from email.message import Message

import pytest
from pyoxigraph import QueryResultsFormat, parse_query_results

from kg.store.remote.results import Arriving

NODES = "".join(f'{{"s": {{"type": "bnode", "value": "nodeID://b{number}"}} }},' for number in range(30))
LITERAL = r'{"s": {"type": "literal", "value": "\"bnode\", \"value\": \"nodeID://b1" }}'
JSON = f'{{"head": {{"vars": ["s"]}}, "results": {{"bindings": [{NODES}{LITERAL}]}}}}'


class Response:
    """As much of an HTTP response as is read."""

    def __init__(self, body: bytes, server: str) -> None:
        self._body = io.BytesIO(body)
        self.length = len(body)
        self.headers = Message()
        self.headers["Server"] = server

    def read(self, size: int | None = None) -> bytes:
        """The next bytes."""
        part = self._body.read(size)
        self.length -= len(part)
        return part


@pytest.mark.parametrize("size", [41, 50, 64, 97, 200, 5000, -1])
def test_blank_nodes_of_virtuoso_get_names_that_formats_allow(size):
    arriving = Arriving(Response(JSON.encode(), "Virtuoso/07.20"))
    whole = b""
    while part := arriving.read(size):
        assert size < 0 or len(part) <= size
        whole += part
    rows = [row["s"] for row in parse_query_results(whole, QueryResultsFormat.JSON)]
    assert [str(term) for term in rows[:2]] == ["_:b0", "_:b1"]
    assert len(rows) == 31
    assert rows[-1].value == '"bnode", "value": "nodeID://b1'


def test_of_others_nothing_is_changed():
    arriving = Arriving(Response(JSON.encode(), "Other"))
    assert arriving.read() == JSON.encode()
