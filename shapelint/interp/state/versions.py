"""Versions that code asks for before it calls what not every torch has: the rules are those of torch 2, and of a Python
of today."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shapelint.dims import Dim
from shapelint.interp.state.machine import Frame, evaluate
from shapelint.interp.state.values import External, Value, unknown
from shapelint.program import nodes

LEAST = (2, 0)
PYTHON = External("sys.version_info")
LEAST_PYTHON = (3, 11)
"""As far back as code need not be looked at that asks for the Python it runs in."""
TORCH = External("torch.__version__")
_NUMBERS = re.compile(r"\d+(\.\d+)*")


ASKS_FOR_SCRIPTING = frozenset({"torch.jit.is_scripting", "torch.jit.is_tracing", "torch._C._get_tracing_state"})


def is_for_python_alone(frame: Frame, test: nodes.Expr) -> bool:
    """Whether a test asks that TorchScript does not run the code: `if not torch.jit.is_scripting():`."""
    if isinstance(test, nodes.Boolean) and test.op == "and":
        return all(is_for_python_alone(frame, part) for part in test.values)
    asked = test.operand if isinstance(test, nodes.Unary) and test.op == "not" else None
    function = evaluate(frame, asked.func) if isinstance(asked, nodes.Call) else None
    return isinstance(function, External) and function.name in ASKS_FOR_SCRIPTING


@dataclass(frozen=True, slots=True)
class Version:
    """A version that can be compared with others: its numbers, None for that of torch, which is 2.0 at least."""

    numbers: tuple[int, ...] | None


def parse(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    """`version.parse("1.9")`, `LooseVersion(torch.__version__)`."""
    version = version_of(args[0]) if args else None
    return unknown("a version", node.at[0]) if version is None else version


def version_of(value: Value) -> Version | None:
    """The version that a value is or says; None for others."""
    if isinstance(value, Version):
        return value
    if value == TORCH:
        return Version(None)
    found = _NUMBERS.match(value) if isinstance(value, str) else None
    return None if found is None else Version(tuple(map(int, found[0].split("."))))


def compare_versions(op: str, left: Value, right: Value) -> bool | None:
    """`left op right` of two versions, one of which is that of torch or Python, or was parsed; None where open."""
    if PYTHON in (left, right):
        asked = right if left == PYTHON else left
        numbers = [one.value for one in asked if isinstance(one, Dim)] if type(asked) is tuple else []
        known = tuple(number for number in numbers if number is not None)
        is_old = bool(known) and len(known) == len(numbers) and known <= LEAST_PYTHON
        return {">=": True, "<": False}.get(op if left == PYTHON else _TURNED.get(op, op)) if is_old else None
    if not any(isinstance(side, Version) or side == TORCH for side in (left, right)) or op not in _ORDERS:
        return None
    a, b = version_of(left), version_of(right)
    if a is None or b is None:
        return None
    if a.numbers is not None and b.numbers is not None:
        return _ORDERS[op](_whole(a.numbers), _whole(b.numbers))
    known = _whole(a.numbers or b.numbers or LEAST)
    if known > LEAST or a.numbers == b.numbers:
        return None
    newer, older = (2, 1) if a.numbers is None else (1, 2)
    if known < LEAST:
        return _ORDERS[op](newer, older)
    return {">=": True, "<": False}.get(op if a.numbers is None else _TURNED.get(op, op))


def _whole(numbers: tuple[int, ...]) -> tuple[int, ...]:
    """The numbers without zeros at their end beyond the second."""
    while len(numbers) > 2 and numbers[-1] == 0:
        numbers = numbers[:-1]
    return numbers if len(numbers) > 1 else (*numbers, 0)


_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
