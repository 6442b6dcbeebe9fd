"""SHP203 unequal-numbers-of-elements: a view or reshape to a shape with another number of elements."""

from __future__ import annotations

from shapelint.checks.rules.cases import cannot_run
from shapelint.checks.rules.rule import Case, Rule
from shapelint.ops.needs import Trouble


def applies(case: Case) -> bool:
    return cannot_run(case, Trouble.COUNT)


RULE = Rule(
    code="SHP203",
    name="unequal-numbers-of-elements",
    severity="error",
    since="0.1",
    what=(
        "A `view`, `reshape` or `unflatten` asks for a shape that has another number of elements than the "
        "tensor, or that a -1 cannot make fit."
    ),
    why=(
        "It raises each time the line is reached. Where the sizes come from a configuration, it raises only "
        "for some of them, which the counterexample names."
    ),
    wrong=(
        """
import torch


def split_heads():
    B, T, D, heads = 2, 16, 96, 8
    x = torch.rand(B, T, D)
    return x.view(B, T, heads, D)  # <- found
""",
    ),
    right=(
        """
import torch


def split_heads():
    B, T, D, heads = 2, 16, 96, 8
    x = torch.rand(B, T, D)
    return x.view(B, T, heads, D // heads)
""",
    ),
    applies=applies,
)
