"""SHP301 names-that-an-operation-equates."""

from __future__ import annotations

from shapelint.checks.cases import equates
from shapelint.checks.rule import Case, Rule


def applies(case: Case) -> bool:
    return equates(case)


RULE = Rule(
    code="SHP301",
    name="names-that-an-operation-equates",
    severity="warning",
    since="0.1",
    what="Names that an operation equates.",
    why="",
    wrong=(),
    right=(),
    applies=applies,
)
