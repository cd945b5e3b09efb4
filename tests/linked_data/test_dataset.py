"""The dataset describes itself from what it holds, and its dumps are what they say."""

import gzip
import hashlib
import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree

import pyoxigraph
import pytest
import rdflib
from pyoxigraph import RdfFormat

from kg.store import dumps, generation
from kg.terms import BASE

VOID = rdflib.Namespace("http://rdfs.org/ns/void#")
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
DATASET = rdflib.URIRef(f"{BASE}id/dataset/foedus")


def read(path, form):
    return pyoxigraph.parse(gzip.decompress(path.read_bytes()), form)


@pytest.fixture(scope="module")
def void(site):
    """The description as rdflib reads it."""
    response = site.get("/.well-known/void")
    assert response.headers["content-type"] == "text/turtle; charset=utf-8"
    return rdflib.Graph().parse(data=response.text, format="turtle")


def test_the_description_counts_what_is_there(site, void):
    counts = site.get("/health").json()["counts"]
    assert int(void.value(DATASET, VOID.triples)) == counts["merged triples"]
    for kind, measure, query in (
        ("class", VOID.entities, "SELECT (COUNT(*) AS ?n) { ?s a <%s> }"),
        ("property", VOID.triples, "SELECT (COUNT(*) AS ?n) { ?s <%s> ?o }"),
    ):
        parts = list(void.objects(DATASET, VOID[f"{kind}Partition"]))
        assert len(parts) > 20
        for part in parts[:5]:
            text = query % void.value(part, VOID[kind])
            rows = site.get("/sparql", params={"query": text}, headers={"Accept": "text/csv"}).text.split()
            assert rows[1] == str(void.value(part, measure))
    linkset = next(void.subjects(rdflib.RDF.type, VOID.Linkset))
    assert str(void.value(void.value(linkset, VOID.objectsTarget), VOID.uriSpace)) == "http://www.wikidata.org/entity/"


def test_what_dcat_ap_demands_is_there(void):
    terms = rdflib.DCTERMS
    catalogue = next(void.subjects(rdflib.RDF.type, DCAT.Catalog))
    for node, demanded in (
        (catalogue, (terms.title, terms.description, terms.publisher, DCAT.dataset)),
        (DATASET, (terms.title, terms.description, terms.publisher, terms.license, DCAT.distribution, DCAT.theme)),
    ):
        for predicate in demanded:
            assert void.value(node, predicate) is not None, (node, predicate)
    for file in void.objects(DATASET, DCAT.distribution):
        assert void.value(file, DCAT.accessURL) is not None
        assert void.value(file, terms.license) is not None


@pytest.mark.parametrize("suffix", ["ttl", "jsonld", "nt", "rdf", "html"])
def test_the_dataset_is_a_name_like_others(site, void, suffix):
    assert site.get("/id/dataset/foedus").headers["location"] == "/doc/dataset/foedus"
    response = site.get(f"/doc/dataset/foedus.{suffix}")
    assert response.status_code == 200
    names = {"ttl": "turtle", "nt": "nt", "rdf": "xml"}
    if suffix in names:
        assert len(rdflib.Graph().parse(data=response.content, format=names[suffix])) == len(void)
    if suffix == "jsonld":
        assert response.json()
    if suffix == "html":
        assert 'typeof="Dataset"' in response.text
        assert 'property="license"' in response.text
    again = site.get(f"/doc/dataset/foedus.{suffix}", headers={"If-None-Match": response.headers["etag"]})
    assert again.status_code == 304


