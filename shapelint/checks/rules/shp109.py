"""SHP109 another-memory-layout: a comment says contiguous of a tensor that is not, or the other way round."""

from __future__ import annotations

from shapelint.checks.rules.cases import is_comment
from shapelint.checks.rules.rule import Case, Rule
from shapelint.checks.verdicts.matching import Problem


def applies(case: Case) -> bool:
    return is_comment(case, Problem.LAYOUT)


RULE = Rule(
    code="SHP109",
    name="another-memory-layout",
    severity="error",
    since="0.1",
    what="A comment says of a tensor that it is contiguous, or that it is not, and the strides say otherwise.",
    why=(
        "`view` works on one and not on the other. A reader who trusts the comment gets the error, or makes a"
        " copy for nothing."
    ),
    wrong=(
        """
import torch


def layouts():
    B, C, H, W = 2, 3, 8, 8
    x = torch.rand(B, C, H, W)
    y = x.permute(0, 2, 3, 1).contiguous()  # non-contiguous shape (B, H, W, C)  # <- found
    return y
""",
    ),
    right=(
        """
import torch


def layouts():
    B, C, H, W = 2, 3, 8, 8
    x = torch.rand(B, C, H, W)
    y = x.permute(0, 2, 3, 1)  # non-contiguous shape (B, H, W, C)
    return y
""",
    ),
    applies=applies,
)
