"""SHP309 reordering-that-changes-nothing: a transpose of a dim with itself, a permute into the same order."""

from __future__ import annotations

from shapelint.checks.rules.cases import is_suspected
from shapelint.checks.rules.rule import Case, Rule
from shapelint.interp.state.events import Suspicion


def applies(case: Case) -> bool:
    return is_suspected(case, Suspicion.SAME_ORDER)


RULE = Rule(
    code="SHP309",
    name="reordering-that-changes-nothing",
    severity="warning",
    since="0.1",
    what="`transpose` names one dim twice, or `permute` names all dims in the order in which they are.",
    why=(
        "The line does nothing, and was written to do something: mostly one of the numbers is wrong, or a "
        "negative one means the same dim."
    ),
    wrong=(
        """
import torch


def scores():
    q, k = torch.rand(4, 10, 10), torch.rand(4, 10, 10)
    return q @ k.transpose(2, -1)  # <- found
""",
    ),
    right=(
        """
import torch


def scores():
    q, k = torch.rand(4, 10, 10), torch.rand(4, 10, 10)
    return q @ k.transpose(1, 2)
""",
    ),
    applies=applies,
)
