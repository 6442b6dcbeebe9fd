"""SHP307 squeeze-that-drops-nothing: `squeeze(d)` of a dim that is never 1."""

from __future__ import annotations

from shapelint.checks.rules.cases import is_suspected
from shapelint.checks.rules.rule import Case, Rule
from shapelint.interp.state.events import Suspicion


def applies(case: Case) -> bool:
    return is_suspected(case, Suspicion.SQUEEZE_NONE)


RULE = Rule(
    code="SHP307",
    name="squeeze-that-drops-nothing",
    severity="warning",
    since="0.1",
    what="`squeeze(d)` names a dim whose size is never 1, so that it does nothing.",
    why=(
        "The line says that a dim goes and it stays: mostly it is the wrong dim, and what follows has one "
        "dim more than it looks."
    ),
    wrong=(
        """
import torch
from torch import nn


class Gate(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.gate = nn.Linear(dim, 2)

    def forward(self, x):  # (B, dim)
        return self.gate(x).squeeze(-1)  # <- found


def run():
    x = torch.rand(4, 1, 32)
    return x.squeeze(2)  # <- found
""",
    ),
    right=(
        """
import torch
from torch import nn


class Gate(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.gate = nn.Linear(dim, 1)

    def forward(self, x):  # (B, dim)
        return self.gate(x).squeeze(-1)


def run():
    x = torch.rand(4, 1, 32)
    return x.squeeze(1)
""",
    ),
    applies=applies,
)
