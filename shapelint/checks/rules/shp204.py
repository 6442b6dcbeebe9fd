"""SHP204 tensors-that-cannot-be-joined: the tensors of a cat or stack differ where they must agree."""

from __future__ import annotations

from shapelint.checks.rules.cases import cannot_run
from shapelint.checks.rules.rule import Case, Rule
from shapelint.ops.needs import Trouble


def applies(case: Case) -> bool:
    return cannot_run(case, Trouble.JOIN)


RULE = Rule(
    code="SHP204",
    name="tensors-that-cannot-be-joined",
    severity="error",
    since="0.1",
    what=(
        "The tensors given to `cat`, `stack`, `hstack` or the like differ in the number of dims, or in a size"
        " other than the one they are joined along."
    ),
    why="It raises each time the line is reached. Mostly they are joined along the wrong dim.",
    wrong=(
        """
import torch


def prepend_token():
    B, T, D = 2, 16, 96
    cls = torch.zeros(B, 1, D)
    x = torch.rand(B, T, D)
    return torch.cat([cls, x], dim=2)  # <- found
""",
    ),
    right=(
        """
import torch


def prepend_token():
    B, T, D = 2, 16, 96
    cls = torch.zeros(B, 1, D)
    x = torch.rand(B, T, D)
    return torch.cat([cls, x], dim=1)
""",
    ),
    applies=applies,
)
