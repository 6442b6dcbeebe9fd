"""SHP502 attribute-that-does-not-move: a plain tensor attribute meets a tensor of its module's device."""

from __future__ import annotations

from shapelint.checks.rules.cases import is_suspected
from shapelint.checks.rules.rule import Case, Rule
from shapelint.interp.state.events import Suspicion


def applies(case: Case) -> bool:
    return is_suspected(case, Suspicion.ATTRIBUTE)


RULE = Rule(
    code="SHP502",
    name="attribute-that-does-not-move",
    severity="error",
    since="0.1",
    what=(
        "`__init__` of a module sets a plain tensor as an attribute, neither an `nn.Parameter` nor a buffer, and a "
        "method uses it with an input or a parameter without moving it."
    ),
    why="`module.to(device)` moves parameters and buffers only: on a GPU the two tensors lie on different devices.",
    wrong=(
        """
import torch
from torch import nn


class Positions(nn.Module):
    def __init__(self, length, dim):
        super().__init__()
        self.table = torch.zeros(length, dim)

    def forward(self, x):  # (B, T, dim)
        return x + self.table[: x.shape[1]]  # <- found
""",
    ),
    right=(
        """
import torch
from torch import nn


class Positions(nn.Module):
    def __init__(self, length, dim):
        super().__init__()
        self.register_buffer("table", torch.zeros(length, dim))

    def forward(self, x):  # (B, T, dim)
        return x + self.table[: x.shape[1]]
""",
    ),
    opt_in=True,
    applies=applies,
)
