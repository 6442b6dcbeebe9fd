"""Rows of dims: known, partly known, unknown; and the one broadcasting rule."""

from shapelint.shapes.broadcast import SPREAD, Together, broadcast, is_told_by_data
from shapelint.shapes.shape import NotKnown, RankNotKnown, Run, Shape, first_cause

__all__ = [
    "SPREAD",
    "NotKnown",
    "RankNotKnown",
    "Run",
    "Shape",
    "Together",
    "broadcast",
    "first_cause",
    "is_told_by_data",
]
