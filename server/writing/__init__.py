"""What changes data: claims, SPARQL Update, the Graph Store Protocol's writes; each needs a key."""
