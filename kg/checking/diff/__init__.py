"""What changed between two versions of an RDF project: triples by resource, and what follows from them."""
