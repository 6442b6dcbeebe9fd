"""pre-commit with this repository: a wrong comment blocks the commit, a right one lets it pass."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
HOOKS = (".pre-commit-hooks.yaml", "pre-commit-hooks.yaml")

MODEL = """\
import torch


def tokens():
    B, C, H, W = 8, 512, 4, 4
    image = torch.rand(B, C, H, W)
    return image.flatten(2)  # {comment}
"""

CONFIGURATION = """\
repos:
  - repo: {repository}
    rev: {revision}
    hooks:
      - id: shapelint
"""


def test_the_two_hook_files_are_one() -> None:
    """pre-commit reads the one with the dot; people look for the other."""
    first, second = ((TOP / name).read_text(encoding="utf-8") for name in HOOKS)

    assert first == second
    assert "id: shapelint" in first


def git(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run git as somebody, with both streams in one text."""
    named = {f"GIT_{who}_{what}": "tests@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return subprocess.run(
        ["git", "-C", str(folder), *arguments],
        env={**_environment(), **named, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def _environment() -> dict[str, str]:
    """The environment without what git sets for its own hooks: these tests may run in one."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}


@pytest.fixture(scope="module")
def pre_commit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program `pre-commit`: the one that is installed beside Python, or else from PyPI."""
    installed = Path(sys.executable).parent / "pre-commit"
    if installed.exists():
        return installed
    home = tmp_path_factory.mktemp("pre-commit")
    venv.create(home, with_pip=True)
    subprocess.run([home / "bin" / "pip", "install", "-q", "pre-commit>=4"], check=True)
    return home / "bin" / "pre-commit"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This repository as it stands in the working tree, committed in a copy, for pre-commit to clone."""
    copy = tmp_path_factory.mktemp("published") / "shapelint"
    listed = subprocess.run(
        ["git", "-C", str(TOP), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not run from a git repository")
    for name in filter(None, listed.stdout.split("\0")):
        if name.split("/")[0] in ("tests", "docs") or not (TOP / name).is_file():
            continue
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes((TOP / name).read_bytes())
    git(copy, "init", "-q")
    git(copy, "add", "-A")
    assert git(copy, "commit", "-q", "-m", "as it stands").returncode == 0
    return copy


def test_a_wrong_comment_blocks_a_commit_and_a_right_one_passes(
    tmp_path: Path, published: Path, pre_commit: Path
) -> None:
    project = tmp_path / "project"
    project.mkdir()
    git(project, "init", "-q")
    revision = git(published, "rev-parse", "HEAD").stdout.strip()
    settings = CONFIGURATION.format(repository=published, revision=revision)
    (project / ".pre-commit-config.yaml").write_text(settings, encoding="utf-8")
    home = {"PRE_COMMIT_HOME": str(tmp_path / "home")}
    subprocess.run([pre_commit, "install"], cwd=project, env={**_environment(), **home}, check=True)

    (project / "model.py").write_text(MODEL.format(comment="(B, H*W, C)"), encoding="utf-8")
    git(project, "add", "-A")
    blocked = git(project, "commit", "-m", "wrong", **home)
    assert blocked.returncode != 0, blocked.stdout
    assert "model.py:7:" in blocked.stdout, blocked.stdout
    assert "comment says (B, H*W, C), the code gives (B, C, H*W)" in blocked.stdout
    assert git(project, "rev-parse", "--verify", "-q", "HEAD").returncode != 0

    (project / "model.py").write_text(MODEL.format(comment="(B, C, H*W)"), encoding="utf-8")
    git(project, "add", "-A")
    passed = git(project, "commit", "-m", "right", **home)
    assert passed.returncode == 0, passed.stdout
    assert git(project, "rev-parse", "--verify", "-q", "HEAD").returncode == 0
