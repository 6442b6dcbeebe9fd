"""Room for the frames of a deep recursion.

CPython 3.11 and later keep the frames of Python functions in chunks of 16 KiB, and give a chunk back as soon as the
first frame in it returns: a recursion that goes to and fro over the end of a chunk maps and unmaps memory at every
call. A chunk is made larger only where a single frame asks for more, so one frame that asks for much gives room to
all that it calls. See `_PyThreadState_PushFrame` in CPython's Python/pystate.c.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

ROOM = 1 << 20
"""Bytes that the one frame asks for; its chunk has the next power of two, and the frames of its callees the rest."""


def with_room(function: Callable[P, R]) -> Callable[P, R]:
    """The same function, run in a frame that leaves its callees about as much room as `ROOM`."""
    assert isinstance(function, FunctionType)
    function.__code__ = function.__code__.replace(co_stacksize=function.__code__.co_stacksize + ROOM // 8)
    return function
