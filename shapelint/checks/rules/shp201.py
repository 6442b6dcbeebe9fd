"""SHP201 matrix-product-of-unequal-inner-sizes: the inner sizes of a matrix product differ."""

from __future__ import annotations

from shapelint.checks.rules.cases import cannot_run
from shapelint.checks.rules.rule import Case, Rule
from shapelint.ops.needs import Trouble


def applies(case: Case) -> bool:
    return cannot_run(case, Trouble.MATMUL)


RULE = Rule(
    code="SHP201",
    name="matrix-product-of-unequal-inner-sizes",
    severity="error",
    since="0.1",
    what=(
        "The inner sizes of a matrix product (`@`, `matmul`, `bmm`, `mm`, ...) differ for every size that the"
        " inputs can have."
    ),
    why=(
        "It raises each time the line is reached. The usual cause is a missing transpose, or a transpose of "
        "the wrong dims."
    ),
    wrong=(
        """
import torch


def scores():
    B, T, D = 4, 10, 32
    q = torch.rand(B, T, D)
    k = torch.rand(B, T, D)
    return q @ k  # <- found
""",
    ),
    right=(
        """
import torch


def scores():
    B, T, D = 4, 10, 32
    q = torch.rand(B, T, D)
    k = torch.rand(B, T, D)
    return q @ k.transpose(1, 2)
""",
    ),
    applies=applies,
)
