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
        "neither line looks wrong by itself. A part of an `nn.Sequential` that cannot take what the part before it "
        "gives is told of where it is made."
    ),
    wrong=(
        """
import torch
from torch import nn


class MLP(nn.Module):
    def __init__(self, dim=64, hidden=256):
        super().__init__()
        self.up = nn.Linear(dim, hidden)
        self.down = nn.Linear(4 * hidden, dim)

    def forward(self, x):
        h = torch.relu(self.up(x))
        return self.down(h)  # <- found


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
        self.up = nn.Linear(dim, hidden)
        self.down = nn.Linear(hidden, dim)

    def forward(self, x):
        h = torch.relu(self.up(x))
        return self.down(h)


def run():
    return MLP().forward(torch.rand(2, 10, 64))
""",
    ),
    applies=applies,
)
