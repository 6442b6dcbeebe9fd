"""SHP211 expanding-a-size-other-than-one: expand is asked to change a size that is not 1."""

from __future__ import annotations

from shapelint.checks.rules.cases import cannot_run
from shapelint.checks.rules.rule import Case, Rule
from shapelint.ops.needs import Trouble


def applies(case: Case) -> bool:
    return cannot_run(case, Trouble.EXPAND)


RULE = Rule(
    code="SHP211",
    name="expanding-a-size-other-than-one",
    severity="error",
    since="0.1",
    what="`expand` is asked to change a size that is not 1, or to give fewer dims than there are.",
    why=(
        "It raises each time the line is reached: `expand` repeats what is there once, it does not tile. "
        "`repeat` and `repeat_interleave` do."
    ),
    wrong=(
        """
import torch


def tile_batch():
    B, n = 4, 3
    x = torch.rand(B, 10)
    return x.expand(n * B, 10)  # <- found
""",
    ),
    right=(
        """
import torch


def tile_batch():
    B, n = 4, 3
    x = torch.rand(B, 10)
    return x.repeat(n, 1)
""",
    ),
    applies=applies,
)
