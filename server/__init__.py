"""The web side of Foedus: SPARQL endpoint, pages and, later, linked data and writes."""
