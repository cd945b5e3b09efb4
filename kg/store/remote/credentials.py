"""How a store on another machine knows who asks; without the engine: the web process uses this, too."""

from __future__ import annotations

from collections.abc import Mapping

from kg.errors import UsageError
from kg.settings import PREFIX

USER, PASSWORD, TOKEN = (f"{PREFIX}STORE_{name}" for name in ("USER", "PASSWORD", "TOKEN"))
"""The variables with what the store wants to know; they are no settings, so that no file or command line has them."""


def credentials(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that say who we are to the store; raise UsageError where they do not fit together."""
    given = {name: environment[name] for name in (USER, PASSWORD, TOKEN) if environment.get(name)}
    if (USER in given) != (PASSWORD in given):
        raise UsageError(f"{USER} and {PASSWORD} belong together; set both, or neither")
    if TOKEN in given and USER in given:
        raise UsageError(f"{TOKEN} and {USER} are two ways to be known; set one of them")
    return given


def authorities(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that name certificate authorities beside those of the system, as OpenSSL reads them."""
    return {name: environment[name] for name in ("SSL_CERT_FILE", "SSL_CERT_DIR") if environment.get(name)}
