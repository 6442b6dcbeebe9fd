"""Python's comparisons of abstract values: what they tell of numbers, sequences, texts and None."""

from __future__ import annotations

from shapelint.dims import Dim
from shapelint.interp.objects.arithmetic import are_given, number_of, operate
from shapelint.interp.objects.rules import of_each
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import (
    Choice,
    ClassValue,
    DictObject,
    External,
    FunctionValue,
    Layer,
    ListObject,
    Ref,
    Value,
    unknown,
)  # fmt: skip
from shapelint.interp.state.versions import compare_versions
from shapelint.ops.operators import BINARY_OPERATORS
from shapelint.ops.registry import find, find_layer
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes


def compare_values(frame: Frame, node: nodes.Expr, op: str, left: Value, right: Value) -> Value:
    """`left op right` for a comparison: a bool where known, a tensor for tensors, else unknown."""
    left, right = frame.world.settle(left), frame.world.settle(right)
    if op in ("is", "is not") or (op in ("==", "!=") and (left is None or right is None)):
        known = _identical(frame, left, right)
        return unknown("a condition", node.at[0]) if known is None else known == (op in ("is", "=="))
    if (isinstance(left, str) or isinstance(right, str)) and (isinstance(left, Tensor) or isinstance(right, Tensor)):
        return unknown("a condition", node.at[0])
    if isinstance(left, Tensor) or isinstance(right, Tensor):
        return operate(frame, node, op, left, right) if op in BINARY_OPERATORS else unknown("a condition")
    if op in ("in", "not in"):
        return _member(frame, op, left, right)
    if isinstance(left, Choice) and isinstance(right, Dim):
        return of_each(frame, left.values, lambda one: compare_values(frame, node, op, one, right), left.paths)
    a, b = number_of(left), number_of(right)
    if a is not None and b is not None:
        answer = _ordered(frame, op, a, b)
        return unknown("a condition", node.at[0]) if answer is None else answer
    newer = compare_versions(op, left, right)
    if newer is not None:
        return newer
    if isinstance(left, (str, bool, float)) and isinstance(right, (str, bool, float)):
        table = {"==": left == right, "!=": left != right}
        if op in table:
            return table[op]
    if type(left) is tuple and type(right) is tuple and op in ("==", "!="):
        return _rows_equal(frame, op, left, right)
    if op in ("==", "!=") and (_is_no_text(left, right) or _is_no_text(right, left)):
        return op == "!="
    return Unknown("a condition", line=node.at[0], given=are_given(left, right))


def _is_no_text(value: Value, text: Value) -> bool:
    """Whether a value is compared with a text, and surely is none: a layer in the place of its name."""
    return isinstance(text, str) and (value is None or isinstance(value, (Layer, FunctionValue, ClassValue)))


def _identical(frame: Frame, left: Value, right: Value) -> bool | None:
    if isinstance(left, (Unknown, Choice)) or isinstance(right, (Unknown, Choice)):
        other = right if isinstance(left, (Unknown, Choice)) else left
        value = left if isinstance(left, (Unknown, Choice)) else right
        if other is None and isinstance(value, Unknown) and not value.may_be_none:
            return False
        if other is None and isinstance(value, Choice) and all(one is not None for one in value.values):
            return False
        return None
    if left is None or right is None:
        size = right if left is None else left
        if isinstance(size, External) and size.name.count(".") > 1 and not (find(size.name) or find_layer(size.name)):
            return None  # an attribute of another module: `torch.version.cuda`
        return None if isinstance(size, Dim) and size in frame.machine.optional else left is right
    if isinstance(left, (bool, str)) and isinstance(right, (bool, str)):
        return left == right
    return None


def _ordered(frame: Frame, op: str, a: Dim, b: Dim) -> bool | None:
    facts = frame.world.facts
    if _may_be_negative(a, b) or _may_be_negative(b, a):
        return None
    if op in ("==", "!="):
        answer = facts.equality(a, b)
        return None if answer is None else answer == (op == "==")
    if op in (">", ">="):
        a, b = b, a
    strict = op in ("<", ">")
    lower = facts.lower(a - b)
    if lower is not None and (lower > 0 or (lower == 0 and strict)):
        return False
    upper = facts.upper(a - b)
    return True if upper is not None and (upper < 0 or (upper == 0 and not strict)) else None


def _may_be_negative(size: Dim, other: Dim) -> bool:
    """Whether a number that a caller gives is compared with one below 0, and so need not be a size: an axis."""
    given = size.as_symbol
    return given is not None and given.free and other.value is not None and other.value < 0


def _rows_equal(frame: Frame, op: str, left: tuple[Value, ...], right: tuple[Value, ...]) -> Value:
    if len(left) != len(right):
        return op == "!="
    answers = [
        _ordered(frame, "==", a, b) if isinstance(a, Dim) and isinstance(b, Dim) else None
        for a, b in zip(left, right, strict=True)
    ]
    if all(answer is True for answer in answers):
        return op == "=="
    return op == "!=" if any(answer is False for answer in answers) else unknown("a condition")


def _member(frame: Frame, op: str, left: Value, right: Value) -> Value:
    content = frame.world.heap.get(right.id) if isinstance(right, Ref) else right
    items = content.items if isinstance(content, ListObject) else content if type(content) is tuple else None
    if isinstance(left, str) and isinstance(right, str):
        return (left in right) == (op == "in")
    if isinstance(left, str) and isinstance(content, DictObject):
        if left in content.entries:
            return op == "in"
        return unknown("a condition") if content.open else op == "not in"
    if items is None or not isinstance(left, (str, bool)):
        if items is None or not isinstance(left, Dim) or not all(isinstance(item, Dim) for item in items):
            return unknown("a condition")
        answers = [_ordered(frame, "==", left, item) for item in items]
        if any(answer is True for answer in answers):
            return op == "in"
        return op == "not in" if all(answer is False for answer in answers) else unknown("a condition")
    if all(isinstance(item, (str, bool)) for item in items):
        return (left in items) == (op == "in")
    return unknown("a condition")
