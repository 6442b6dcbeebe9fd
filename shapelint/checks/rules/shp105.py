"""SHP105 equality-that-fails: an equality of sizes in a comment does not hold."""

from __future__ import annotations

from shapelint.checks.rules.cases import is_equality
from shapelint.checks.rules.rule import Case, Rule


def applies(case: Case) -> bool:
    return is_equality(case)


RULE = Rule(
    code="SHP105",
    name="equality-that-fails",
    severity="error",
    since="0.1",
    what=(
        "A comment or docstring says that one size equals an expression, `where P = H*W`, and the sizes in "
        "the code differ."
    ),
    why=(
        "The equality is what lets a reader compare shapes written in different names. If it is wrong, so is "
        "all that is derived from it."
    ),
    wrong=(
        """
import torch
from torch import nn


class Merge(nn.Module):
    def __init__(self, embed_dim, heads):
        super().__init__()
        assert embed_dim % heads == 0
        self.nh = heads
        self.hd = embed_dim // heads
        self.proj = nn.Linear(embed_dim, embed_dim)

    def forward(self, y):  # (B, nh, T, hd)
        y = y.transpose(1, 2).flatten(2)  # (B, T, embed_dim), embed_dim = nh + hd  # <- found
        return self.proj(y)
""",
    ),
    right=(
        """
import torch
from torch import nn


class Merge(nn.Module):
    def __init__(self, embed_dim, heads):
        super().__init__()
        assert embed_dim % heads == 0
        self.nh = heads
        self.hd = embed_dim // heads
        self.proj = nn.Linear(embed_dim, embed_dim)

    def forward(self, y):  # (B, nh, T, hd)
        y = y.transpose(1, 2).flatten(2)  # (B, T, embed_dim), embed_dim = nh * hd
        return self.proj(y)
""",
    ),
    applies=applies,
)
