"""Whether a value counts as true, and a test as one that holds: by its value, by what was asked before, by a part."""

from __future__ import annotations

from shapelint.dims import Dim
from shapelint.interp.claims.subjects import evaluated_aside
from shapelint.interp.objects.rows import is_never_empty
from shapelint.interp.paths.flags import answered
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import (
    Bound,
    Builtin,
    Choice,
    ClassValue,
    Container,
    DictObject,
    External,
    FunctionValue,
    Instance,
    Layer,
    ListObject,
    Partial,
    Ref,
    Value,
)  # fmt: skip
from shapelint.ops.registry import find, find_layer
from shapelint.program import nodes
from shapelint.program.within import all_parts


def truth(frame: Frame, value: Value) -> bool | None:
    """Whether a value counts as true, None where that is open."""
    value = frame.world.settle(value)
    if isinstance(value, Choice):
        answers = {truth(frame, one) for one in value.values}
        return answers.pop() if len(answers) == 1 else None
    if value is None or isinstance(value, (bool, str, float, tuple)):
        return bool(value)
    if isinstance(value, Dim):
        is_zero = frame.world.facts.equality(value, 0)
        return None if is_zero is None or value in frame.machine.optional else not is_zero
    if isinstance(value, (FunctionValue, ClassValue, Layer, Bound, Builtin, Partial)):
        return True
    if isinstance(value, External):
        return True if find(value.name) is not None or find_layer(value.name) is not None else None
    if isinstance(value, Ref):
        content = frame.world.heap.get(value.id)
        if isinstance(content, ListObject):
            return bool(content.row) if content.items is not None else is_never_empty(frame, content.row) or None
        if isinstance(content, DictObject):
            return True if content.entries else None if content.open else False
        if isinstance(content, Container):
            return bool(content.row) if content.parts is not None else is_never_empty(frame, content.row) or None
        return True if isinstance(content, Instance) else None
    return None


def answer(frame: Frame, test: nodes.Expr, value: Value) -> bool | None:
    """Whether a test holds that has this value, None where that is open."""
    known = truth(frame, value)
    known = answered(frame, test) if known is None else known
    return _settled_by_a_part(frame, test) if known is None else known


def _settled_by_a_part(frame: Frame, test: nodes.Expr) -> bool | None:
    """Whether a test holds by one name or number of dims among its parts, whatever the others are.

    `x.is_cuda or IS_NEW`, `self.flat and x.dim() == 2` of an x of three dims.
    """
    if isinstance(test, nodes.Unary) and test.op == "not":
        inner = _settled_by_a_part(frame, test.operand)
        return None if inner is None else not inner
    if not isinstance(test, nodes.Boolean):
        return None
    settles = test.op == "or"
    for part in test.values:
        name = part.operand if isinstance(part, nodes.Unary) and part.op == "not" else part
        is_plain = isinstance(name, (nodes.Name, nodes.Constant)) or _asks_how_many_dims(name)
        known = truth(frame, evaluated_aside(frame, part)) if is_plain else _settled_by_a_part(frame, part)
        if known is settles:
            return settles
    return None


def _asks_how_many_dims(test: nodes.Expr) -> bool:
    """Whether a comparison is of a number of dims, which no part before it may change, as it may what a size is."""
    asked = ("dim", "ndim", "ndimension")
    return isinstance(test, nodes.Compare) and any(
        isinstance(part, nodes.Attribute) and part.attr in asked for part in all_parts([test])
    )
