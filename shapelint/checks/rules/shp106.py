"""SHP106 docstring-of-another-shape: a docstring gives a result a shape that the code does not."""

from __future__ import annotations

from shapelint.checks.rules.cases import is_against_a_claim, is_at
from shapelint.checks.rules.rule import Case, Rule
from shapelint.program.nodes import Place


def applies(case: Case) -> bool:
    return is_at(case, Place.DOCSTRING) or is_against_a_claim(case, in_docstring=True)


RULE = Rule(
    code="SHP106",
    name="docstring-of-another-shape",
    severity="error",
    since="0.1",
    what=(
        "A docstring gives the result a shape that the code does not give, or inputs shapes on which the code cannot "
        "run."
    ),
    why=(
        "The docstring is all that most callers read. They find out from an error in their own code, or by "
        "broadcasting never."
    ),
    wrong=(
        '''
import torch


def attention_scores(q, k):
    """How much each query attends to each key.

    Args:
        q: Tensor of shape (B, T, D).
        k: Tensor of shape (B, S, D).

    Returns:
        Tensor of shape (B, S, T).  # <- found
    """
    return q @ k.transpose(1, 2)
''',
        '''
import torch


def last_states(hidden, lengths):
    """The state of each sequence at its end.

    Args:
        hidden: (B, D).  # <- found
        lengths: (B,).
    """
    B, T, D = hidden.shape
    return hidden.gather(1, (lengths - 1).view(B, 1, 1).expand(B, 1, D))
''',
    ),
    right=(
        '''
import torch


def attention_scores(q, k):
    """How much each query attends to each key.

    Args:
        q: Tensor of shape (B, T, D).
        k: Tensor of shape (B, S, D).

    Returns:
        Tensor of shape (B, T, S).
    """
    return q @ k.transpose(1, 2)
''',
        '''
import torch


def last_states(hidden, lengths):
    """The state of each sequence at its end.

    Args:
        hidden: (B, T, D).
        lengths: (B,).
    """
    B, T, D = hidden.shape
    return hidden.gather(1, (lengths - 1).view(B, 1, 1).expand(B, 1, D))
''',
    ),
    applies=applies,
)
