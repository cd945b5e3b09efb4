"""The templates of the pages, with everything escaped."""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"


class Templates:
    """Renders the pages; values are text, and become HTML only by escaping."""

    def __init__(self, *, plain: bool = False) -> None:
        """With `plain`, the pages lead only to what answers for any dataset."""
        self._environment = Environment(
            loader=FileSystemLoader(FOLDER / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals["plain"] = plain
        self._environment.filters["words"] = lambda name: re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
        self._environment.filters["thousands"] = lambda number: f"{number:,}"

    def render(self, name: str, **values: object) -> str:
        """Render one template."""
        return self._environment.get_template(name).render(**values)

    def page(self, name: str, **values: object) -> bytes:
        """Render one template as the bytes of a page."""
        return self.render(name, **values).encode(errors="replace")
