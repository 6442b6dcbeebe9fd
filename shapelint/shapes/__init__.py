"""Rows of dims: known, partly known, unknown; and the one broadcasting rule."""

from shapelint.shapes.broadcast import Together, broadcast
from shapelint.shapes.shape import NotKnown, Run, Shape

__all__ = ["NotKnown", "Run", "Shape", "Together", "broadcast"]
