"""`shapelint run`: a script runs as under Python, and each comment is held against what passes it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")

ROOT = Path(__file__).parents[2]

MODEL = """
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, dim, hidden):
        super().__init__()
        self.up = nn.Linear(dim, hidden)

    def forward(self, x):
        B, T, D = x.shape
        h = self.up(x)  # (B, T, {hidden})
        return h.mean(1)  # (B, hidden)
"""

SCRIPT = """
import sys
import torch
from model import Net

if __name__ == "__main__":
    print("arguments", sys.argv[1:], __name__, __file__.endswith("train.py"))
    for size in (2, 3):
        out = Net(5, 7)(torch.rand(size, 4, 5))  # (size, 7)
    {end}
"""


def project(folder: Path, hidden: str = "hidden", end: str = "pass") -> Path:
    (folder / "model.py").write_text(MODEL.format(hidden=hidden))
    (folder / "train.py").write_text(SCRIPT.format(end=end))
    return folder


def shapelint(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "shapelint", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=environment)


def test_comments_that_hold(tmp_path: Path) -> None:
    run = shapelint(project(tmp_path), "run", "train.py", "--epochs", "3")

    assert run.stdout == "arguments ['--epochs', '3'] __main__ True\n"
    assert run.stderr == "3 shape comments: 3 held, 0 contradicted, 0 could not be told, 0 never met.\n"
    assert run.returncode == 0


def test_a_comment_that_is_contradicted_in_an_imported_module(tmp_path: Path) -> None:
    run = shapelint(project(tmp_path, hidden="D"), "run", "--output-format", "concise", "train.py")

    assert run.returncode == 1
    assert run.stderr.splitlines() == [
        "model.py:13:27: error SHP102 comment says (B, T, D), the code gives (B, T, hidden)",
        "3 shape comments: 2 held, 1 contradicted, 0 could not be told, 0 never met.",
    ]


def test_numbers_that_are_contradicted_are_counted_so(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("import torch\n\nx = torch.rand(2, 3)\ny = x.t()  # (2, 3)\n")
    run = shapelint(tmp_path, "run", "--output-format", "concise", "a.py")

    assert run.stderr.splitlines() == [
        "a.py:4:14: error SHP102 comment says (2, 3), the run gave (3, 2)",
        "1 shape comment: 0 held, 1 contradicted, 0 could not be told, 0 never met.",
    ]


def test_the_sizes_of_a_finding_are_not_told_twice(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("import torch\n\nB, C = 2, 3\nx = torch.rand(B, C).t()  # (B, C)\n")
    run = shapelint(tmp_path, "run", "a.py")

    assert run.stderr.count("for B=2, C=3") == 1


HEADS = """
import torch
from torch import nn


