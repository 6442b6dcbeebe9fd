"""Sums of products by letters: einsum, with its whole grammar."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from shapelint.dims import Dim
from shapelint.ops.along import ends_seen, of_rank
from shapelint.ops.dtypes import promoted
from shapelint.ops.families.pointwise import broadcast_all
from shapelint.ops.needs import CannotRun, Trouble, WrongKind, current, need, need_equal, number
from shapelint.ops.registry import op
from shapelint.ops.signature import Values
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.shapes import NotKnown, Shape

DOTS = "..."
LETTERS = string.ascii_uppercase + string.ascii_lowercase
"""What a number of the sublist form stands for: 0 is A, 26 is a."""


@dataclass(frozen=True)
class Equation:
    """The labels of each operand and of the result: letters, and `...` for any number of dims."""

    operands: tuple[tuple[str, ...], ...]
    result: tuple[str, ...]


@lru_cache(maxsize=1024)
def parsed(text: str) -> Equation:
    """`labels, labels, ... -> labels`; without the arrow the letters that occur once, in order of the alphabet.

    Raises CannotRun.
    """
    left, arrow, right = text.partition("->")
    operands = tuple(_labels(part, text) for part in left.split(","))
    if arrow:
        return _equation(operands, _labels(right, text), text)
    counts = Counter(label for labels in operands for label in labels if label != DOTS)
    once = tuple(sorted(label for label, count in counts.items() if count == 1))
    dots = (DOTS,) if any(DOTS in labels for labels in operands) else ()
    return Equation(operands, dots + once)


def _equation(operands: tuple[tuple[str, ...], ...], result: tuple[str, ...], text: str) -> Equation:
    known = {label for labels in operands for label in labels}
    for label in result:
        if label not in known and label != DOTS:
            raise CannotRun(f"{label} stands in the result of {text!r}, but in no operand", Trouble.PATTERN)
        if result.count(label) > 1:
            raise CannotRun(f"{label} stands more than once in the result of {text!r}", Trouble.PATTERN)
    return Equation(operands, result)


def _labels(part: str, text: str) -> tuple[str, ...]:
    """The labels of one operand: letters, and one `...` at most; spaces do not matter."""
    found = []
    for piece in re.findall(r"\.\.\.|\S", part):
        if piece != DOTS and not (piece.isascii() and piece.isalpha()):
            raise CannotRun(f"{piece!r} in {text!r} is no letter and no '...'", Trouble.PATTERN)
        if piece == DOTS and DOTS in found:
            raise CannotRun(f"two '...' for one operand in {text!r}", Trouble.PATTERN)
        found.append(piece)
    return tuple(found)


def _of_sublists(arguments: Sequence[Any]) -> tuple[Equation, list[Tensor]]:
    """`einsum(op1, [0, 1], op2, [1, 2], [0, 2])`: the operands, each followed by its labels, then the result's."""
    tensors, labels = list(arguments[0::2]), list(arguments[1::2])
    result = tensors.pop() if len(tensors) > len(labels) else None
    operands = tuple(_numbered(each) for each in labels)
    text = ",".join("".join(row) for row in operands)
    if result is not None:
        text += "->" + "".join(_numbered(result))
    return parsed(text), [operand(tensor) for tensor in tensors]


def _numbered(labels: Any) -> tuple[str, ...]:
    if isinstance(labels, str):
        raise WrongKind(f"the labels of an operand are {labels!r}, not a list of numbers", Trouble.PATTERN)
    if not isinstance(labels, (tuple, list)):
        raise NotKnown("the labels are not known")
    found = []
    for label in labels:
        if label is Ellipsis:
            found.append(DOTS)
            continue
        at = number(label) if isinstance(label, (int, Dim)) else None
        if at is None:
            raise NotKnown("a label is not known")
        need(0 <= at < len(LETTERS), f"the label {at}, not within 0 to {len(LETTERS) - 1}", Trouble.PATTERN)
        found.append(LETTERS[at])
    return tuple(found)


def operand(value: Any) -> Tensor:
    """What stands in the place of an operand, as a tensor."""
    if isinstance(value, Unknown):
        tensor = current().as_tensor(value)
        if tensor is None:
            raise NotKnown(value.reason)
        return tensor
    if isinstance(value, Dim):
        raise NotKnown("an operand that is taken for a size elsewhere")  # `x**2` of a parameter does not tell
    if not isinstance(value, Tensor):
        raise CannotRun(f"an operand is a {type(value).__name__}, not a tensor")
    return current().settle(value)


