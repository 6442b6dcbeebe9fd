"""SHP105 equality-that-fails."""

from __future__ import annotations

from shapelint.checks.cases import is_equality
from shapelint.checks.rule import Case, Rule


def applies(case: Case) -> bool:
    return is_equality(case)


RULE = Rule(
    code="SHP105",
    name="equality-that-fails",
    severity="error",
    since="0.1",
    what="Equality that fails.",
    why="",
    wrong=(),
    right=(),
    applies=applies,
)
