"""SHP312 view-of-a-reordered-input: `x.transpose(1, 2).view(B, -1)` of an input, which no tensor in order has."""

from __future__ import annotations

from shapelint.checks.rules.cases import is_suspected
from shapelint.checks.rules.rule import Case, Rule
from shapelint.interp.state.events import Suspicion


def applies(case: Case) -> bool:
    return is_suspected(case, Suspicion.REORDERED)


RULE = Rule(
    code="SHP312",
    name="view-of-a-reordered-input",
    severity="warning",
    since="0.1",
    what=(
        "An input of a function is transposed or permuted, and then viewed under a shape that joins dims which do "
        "not lie together any more. SHP209 tells of it where the code itself made the tensor."
    ),
    why=(
        "A tensor as PyTorch makes it has no such view, and the call raises. It runs only where a caller happens to "
        "give a tensor that was put in the other order before; `reshape`, or `contiguous()` in between, always runs."
    ),
    wrong=(
        """
import torch
from torch import nn


class Flat(nn.Module):
    def forward(self, x):
        b, t, c = x.shape
        return x.transpose(1, 2).view(b, t * c)  # <- found
""",
    ),
    right=(
        """
import torch
from torch import nn


class Flat(nn.Module):
    def forward(self, x):
        b, t, c = x.shape
        return x.transpose(1, 2).reshape(b, t * c)
""",
    ),
    applies=applies,
)
