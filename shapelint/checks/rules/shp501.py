"""SHP501 tensor-made-on-the-default-device: a tensor made without `device=` meets one of another device."""

from __future__ import annotations

from shapelint.checks.rules.cases import is_suspected
from shapelint.checks.rules.rule import Case, Rule
from shapelint.interp.state.events import Suspicion


def applies(case: Case) -> bool:
    return is_suspected(case, Suspicion.DEVICE)


RULE = Rule(
    code="SHP501",
    name="tensor-made-on-the-default-device",
    severity="error",
    since="0.1",
    what=(
        "A module's method makes a tensor without `device=` (`torch.zeros`, `torch.arange`, ...), and it meets an "
        "input or a parameter. A tensor of no dims, one that is moved first, and a program that sets a default device "
        "are fine."
    ),
    why="It runs on the CPU, where it was tried out, and raises as soon as the module is moved to a GPU.",
    wrong=(
        """
import torch
from torch import nn


class Positions(nn.Module):
    def __init__(self, length, dim):
        super().__init__()
        self.table = nn.Embedding(length, dim)

    def forward(self, x):  # (B, T, dim)
        B, T, dim = x.shape
        return x + self.table(torch.arange(T))  # <- found
""",
        """
import torch
from torch import nn


class Shifted(nn.Module):
    def forward(self, x):  # (B, T, dim)
        return x / torch.tensor(8.0) + torch.zeros(x.shape[1:])  # <- found
""",
    ),
    right=(
        """
import torch
from torch import nn


class Positions(nn.Module):
    def __init__(self, length, dim):
        super().__init__()
        self.table = nn.Embedding(length, dim)

    def forward(self, x):  # (B, T, dim)
        B, T, dim = x.shape
        return x + self.table(torch.arange(T, device=x.device))
""",
        """
import torch
from torch import nn


class Shifted(nn.Module):
    def forward(self, x):  # (B, T, dim)
        return x / torch.tensor(8.0) + torch.zeros(x.shape[1:]).to(x)
""",
    ),
    opt_in=True,
    applies=applies,
)
