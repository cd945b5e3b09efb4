"""`python -m tests.bench [triples …]`: measure, print ratios, and write .cache/bench.json."""

import argparse
import asyncio
import json
import sys
import tempfile
from pathlib import Path

from . import servers
from .client import Measured, measure, request
from .data import kinds, triples

CLIENTS = (1, 8, 64)


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("triples", nargs="*", type=int, default=[100_000, 1_000_000])
    parser.add_argument("--seconds", type=float, default=1.0, help="how long each measurement takes")
    parser.add_argument("--kinds", nargs="*", help="only these kinds of query")
    parser.add_argument("--servers", nargs="*", help="only these servers")
    parser.add_argument("--clients", nargs="*", type=int, default=list(CLIENTS))
    parser.add_argument("--into", type=Path, default=Path(".cache/bench.json"))
    chosen = parser.parse_args()
    found: dict[str, dict[str, dict[str, float]]] = {}
    for number in chosen.triples:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            data = folder / "data.nt"
            with data.open("w", encoding="utf-8") as file:
                file.writelines(triples(number))
            found[str(number)] = {}
            for start in (servers.foedus, servers.oxigraph, servers.rdflib_endpoint, servers.behind_nginx):
                if not _wanted(start.__name__, number, chosen.servers):
                    continue
                with start(data, folder) as server:
                    sys.stderr.write(f"{server.name}: {number:,} triples, answers after {server.start:.1f} s\n")
                    found[str(number)][server.name] = _measure(server, number, chosen)
        chosen.into.parent.mkdir(exist_ok=True)
        chosen.into.write_text(json.dumps(found, indent=1), encoding="utf-8")
        sys.stdout.write(_table(number, found[str(number)]))


def _wanted(name: str, number: int, only: list[str] | None) -> bool:
    if only:
        return name in only
    if name == "rdflib_endpoint" and number > servers.MOST_FOR_RDFLIB:
        return False
    return name != "behind_nginx" or Path(servers.NGINX).exists()


def _measure(server: servers.Server, number: int, chosen: argparse.Namespace) -> dict[str, float]:
    """Answers a second and the median in milliseconds, by kind, clients, and cold or repeated."""
    found: dict[str, float] = {}
    host = f"127.0.0.1:{server.port}"
    for kind in kinds(number):
        if chosen.kinds and kind.name not in chosen.kinds:
            continue
        cold = [request(server.path, kind.text(each), host) for each in range(4000)]
        slow = server.name == "rdflib-endpoint"
        for clients in chosen.clients[:1] if slow else chosen.clients:
            for how, requests in (("cold", cold), ("repeated", cold[:1])):
                if slow and how == "repeated":
                    continue
                if how == "repeated":
                    asyncio.run(measure(server.port, requests, 1, 0.05))
                measured: Measured = asyncio.run(measure(server.port, requests, clients, chosen.seconds))
                name = f"{kind.name}, {clients}, {how}"
                found[name] = round(measured.rate, 2)
                found[f"{name}, ms"] = round(measured.median * 1000, 3)
                if measured.failed:
                    sys.stderr.write(f"  {name}: {measured.failed} failed\n")
                cold = cold[1000:] + cold[:1000]
    return found


def _table(number: int, found: dict[str, dict[str, float]]) -> str:
    names = list(found)
    lines = [
        f"\n{number:,} triples: answers a second (ratio to oxigraph)",
        f"{'':32}" + "".join(f"{n:>24}" for n in names),
    ]
    rows = [row for row in found[names[0]] if not row.endswith("ms")]
    for row in rows:
        base = found.get("oxigraph", {}).get(row)
        cells = []
        for name in names:
            rate = found[name].get(row)
            ratio = f" ({rate / base:5.2f})" if rate is not None and base else ""
            cells.append(f"{'' if rate is None else f'{rate:,.1f}{ratio}':>24}")
        lines.append(f"{row:32}" + "".join(cells))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
