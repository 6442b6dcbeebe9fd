"""SHP104 operand-of-another-shape: a comment writes an operation out with an operand that has another shape."""

from __future__ import annotations

from shapelint.checks.rules.cases import is_operand
from shapelint.checks.rules.rule import Case, Rule


def applies(case: Case) -> bool:
    return is_operand(case)


RULE = Rule(
    code="SHP104",
    name="operand-of-another-shape",
    severity="error",
    since="0.1",
    what=(
        "A comment writes an operation out, as `(A) + (B) = (C)` or `(A) @ (B)`, and gives an operand a shape"
        " that it does not have."
    ),
    why=(
        "Such a comment is there to show how two shapes meet. With a wrong operand it shows a broadcast or a "
        "product that does not take place."
    ),
    wrong=(
        """
import torch
from torch import nn


class Positions(nn.Module):
    def __init__(self, length, dim):
        super().__init__()
        self.table = nn.Parameter(torch.zeros(1, length, dim))

    def forward(self, x):  # (B, length, dim)
        return x + self.table  # (B, length, dim) + (B, 1, dim) = (B, length, dim)  # <- found
""",
    ),
    right=(
        """
import torch
from torch import nn


class Positions(nn.Module):
    def __init__(self, length, dim):
        super().__init__()
        self.table = nn.Parameter(torch.zeros(1, length, dim))

    def forward(self, x):  # (B, length, dim)
        return x + self.table  # (B, length, dim) + (1, length, dim) = (B, length, dim)
""",
    ),
    applies=applies,
)
