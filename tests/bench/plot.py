"""`python -m tests.bench.plot FILE… SVG`: the median of one client, cold, as the data grow, as a small SVG."""

import json
import math
import sys
from pathlib import Path

WIDTH, HEIGHT, LEFT, TOP = 640, 360, 70, 30
COLOURS = ("#0b5394", "#b45f06", "#38761d", "#990000", "#674ea7", "#134f5c", "#7f6000")


def main() -> None:
    """Read the files that the benchmark wrote, and draw."""
    *files, target = map(Path, sys.argv[1:])
    found: dict[int, dict[str, dict[str, float]]] = {}
    for file in files:
        for number, servers in json.loads(file.read_text(encoding="utf-8")).items():
            found.setdefault(int(number), {}).update(servers)
    target.write_text(draw(found), encoding="utf-8")


def draw(found: dict[int, dict[str, dict[str, float]]]) -> str:
    """Lines on two logarithmic axes: whole for foedus, dashed for oxigraph; a colour for each kind of query."""
    sizes = sorted(found)
    names = [name.removesuffix(", 1, cold, ms") for name in found[sizes[0]]["foedus"] if name.endswith(", 1, cold, ms")]
    values = [
        found[size][server][f"{name}, 1, cold, ms"]
        for size in sizes
        for server in ("foedus", "oxigraph")
        for name in names
        if math.isfinite(found[size][server][f"{name}, 1, cold, ms"])
    ]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    first, last = math.log10(sizes[0]), math.log10(sizes[-1])

    def x(size: int) -> float:
        return LEFT + (WIDTH - LEFT - 170) * (math.log10(size) - first) / (last - first or 1)

    def y(value: float) -> float:
        return HEIGHT - TOP - (HEIGHT - 2 * TOP) * (math.log10(value) - low) / (high - low)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        '<text x="8" y="16">median in ms, one client, cold; whole lines: foedus, dashed: oxigraph serve -l</text>',
    ]
    for power in range(low, high + 1):
        level = y(10**power)
        parts.append(f'<path d="M{LEFT} {level:.1f}H{WIDTH - 170}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{level + 4:.1f}" text-anchor="end">{10**power:g}</text>')
    parts += [
        f'<text x="{x(size):.1f}" y="{HEIGHT - 8}" text-anchor="middle">{size:,} triples</text>' for size in sizes
    ]
    for index, name in enumerate(names):
        colour = COLOURS[index % len(COLOURS)]
        for server, dash in (("foedus", ""), ("oxigraph", ' stroke-dasharray="5 4"')):
            points = " ".join(
                f"{x(size):.1f},{y(value):.1f}"
                for size in sizes
                if math.isfinite(value := found[size][server][f"{name}, 1, cold, ms"])
            )
            parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
        parts.append(f'<text x="{WIDTH - 160}" y="{60 + 22 * index}" fill="{colour}">{name}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


if __name__ == "__main__":
    main()
