"""A tree as SVG: one column a step, from the answer at the left to the sources at the right."""

from __future__ import annotations

import textwrap
from html import escape

from server.explain.tree import Node

WIDTH, GAP, LINE, CHARACTERS = 250, 44, 17, 36
"""Of a box its width, the way to the next column, the height of a line, and how many characters fit in it."""
MOST = 120
"""How many boxes are drawn."""
_FILL = {"answer": "#1d4e89", "claim": "#e4efe1", "source": "#fdf3d7", "inference": "#e8e3f4", "absence": "#f7dede"}


class _Drawing:
    def __init__(self) -> None:
        self._parts: list[str] = []
        self._drawn = 0
        self._right = 0

    def place(self, node: Node, column: int, top: int) -> tuple[int, int]:
        """Draw a node and what is below it; returns the middle of its box and the bottom of all."""
        self._drawn += 1
        lines = textwrap.wrap(node.text, CHARACTERS) or [""]
        lines = lines[:5] if len(lines) <= 5 else [*lines[:4], "…"]
        height = LINE * len(lines) + 14
        left = column * (WIDTH + GAP)
        self._right = max(self._right, left + WIDTH)
        bottom, middles = top, []
        for child in node.children:
            if self._drawn >= MOST:
                break
            middle, bottom = self.place(child, column + 1, bottom)
            middles.append(middle)
        middle = max((middles[0] + middles[-1]) // 2 if middles else 0, top + height // 2)
        for each in middles:
            begin, end = left + WIDTH, left + WIDTH + GAP
            half = (begin + end) // 2
            self._parts.append(
                f'<path d="M{begin} {middle}C{half} {middle} {half} {each} {end} {each}" fill="none" stroke="#8a94a0"/>'
            )
        self._box(node, lines, left, middle - height // 2, height)
        return middle, max(bottom, middle + height // 2 + 10)

    def _box(self, node: Node, lines: list[str], left: int, top: int, height: int) -> None:
        fill = _FILL.get(node.kind, "#f2f4f6")
        ink = "#ffffff" if node.kind == "answer" else "#1b1f24"
        text = "".join(
            f'<tspan x="{left + 10}" dy="{LINE if index else 0}">{escape(line)}</tspan>'
            for index, line in enumerate(lines)
        )
        box = (
            f'<rect x="{left}" y="{top}" width="{WIDTH}" height="{height}" rx="6" fill="{fill}" stroke="#8a94a0"/>'
            f'<text x="{left + 10}" y="{top + 20}" font-family="sans-serif" font-size="13" fill="{ink}">{text}</text>'
        )
        where = node.link
        self._parts.append(f'<a href="{escape(where, quote=True)}">{box}</a>' if where else box)

    def svg(self, title: str, height: int) -> str:
        cut = self._drawn >= MOST
        if cut:
            self._parts.append(f'<text x="0" y="{height + 14}" font-size="13">There is more; the JSON has all.</text>')
        wide, high = self._right + 2, height + (24 if cut else 2)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" '
            'role="img">'
            f"<title>{escape(title)}</title>{''.join(self._parts)}</svg>\n"
        )


def drawn(tree: Node) -> str:
    """The tree as one SVG document, without scripts or styles."""
    drawing = _Drawing()
    _, bottom = drawing.place(tree, 0, 1)
    return drawing.svg(f"Why: {tree.text}", bottom)
