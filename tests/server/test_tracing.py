"""Spans reach a collector over OTLP: a real server, a real exporter, and a collector that reads what it is sent."""

import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from kg.errors import UsageError
from server import tracing

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def collector():
    """A collector's address, and the spans that it was sent, with the resource of each."""
    spans: list = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            for sent in ExportTraceServiceRequest.FromString(body).resource_spans:
                told = {each.key: each.value.string_value for each in sent.resource.attributes}
                spans.extend((told, span) for scope in sent.scope_spans for span in scope.spans)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Collector) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", spans
        server.shutdown()


def test_a_query_is_a_span_below_the_one_of_its_client(collector, tmp_path, publish, serving):
    address, spans = collector
    publish(tmp_path, "first")
    with serving(tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=address, OTEL_BSP_SCHEDULE_DELAY="100") as server:
        secret = "SELECT * { ?s ?p 'never in a trace' }"
        headers = {"traceparent": PARENT, "Accept": "application/json"}
        answer = server.client.get("/sparql", params={"query": secret}, headers=headers)
        assert answer.status_code == 200
        server.client.get("/nowhere")
        end = time.monotonic() + 10
        while len(spans) < 2 and time.monotonic() < end:
            time.sleep(0.05)
    by_name = {span.name: (told, span) for told, span in spans}
    told, span = by_name["GET /sparql"]
    assert told["service.name"] == "foedus"
    assert (span.trace_id.hex(), span.parent_span_id.hex()) == tuple(PARENT.split("-")[1:3])
    about = {each.key: each.value for each in span.attributes}
    assert about["http.response.status_code"].int_value == 200
    assert about["foedus.request_id"].string_value == answer.headers["x-request-id"]
    assert about["foedus.query_ms"].double_value >= 0
    assert about["foedus.wait_ms"].double_value >= 0
    assert "never in a trace" not in str(spans)
    lost = {each.key: each.value for each in by_name["GET other"][1].attributes}
    assert lost["http.response.status_code"].int_value == 404


def test_without_a_collector_there_are_no_spans():
    assert tracing.provider({}) is None
    assert tracing.provider({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_SDK_DISABLED": "true"}) is None


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(UsageError, match=r"foedus\[telemetry\]"):
        tracing.provider({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x"})
