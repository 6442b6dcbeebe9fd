"""`pytest --shapelint`: a section at the end, failing tests only with --shapelint-strict."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")

ROOT = Path(__file__).parents[2]
FILES = {
    "layer.py": "import torch\n\n\ndef swap(x):\n    B, T = x.shape\n    return x.t()  # (B, T)\n",
    "test_layer.py": (
        "import torch\nfrom layer import swap\n\n\ndef test_it():\n    assert swap(torch.rand(2, 3)).shape == (3, 2)\n"
    ),
}


def suite(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    for name, text in FILES.items():
        (folder / name).write_text(text)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "shapelint.cli.pytest_plugin",
        "-p",
        "no:cacheprovider",
        *arguments,
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=environment)


def test_without_the_option_nothing_is_said(tmp_path: Path) -> None:
    run = suite(tmp_path)

    assert "shape comments" not in run.stdout
    assert run.returncode == 0


def test_a_section_at_the_end(tmp_path: Path) -> None:
    run = suite(tmp_path, "--shapelint")

    assert "= shape comments =" in run.stdout
    assert "layer.py:6:21: error SHP103 comment says (B, T), the code gives (T, B)" in run.stdout
    assert "1 shape comment: 0 held, 1 contradicted" in run.stdout
    assert "1 passed" in run.stdout
    assert run.returncode == 0


def test_strict(tmp_path: Path) -> None:
    run = suite(tmp_path, "--shapelint-strict")

    assert "1 passed" in run.stdout
    assert run.returncode == 1
