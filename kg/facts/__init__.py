"""The fact tables as typed rows: what a row is, how it is read, what is wrong with it. No RDF here."""