class Attention(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(dim, 3 * dim)

    def forward(self, x):
        B, N, C = x.shape
        qkv = self.qkv(x).reshape(B, N, 3, self.heads, C // self.heads)  # (B, N, 3, heads, C//heads)
        return qkv.permute(2, 0, 3, 1, 4)  # (3, B, N, heads, C//heads)
"""


def test_what_a_method_uses_as_a_size_is_one_where_the_module_is_made(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(HEADS)
    check = shapelint(tmp_path, "--dynamic", "a.py")

    assert check.stdout.count("error") == 2  # the finding and the closing line
    assert "dynamic: confirmed" in check.stdout


def test_json(tmp_path: Path) -> None:
    arguments = ("run", "--output-format", "json", "--annotations", "-o", "report.json", "train.py")
    run = shapelint(project(tmp_path, hidden="D"), *arguments)
    data = json.loads((tmp_path / "report.json").read_text())

    assert run.stderr == ""
    assert [(one["line"], one["dynamic"]) for one in data["findings"]] == [(13, "confirmed")]
    assert {one["reason"] for one in data["annotations"]} == {"contradicted by 2 of 2 values", "it held 2 times"}


def test_the_status_of_the_script_comes_first(tmp_path: Path) -> None:
    assert shapelint(project(tmp_path, hidden="D", end="sys.exit(5)"), "run", "train.py").returncode == 5
    assert shapelint(project(tmp_path, hidden="D"), "run", "--exit-zero", "train.py").returncode == 0


def test_an_error_of_the_script_is_told_as_python_tells_it(tmp_path: Path) -> None:
    run = shapelint(project(tmp_path, end="Net(5, 7)(torch.rand(2, 4, 6))"), "run", "train.py")

    assert run.returncode == 1
    assert "shapelint/" not in run.stderr
    assert '", line 13, in forward' in run.stderr
    assert "mat1 and mat2" in run.stderr


def test_a_module(tmp_path: Path) -> None:
    package = tmp_path / "package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "layer.py").write_text("import torch\n\n\ndef f(x):\n    B, T = x.shape\n    return x.t()  # (B, T)\n")
    (package / "__main__.py").write_text("import torch\nfrom .layer import f\nf(torch.rand(2, 3))\n")
    run = shapelint(tmp_path, "run", "--output-format", "concise", "-m", "package")

    assert "package/layer.py:6:21: error SHP103" in run.stderr
    assert run.returncode == 1


def test_nothing_is_written(tmp_path: Path) -> None:
    shapelint(project(tmp_path), "run", "train.py")

    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.py", "train.py"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("run", "missing.py"), "missing.py does not exist"),
        (("run", "-m", "missing_module"), "no module missing_module"),
    ],
)
def test_what_cannot_be_run(arguments: tuple[str, ...], told: str, tmp_path: Path) -> None:
    run = shapelint(tmp_path, *arguments)

    assert told in run.stderr
    assert run.returncode == 2


@pytest.mark.parametrize(
    "arguments", [("run", "train.py"), ("check", "--dynamic", "model.py"), ("probe", "model.py::Net")]
)
def test_without_torch(arguments: tuple[str, ...], tmp_path: Path) -> None:
    project(tmp_path)
    hide = "import importlib.util as u; f = u.find_spec; u.find_spec = lambda n, *a: None if n == 'torch' else f(n, *a)"
    main = f"{hide}; import sys; from shapelint.cli.main import main; sys.exit(main({list(arguments)!r}))"
    run = subprocess.run(
        [sys.executable, "-c", main], cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip

    assert "pip install 'shapelint[torch]'" in run.stderr
    assert run.returncode == 2


def test_a_notebook(tmp_path: Path) -> None:
    cells = ["import torch\nx = torch.rand(2, 3)", "%matplotlib inline\ny = x.t()  # (2, 3)"]
    notebook = {
        "cells": [
            {"cell_type": "code", "source": cell, "metadata": {}, "outputs": [], "execution_count": None}
            for cell in cells
        ],
        "metadata": {"kernelspec": {"language": "python", "name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    (tmp_path / "book.ipynb").write_text(json.dumps(notebook))
    run = shapelint(tmp_path, "run", "--output-format", "concise", "book.ipynb")
    check = shapelint(tmp_path, "check", "--dynamic", "--output-format", "json", "book.ipynb")

    assert "book.ipynb:cell 2:2:14: error" in run.stderr
    assert [one["dynamic"] for one in json.loads(check.stdout)["findings"]] == ["confirmed"]


def test_a_block_of_an_article(tmp_path: Path) -> None:
    text = "Tokens:\n\n```python\nh = image.flatten(2)  # (B, C, H*W)\nt = h.transpose(1, 2)  # (B, C, H*W)\n```\n"
    (tmp_path / "article.md").write_text(text)
    check = shapelint(tmp_path, "check", "--dynamic", "--output-format", "json", "article.md")
    found = [(one["line"], one["dynamic"]) for one in json.loads(check.stdout)["findings"]]

    assert found == [(5, "confirmed")]


def test_what_is_imported_is_said(tmp_path: Path) -> None:
    check = shapelint(project(tmp_path, hidden="D"), "check", "--dynamic", "--output-format", "concise", "model.py")

    assert check.stderr == "model.py: importing model, calling Net.forward\n"
    assert check.returncode == 1


def test_a_finding_that_is_not_confirmed_does_not_fail_the_run(tmp_path: Path) -> None:
    (tmp_path / "patched.py").write_text(
        "import torch\n\nif hasattr(torch, 'eye'):\n    torch.Tensor.transpose = lambda self, *_: self\n\n\n"
        "def f(x):\n    B, T, D = x.shape\n    return x.transpose(1, 2)  # (B, T, D)\n"
    )
    check = shapelint(tmp_path, "check", "--dynamic", "patched.py")

    assert "dynamic: not confirmed" in check.stdout
    assert check.returncode == 0


def test_probe(tmp_path: Path) -> None:
    probe = shapelint(project(tmp_path), "probe", "model.py::Net", "B=3", "T=4", "dim=6", "hidden=8")

    assert probe.stdout.splitlines() == [
        "model.py::Net.forward with dim=6, hidden=8, B=3, T=4, D=6",
        "  11|     def forward(self, x):",
        "  12|         B, T, D = x.shape                 | (3, 4, 6)",
        "  13|         h = self.up(x)  # (B, T, hidden)  | (3, 4, 8)",
        "  14|         return h.mean(1)  # (B, hidden)   | (3, 8)",
    ]
    assert probe.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("model.py",), "which function?"),
        (("model.py::Nothing",), "model.py has no function Nothing; it has "),
        (("model.py::Net", "Q=3"), "there is no size Q here; there are B, D, T"),
        (("model.py::Net", "D=3", "dim=4"), "cannot be: the code needs"),
        (("model.py::Net", "B"), "`B` is no NAME=VALUE"),
    ],
)
def test_probe_says_what_it_cannot_do(arguments: tuple[str, ...], told: str, tmp_path: Path) -> None:
    probe = shapelint(project(tmp_path), "probe", *arguments)

    assert told in probe.stderr
    assert probe.returncode == 2
