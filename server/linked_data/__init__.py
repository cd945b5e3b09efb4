"""Linked data: every name under the base answers, in the format and the profile that is wanted."""
