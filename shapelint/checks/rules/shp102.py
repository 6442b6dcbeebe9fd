"""SHP102 other-dims: a comment has the right number of dims, but a dim that the code does not give."""

from __future__ import annotations

from shapelint.checks.rules.cases import is_comment
from shapelint.checks.rules.rule import Case, Rule
from shapelint.checks.verdicts.matching import Problem


def applies(case: Case) -> bool:
    return is_comment(case, Problem.DIMS, Problem.EXAMPLE)


RULE = Rule(
    code="SHP102",
    name="other-dims",
    severity="error",
    since="0.1",
    what=(
        "A comment has the right number of dims, but says a size that the code does not give. The "
        "counterexample has sizes for all names, under which the two differ."
    ),
    why=(
        "The comment is what the next line is written from. A wrong size in it comes back as an error, or as "
        "a model that runs and learns nothing, far from the line that caused it."
    ),
    wrong=(
        """
import torch


def similarities():
    B, C, H, W = 4, 3, 8, 8
    a = torch.rand(B, C, H, W).flatten(2).transpose(1, 2)  # (B, H*W, C)
    b = torch.rand(B, C, H, W).flatten(2)  # (B, C, H*W)
    return a @ b  # (B, C, C)  # <- found
""",
        """
import torch
from torch import nn


class Classifier(nn.Module):
    def __init__(self, dim, hidden, n_classes):
        super().__init__()
        self.up = nn.Linear(dim, hidden)
        self.head = nn.Linear(hidden, n_classes)

    def forward(self, x):  # (B, dim)
        h = self.up(x).relu()  # (B, dim)  # <- found
        return self.head(h)  # (B, n_classes)
""",
        """
import torch


def thumbnails():
    images = torch.rand(16, 3, 64, 64)
    return images[:, :, ::4, ::4]  # (16, 3, 32, 32)  # <- found
""",
    ),
    right=(
        """
import torch


def similarities():
    B, C, H, W = 4, 3, 8, 8
    a = torch.rand(B, C, H, W).flatten(2).transpose(1, 2)  # (B, H*W, C)
    b = torch.rand(B, C, H, W).flatten(2)  # (B, C, H*W)
    return a @ b  # (B, H*W, H*W)
""",
        """
import torch
from torch import nn


class Classifier(nn.Module):
    def __init__(self, dim, hidden, n_classes):
        super().__init__()
        self.up = nn.Linear(dim, hidden)
        self.head = nn.Linear(hidden, n_classes)

    def forward(self, x):  # (B, dim)
        h = self.up(x).relu()  # (B, hidden)
        return self.head(h)  # (B, n_classes)
""",
        """
import torch


def thumbnails():
    images = torch.rand(16, 3, 64, 64)
    return images[:, :, ::4, ::4]  # (16, 3, 16, 16)
""",
    ),
    applies=applies,
)
