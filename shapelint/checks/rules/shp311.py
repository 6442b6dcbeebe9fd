"""SHP311 first-dims-against-the-last: `(B, C)` is laid against the last dims of `(B, C, H, W)`."""

from __future__ import annotations

from shapelint.checks.rules.cases import is_suspected
from shapelint.checks.rules.rule import Case, Rule
from shapelint.interp.state.events import Suspicion


def applies(case: Case) -> bool:
    return is_suspected(case, Suspicion.LEADING)


RULE = Rule(
    code="SHP311",
    name="first-dims-against-the-last",
    severity="warning",
    since="0.1",
    what=(
        "An elementwise operation takes a tensor and another one that has as many as its first two dims or more, "
        "and no dims of 1 behind them: PyTorch lays them against the last dims. So it is with a tensor's own sums "
        "along a dim that is not kept, `x / x.sum(1)`, of whatever sizes."
    ),
    why=(
        "It runs only where a batch is as large as a picture is high, say, and then weighs rows instead of channels. "
        "Mostly a mean over the other dims has lost them, which `keepdim=True` keeps."
    ),
    wrong=(
        """
import torch
from torch import nn


class Excitation(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.fc = nn.Linear(channels, channels)

    def forward(self, x):
        b, c, _, _ = x.shape
        weights = torch.sigmoid(self.fc(x.mean((2, 3))))
        return x * weights  # <- found
""",
        """
import torch


def shares(scores):
    exps = torch.exp(scores)
    total = exps.sum(1)
    return exps / total  # <- found
""",
    ),
    right=(
        """
import torch
from torch import nn


class Excitation(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.fc = nn.Linear(channels, channels)

    def forward(self, x):
        b, c, _, _ = x.shape
        weights = torch.sigmoid(self.fc(x.mean((2, 3))))
        return x * weights[:, :, None, None]
""",
        """
import torch


def shares(scores):
    exps = torch.exp(scores)
    total = exps.sum(1, keepdim=True)
    return exps / total - exps.mean(0)
""",
    ),
    applies=applies,
)
