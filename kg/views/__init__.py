"""Views: the graph as of a day, from a viewpoint, by its evidence; made from a generation's ledger."""

from __future__ import annotations
