"""Generations of the graph, and the reader processes that answer queries from them."""
