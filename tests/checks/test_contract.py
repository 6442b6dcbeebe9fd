"""Contracts: what a function takes, needs and gives, each told in one line."""

from __future__ import annotations

import pytest

from shapelint.checks.findings.contract import contracts
from shapelint.interp.running.analysis import analyse
from shapelint.program import lower

HEAD = "import torch\nimport torch.nn.functional as F\nfrom torch import nn\n\n"


def told(program: str) -> dict[str, str]:
    """Each contract of a program, as text, by the name of the function or class."""
    module = lower(HEAD + program, "program.py")
    return {one.name: str(one) for one in contracts(analyse(module).evidence)}


PATCHES = """
class Patches(nn.Module):
    def __init__(self, img_size, ps, in_ch, D):
        super().__init__()
        assert img_size % ps == 0
        self.proj = nn.Conv2d(in_ch, D, ps, stride=ps)

    def forward(self, x):
        B, C, H, W = x.shape
        return self.proj(x).flatten(2).transpose(1, 2)
"""


def test_names_of_the_author_stand_for_what_a_module_takes_needs_and_gives() -> None:
    found = told(PATCHES)

    assert found["Patches"] == "Patches(img_size, ps, in_ch, D) needs img_size % ps == 0"
    assert found["Patches.forward"].startswith("Patches.forward(x: (B, C, H, W)) -> (B, (H//ps)*(W//ps), D)")
    assert "needs C == in_ch" in found["Patches.forward"]


@pytest.mark.parametrize(
    ("program", "contract"),
    [
        ("def f(x):\n    return x.relu()\n", "f(x) -> ?"),
        ("def f(x):\n    a, b = x.shape\n    return x.sum(1), a\n", "f(x: (a, b)) -> (a,), a"),
        ("def f(x, n: int):\n    B, D = x.shape\n    return x.view(B, n, D // n)\n",
         "f(x: (B, D), n) -> (B, n, D//n) needs D % n == 0"),
        ("def f(x):  # (B, T, D)\n    assert x.shape[1] >= 2\n    return x[:, 1]\n",
         "f(x: (B, T, D)) -> (B, D) needs T >= 2"),
        ("def f(x):\n    B, T = x.shape\n    return x[:, :3] + torch.zeros(2, 3), x @ torch.zeros(3, 5)\n",
         "f(x: (B, T)) -> (B, 3), (B, 5) needs B == 2, T == 3"),
        ("def f(x, n, d):\n    B, D = x.shape\n    return x.repeat(1, 3).view(B, 3, n, d)\n",
         "f(x: (B, D), n, d) -> (B, 3, n, d) needs D == n*d"),
        ("def f(x, flag=False):\n    B, D = x.shape\n    return x if flag else None\n",
         "f(x: (B, D), flag) -> (B, D) or None"),
        ("def f(x):\n    y = F.conv2d(x, torch.rand(8, 3, 3, 3))\n    return y\n",
         "f(x: (B, 3, H, W)) -> (B, 8, H-2, W-2)"),
    ],
)  # fmt: skip
def test_a_function_s_contract_is_one_line(program: str, contract: str) -> None:
    assert told(program) == {"f": contract}


def test_what_the_program_around_says_is_no_part_of_a_contract() -> None:
    found = told("B, T = 4, 10\nx = torch.rand(B, T)\n\ndef f(y):\n    B, T = y.shape\n    return y.flatten()\n")

    assert found == {"f": "f(y: (B, T)) -> (B*T,)"}


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        ("if C != self.in_ch: raise ValueError(C)", " needs C == in_ch"),
        ("assert self.in_ch == C", " needs in_ch == C"),
        ("if C != self.in_ch: print(C)", ""),
        ("d = C // 2", ""),
    ],
)
def test_what_a_test_asks_of_an_input_is_needed(line: str, needed: str) -> None:
    found = told(
        f"""
class Checked(nn.Module):
    def __init__(self, in_ch):
        super().__init__()
        self.in_ch = in_ch

    def forward(self, x):
        B, C, H, W = x.shape
        {line}
        return x.mean((2, 3))
"""
    )

    assert found["Checked.forward"] == f"Checked.forward(x: (B, C, H, W)) -> (B, C){needed}"
