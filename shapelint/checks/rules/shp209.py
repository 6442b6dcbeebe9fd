"""SHP209 view-of-non-contiguous-memory: a view merges dims that do not lie together in memory."""

from __future__ import annotations

from shapelint.checks.rules.cases import cannot_run
from shapelint.checks.rules.rule import Case, Rule
from shapelint.ops.needs import Trouble


def applies(case: Case) -> bool:
    return cannot_run(case, Trouble.LAYOUT)


RULE = Rule(
    code="SHP209",
    name="view-of-non-contiguous-memory",
    severity="error",
    since="0.1",
    what="A `view` merges dims that do not lie together in memory, as after a `transpose` or `permute`.",
    why=(
        "It raises each time the line is reached: a view cannot move data. `reshape` copies where it must, "
        "`.contiguous()` copies always."
    ),
    wrong=(
        """
import torch


def merge_heads():
    B, nh, T, d = 2, 8, 10, 64
    y = torch.rand(B, nh, T, d).transpose(1, 2)
    return y.view(B, T, nh * d)  # <- found
""",
    ),
    right=(
        """
import torch


def merge_heads():
    B, nh, T, d = 2, 8, 10, 64
    y = torch.rand(B, nh, T, d).transpose(1, 2)
    return y.reshape(B, T, nh * d)
""",
    ),
    applies=applies,
)
