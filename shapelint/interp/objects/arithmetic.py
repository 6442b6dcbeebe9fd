"""Python's binary operators on abstract values: numbers, sequences, tensors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from shapelint.dims import Dim, const, floor_div, maximum, minimum, opaque, polynomial_quotient
from shapelint.interp.objects.formatted import filled_in, joined
from shapelint.interp.objects.rules import of_each, run_rule
from shapelint.interp.paths.join import alternatives, element_of, varying_of
from shapelint.interp.paths.together import pairs_of
from shapelint.interp.state.ground import SIZE_OPERATORS, size_of
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import (
    Choice,
    Formatted,
    Instance,
    ListObject,
    Ratio,
    Ref,
    Value,
    unknown,
)  # fmt: skip
from shapelint.ops.call import apply
from shapelint.ops.operators import BINARY_OPERATORS
from shapelint.ops.rows import Many, SizesOf
from shapelint.ops.signature import NumberType
from shapelint.ops.tensor import INTEGRAL, OBJECT, PERHAPS_ARRAY, Tensor, Unknown
from shapelint.program import nodes
from shapelint.shapes import Run, Shape

MOST_REPEATED = 64
NUMBERS = (Dim, int, float, Ratio, NumberType)


def number_of(value: Value) -> Dim | None:
    """The size that a value is, None for anything else. A bool counts as 0 or 1."""
    if isinstance(value, Dim):
        return value
    if isinstance(value, bool):
        return const(int(value))
    if isinstance(value, Ratio) and value.denominator.value == 1:
        return value.numerator
    return None


def operate(frame: Frame, node: nodes.Expr, op: str, left: Value, right: Value) -> Value:
    """`left op right`."""
    left, right = frame.world.settle(left), frame.world.settle(right)
    if isinstance(left, str) and op == "%":  # a text is filled in, be it with a tensor
        return _without_tensors(frame, node, op, left, right)
    if isinstance(left, Choice) or isinstance(right, Choice):
        if (not _is_tensor(left) and not _is_tensor(right)) or _may_be_two_numbers(left, right):
            pairs = pairs_of(frame.world.facts, left, right)
            paths = [path for _, path in pairs]
            return of_each(frame, [pair for pair, _ in pairs], lambda pair: operate(frame, node, op, *pair), paths)
    elif isinstance(left, str) or (not isinstance(left, Tensor) and not isinstance(right, Tensor)):
        return _without_tensors(frame, node, op, left, right)
    if op not in BINARY_OPERATORS:
        return unknown(f"the operator {op}", node.at[0])
    operator = BINARY_OPERATORS[op]
    sides = [_beside_a_tensor(as_number(frame, node, side, by_use=False)) for side in (left, right)]
    result = run_rule(frame, node, lambda a, k: apply(operator, a, k), sides, {}, op, of_tensor=True)
    return _with_its_number(frame, node, op, left, right, result)


def _with_its_number(frame: Frame, node: nodes.Expr, op: str, left: Value, right: Value, result: Value) -> Value:
    """A tensor of no dims that was calculated from such tensors and sizes, with the number that it holds.

    Of `lengths + 1` it is known what it is made of.
    """
    if isinstance(left, Tensor) and isinstance(result, Tensor) and left.elements is not None:
        size = number_of(right)
        is_exact = op in ("+", "-", "//") or (op == "*" and left.dtype in INTEGRAL)
        if size is not None and is_exact and result.shape == left.shape != Shape():
            return replace(result, elements=frame.world.elements.of(left.elements, op, size))
    if not isinstance(result, Tensor) or result.shape != Shape() or op not in ("+", "-", "*", "//", "%"):
        return result
    a, b = (side.number if isinstance(side, Tensor) else number_of(side) for side in (left, right))
    if a is None or b is None or result.dtype not in (None, *INTEGRAL):
        return result
    number = _numbers(frame, node, op, a, b)
    return replace(result, number=number) if isinstance(number, Dim) else result


def _beside_a_tensor(value: Value) -> Value:
    """What is not known beside a tensor: another one or a number, which is like a tensor of some number of dims."""
    if not isinstance(value, Unknown):
        return value
    if value.is_number:
        return NumberType("any")  # an int may well be asked for as such
    return Tensor(Shape.unknown(value.origin, why=value.reason, given=value.given), None, device=PERHAPS_ARRAY)


def _is_tensor(value: Value) -> bool:
    return any(isinstance(one, Tensor) for one in alternatives(value))


def _may_be_two_numbers(left: Value, right: Value) -> bool:
    """Whether two values are numbers or tensors, and may both be numbers: `2 * total` after `total = 0` and a loop."""
    sides = [[isinstance(one, NUMBERS) for one in alternatives(side)] for side in (left, right)]
    kinds = [one for side in (left, right) for one in alternatives(side)]
    return all(map(any, sides)) and all(isinstance(one, (Tensor, *NUMBERS)) for one in kinds)


def _without_tensors(frame: Frame, node: nodes.Expr, op: str, left: Value, right: Value) -> Value:
    if isinstance(left, str) and op == "%":
        return filled_in(frame, left, right if type(right) is tuple else (right,))
    left, right = _as_size_by_use(frame, op, left, right), _as_size_by_use(frame, op, right, left)
    a, b = number_of(left), number_of(right)
    if a is not None and b is not None:
        return _numbers(frame, node, op, a, b)
    if isinstance(left, (int, float, Dim, Ratio)) and isinstance(right, (int, float, Dim, Ratio)):
        return _fractions(op, left, right)
    if op in ("+", "*"):
        together = _sequences(frame, op, left, right)
        if together is not None:
            return together
    for value in (left, right):
        if isinstance(value, Unknown):
            both = op in (*SIZE_OPERATORS, "/") and _may_be_number(left) and _may_be_number(right)
            calculated = (op, left, right) if both else None
            given = are_given(left, right)
            result = Unknown(value.reason, line=node.at[0], calculated=calculated, given=given, may_be_none=False)
            result.is_number = both and _is_number(left) and _is_number(right)
            return result
    if isinstance(left, NumberType) or isinstance(right, NumberType):
        return _of_numbers(op, left, right)
    if isinstance(left, (str, Formatted)) and isinstance(right, (str, Formatted)) and op == "+":
        return joined(frame, [left, right])
    contents = [frame.world.heap.get(side.id) for side in (left, right) if isinstance(side, Ref)]
    is_object = any(isinstance(content, Instance) for content in contents)
    return unknown(f"{OBJECT}the operator {op} makes" if is_object else f"the operator {op}", node.at[0])


def negative(value: Unknown, line: int) -> Unknown:
    """`-value`: as a size it is less than none, as a tensor as large as the value."""
    calculated = ("-", const(0), value)
    return Unknown(value.reason, line=line, calculated=calculated, given=value.given) if _may_be_size(value) else value


def extreme_by_use(name: str, values: Sequence[Value], line: int) -> Value:
    """`max(2, kernel)` of what may be sizes: a size of theirs where it is used as one.

    What a number is compared with is one, too: it changes no shape beside a tensor.
    """
    numbers = [isinstance(value, (int, float, Dim, Ratio, NumberType)) for value in values]
    if values and all(numbers):
        return NumberType("float32")
    reason = f"{name}() of values that are not known"
    result = unknown(reason, line)
    if values and all(map(_may_be_size, values)):
        found = values[0]
        for value in values[1:]:
            found = Unknown(reason, line=line, calculated=(name, found, value), given=are_given(*values))
        result = found if isinstance(found, Unknown) else result
    result.is_number = any(numbers)
    return result


def are_given(*sides: Value) -> bool:
    """Whether a caller gives each of these values, or it is a number."""
    numbers = (Dim, int, float, Ratio, NumberType)
    return all(isinstance(side, numbers) or (isinstance(side, Unknown) and side.given) for side in sides)


def _may_be_size(value: Value) -> bool:
    if isinstance(value, Unknown):
        return value.may_be_size and (bool(value.origin) or value.calculated is not None)
    return isinstance(value, Dim)


def _may_be_number(value: Value) -> bool:
    return isinstance(value, (float, Ratio, NumberType)) or _may_be_size(value)


def as_number(frame: Frame, node: nodes.Expr, value: Value, *, by_use: bool = True) -> Value:
    """The number that a value is where it is used as one: that of its name, or what was calculated of such names.

    Where this is no such use, only what has been calculated of names that are known to be sizes by now is a number.
    """
    value = frame.world.settle(value)
    if not isinstance(value, Unknown):
        return value
    if value.calculated is None:
        size = size_of(frame.world, value) if by_use else None
        return value if size is None else size
    op, left, right = value.calculated
    if op == "-" and isinstance(left, Dim) and left.value == 1 and isinstance(frame.world.settle(right), Unknown):
        return value  # `1 - ratio`: no size is taken from 1
    left, right = as_number(frame, node, left, by_use=by_use), as_number(frame, node, right, by_use=by_use)
    a, b = number_of(left), number_of(right)
    if a is not None and b is not None:
        return _numbers(frame, node, op, a, b)
    if isinstance(left, Tensor) or isinstance(right, Tensor):  # what is known by now of what was calculated before
        return operate(frame, node, op, left, right)
    is_unknown = isinstance(left, Unknown) or isinstance(right, Unknown)
    return value if is_unknown else _fractions(op, left, right)


def _as_size_by_use(frame: Frame, op: str, value: Value, other: Value) -> Value:
    """A named unknown under `//` and `%` is a size of that name, unless it may be a tensor.

    Beside any other operator it may as well be a tensor: `x**2`, `x / 255`. What is calculated so is remembered, and a
    size once it is used as one.
    """
    is_named = isinstance(value, Unknown) and bool(value.origin) and not value.is_result
    if not is_named or op not in ("//", "%"):
        return value
    if isinstance(other, (Dim, Ratio)) or (isinstance(other, Unknown) and other.origin):
        size = size_of(frame.world, value)
        return value if size is None else size
    return value


def _is_number(value: Value) -> bool:
    """Whether a value is known to be a number, be it by its kind alone."""
    return value.is_number if isinstance(value, Unknown) else isinstance(value, NUMBERS)


MOST_BITS = 4096


def _of_numbers(op: str, left: Value, right: Value) -> NumberType:
    """What comes of two numbers one of which is known by its type alone: an int of ints, but for a division."""
    kinds = {
        one.dtype if isinstance(one, NumberType) else "int64" if isinstance(one, (bool, Dim)) else "float32"
        for one in (left, right)
    }
    if op in ("/", "**") or not kinds <= {"int64", "any"}:
        return NumberType("float32")
    return NumberType("any" if "any" in kinds else "int64")


def _power(frame: Frame, base: Dim, power: Dim) -> Value:
    """A size where the exponent is surely not negative, and not so great that none is; else an int or a float."""
    exponent, value = frame.world.value_of(power), frame.world.value_of(base)
    if exponent is None or exponent < 0:
        least = frame.world.facts.lower(power)
        return NumberType("any") if least is None or least < 0 else opaque("**", base, power)
    if exponent <= 8:
        return base**exponent
    known = value is not None and exponent * value.bit_length() <= MOST_BITS
    return const(value**exponent) if known and value is not None else NumberType("int64")


def _numbers(frame: Frame, node: nodes.Expr, op: str, a: Dim, b: Dim) -> Value:
    if op == "+":
        return a + b
    if op == "-":
        return a - b
    if op == "*":
        return a * b
    if op in ("max", "min"):
        return maximum(a, b) if op == "max" else minimum(a, b)
    exponent = frame.world.value_of(b)
    if op == "**":
        return _power(frame, a, b)
    if op in ("//", "%", "/") and exponent == 0:
        return unknown("a division by zero", node.at[0])
    if op == "//":
        return a // b
    if op == "%":
        return a % b
    if op == "/":
        exact = polynomial_quotient(a, b)
        return Ratio(a, b) if exact is None else Ratio(exact, const(1))
    x, y = frame.world.value_of(a), exponent
    if x is not None and y is not None and 0 <= y < 1 << 20:
        table = {"&": x & y, "|": x | y, "^": x ^ y}
        if op in table:
            return const(table[op])
        if op in ("<<", ">>") and y < 64:
            return const(x << y if op == "<<" else x >> y)
    return opaque(op, a, b)


def _as_fraction(value: Value) -> tuple[Dim, Dim] | None:
    if isinstance(value, Ratio):
        return value.numerator, value.denominator
    if isinstance(value, Dim):
        return value, const(1)
    if isinstance(value, float) and value == value and abs(value) < 1e9:
        fraction = Fraction(value).limit_denominator(4096)
        if abs(float(fraction) - value) < 1e-12:
            return const(fraction.numerator), const(fraction.denominator)
    return None


def _fractions(op: str, left: Value, right: Value) -> Value:
    """Arithmetic on numbers of which one is no whole one, kept as a ratio where that is exact."""
    a, b = _as_fraction(left), _as_fraction(right)
    if a is None or b is None:
        return NumberType("float32")
    if op == "**" and isinstance(left, Dim) and b == (const(1), const(2)):
        return NumberType("float32", left)
    if op == "*":
        return ratio(a[0] * b[0], a[1] * b[1])
    if op == "/" and b[0].value != 0:
        return ratio(a[0] * b[1], a[1] * b[0])
    if op in ("+", "-"):
        top = a[0] * b[1] + b[0] * a[1] if op == "+" else a[0] * b[1] - b[0] * a[1]
        return ratio(top, a[1] * b[1])
    if op == "//" and b[0].value != 0:
        return floor_div(a[0] * b[1], a[1] * b[0])
    return NumberType("float32")


def ratio(numerator: Dim, denominator: Dim) -> Value:
    """The quotient as a Ratio, reduced where the division is exact."""
    exact = polynomial_quotient(numerator, denominator)
    return Ratio(exact, const(1)) if exact is not None else Ratio(numerator, denominator)


def _sequences(frame: Frame, op: str, left: Value, right: Value) -> Value:
    """Two sequences put together, or one repeated; None where the operands are no sequences."""
    if op == "*":
        if number_of(left) is not None:
            left, right = right, left
        count = number_of(right)
        times = None if count is None else frame.world.value_of(count)
        if type(left) is tuple and times is not None and len(left) * times <= MOST_REPEATED:
            return left * times
        if type(left) is tuple and count is not None and frame.world.counted(count) is not None:
            return frame.world.allocate(ListObject(_times(left, count)))
        content = frame.world.heap.get(left.id) if isinstance(left, Ref) else None
        if isinstance(content, ListObject):
            if count is None and isinstance(right, Unknown):
                count = size_of(frame.world, right)
            if content.items is not None and times is not None and len(content.items) * times <= MOST_REPEATED:
                return frame.world.allocate(ListObject(content.items * times))
            return frame.world.allocate(ListObject(_times(content.row, count)))
        return None
    rows = [_row_put_together(frame, side) for side in (left, right)]
    if rows[0] is not None and rows[1] is not None and not (type(left) is tuple and type(right) is tuple):
        return frame.world.allocate(ListObject(rows[0] + rows[1]))
    first, second = _tuple_or_sizes(left), _tuple_or_sizes(right)
    if first is None or second is None:
        return None
    if isinstance(first, tuple) and isinstance(second, tuple):
        return first + second
    return _joined_rows(first, second)


def _row_put_together(frame: Frame, value: Value) -> tuple[Value, ...] | None:
    """The parts of a tuple or a list; a tuple of which the length is no plain number is kept as a list."""
    if type(value) is tuple:
        return value
    content = frame.world.heap.get(value.id) if isinstance(value, Ref) else None
    return content.row if isinstance(content, ListObject) else None


def _times(row: tuple[Value, ...], count: Dim | None) -> tuple[Value, ...]:
    """A row that stands so many times in a list; a size in it that varies is then one of as many as the list has."""
    if any(isinstance(part, Many) for part in row):
        lone = row[0] if len(row) == 1 else None
        if isinstance(lone, Many) and lone.count is not None and count is not None:
            return (Many(lone.group, lone.count * count, lone.varying),)
        return (Many((element_of(row),), None, varying_of(row)),)
    return (Many(row, count),) if row else ()


def _tuple_or_sizes(value: Value) -> tuple[Value, ...] | Shape | None:
    """A tuple, or the shape behind a row of sizes of unknown length."""
    if type(value) is tuple:
        return value
    return value.shape if isinstance(value, SizesOf) else None


def _joined_rows(a: tuple[Value, ...] | Shape, b: tuple[Value, ...] | Shape) -> Value:
    first, second = _shape_of_row(a), _shape_of_row(b)
    if first is None or second is None:
        return None
    if first.run is None:
        return SizesOf(Shape(first.front + second.front, second.run, second.back))
    if second.run is None:
        return SizesOf(Shape(first.front, first.run, first.back + second.front))
    return SizesOf(Shape(first.front, Run.fresh(), second.back))


def _shape_of_row(row: tuple[Value, ...] | Shape) -> Shape | None:
    if isinstance(row, Shape):
        return row
    return Shape(row) if all(isinstance(item, Dim) for item in row) else None
