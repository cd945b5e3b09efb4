"""The W3C test suites of SPARQL, out of the source distribution of rdflib: pinned by hash, kept in .cache."""

import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

from rdflib import Graph, Namespace
from rdflib.collection import Collection
from rdflib.namespace import RDF

CHECKOUT = Path(__file__).resolve().parents[2]
VERSION = "7.6.0"
DIGEST = "6c831288d5e4a5a7ece85d0ccde9877d512a3d0f02d7c06455d00d6d0ea379df"
INSIDE = f"rdflib-{VERSION}/test/data/suites/w3c/"
WEB = "http://suite.example/"
"""What stands for the folder of the suites in the names of graphs."""
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")


@dataclass(frozen=True)
class Case:
    """One test of a manifest: its name, its kind, its query or update, its data and its expected result.

    Files are named by their address under WEB; `graphs` are (name, file).
    """

    name: str
    kind: str
    request: str | None
    data: tuple[str, ...]
    graphs: tuple[tuple[str, str], ...]
    result: str | None
    expected_graphs: tuple[tuple[str, str], ...] = ()


def fetch() -> Path:
    """The folder of the suites; fetched from the package registry unless it is there."""
    folder = CHECKOUT / ".cache" / f"rdflib-{VERSION}"
    if not (folder / "done").exists():
        folder.mkdir(parents=True, exist_ok=True)
        wanted = folder / "requirements.txt"
        wanted.write_text(f"rdflib=={VERSION} --hash=sha256:{DIGEST}\n", encoding="utf-8")
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        command += ["--no-binary", "rdflib", "--require-hashes", "--dest", str(folder), "--requirement", str(wanted)]
        subprocess.run(command, check=True, timeout=300)
        with tarfile.open(folder / f"rdflib-{VERSION}.tar.gz") as archive:
            members = [each for each in archive.getmembers() if each.name.startswith(INSIDE)]
            archive.extractall(folder, members, filter="data")
        (folder / "done").touch()
    return folder / INSIDE


def path(folder: Path, address: str) -> Path:
    """The file that an address under WEB stands for."""
    return folder / address.removeprefix(WEB)


def cases(folder: Path, suite: str) -> list[Case]:
    """The tests of one manifest, in its order."""
    manifest = Graph()
    base = f"{WEB}{suite}/manifest.ttl"
    manifest.parse(folder / suite / "manifest.ttl", format="turtle", publicID=base)
    entries = [entry for each in manifest.objects(None, MF.entries) for entry in Collection(manifest, each)]
    return [_case(manifest, suite, entry) for entry in entries if (entry, RDF.type, None) in manifest]


def _case(manifest: Graph, suite: str, entry: object) -> Case:
    kind = str(manifest.value(entry, RDF.type)).rpartition("#")[2]
    action, result = manifest.value(entry, MF.action), manifest.value(entry, MF.result)
    request, data, graphs, expected = action, (), (), ()
    expected_graphs: tuple[tuple[str, str], ...] = ()
    if action is not None and (action, None, None) in manifest:
        request = manifest.value(action, QT.query) or manifest.value(action, UT.request)
        data = (*manifest.objects(action, QT.data), *manifest.objects(action, UT.data))
        graphs = (*_graphs(manifest, action, QT), *_graphs(manifest, action, UT))
    if kind == "UpdateEvaluationTest":
        expected = tuple(manifest.objects(result, UT.data))
        expected_graphs = _graphs(manifest, result, UT)
        result = expected[0] if expected else None
    return Case(
        name=f"{suite}#{str(entry).rpartition('#')[2]}",
        kind=kind,
        request=str(request) if request else None,
        data=tuple(map(str, data)),
        graphs=graphs,
        result=str(result) if result else None,
        expected_graphs=expected_graphs,
    )


def _graphs(manifest: Graph, node: object, vocabulary: Namespace) -> tuple[tuple[str, str], ...]:
    found = []
    for each in manifest.objects(node, vocabulary.graphData):
        file = (
            manifest.value(each, vocabulary.graph)
            or manifest.value(each, QT.graph)
            or manifest.value(each, vocabulary.data)
        )
        label = next((str(name) for name in manifest.objects(each, LABEL)), None)
        found.append((label or str(each), str(file or each)))
    return tuple(found)


LABEL = Namespace("http://www.w3.org/2000/01/rdf-schema#").label
