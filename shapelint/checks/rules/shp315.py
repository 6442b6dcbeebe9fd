"""SHP315 norm-over-a-merged-batch: a BatchNorm is given a batch that a view has merged with another dim."""

from __future__ import annotations

from shapelint.checks.rules.cases import is_suspected
from shapelint.checks.rules.rule import Case, Rule
from shapelint.interp.state.events import Suspicion


def applies(case: Case) -> bool:
    return is_suspected(case, Suspicion.MERGED)


RULE = Rule(
    code="SHP315",
    name="norm-over-a-merged-batch",
    severity="warning",
    since="0.1",
    what=(
        "A BatchNorm is given a tensor whose first dim is the batch merged with another one, `(B*T, D)`: each step "
        "is a sample of its own then."
    ),
    why=(
        "Mean and variance are taken over what fills up shorter sequences, too, and change with their lengths. "
        "Often it is meant so, which is why this rule is off unless it is asked for."
    ),
    wrong=(
        """
import torch
from torch import nn


class Steps(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.norm = nn.BatchNorm1d(dim)

    def forward(self, x):  # (B, T, dim)
        B, T, D = x.shape
        return self.norm(x.flatten(0, 1)).view(B, T, D)  # <- found
""",
    ),
    right=(
        """
import torch
from torch import nn


class Steps(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.norm = nn.BatchNorm1d(dim)
        self.layer_norm = nn.LayerNorm(dim)

    def forward(self, x):  # (B, T, dim)
        by_channel = self.norm(x.transpose(1, 2)).transpose(1, 2)
        return by_channel + self.layer_norm(x.flatten(0, 1)).view(x.shape)
""",
    ),
    opt_in=True,
    applies=applies,
)
