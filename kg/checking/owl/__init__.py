"""OWL 2: whether an ontology keeps to a profile, and whether it contradicts itself."""
