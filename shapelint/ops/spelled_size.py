"""A size as a stated signature spells it (`H//2`, `max(L, S)`), worked out from its letters, or solved for one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from shapelint.dims import Dim, const, exact_div, maximum, minimum, polynomial_quotient
from shapelint.notation.model import Anything, Binary, Call, DimSpec, Name, Num, OneOf
from shapelint.ops.needs import Trouble, need_divides

BINARY: dict[str, Callable[[Dim, Dim], Dim]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": exact_div,
    "//": lambda a, b: a // b,
    "%": lambda a, b: a % b,
}


def check_size(spec: DimSpec) -> str | None:
    """Why a size cannot be worked out whatever the letters are, or None."""
    if isinstance(spec, Binary):
        if spec.op == "**" and not isinstance(spec.right, Num):
            return "a power must be a number"
        if spec.op in ("/", "//", "%") and spec.right == Num(0):
            return "a division by 0"
        return check_size(spec.left) or check_size(spec.right)
    if isinstance(spec, Call):
        count = len(spec.arguments)
        if spec.function not in ("max", "min", "ceil", "floor") or (spec.function in ("ceil", "floor") and count != 1):
            return f"{spec.function}() is not known here, only max, min, ceil and floor"
        return next(filter(None, map(check_size, spec.arguments)), None)
    return None


def letters_in(spec: DimSpec) -> set[str]:
    """The letters that a size is made of."""
    if isinstance(spec, Name):
        return {spec.text}
    if isinstance(spec, Binary):
        return letters_in(spec.left) | letters_in(spec.right)
    if isinstance(spec, Call):
        return set().union(*map(letters_in, spec.arguments))
    return set()


def size_of(spec: DimSpec, sizes: Mapping[str, Dim]) -> Dim | None:
    """The size for these letters, None where one of them is missing or any size will do."""
    if isinstance(spec, Num):
        return const(spec.value)
    if isinstance(spec, Name):
        return sizes.get(spec.text)
    if isinstance(spec, (Anything, OneOf)):
        return None
    if isinstance(spec, Call):
        return _call(spec, sizes)
    left, right = size_of(spec.left, sizes), size_of(spec.right, sizes)
    if left is None or right is None:
        return None
    if spec.op == "**":
        return left**right.value if right.value is not None and right.value >= 0 else None
    if spec.op in ("/", "//", "%") and right.value == 0:
        return None
    return BINARY[spec.op](left, right)


def _call(spec: Call, sizes: Mapping[str, Dim]) -> Dim | None:
    argument = spec.arguments[0]
    if spec.function == "ceil" and isinstance(argument, Binary) and argument.op == "/":
        over, under = size_of(argument.left, sizes), size_of(argument.right, sizes)
        return None if over is None or under is None or under.value == 0 else -(-over // under)
    if spec.function in ("ceil", "floor"):
        return size_of(argument, sizes)
    values = [size_of(each, sizes) for each in spec.arguments]
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return None
    return (maximum if spec.function == "max" else minimum)(*known)


def solved(spec: DimSpec, size: Dim, letter: str, sizes: Mapping[str, Dim]) -> Dim | None:
    """What the one missing letter must be for a size to come out, None where that cannot be told."""
    if isinstance(spec, Name):
        return size if spec.text == letter else None
    if not isinstance(spec, Binary) or spec.op not in ("+", "-", "*"):
        return None
    left, right = size_of(spec.left, sizes), size_of(spec.right, sizes)
    if left is None and right is not None:
        rest = _undone(spec.op, size, right)
        return None if rest is None else solved(spec.left, rest, letter, sizes)
    if right is None and left is not None:
        rest = left - size if spec.op == "-" else _undone(spec.op, size, left)
        return None if rest is None else solved(spec.right, rest, letter, sizes)
    return None


def _undone(op: str, size: Dim, known: Dim) -> Dim | None:
    """`x` of `x op known = size`."""
    if op == "+":
        return size - known
    if op == "-":
        return size + known
    if known.value == 0:
        return None
    exact = polynomial_quotient(size, known)
    if exact is None:
        need_divides(known, size, f"{size} does not divide by {known}, as stated", Trouble.CALL)
    return size // known if exact is None else exact
