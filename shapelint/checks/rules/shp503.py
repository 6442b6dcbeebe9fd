"""SHP503 dtypes-that-do-not-multiply: a product takes floats and whole numbers or bools."""

from __future__ import annotations

from shapelint.checks.rules.cases import is_suspected
from shapelint.checks.rules.rule import Case, Rule
from shapelint.interp.state.events import Suspicion


def applies(case: Case) -> bool:
    return is_suspected(case, Suspicion.DTYPE)


RULE = Rule(
    code="SHP503",
    name="dtypes-that-do-not-multiply",
    severity="error",
    since="0.1",
    what=(
        "A matrix product, a linear layer or a convolution is given a tensor of whole numbers or bools beside one of "
        "floats, and both dtypes are certain."
    ),
    why="PyTorch converts neither operand of a product: it raises, under autocast as well.",
    wrong=(
        """
import torch
from torch import nn


class Count(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.head = nn.Linear(dim, 1)

    def forward(self, x):  # (B, T, dim)
        return self.head(x > 0)  # <- found
""",
    ),
    right=(
        """
import torch
from torch import nn


class Count(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.head = nn.Linear(dim, 1)

    def forward(self, x):  # (B, T, dim)
        return self.head((x > 0).float())
""",
    ),
    opt_in=True,
    applies=applies,
)
