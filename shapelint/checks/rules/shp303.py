"""SHP303 row-and-column-that-make-a-matrix: a column `(B, 1)` meets a row `(B,)` and makes a matrix `(B, B)`."""

from __future__ import annotations

from shapelint.checks.rules.cases import is_suspected
from shapelint.checks.rules.rule import Case, Rule
from shapelint.interp.state.events import Suspicion


def applies(case: Case) -> bool:
    return is_suspected(case, Suspicion.OUTER)


RULE = Rule(
    code="SHP303",
    name="row-and-column-that-make-a-matrix",
    severity="warning",
    since="0.1",
    what=(
        "An elementwise operation takes a column `(B, 1)` and a row `(B,)` of the same size and gives a "
        "matrix `(B, B)`, though nothing shows that the column was made one on purpose (no `unsqueeze`, "
        "`[:, None]`, `keepdim=True`)."
    ),
    why=(
        "Each element meets every other one instead of its own. The mean that mostly follows hides it: "
        "the model trains, badly."
    ),
    wrong=(
        """
import torch
from torch import nn


class Critic(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.value = nn.Linear(dim, 1)

    def forward(
        self,
        states,  # (B, dim)
        rewards,  # (B,)
    ):
        values = self.value(states)
        return (rewards - values).pow(2).mean()  # <- found
""",
    ),
    right=(
        """
import torch
from torch import nn


class Critic(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.value = nn.Linear(dim, 1)

    def forward(
        self,
        states,  # (B, dim)
        rewards,  # (B,)
    ):
        values = self.value(states).squeeze(-1)
        return (rewards - values).pow(2).mean()
""",
    ),
    applies=applies,
)
