"""SHP103 dims-in-another-order: a comment has the right dims in an order that the code does not give."""

from __future__ import annotations

from shapelint.checks.rules.cases import is_comment
from shapelint.checks.rules.rule import Case, Rule
from shapelint.checks.verdicts.matching import Problem


def applies(case: Case) -> bool:
    return is_comment(case, Problem.ORDER)


RULE = Rule(
    code="SHP103",
    name="dims-in-another-order",
    severity="error",
    since="0.1",
    what=(
        "A comment has the right dims in an order that the code does not give, or has the names by which the code"
        " unpacks that very tensor in another order: `(B, H, W, C)` over `B, C, H, W = x.shape`."
    ),
    why=(
        "The order is what the next operation acts on: who trusts the comment transposes twice, or not at "
        "all, and a `view` after that mixes the values without any error."
    ),
    wrong=(
        """
import torch


def attend(x, heads):
    B, T, D = x.shape
    q = x.view(B, T, heads, D // heads).transpose(1, 2)  # (B, T, heads, D//heads)  # <- found
    return q @ q.transpose(2, 3)  # (B, heads, T, T)
""",
    ),
    right=(
        """
import torch


def attend(x, heads):
    B, T, D = x.shape
    q = x.view(B, T, heads, D // heads).transpose(1, 2)  # (B, heads, T, D//heads)
    return q @ q.transpose(2, 3)  # (B, heads, T, T)
""",
    ),
    applies=applies,
)
