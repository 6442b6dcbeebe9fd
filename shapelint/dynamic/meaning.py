"""The number that a dim of a claim means at run time, given what each of its names is."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from shapelint.notation.model import Binary, Call, DimSpec, Name, Num

Lookup = Callable[[str], "int | None"]

MOST_SOLVED = 4096


class UnboundError(Exception):
    """A name of the dim has no size yet."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class MeaninglessError(Exception):
    """The dim cannot be evaluated: a function that is not known, a division by 0."""


@dataclass(slots=True)
class Rounded:
    """Divisions that an author wrote as exact and that are not, as texts (`H/2` for H=7)."""

    divisions: list[str] = field(default_factory=list)


def number_of(spec: DimSpec, lookup: Lookup, rounded: Rounded | None = None) -> int:
    """The size that a dim means; divisions round down as in Python. Raises UnboundError and MeaninglessError."""
    if isinstance(spec, Num):
        return spec.value
    if isinstance(spec, Name):
        size = lookup(spec.text)
        if size is None:
            raise UnboundError(spec.text)
        return size
    if isinstance(spec, Binary):
        left, right = number_of(spec.left, lookup, rounded), number_of(spec.right, lookup, rounded)
        return _calculated(spec.op, left, right, rounded)
    if isinstance(spec, Call):
        return _called(spec, lookup, rounded)
    raise MeaninglessError(str(spec))


def _calculated(op: str, left: int, right: int, rounded: Rounded | None) -> int:
    if op == "+":
        return left + right
    if op == "-":
        return left - right
    if op == "*":
        return left * right
    if op == "**" and 0 <= right <= 64:
        return int(left**right)
    if right == 0:
        raise MeaninglessError("a division by 0")
    if op == "%":
        return left % right
    if op in ("/", "//"):
        if left % right and rounded is not None:
            rounded.divisions.append(f"{left}/{right}")
        return left // right
    raise MeaninglessError(op)


def _called(spec: Call, lookup: Lookup, rounded: Rounded | None) -> int:
    if spec.function == "ceil" and len(spec.arguments) == 1 and isinstance(spec.arguments[0], Binary):
        inner = spec.arguments[0]
        if inner.op == "/":
            below = number_of(inner.right, lookup, rounded)
            if below:
                return math.ceil(number_of(inner.left, lookup, rounded) / below)
    values = [number_of(argument, lookup, rounded) for argument in spec.arguments]
    if spec.function in ("max", "min") and values:
        return max(values) if spec.function == "max" else min(values)
    if spec.function in ("floor", "int", "round", "ceil") and len(values) == 1:
        return values[0]
    raise MeaninglessError(spec.function)


def solved_for(spec: DimSpec, name: str, size: int, lookup: Lookup) -> int | None:
    """The only size of `name` for which the dim comes out as `size`, None where there is none or are several."""
    found = []
    for candidate in range(1, min(size * 2 + 4, MOST_SOLVED)):

        def known(asked: str, candidate: int = candidate) -> int | None:
            return candidate if asked == name else lookup(asked)

        try:
            if number_of(spec, known) == size:
                found.append(candidate)
                if len(found) > 1:
                    return None
        except (UnboundError, MeaninglessError):
            return None
    return found[0] if found else None
