"""The parameters of a request, read from its bytes: frameworks repair what should be refused.

Source: https://url.spec.whatwg.org/#urlencoded-parsing, with strict percent signs and UTF-8.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from server.errors import BadRequest

_BAD_PERCENT = re.compile(rb"%(?![0-9A-Fa-f]{2})")


class Parameters:
    """Names and values in their order; a name may occur more than once."""

    def __init__(self, encoded: bytes, charset: str = "utf-8") -> None:
        """Read `a=b&c=d`; raise BadRequest for a percent sign that encodes nothing, or bytes that are not `charset`."""
        self._pairs = [
            (_decode(name, "name", charset), _decode(value, "value", charset))
            for name, _, value in (pair.partition(b"=") for pair in encoded.split(b"&") if pair)
        ]

    def names(self) -> tuple[str, ...]:
        """Every name once, in the order of the request."""
        return tuple(dict.fromkeys(name for name, _ in self._pairs))

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of that name."""
        return tuple(value for found, value in self._pairs if found == name)

    def one(self, name: str) -> str | None:
        """The value of that name, or None; raise BadRequest when there are several."""
        values = self.all(name)
        if len(values) > 1:
            raise BadRequest(f"the parameter {name!r} is there {len(values)} times; send it once")
        return values[0] if values else None


def _decode(text: bytes, part: str, charset: str) -> str:
    if wrong := _BAD_PERCENT.search(text):
        shown = text[wrong.start() : wrong.start() + 3].decode(errors="replace")
        raise BadRequest(f"{shown!r} in the {part} of a parameter encodes nothing; write a percent sign as %25")
    try:
        return unquote_to_bytes(text.replace(b"+", b" ")).decode(charset)
    except UnicodeDecodeError as error:
        raise BadRequest(
            f"the {part} of a parameter is not {charset.upper()}; encode it as UTF-8, then with percent signs"
        ) from error
