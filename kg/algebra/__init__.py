"""What a query reads, seen without running it: its form, its graphs, its size."""

from kg.algebra.binding import ParameterRefused, bind
from kg.algebra.gate import (
    FederationRefused,
    QueryRefused,
    QueryTooComplex,
    QueryTooLong,
    QueryUncitable,
    UpdateRefused,
    look,
)
from kg.algebra.outline import Dataset, Outline
from kg.algebra.selection import selection
from kg.algebra.tokens import QueryUnreadable
from kg.algebra.updates import Update, UpdateUnfit, look_update

__all__ = [
    "Dataset",
    "FederationRefused",
    "Outline",
    "ParameterRefused",
    "QueryRefused",
    "QueryTooComplex",
    "QueryTooLong",
    "QueryUncitable",
    "QueryUnreadable",
    "Update",
    "UpdateRefused",
    "UpdateUnfit",
    "bind",
    "look",
    "look_update",
    "selection",
]
