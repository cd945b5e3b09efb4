"""Writes to the graph: from what somebody sends to rows, judged beside what is there, durable, then visible."""
