"""The questions as an API: parameters in the address, rows in many formats, a page for each, an OpenAPI document."""
