"""SHP205 input-that-a-layer-cannot-take: a layer is given a tensor of other sizes than it was made for."""

from __future__ import annotations

from shapelint.checks.rules.cases import cannot_run
from shapelint.checks.rules.rule import Case, Rule
from shapelint.ops.needs import Trouble


def applies(case: Case) -> bool:
    return cannot_run(case, Trouble.LAYER_INPUT)


RULE = Rule(
    code="SHP205",
    name="input-that-a-layer-cannot-take",
    severity="error",
    since="0.1",
    what="A layer is given a tensor whose features, channels or number of dims are not those that it was made for.",
    why=(
        "It raises each time the layer is called. The sizes stand in `__init__`, the call in `forward`: "
        "neither line looks wrong by itself."
    ),
    wrong=(
        """
import torch
from torch import nn


class MLP(nn.Module):
    def __init__(self, dim=64, hidden=256):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(dim, hidden),
            nn.GELU(),
            nn.Linear(4 * hidden, dim),
        )

    def forward(self, x):
        return self.net(x)  # <- found


def run():
    return MLP().forward(torch.rand(2, 10, 64))
""",
    ),
    right=(
        """
import torch
from torch import nn


class MLP(nn.Module):
    def __init__(self, dim=64, hidden=256):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(dim, hidden),
            nn.GELU(),
            nn.Linear(hidden, dim),
        )

    def forward(self, x):
        return self.net(x)


def run():
    return MLP().forward(torch.rand(2, 10, 64))
""",
    ),
    applies=applies,
)
