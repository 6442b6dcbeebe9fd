"""SHP205 input-that-a-layer-cannot-take."""

from __future__ import annotations

from shapelint.checks.cases import cannot_run
from shapelint.checks.rule import Case, Rule
from shapelint.ops.needs import Trouble


def applies(case: Case) -> bool:
    return cannot_run(case, Trouble.LAYER_INPUT)


RULE = Rule(
    code="SHP205",
    name="input-that-a-layer-cannot-take",
    severity="error",
    since="0.1",
    what="Input that a layer cannot take.",
    why="",
    wrong=(),
    right=(),
    applies=applies,
)
