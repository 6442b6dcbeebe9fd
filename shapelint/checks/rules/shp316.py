"""SHP316 second-turn-that-cannot-run: a loop, or layers in a row, that cannot take what their own first turn made."""

from __future__ import annotations

from shapelint.checks.rules.cases import is_suspected
from shapelint.checks.rules.rule import Case, Rule
from shapelint.interp.state.events import Suspicion


def applies(case: Case) -> bool:
    return is_suspected(case, Suspicion.AGAIN)


RULE = Rule(
    code="SHP316",
    name="second-turn-that-cannot-run",
    severity="warning",
    since="0.1",
    what=(
        "A loop over as many items as a caller chooses, or as many layers of a `Sequential`, can run once and not "
        "twice: what the first turn makes does not fit the second one, or fits only where two sizes are equal that "
        "the author keeps apart by giving each a name of its own."
    ),
    why=(
        "It works for as long as there is one item, and breaks for the first user who asks for two. Mostly all layers "
        "are made with the sizes of the first one."
    ),
    wrong=(
        """
import torch
from torch import nn


class MLP(nn.Module):
    def __init__(self, depth):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(16, 64) for _ in range(depth)])

    def forward(self, x):
        for layer in self.layers:
            x = torch.relu(layer(x))  # <- found
        return x
""",
        """
from torch import nn


class Encoder(nn.Module):
    def __init__(self, channels, width, depth):
        super().__init__()
        layers = []
        for _ in range(depth):
            layers.append(nn.Conv2d(channels, width, 3, padding=1))
            layers.append(nn.ReLU())
        self.net = nn.Sequential(*layers)

    def forward(self, x):
        return self.net(x)  # <- found
""",
    ),
    right=(
        """
import torch
from torch import nn


class MLP(nn.Module):
    def __init__(self, depth):
        super().__init__()
        self.first = nn.Linear(16, 64)
        self.layers = nn.ModuleList([nn.Linear(64, 64) for _ in range(depth)])

    def forward(self, x):
        x = self.first(x)
        for layer in self.layers:
            x = torch.relu(layer(x))
        return x
""",
        """
from torch import nn


class Encoder(nn.Module):
    def __init__(self, channels, width, depth):
        super().__init__()
        layers = []
        for _ in range(depth):
            layers.append(nn.Conv2d(channels, width, 3, padding=1))
            layers.append(nn.ReLU())
            channels = width
        self.net = nn.Sequential(*layers)

    def forward(self, x):
        return self.net(x)
""",
    ),
    applies=applies,
)
