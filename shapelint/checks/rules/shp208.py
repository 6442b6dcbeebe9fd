"""SHP208 pattern-that-does-not-fit: an einsum or einops pattern does not fit its tensors."""

from __future__ import annotations

from shapelint.checks.rules.cases import cannot_run
from shapelint.checks.rules.rule import Case, Rule
from shapelint.ops.needs import Trouble


def applies(case: Case) -> bool:
    return cannot_run(case, Trouble.PATTERN)


RULE = Rule(
    code="SHP208",
    name="pattern-that-does-not-fit",
    severity="error",
    since="0.1",
    what=(
        "The pattern of an `einsum` or of an einops function does not fit: another number of letters than "
        "dims, one letter for unequal sizes, or a letter that stands on one side only."
    ),
    why=(
        "It raises each time the line is reached. Patterns are strings, so nothing else looks at them before they run."
    ),
    wrong=(
        """
import torch


def scores():
    q = torch.rand(2, 8, 10, 64)
    k = torch.rand(2, 8, 12, 64)
    return torch.einsum("bhid,bhdj->bhij", q, k)  # <- found
""",
    ),
    right=(
        """
import torch


def scores():
    q = torch.rand(2, 8, 10, 64)
    k = torch.rand(2, 8, 12, 64)
    return torch.einsum("bhid,bhjd->bhij", q, k)
""",
    ),
    applies=applies,
)
