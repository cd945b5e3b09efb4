"""Foedus: the knowledge graph, from fact tables to answers with their sources."""