@op("torch.einsum")
def einsum(equation: Values, *operands: Values) -> Tensor:
    """(i, j), (j, k) by 'ij,jk->ik' -> (i, k): one size for each letter, those not in the result summed over.

    https://docs.pytorch.org/docs/stable/generated/torch.einsum.html
    """
    if isinstance(equation, str):
        given = operands[0] if len(operands) == 1 and isinstance(operands[0], (tuple, list)) else operands
        return contracted(parsed(equation), [operand(each) for each in given])
    if isinstance(equation, Unknown) and current().as_tensor(equation) is None:
        raise NotKnown(equation.reason)
    return contracted(*_of_sublists((equation, *operands)))


einsum.gives("'bhid,bhjd->bhij', (B, h, L, d), (B, h, S, d)", "(B, h, L, S)")
einsum.gives("'ij,jk', (n, m), (m, k)", "(n, k)")
einsum.gives("'ii', (n, n)", "()")
einsum.gives("'...ij->...ji', (B, h, L, d)", "(B, h, d, L)")
einsum.fails("'ij,jk->ik', (2, 3), (4, 5)", "j is 3 in (2, 3), but 4 in (4, 5)")
einsum.fails("'ij->ik', (2, 3)", "k stands in the result of 'ij->ik', but in no operand")
einsum.fails("'ijk->i', (2, 3)", "names 3 dims, the operand (2, 3) has 2")


def contracted(equation: Equation, operands: list[Tensor]) -> Tensor:
    """The result of an equation on these operands. Raises CannotRun; records the sizes that must be equal."""
    need(
        len(equation.operands) == len(operands),
        f"labels for {len(equation.operands)} operands, {len(operands)} are given",
        Trouble.PATTERN,
    )
    sizes: dict[str, tuple[Dim, Tensor]] = {}
    covered: list[Shape] = []
    for labels, operand in zip(equation.operands, operands, strict=True):
        for label, size in _pairs(labels, operand, covered):
            _join(sizes, label, size, operand)
    dots = broadcast_all(*(Tensor(shape) for shape in covered)) if covered else Shape()
    dtype = promoted(*operands) if operands else None
    return Tensor(_assembled(equation.result, sizes, dots), None, dtype, operands[0].device if operands else None)


def _pairs(labels: tuple[str, ...], operand: Tensor, covered: list[Shape]) -> list[tuple[str, Dim]]:
    """Each letter with its size; the dims under `...` are appended to `covered`."""
    letters = [label for label in labels if label != DOTS]
    text = "".join(labels)
    if DOTS not in labels:
        shape = of_rank(operand, len(letters)).shape
        if shape.known:
            _need_count(len(letters) == len(shape), text, len(letters), shape)
            return list(zip(letters, shape.dims, strict=True))
        raise CannotRun(f"{text} names {len(letters)} dims, the operand {shape} has more", Trouble.PATTERN)
    at = labels.index(DOTS)
    before, after = letters[:at], letters[at:]
    shape = ends_seen(operand, len(before), len(after)).shape
    if shape.known:
        _need_count(len(letters) <= len(shape), text, len(letters), shape)
        last = len(shape) - len(after)
        covered.append(Shape(shape.dims[at:last]))
        return list(zip(before + after, shape.dims[:at] + shape.dims[last:], strict=True))
    last = len(shape.back) - len(after)
    covered.append(Shape(shape.front[at:], shape.run, shape.back[:last]))
    return list(zip(before + after, shape.front[:at] + shape.back[last:], strict=True))


def _need_count(fits: bool, text: str, count: int, shape: Shape) -> None:
    need(fits, f"{text} names {count} dims, the operand {shape} has {len(shape)}", Trouble.PATTERN)


def _join(sizes: dict[str, tuple[Dim, Tensor]], label: str, size: Dim, operand: Tensor) -> None:
    if label not in sizes:
        sizes[label] = size, operand
        return
    earlier, owner = sizes[label]
    if number(earlier) == 1 and number(size) != 1 and owner is not operand:
        sizes[label] = size, operand  # a size of 1 is broadcast
        return
    if number(size) != 1 or (number(earlier) != 1 and owner is operand):
        try:
            need_equal(earlier, size, f"{label} in {owner.shape}", f"{label} in {operand.shape}", Trouble.PATTERN)
        except CannotRun as why:
            text = f"its {label} is {earlier} in {owner.shape}, but {size} in {operand.shape}"
            raise CannotRun(text, Trouble.PATTERN, why.pair) from None


def _assembled(result: tuple[str, ...], sizes: dict[str, tuple[Dim, Tensor]], dots: Shape) -> Shape:
    if DOTS not in result:
        return Shape(tuple(sizes[label][0] for label in result))
    at = result.index(DOTS)
    before = tuple(sizes[label][0] for label in result[:at])
    after = tuple(sizes[label][0] for label in result[at + 1 :])
    if dots.run is None:
        return Shape(before + dots.front + after)
    return Shape(before + dots.front, dots.run, dots.back + after)
