"""The W3C's test suite for SHACL, which pySHACL's source distribution carries, fetched once and held to its hash."""

import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

PYSHACL = "pyshacl==0.40.1 --hash=sha256:011e3cf1a68b31747cb762ba3d755ae1bdcc464c8fad0dc212a9adc550719552"


@pytest.fixture(scope="session")
def suite(tmp_path_factory) -> Path:
    """The folder `sht_tests` of the suite."""
    folder = tmp_path_factory.mktemp("pyshacl")
    requirement = folder / "requirement.txt"
    requirement.write_text(PYSHACL, encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--no-binary", ":all:", "--require-hashes", "--dest", folder, "--requirement", requirement]
    subprocess.run(list(map(str, command)), check=True, timeout=300)
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        opened.extractall(folder, filter="data")
    return folder / "pyshacl-0.40.1" / "test" / "resources" / "sht_tests"
