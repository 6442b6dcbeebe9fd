"""SHP004 letter-for-two-sizes: a letter that only comments define comes to stand for two sizes."""

from __future__ import annotations

from shapelint.checks.rules.cases import is_label
from shapelint.checks.rules.rule import Case, Rule


def applies(case: Case) -> bool:
    return is_label(case)


RULE = Rule(
    code="SHP004",
    name="letter-for-two-sizes",
    severity="warning",
    since="0.1",
    what=(
        "A letter that only the comments define stands for two sizes in one function, while the number of the"
        " dims and their order stay the same; so does a letter of the code in three comments or more, which are wrong"
        " in nothing else, or a name there for a size of a longer name. It is reported once for a letter and a"
        " function."
    ),
    why=(
        "Written as a label of the axis, the letter no longer says which tensors fit together: who takes `H` "
        "for one size plans a sum of the two tensors that cannot run."
    ),
    wrong=(
        """
import torch
from torch import nn


class Stem(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 64, kernel_size=3, stride=2, padding=1)

    def forward(self, x):  # (N, 3, H, W)
        x = self.conv(x)  # (N, 64, H, W)  # <- found
        return x.relu()
""",
    ),
    right=(
        """
import torch
from torch import nn


class Stem(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 64, kernel_size=3, stride=2, padding=1)

    def forward(self, x):  # (N, 3, H, W)
        x = self.conv(x)  # (N, 64, H/2, W/2)
        return x.relu()
""",
    ),
    applies=applies,
)
