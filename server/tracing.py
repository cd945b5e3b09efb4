"""Traces for OpenTelemetry, when a collector is named in the environment; otherwise none of its packages is loaded.

The variables are those of OpenTelemetry itself: `OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_SERVICE_NAME` and the others.
Source: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.errors import UsageError
from server.headers import REQUEST_ID
from server.observing import METHODS, place_of

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_TIMING = re.compile(r"(\w+);dur=([\d.]+)")


def provider(environment: Mapping[str, str]) -> TracerProvider | None:
    """What makes spans and sends them in batches; None when no collector is named.

    Raises UsageError when one is named and the packages are not installed.
    """
    named = next((name for name in ENDPOINTS if environment.get(name)), None)
    if named is None or environment.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ModuleNotFoundError as error:
        raise UsageError(f'{named} asks for traces; install them: pip install "foedus[telemetry]"') from error
    told = {"service.version": version("foedus")}
    if not environment.get("OTEL_SERVICE_NAME"):
        told["service.name"] = "foedus"
    made = TracerProvider(resource=Resource.create(told))
    made.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return made


class Traced:
    """An ASGI application with a span for each request, below the span that the client names in `traceparent`.

    A span has the path and never the query of an address, nor anything of a body. How long a query waited
    for a reader and how long it ran, in milliseconds, are attributes of it.
    """

    def __init__(self, app: ASGIApp, spans: TracerProvider) -> None:
        from opentelemetry.trace import SpanKind
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        self._app = app
        self._tracer = spans.get_tracer("foedus", version("foedus"))
        self._kind = SpanKind.SERVER
        self._propagator = TraceContextTextMapPropagator()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method = scope["method"] if scope["method"] in METHODS else "_OTHER"
        context = self._propagator.extract(dict(Headers(scope=scope)))
        about = {"http.request.method": method, "url.path": scope["path"][:200]}
        name = f"{method} {place_of(scope['path'])}"
        with self._tracer.start_as_current_span(name, context, self._kind, about) as span:

            async def noted(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                    span.set_attribute("foedus.request_id", str(scope.get(REQUEST_ID, "")))
                    timing = MutableHeaders(scope=message).get("server-timing", "")
                    for part, milliseconds in _TIMING.findall(timing):
                        span.set_attribute(f"foedus.{part}_ms", float(milliseconds))
                await send(message)

            await self._app(scope, receive, noted)
