"""The action, the hooks and the GitLab template say things that the command understands; our own project passes."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]


def document(name: str) -> object:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


@pytest.fixture
def path(tmp_path) -> str:
    """A search path on which `foedus` is the one under test."""
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "foedus"
    script.write_text(f'#!/bin/sh\nexec {sys.executable} -m kg.cli "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def test_the_action_runs_from_its_first_step_to_its_last(tmp_path):
    """In a Python of its own, as the step that sets Python up gives it; so this installs what the action installs."""
    action = document("action.yml")
    assert action["runs"]["using"] == "composite"
    case = tmp_path / "case"
    shutil.copytree(Path(__file__).parent / "cases" / "SHA01" / "fails", case)
    given = {name: str(inputs["default"]) for name, inputs in action["inputs"].items()} | {"only": "SHA", "paths": "."}
    summary = tmp_path / "summary.md"
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "FOEDUS"))}
    inherited |= {"GITHUB_ACTION_PATH": str(ROOT), "GITHUB_STEP_SUMMARY": str(summary)}
    setup, *steps = action["runs"]["steps"]
    assert setup["uses"].startswith("actions/setup-python@")
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "python"], check=True, timeout=120)
    inherited["PATH"] = f"{tmp_path / 'python' / 'bin'}{os.pathsep}{inherited['PATH']}"
    done = []
    for step in steps:
        values = {name: given[text.split("inputs.")[1].split(" ")[0]] for name, text in step["env"].items()}
        done.append(
            subprocess.run(
                [step["shell"], "-e", "-o", "pipefail", "-c", step["run"]],
                cwd=case,
                env={**inherited, **values},
                capture_output=True,
                text=True,
                timeout=300,
                check=False,
            )
        )
    assert [each.returncode for each in done] == [0, 1], [each.stderr for each in done]
    assert (tmp_path / "python" / "bin" / "foedus").exists()
    assert "::error file=data.ttl,line=4,col=1" in done[-1].stdout
    assert (case / given["sarif"]).exists()
    assert "SHA01" in summary.read_text(encoding="utf-8")


def test_hooks_and_template_run(tmp_path, path):
    lines = [hook["entry"] for hook in document(".pre-commit-hooks.yaml")]
    lines += [line for line in document("docs/ci/gitlab.yml")["foedus-check"]["script"] if line.startswith("foedus")]
    assert len(lines) == 3
    for line in lines:
        done = subprocess.run(
            line.split(), cwd=tmp_path, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (line, done.stderr)
    assert (tmp_path / "gl-code-quality-report.json").exists()


def test_our_own_project_has_no_finding(path):
    """What `[tool.foedus.check]` skips is said there, with the reason."""
    done = subprocess.run(
        ["foedus", "check", "--fail-on", "info"],
        cwd=ROOT,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "No findings." in done.stdout
