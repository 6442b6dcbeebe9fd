"""SHP202 shapes-that-do-not-broadcast: two sizes at one place are unequal and neither is 1."""

from __future__ import annotations

from shapelint.checks.rules.cases import cannot_run
from shapelint.checks.rules.rule import Case, Rule
from shapelint.ops.needs import Trouble


def applies(case: Case) -> bool:
    return cannot_run(case, Trouble.BROADCAST)


RULE = Rule(
    code="SHP202",
    name="shapes-that-do-not-broadcast",
    severity="error",
    since="0.1",
    what=(
        "Two tensors meet in an elementwise operation with unequal sizes at one place, counted from the "
        "right, and neither is 1."
    ),
    why="It raises each time the line is reached. Mostly an `unsqueeze` or a `keepdim=True` is missing.",
    wrong=(
        """
import torch


def normalise():
    B, D = 16, 64
    x = torch.rand(B, D)
    length = x.norm(dim=1)
    return x / length  # <- found
""",
        """
import torch


def mask_out():
    scores = torch.rand(4, 8, 10, 10)
    padding = torch.zeros(4, 10).bool()
    return scores.masked_fill(padding, float("-inf"))  # <- found
""",
    ),
    right=(
        """
import torch


def normalise():
    B, D = 16, 64
    x = torch.rand(B, D)
    length = x.norm(dim=1, keepdim=True)
    return x / length
""",
        """
import torch


def mask_out():
    scores = torch.rand(4, 8, 10, 10)
    padding = torch.zeros(4, 10).bool()
    return scores.masked_fill(padding[:, None, None, :], float("-inf"))
""",
    ),
    applies=applies,
)
