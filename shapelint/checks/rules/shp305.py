"""SHP305 squeeze-of-every-dim: `squeeze()` without a dim drops the batch, too, where it is one."""

from __future__ import annotations

from shapelint.checks.rules.cases import is_suspected
from shapelint.checks.rules.rule import Case, Rule
from shapelint.interp.state.events import Suspicion


def applies(case: Case) -> bool:
    return is_suspected(case, Suspicion.SQUEEZE_ALL)


RULE = Rule(
    code="SHP305",
    name="squeeze-of-every-dim",
    severity="warning",
    since="0.1",
    what=(
        "`squeeze()` without a dim is given a tensor whose first dim the caller chooses: a batch of one "
        "loses it as well."
    ),
    why="It works in training and fails with the last batch or the first user, who has one image.",
    wrong=(
        """
import torch
from torch import nn


class Score(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.head = nn.Linear(dim, 1)

    def forward(self, x):  # (B, dim)
        return self.head(x).squeeze()  # <- found
""",
    ),
    right=(
        """
import torch
from torch import nn


class Score(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.head = nn.Linear(dim, 1)

    def forward(self, x):  # (B, dim)
        return self.head(x).squeeze(-1)
""",
    ),
    opt_in=True,
    applies=applies,
)
