"""Stores on other machines: asked once by the command line, or served through this server's own readers."""
