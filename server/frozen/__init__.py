"""Frozen answers: kept under their digest, cited, and checked against the graph of today."""
