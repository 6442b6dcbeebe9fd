"""SHP201 matrix-product-of-unequal-inner-sizes."""

from __future__ import annotations

from shapelint.checks.cases import cannot_run
from shapelint.checks.rule import Case, Rule
from shapelint.ops.needs import Trouble


def applies(case: Case) -> bool:
    return cannot_run(case, Trouble.MATMUL)


RULE = Rule(
    code="SHP201",
    name="matrix-product-of-unequal-inner-sizes",
    severity="error",
    since="0.1",
    what="Matrix product of unequal inner sizes.",
    why="",
    wrong=(),
    right=(),
    applies=applies,
)
