"""Retracting by name: the write that says nothing but that something counts no more."""

from __future__ import annotations

from collections.abc import Iterable

from kg.rdf.rows import Read
from kg.writing.sent import Sent


def retraction(refs: Iterable[str], today: str) -> Sent:
    """A write that retracts what the references name (`claim/x`, `attestation/x`, `source/x`)."""
    return Sent((), Read(retracted=dict.fromkeys(refs, today)))
