"""SHP313 softmax-over-one: weights over a dim of which there is one are each 1."""

from __future__ import annotations

from shapelint.checks.rules.cases import is_suspected
from shapelint.checks.rules.rule import Case, Rule
from shapelint.interp.state.events import Suspicion


def applies(case: Case) -> bool:
    return is_suspected(case, Suspicion.ONE)


RULE = Rule(
    code="SHP313",
    name="softmax-over-one",
    severity="warning",
    since="0.1",
    what="`softmax` (or `log_softmax`, `softmin`) runs over a dim that is always 1: that of `nn.Linear(dim, 1)`.",
    why=(
        "Of one weight all is given to it: the result is 1 everywhere (0 for `log_softmax`), whatever the scores are, "
        "and no gradient comes back through it. Mostly another dim was meant, or a sigmoid."
    ),
    wrong=(
        """
import torch
from torch import nn


class Pool(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.score = nn.Linear(dim, 1)

    def forward(self, x):  # (B, T, dim)
        weights = self.score(x).softmax(dim=-1)  # <- found
        return (weights * x).sum(dim=1)
""",
        """
import torch
from torch import nn


class Critic(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(dim, 64), nn.ReLU(), nn.Linear(64, 1), nn.Softmax(dim=1))

    def forward(self, x):  # (B, dim)
        return self.net(x)  # <- found
""",
    ),
    right=(
        """
import torch
from torch import nn


class Pool(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.score = nn.Linear(dim, 1)

    def forward(self, x):  # (B, T, dim)
        weights = self.score(x).softmax(dim=1)
        return (weights * x).sum(dim=1)
""",
        """
import torch
from torch import nn


class Critic(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(dim, 64), nn.ReLU(), nn.Linear(64, 1), nn.Sigmoid())

    def forward(self, x):  # (B, dim)
        return self.net(x)
""",
    ),
    applies=applies,
)
