"""Search over names and claims, for people, for programs, and for OpenRefine."""