def test_the_quads_are_offered_with_checksum_and_ranges(site):
    (file,) = site.get("/dumps").json()["files"]
    whole = site.get(file["url"])
    assert hashlib.sha256(whole.content).hexdigest() == file["sha256"]
    assert len(whole.content) == file["bytes"]
    assert gzip.decompress(whole.content).count(b"\n") == site.get("/health").json()["counts"]["quads"]
    part = site.get(file["url"], headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    assert f"{file['sha256']}  {file['name']}" in site.get("/dumps/SHA256SUMS").text
    assert file["name"] in site.get("/dumps", headers={"Accept": "text/html"}).text
    for name in ("none.nq.gz", "foedus-x.nq.gz", "..%2Fbuild.lock", ".unfinished-x"):
        assert site.get(f"/dumps/{name}").status_code == 404


def test_every_dump_that_was_written_is_described_and_offered(dumped):
    files = dumped.get("/dumps").json()["files"]
    types = {file["name"].removesuffix(".gz").rpartition(".")[2]: file["mediaType"] for file in files}
    assert types["nt"] == "application/n-triples"
    assert len(files) >= 10
    assert len({file["name"] for file in files if ".register." in file["name"]}) == 4
    for file in files:
        assert hashlib.sha256(dumped.get(file["url"]).content).hexdigest() == file["sha256"]
    described = rdflib.Graph().parse(data=dumped.get("/.well-known/void").text, format="turtle")
    addresses = {str(each) for each in described.objects(None, DCAT.downloadURL)}
    assert addresses == {file["url"] for file in files}
    assert dumped.get("/doc/dataset/foedus", headers={"Accept": "text/html"}).status_code == 200


def test_crawlers_find_the_pages(site):
    robots = site.get("/robots.txt").text
    assert re.search(r"(?m)^Sitemap: http://127\.0\.0\.1:\d+/sitemap\.xml$", robots)
    root = ElementTree.fromstring(site.get("/sitemap.xml").content)
    found = [each.text for each in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert len(found) == len(set(found)) > 10
    assert any(each.endswith("/doc/territory/crimea") for each in found)
    for address in found[-5:]:
        assert site.get(address).status_code == 200


def test_all_dumps_hold_the_same_and_changes_lead_from_one_to_the_next(little, foedus, tmp_path):
    """A mirror that has the old quads gets the new ones from the list of changes alone."""
    root = tmp_path / "copy"
    shutil.copytree(little, root, symlinks=True)
    done = foedus("dump", "--from", root)
    assert done.returncode == 0, done.stderr
    now = generation.current(root)
    files = {path.name: path for path in dumps.listed(root, now)}
    start = next(name for name in files if name.endswith(f"{now.name}.nq.gz")).removesuffix(".nq.gz")
    sums = subprocess.run(
        ["sha256sum", "--check", "--quiet", dumps.SUMS], cwd=dumps.folder(root, now), check=False
    ).returncode
    assert sums == 0
    quads = {str(each) for each in read(files[f"{start}.nq.gz"], RdfFormat.N_QUADS)}
    for ending, form in (("trig.gz", RdfFormat.TRIG), ("jsonld.gz", RdfFormat.JSON_LD)):
        assert {str(each) for each in read(files[f"{start}.{ending}"], form)} == quads
    register = gzip.decompress(files[f"{start}.register.nq.gz"].read_bytes())
    assert register.count(b"\n") == sum(each.endswith(f"<{BASE}id/dataset/register>") for each in quads)
    alone = {" ".join(each.split(" ")[:-2]) for each in register.decode().splitlines()}
    for ending, form in (("trig", RdfFormat.TRIG), ("ttl", RdfFormat.TURTLE), ("jsonld", RdfFormat.JSON_LD)):
        again = list(read(files[f"{start}.register.{ending}.gz"], form))
        assert {str(each.triple) for each in again} == alone
        named = form != RdfFormat.TURTLE
        assert all(isinstance(each.graph_name, pyoxigraph.NamedNode) == named for each in again)
    merged = list(read(files[f"{start}.ttl.gz"], RdfFormat.TURTLE))
    assert len(merged) == now.manifest()["counts"]["merged triples"]

    older = root / dumps.DUMPS / "older"
    older.mkdir()
    lines = gzip.decompress(now.dump.read_bytes()).splitlines(keepends=True)
    before = sorted([*lines[5:], b"<http://example.org/gone> <http://example.org/p> <http://example.org/o> .\n"])
    (older / "foedus-0.0.9-older.nq.gz").write_bytes(gzip.compress(b"".join(before)))
    assert foedus("dump", "--from", root).returncode == 0
    added, removed = (
        gzip.decompress((dumps.folder(root, now) / f"{start}.{word}-since-older.nq.gz").read_bytes())
        for word in ("added", "removed")
    )
    assert added.splitlines(keepends=True) == lines[:5]
    assert removed.count(b"\n") == 1
    applied = sorted({*before} - {*removed.splitlines(keepends=True)} | {*added.splitlines(keepends=True)})
    assert applied == lines
