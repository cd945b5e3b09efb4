"""Where a name answers on this server, and which name an address stands for."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, unquote

_SAFE = "/:@!$&'()*+,;=-._~"
_OUTSIDE = ("concept/", "ontology", "shapes", "profile/", "questions/", "problem/", ".well-known/", "context/")
"""What begins so stands directly under the base, not under `id/`."""


@dataclass(frozen=True)
class Places:
    """Names under one base, and their addresses on this server: paths from its root."""

    base: str

    def local(self, iri: str) -> str | None:
        """The path at which a name under the base answers; None for names of others.

        >>> Places("https://w3id.org/foedus/").local("https://w3id.org/foedus/id/claim/x#statement")
        '/id/claim/x#statement'
        """
        if not iri.startswith(self.base):
            return None
        path, hash_sign, fragment = iri.removeprefix(self.base).partition("#")
        return f"/{quote(path, safe=_SAFE + '%')}{hash_sign}{quote(fragment, safe=_SAFE + '%/?')}"

    def document(self, iri: str) -> str:
        """The path of the document about a name under the base, without suffix."""
        path = iri.removeprefix(self.base).partition("#")[0].removeprefix("id/")
        return f"/doc/{quote(path, safe=_SAFE + '%')}"

    def named(self, path: str) -> str:
        """The name that a document's path, after `/doc/`, is about.

        >>> Places("http://b/").named("polity/ukraine"), Places("http://b/").named("concept/modality")
        ('http://b/id/polity/ukraine', 'http://b/concept/modality')
        """
        return f"{self.base}{'' if path.startswith(_OUTSIDE) else 'id/'}{unquote(path)}"
