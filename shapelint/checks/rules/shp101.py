"""SHP101 another-number-of-dims: a comment names more or fewer dims than the tensor has."""

from __future__ import annotations

from shapelint.checks.rules.cases import is_against_a_claim, is_comment
from shapelint.checks.rules.rule import Case, Rule
from shapelint.checks.verdicts.matching import Problem


def applies(case: Case) -> bool:
    return is_comment(case, Problem.RANK) or is_against_a_claim(case, in_docstring=False)


RULE = Rule(
    code="SHP101",
    name="another-number-of-dims",
    severity="error",
    since="0.1",
    what="A comment names more or fewer dims than the tensor has.",
    why=(
        "Every index counts dims. Who trusts the comment takes `dim=2` for an axis that is not there, or for "
        "another one."
    ),
    wrong=(
        """
import torch


def pool(x):
    B, C, H, W = x.shape
    x = x.flatten(2)  # (B, C, H, W)  # <- found
    return x.mean(dim=-1)  # (B, C)
""",
        '''
import torch


def loss(logits, labels):
    """
    logits (B, T, V)
    labels (B, T)
    """
    best = logits.argmax(dim=-1, keepdim=True)  # (B, T)  # <- found
    return best
''',
    ),
    right=(
        """
import torch


def pool(x):
    B, C, H, W = x.shape
    x = x.flatten(2)  # (B, C, H*W)
    return x.mean(dim=-1)  # (B, C)
""",
        '''
import torch


def loss(logits, labels):
    """
    logits (B, T, V)
    labels (B, T)
    """
    best = logits.argmax(dim=-1)  # (B, T)
    return best
''',
    ),
    applies=applies,
)
