"""SHP107 annotation-of-another-shape: a shape in a type annotation is not the one that the code gives."""

from __future__ import annotations

from shapelint.checks.rules.cases import is_at
from shapelint.checks.rules.rule import Case, Rule
from shapelint.program.nodes import Place


def applies(case: Case) -> bool:
    return is_at(case, Place.ANNOTATION)


RULE = Rule(
    code="SHP107",
    name="annotation-of-another-shape",
    severity="error",
    since="0.1",
    what="A shape in a type annotation, as jaxtyping writes it, is not the one that the code gives.",
    why="Without a checker at run time nobody notices, and with one it fails only when this line is reached.",
    wrong=(
        """
from jaxtyping import Float
from torch import Tensor


def to_channels_first(x: Float[Tensor, "batch time dim"]) -> Float[Tensor, "batch time dim"]:  # <- found
    return x.transpose(1, 2)
""",
    ),
    right=(
        """
from jaxtyping import Float
from torch import Tensor


def to_channels_first(x: Float[Tensor, "batch time dim"]) -> Float[Tensor, "batch dim time"]:
    return x.transpose(1, 2)
""",
    ),
    applies=applies,
)
