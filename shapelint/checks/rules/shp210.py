"""SHP210 index-that-cannot-be: an index is out of range, or there are more indices than dims."""

from __future__ import annotations

from shapelint.checks.rules.cases import cannot_run
from shapelint.checks.rules.rule import Case, Rule
from shapelint.ops.needs import Trouble


def applies(case: Case) -> bool:
    return cannot_run(case, Trouble.INDEX)


RULE = Rule(
    code="SHP210",
    name="index-that-cannot-be",
    severity="error",
    since="0.1",
    what="An index is out of range for its dim, there are more indices than dims, or index tensors do not broadcast.",
    why="It raises each time the line is reached.",
    wrong=(
        """
import torch


def class_token():
    x = torch.rand(4, 17, 64)
    x = x[:, 0]
    return x[:, 0, :]  # <- found
""",
    ),
    right=(
        """
import torch


def class_token():
    x = torch.rand(4, 17, 64)
    x = x[:, 0]
    return x[:, :]
""",
    ),
    applies=applies,
)
