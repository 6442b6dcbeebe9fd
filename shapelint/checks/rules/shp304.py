"""SHP304 loss-of-shapes-that-broadcast: a loss compares a column with a row."""

from __future__ import annotations

from shapelint.checks.rules.cases import is_suspected
from shapelint.checks.rules.rule import Case, Rule
from shapelint.interp.state.events import Suspicion


def applies(case: Case) -> bool:
    return is_suspected(case, Suspicion.LOSS)


RULE = Rule(
    code="SHP304",
    name="loss-of-shapes-that-broadcast",
    severity="warning",
    since="0.1",
    what=(
        "A loss is given two tensors that both grow when they are broadcast, such as `(B, 1)` and `(B,)`: "
        "it is the mean over `(B, B)`."
    ),
    why="Every prediction is compared with every target. PyTorch only warns, and the loss even falls.",
    wrong=(
        """
import torch
import torch.nn.functional as F
from torch import nn


def step(x):
    B, D = x.shape
    model = nn.Sequential(nn.Linear(D, 64), nn.ReLU(), nn.Linear(64, 1))
    target = torch.zeros(B)
    return F.mse_loss(model(x), target)  # <- found
""",
        """
import torch
from torch import nn


def evaluate():
    head = nn.Linear(8, 1)
    criterion = nn.SmoothL1Loss()
    return criterion(head(torch.rand(16, 8)), torch.rand(16))  # <- found
""",
    ),
    right=(
        """
import torch
import torch.nn.functional as F
from torch import nn


def step(x):
    B, D = x.shape
    model = nn.Sequential(nn.Linear(D, 64), nn.ReLU(), nn.Linear(64, 1))
    target = torch.zeros(B, 1)
    return F.mse_loss(model(x), target)
""",
        """
import torch
from torch import nn


def evaluate():
    head = nn.Linear(8, 1)
    criterion = nn.SmoothL1Loss()
    return criterion(head(torch.rand(16, 8)).squeeze(1), torch.rand(16))
""",
    ),
    applies=applies,
)
