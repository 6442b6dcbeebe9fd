"""`shapelint contract`: of a file, of one class or function, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

Project = Callable[[dict[str, str]], Path]
Run = Callable[..., tuple[int, str, str]]

PROGRAM = """
import torch
from torch import nn


class Head(nn.Module):
    def __init__(self, dim, classes):
        super().__init__()
        self.fc = nn.Linear(dim, classes)

    def forward(self, x):
        B, T, D = x.shape
        return self.fc(x.mean(1))


def scale(x):
    B, D = x.shape
    return 2 * x
"""

FORWARD = "Head.forward(x: (B, T, D)) -> (B, classes) needs D == dim\n"


def test_every_function_and_class_of_a_file_has_a_line(project: Project, shapelint: Run) -> None:
    project({"a.py": PROGRAM})

    assert shapelint("contract", "a.py") == (0, f"Head(dim, classes)\n{FORWARD}scale(x: (B, D)) -> (B, D)\n", "")


def test_one_function_or_class_can_be_asked_for(project: Project, shapelint: Run) -> None:
    project({"a.py": PROGRAM})

    assert shapelint("contract", "a.py::Head.forward") == (0, FORWARD, "")
    assert shapelint("contract", "a.py::Head") == (0, f"Head(dim, classes)\n{FORWARD}", "")


def test_json_tells_the_parts(project: Project, shapelint: Run) -> None:
    project({"a.py": PROGRAM})
    _, out, _ = shapelint("contract", "a.py::Head.forward", "--output-format", "json")

    assert json.loads(out) == {
        "version": 1,
        "contracts": [
            {
                "path": "a.py", "line": 11, "name": "Head.forward", "takes": {"x": "(B, T, D)"},
                "gives": "(B, classes)", "needs": ["D == dim"], "where": {}, "limit": None,
            }
        ],
    }  # fmt: skip


def test_what_is_not_there_is_said(project: Project, shapelint: Run) -> None:
    project({"a.py": PROGRAM})
    status, _, err = shapelint("contract", "a.py::Head.forwrd")

    assert status == 2
    assert "a.py has no function or class Head.forwrd" in err
    assert shapelint("contract", "missing.py")[0] == 2
