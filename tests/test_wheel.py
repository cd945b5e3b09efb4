"""The wheel works away from the checkout: it carries ontology, queries and fact tables, and builds the graph."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent


def hatch(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "hatchling", "build", *arguments], cwd=CHECKOUT, check=True, text=True)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """A wheel built from the source distribution, as an installer would build it."""
    folder = tmp_path_factory.mktemp("wheel")
    hatch("-t", "sdist", "-d", str(folder))
    (sdist,) = folder.glob("*.tar.gz")
    source = tmp_path_factory.mktemp("sdist")
    subprocess.run(["tar", "-xzf", sdist, "-C", source, "--strip-components=1"], check=True)
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=source, check=True, text=True
    )
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_carries_what_it_needs(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for part in (
        "kg/_assets/ontology/vocabulary/core.ttl",
        "kg/_assets/ontology/shapes/core.ttl",
        "kg/_assets/queries/questions/us-offer-to-ukraine.rq",
        "kg/_assets/queries/rules/contested-place.rq",
        "kg/data/memberships/nato.csv",
        "server/app.py",
        "kg/py.typed",
    ):
        assert part in names
    assert any(name.startswith("server/pages/templates/") for name in names)
    assert any(name.startswith("server/pages/static/") for name in names)
    assert any(name.endswith("licenses/LICENSE-DATA") for name in names)
    assert not any(name.startswith("tests/") for name in names)


@pytest.fixture(scope="module")
def elsewhere(wheel, tmp_path_factory):
    """A virtual environment with the wheel; the locked dependencies come from the one that runs the tests."""
    home = tmp_path_factory.mktemp("elsewhere")
    venv.create(home, with_pip=False)
    packages = next(home.glob("lib/python*/site-packages"))
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "FOEDUS"))}
        return subprocess.run(
            [home / "bin" / "python", "-m", "kg.cli", *map(str, arguments)],
            cwd=home,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    where = subprocess.run(
        [home / "bin" / "python", "-c", "import kg, server; print(kg.__file__, server.__file__)"],
        cwd=home,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert where.count(str(home)) == 2
    return run


def test_the_installed_command_builds_and_answers(elsewhere, small):
    listed = elsewhere("query", "--list")
    assert listed.returncode == 0, listed.stderr
    assert "us-offer-to-ukraine" in listed.stdout
    done = elsewhere("build", "--facts", small)
    assert done.returncode == 0, done.stderr
    answer = elsewhere("query", "crimea")
    assert answer.returncode == 0, answer.stderr
    assert "Ukraine" in answer.stdout
    assert elsewhere("validate").returncode == 0
