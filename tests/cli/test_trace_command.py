"""`shapelint trace` and `shapelint why`: shapes beside the lines, and the lines that one line's shapes come from."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Project = Callable[[dict[str, str]], Path]
Run = Callable[..., tuple[int, str, str]]

PROGRAM = """\
import torch
from torch import nn
import weird


class Head(nn.Module):
    def __init__(self, dim, classes):
        super().__init__()
        self.fc = nn.Linear(dim, classes)
        self.gain = nn.Parameter(torch.ones(dim))

    def forward(self, x, mask):
        B, T, D = x.shape
        h = x * self.gain  # (B, T, D)
        y = self.fc(h)  # (B, T, classes)
        z = weird.twist(mask)
        return y.mean(1), z  # (B, classes), (B,)


def pairs(a):
    B, C = a.shape
    rows = [a, a]
    for i in range(3):
        a = a + 1
    return torch.stack(rows)  # (2, B, C)
"""

WHOLE = """\
 6| class Head(nn.Module):
 7|     def __init__(self, dim, classes):
 8|         super().__init__()
 9|         self.fc = nn.Linear(dim, classes)
10|         self.gain = nn.Parameter(torch.ones(dim))  | (dim,)
11|
12|     def forward(self, x, mask):                    | (B, T, D)
13|         B, T, D = x.shape
14|         h = x * self.gain  # (B, T, D)             | (B, T, D)  proved
15|         y = self.fc(h)  # (B, T, classes)          | (B, T, classes)  proved
16|         z = weird.twist(mask)                      | ? unknown function weird.twist at line 16 (not seen)
17|         return y.mean(1), z  # (B, classes), (B,)  | [(B, classes), (B,)]  (B, classes) proved  (B,) assumed: """
WHOLE += "what code gives that is not seen\n"


def test_every_line_of_a_class_has_its_shapes_beside_it(project: Project, shapelint: Run) -> None:
    project({"a.py": PROGRAM})

    assert shapelint("trace", "a.py::Head") == (0, WHOLE, "")


def test_a_loop_shows_its_last_turn_and_a_list_what_it_holds(project: Project, shapelint: Run) -> None:
    project({"a.py": PROGRAM})

    assert shapelint("trace", "a.py::pairs")[1] == (
        "20| def pairs(a):                              | (B, C)\n"
        "21|     B, C = a.shape\n"
        "22|     rows = [a, a]                          | 2 x (B, C)\n"
        "23|     for i in range(3):\n"
        "24|         a = a + 1                          | (B, C)\n"
        "25|     return torch.stack(rows)  # (2, B, C)  | (2, B, C)  proved\n"
    )


def test_a_size_goes_by_the_name_that_a_comment_gives_it_on_its_own_line_too(project: Project, shapelint: Run) -> None:
    project({"a.py": "import torch\n\n\ndef f(x):\n    h = x.flatten(1)  # (B, K)\n    return h * 2\n"})

    assert "| (B, K)  assumed" in shapelint("trace", "a.py")[1]


def test_why_shows_the_lines_behind_one_line(project: Project, shapelint: Run) -> None:
    project({"a.py": PROGRAM})

    assert shapelint("why", "a.py:14") == (
        0,
        " 7|     def __init__(self, dim, classes):\n"
        "  | ...\n"
        "10|         self.gain = nn.Parameter(torch.ones(dim))  | (dim,)\n"
        "  | ...\n"
        "12|     def forward(self, x, mask):                    | (B, T, D)\n"
        "  | ...\n"
        "14|         h = x * self.gain  # (B, T, D)             | (B, T, D)  proved\n",
        "",
    )


def test_json_tells_values_claims_and_what_a_line_uses(project: Project, shapelint: Run) -> None:
    project({"a.py": PROGRAM})
    _, out, _ = shapelint("why", "a.py:16", "--output-format", "json")

    assert json.loads(out)["lines"][-1] == {
        "path": "a.py",
        "line": 16,
        "function": "Head.forward",
        "values": [{"name": "z", "shape": None, "reason": "unknown function weird.twist at line 16 (not seen)"}],
        "claims": [],
        "uses": [12],
    }


def test_the_place_may_be_as_a_finding_gives_it(project: Project, shapelint: Run) -> None:
    project({"a.py": PROGRAM})

    assert shapelint("why", "a.py:14:9") == shapelint("why", "a.py:14")


def test_a_page_is_followed_block_by_block(project: Project, shapelint: Run) -> None:
    project({"a.md": "# One\n\n```python\nimport torch\nx = torch.ones(2, 3)\n```\n"})

    assert shapelint("why", "a.md:5") == (0, "5| x = torch.ones(2, 3)  | (2, 3)\n", "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("why", "a.py"), "which line? Write a.py:LINE"),
        (("why", "a.py:99"), "a.py has 25 lines, none of number 99"),
        (("why", "a.py:8"), "a.py:8: nothing is known of this line; the nearest that is, is line 7"),
        (("why", "none.py:1"), "none.py: this file does not exist"),
        (("trace", "."), ". is a folder; this is asked of one file"),
        (("trace", "a.py::Haed"), "a.py has no function or class Haed (did you mean 'Head'?)"),
        (("trace", "broken.py"), "broken.py:2: "),
    ],
)
def test_what_cannot_be_shown_is_told(project: Project, shapelint: Run, arguments: tuple[str, ...], said: str) -> None:
    project({"a.py": PROGRAM, "broken.py": "import torch\nx = = 1\n"})
    status, out, err = shapelint(*arguments)

    assert (status, out) == (2, "")
    assert said in err
