"""A module that is made to hold others by their names: `self.mid = nn.Module()`, `self.mid.block = Block(dim)`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shapelint.interp.calls.classes import plain_instance
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import ClassValue, External, Value
from shapelint.program import nodes

MODULE = "torch.nn.Module"


def bare_module(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    """An instance of a class that adds nothing to `nn.Module`: the same one for all, so that two are of one kind."""
    remembered = frame.machine.remembered
    if MODULE not in remembered:
        empty = nodes.Class(node.at, "Module", (), ())
        remembered[MODULE] = ClassValue(empty, frame, (External(MODULE),), {})
    return plain_instance(frame, remembered[MODULE], (), {}, node)
