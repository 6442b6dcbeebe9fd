"""SHP310 softmax-over-the-batch: weights sum up to 1 over the batch instead of over the choices."""

from __future__ import annotations

from shapelint.checks.rules.cases import is_suspected
from shapelint.checks.rules.rule import Case, Rule
from shapelint.interp.state.events import Suspicion


def applies(case: Case) -> bool:
    return is_suspected(case, Suspicion.BATCH)


RULE = Rule(
    code="SHP310",
    name="softmax-over-the-batch",
    severity="warning",
    since="0.1",
    what=(
        "`softmax` (or `log_softmax`, `softmin`) runs over a dim that the code names as its batch, or "
        "runs over it because no dim is given for three dims."
    ),
    why=("The weights of one sample then depend on the others in its batch, and do not sum up to 1 for any of them."),
    wrong=(
        """
import torch
from torch import nn


class Classifier(nn.Module):
    def __init__(self, dim, classes):
        super().__init__()
        self.head = nn.Linear(dim, classes)

    def forward(self, x):
        B, D = x.shape
        return self.head(x).softmax(dim=0)  # <- found
""",
        """
import torch
from torch import nn


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.weights = nn.Softmax()

    def forward(self, scores):  # (B, T, S)
        return self.weights(scores)  # <- found
""",
    ),
    right=(
        """
import torch
from torch import nn


class Classifier(nn.Module):
    def __init__(self, dim, classes):
        super().__init__()
        self.head = nn.Linear(dim, classes)

    def forward(self, x):
        B, D = x.shape
        return self.head(x).softmax(dim=-1)
""",
        """
import torch
from torch import nn


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.weights = nn.Softmax(dim=-1)

    def forward(self, scores):  # (B, T, S)
        return self.weights(scores)
""",
    ),
    applies=applies,
)
