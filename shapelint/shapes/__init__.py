"""Rows of dims: known, partly known, unknown; and the one broadcasting rule."""

from shapelint.shapes.broadcast import Together, broadcast
from shapelint.shapes.shape import NotKnown, RankNotKnown, Run, Shape, first_cause

__all__ = ["NotKnown", "RankNotKnown", "Run", "Shape", "Together", "broadcast", "first_cause"]
