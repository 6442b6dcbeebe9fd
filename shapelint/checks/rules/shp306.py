"""SHP306 size-right-only-when-divisible: a comment's size is right only where its division comes out."""

from __future__ import annotations

from shapelint.checks.rules.cases import is_conditional
from shapelint.checks.rules.rule import Case, Rule


def applies(case: Case) -> bool:
    return is_conditional(case)


RULE = Rule(
    code="SHP306",
    name="size-right-only-when-divisible",
    severity="warning",
    since="0.1",
    what=(
        "A comment says a size, such as `H/2` of a strided convolution or `H` of `2*(H//2)`, that the code gives "
        "only where a division comes out, where a kernel that is padded by half of it is odd, or where the longest of "
        "some lengths fills it."
    ),
    why=(
        "A strided convolution gives `(H+1)//2`, not `H//2`. Whoever relies on the comment is off by one for odd sizes."
    ),
    wrong=(
        """
import torch
from torch import nn


class Down(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.conv = nn.Conv2d(dim, dim, 3, stride=2, padding=1)

    def forward(self, x):
        B, C, H, W = x.shape
        return self.conv(x)  # (B, dim, H/2, W/2)  # <- found
""",
    ),
    right=(
        """
import torch
from torch import nn


class Down(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.conv = nn.Conv2d(dim, dim, 3, stride=2, padding=1)

    def forward(self, x):
        B, C, H, W = x.shape
        return self.conv(x)  # (B, dim, (H+1)//2, (W+1)//2)
""",
    ),
    opt_in=True,
    applies=applies,
)
