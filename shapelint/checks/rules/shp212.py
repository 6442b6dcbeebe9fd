"""SHP212 call-against-its-contract: a call gives a function or module sizes for which it cannot run."""

from __future__ import annotations

from shapelint.checks.rules.cases import cannot_run
from shapelint.checks.rules.rule import Case, Rule
from shapelint.ops.needs import Trouble


def applies(case: Case) -> bool:
    return cannot_run(case, Trouble.CALL)


RULE = Rule(
    code="SHP212",
    name="call-against-its-contract",
    severity="error",
    since="0.1",
    what=(
        "A call gives a function or module of the program sizes for which it cannot run, though there are "
        "others for which it can. The chain names the line inside that fails. Where the program calls it with no sizes "
        "for which it can run, and what fails is what it has made of them itself, that line is told and not the call."
    ),
    why="It raises each time the call is reached, with a traceback that ends far from the mistake.",
    wrong=(
        """
import torch
from torch import nn


class Head(nn.Module):
    def __init__(self, dim, n_classes):
        super().__init__()
        self.out = nn.Linear(dim, n_classes)

    def forward(self, x):
        return self.out(x)


def run():
    head = Head(dim=64, n_classes=10)
    return head(torch.rand(8, 10, 128))  # <- found
""",
    ),
    right=(
        """
import torch
from torch import nn


class Head(nn.Module):
    def __init__(self, dim, n_classes):
        super().__init__()
        self.out = nn.Linear(dim, n_classes)

    def forward(self, x):
        return self.out(x)


def run():
    head = Head(dim=128, n_classes=10)
    return head(torch.rand(8, 10, 128))
""",
    ),
    applies=applies,
)
