"""SHP302 view-that-mixes-dims: a view or reshape takes sizes in another order than they lie in memory."""

from __future__ import annotations

from shapelint.checks.rules.cases import is_suspected
from shapelint.checks.rules.rule import Case, Rule
from shapelint.interp.state.events import Suspicion


def applies(case: Case) -> bool:
    return is_suspected(case, Suspicion.ORDER) or is_suspected(case, Suspicion.CUT)


RULE = Rule(
    code="SHP302",
    name="view-that-mixes-dims",
    severity="warning",
    since="0.1",
    what=(
        "A `view` or `reshape` keeps a size but puts it behind other sizes than it lies behind in memory: "
        "`(B, L, nh*d)` viewed as `(B, nh, L, d)`. Or it makes one dim of two between which another one lies, or "
        "cuts through rows: `(B, 1568)` viewed as `(-1, 32, 8, 8)`, where neither number of elements divides the other."
    ),
    why=(
        "It runs, since the number of elements agrees, and deals elements of one position out to others. "
        "A view only splits and merges neighbours; a change of order takes a `transpose` or `permute`."
    ),
    wrong=(
        """
import torch
from torch import nn


class Heads(nn.Module):
    def __init__(self, heads, d):
        super().__init__()
        self.heads, self.d = heads, d
        self.q = nn.Linear(heads * d, heads * d)

    def forward(self, x):
        B, L, _ = x.shape
        return self.q(x).view(B, self.heads, L, self.d)  # <- found
""",
        """
import torch


def tokens(image):
    B, C, H, W = image.shape
    return image.reshape(B, H * W, C)  # <- found
""",
        """
import torch
from torch import nn


class Decoder(nn.Module):
    def __init__(self, latent):
        super().__init__()
        self.fc = nn.Linear(latent, 32 * 7 * 7)

    def forward(self, z):
        return self.fc(z).view(-1, 32, 8, 8)  # <- found
""",
    ),
    right=(
        """
import torch
from torch import nn


class Heads(nn.Module):
    def __init__(self, heads, d):
        super().__init__()
        self.heads, self.d = heads, d
        self.q = nn.Linear(heads * d, heads * d)

    def forward(self, x):
        B, L, _ = x.shape
        return self.q(x).view(B, L, self.heads, self.d).transpose(1, 2)
""",
        """
import torch


def tokens(image):
    B, C, H, W = image.shape
    return image.reshape(B, C, H * W).transpose(1, 2)
""",
        """
import torch
from torch import nn


class Decoder(nn.Module):
    def __init__(self, latent):
        super().__init__()
        self.fc = nn.Linear(latent, 32 * 7 * 7)

    def forward(self, z):
        maps = self.fc(z).view(-1, 32, 7, 7)
        return maps, maps.reshape(-1, 49), maps.view(-1, 2, 32, 7, 7)
""",
    ),
    applies=applies,
)
