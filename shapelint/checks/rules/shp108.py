"""SHP108 error-that-does-not-come: a comment says that a line fails, and the line runs."""

from __future__ import annotations

from shapelint.checks.rules.cases import is_comment
from shapelint.checks.rules.rule import Case, Rule
from shapelint.checks.verdicts.matching import Problem


def applies(case: Case) -> bool:
    return is_comment(case, Problem.NO_ERROR)


RULE = Rule(
    code="SHP108",
    name="error-that-does-not-come",
    severity="error",
    since="0.1",
    what="A comment says that a line fails, as `# ERROR: not contiguous`, and the line runs.",
    why="Whoever learns from the comment avoids what works, or wraps it in a copy that costs memory.",
    wrong=(
        """
import torch


def layouts():
    B, C, H, W = 2, 3, 8, 8
    x = torch.rand(B, C, H, W)
    y = x.permute(0, 2, 3, 1)
    return y.reshape(B, -1)  # ERROR: not contiguous  # <- found
""",
    ),
    right=(
        """
import torch


def layouts():
    B, C, H, W = 2, 3, 8, 8
    x = torch.rand(B, C, H, W)
    y = x.permute(0, 2, 3, 1)
    return y.reshape(B, -1)  # (B, H*W*C)
""",
    ),
    applies=applies,
)
