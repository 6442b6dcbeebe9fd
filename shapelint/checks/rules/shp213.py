"""SHP213 argument-that-an-operator-refuses: an operator or layer is given an argument that it refuses."""

from __future__ import annotations

from shapelint.checks.rules.cases import cannot_run
from shapelint.checks.rules.rule import Case, Rule
from shapelint.ops.needs import Trouble


def applies(case: Case) -> bool:
    return cannot_run(case, Trouble.ARGUMENT)


RULE = Rule(
    code="SHP213",
    name="argument-that-an-operator-refuses",
    severity="error",
    since="0.1",
    what=(
        "An operator or a layer is given an argument that it refuses whatever the input: groups that do not "
        "divide the channels, a kernel larger than what it slides over, sizes of the wrong number, arguments in each "
        "other's place."
    ),
    why="It raises each time the line is reached.",
    wrong=(
        """
import torch
from torch import nn


def norm():
    layer = nn.GroupNorm(8, 60)  # <- found
    return layer(torch.rand(2, 60, 16, 16))
""",
        """
import torch
import torch.nn.functional as F


def look_up():
    table = torch.rand(100, 16)
    words = torch.randint(100, (4, 7))
    return F.embedding(table, words)  # <- found
""",
    ),
    right=(
        """
import torch
from torch import nn


def norm():
    layer = nn.GroupNorm(6, 60)
    return layer(torch.rand(2, 60, 16, 16))
""",
        """
import torch
import torch.nn.functional as F


def look_up():
    table = torch.rand(100, 16)
    words = torch.randint(100, (4, 7))
    return F.embedding(words, table)
""",
    ),
    applies=applies,
)
