"""SHP301 names-that-an-operation-equates: an operation runs only when two sizes with names of their own are equal."""

from __future__ import annotations

from shapelint.checks.rules.cases import equates
from shapelint.checks.rules.rule import Case, Rule


def applies(case: Case) -> bool:
    return equates(case)


RULE = Rule(
    code="SHP301",
    name="names-that-an-operation-equates",
    severity="warning",
    since="0.1",
    what=(
        "An operation runs only when two sizes are equal that the author keeps apart by giving each a name of"
        " its own: two parameters, two dims of one tensor or of one `view`, a name and a number of one comment. So it "
        "is where two sizes are never equal as the constructor's parameters are by default, and where a parameter by"
        " which a size is multiplied or divided has to be 1, and is not by default."
    ),
    why=(
        "It works for as long as both are given the same number, and breaks for the first user who sets them "
        "apart, which is what two parameters invite to."
    ),
    wrong=(
        """
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, dim, hidden):
        super().__init__()
        self.up = nn.Linear(dim, hidden)

    def forward(self, x):  # (B, T, dim)
        return x + self.up(x)  # <- found
""",
    ),
    right=(
        """
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, dim, hidden):
        super().__init__()
        self.up = nn.Linear(dim, hidden)
        self.down = nn.Linear(hidden, dim)

    def forward(self, x):  # (B, T, dim)
        return x + self.down(self.up(x))
""",
    ),
    applies=applies,
)
