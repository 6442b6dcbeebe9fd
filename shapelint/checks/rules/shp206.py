"""SHP206 dim-that-is-not-there: a dim index is out of range, or names a dim twice."""

from __future__ import annotations

from shapelint.checks.rules.cases import cannot_run
from shapelint.checks.rules.rule import Case, Rule
from shapelint.ops.needs import Trouble


def applies(case: Case) -> bool:
    return cannot_run(case, Trouble.DIM_INDEX)


RULE = Rule(
    code="SHP206",
    name="dim-that-is-not-there",
    severity="error",
    since="0.1",
    what="A dim index is out of range for the tensor, or `permute` does not name each dim once.",
    why=(
        "It raises each time the line is reached. Often a dim was removed or merged earlier, and the indices "
        "behind it were left as they were."
    ),
    wrong=(
        """
import torch


def average():
    x = torch.rand(8, 3, 32, 32).flatten(2)
    return x.mean(dim=3)  # <- found
""",
        """
import torch


def channels_last():
    x = torch.rand(8, 3, 32, 32)
    return x.permute(0, 2, 1)  # <- found
""",
    ),
    right=(
        """
import torch


def average():
    x = torch.rand(8, 3, 32, 32).flatten(2)
    return x.mean(dim=2)
""",
        """
import torch


def channels_last():
    x = torch.rand(8, 3, 32, 32)
    return x.permute(0, 2, 3, 1)
""",
    ),
    applies=applies,
)
