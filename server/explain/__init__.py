"""From an answer back to its sources: a chain through rules and claims, as a page, as JSON and as a drawing."""
