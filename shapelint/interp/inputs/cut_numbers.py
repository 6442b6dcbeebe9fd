"""Numbers that the code cuts or rounds to whole ones: who does so holds them to be no whole ones yet."""

from __future__ import annotations

import re

from shapelint.dims import Dim, const
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import Ratio, Value
from shapelint.ops.signature import NumberType
from shapelint.ops.tensor import Unknown

ONE = const(1)

SHARES = re.compile("ratio|scale|factor|mult|frac|prob|rate|thres|expan|percent|portion", re.IGNORECASE)
SIZES = re.compile("dim|size|width|height|chan|plane|len|hid|emb|model|feat|num|head|depth|group|unit", re.IGNORECASE)


def take_shares(frame: Frame, value: Value) -> None:
    """What a size is multiplied by within `int(n * ratio)`, `ceil(...)` is a number from here on: a share, no size.

    Of two that may both be sizes it is the one that goes by such a name. One that was used as a size stays one.
    """
    op, left, right = _calculated(frame.world.settle(value))
    if op == "*":
        for side, other in ((left, right), (right, left)):
            is_beside_a_size = _is_size(frame, other) and not _is_called_a_size(frame, side)
            if is_beside_a_size or _is_taken_from_one(frame, side):
                _take(frame, side)
        if _may_be_share(frame, left) != _may_be_share(frame, right):
            _take(frame, left if _may_be_share(frame, left) else right)
    elif op in ("+", "-") and (_is_fraction(left) or _is_fraction(right)):
        take_shares(frame, left)
        take_shares(frame, right)


def _take(frame: Frame, value: Value) -> None:
    value = frame.world.settle(value)
    if _is_taken_from_one(frame, value):
        _take(frame, _calculated(value)[2])
    elif isinstance(value, Unknown) and value.origin and value.first.size is None:
        frame.world.resolved[value] = NumberType("float32")


def _is_size(frame: Frame, value: Value) -> bool:
    """Whether a value is the size of something, not a number that a caller may give."""
    settled = frame.world.settle(value)
    return isinstance(settled, Dim) and settled.value is None and settled not in frame.machine.defaults


def _is_called_a_size(frame: Frame, value: Value) -> bool:
    settled = frame.world.settle(value)
    return isinstance(settled, Unknown) and bool(SIZES.search(settled.origin))


def _may_be_share(frame: Frame, value: Value) -> bool:
    settled = frame.world.settle(value)
    return isinstance(settled, Unknown) and bool(SHARES.search(settled.origin))


def _is_taken_from_one(frame: Frame, value: Value) -> bool:
    op, left, _ = _calculated(frame.world.settle(value))
    return op == "-" and left in (ONE, 1.0)


def _calculated(value: Value) -> tuple[str, Value, Value]:
    found = value.calculated if isinstance(value, Unknown) else None
    return found or ("", None, None)


def _is_fraction(value: Value) -> bool:
    return isinstance(value, float) or (isinstance(value, Ratio) and value.denominator != ONE)
