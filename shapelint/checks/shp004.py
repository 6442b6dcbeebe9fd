"""SHP004 letter-for-two-sizes."""

from __future__ import annotations

from shapelint.checks.cases import is_label
from shapelint.checks.rule import Case, Rule


def applies(case: Case) -> bool:
    return is_label(case)


RULE = Rule(
    code="SHP004",
    name="letter-for-two-sizes",
    severity="warning",
    since="0.1",
    what="Letter for two sizes.",
    why="",
    wrong=(),
    right=(),
    applies=applies,
)
