"""SHP204 tensors-that-cannot-be-joined."""

from __future__ import annotations

from shapelint.checks.cases import cannot_run
from shapelint.checks.rule import Case, Rule
from shapelint.ops.needs import Trouble


def applies(case: Case) -> bool:
    return cannot_run(case, Trouble.JOIN)


RULE = Rule(
    code="SHP204",
    name="tensors-that-cannot-be-joined",
    severity="error",
    since="0.1",
    what="Tensors that cannot be joined.",
    why="",
    wrong=(),
    right=(),
    applies=applies,
)
