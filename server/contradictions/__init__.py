"""Pairs of claims that cannot both hold: as a page, as JSON and as RDF."""
