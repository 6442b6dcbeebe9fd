"""Tensors written out as nested lists of numbers: the nesting gives the shape, the numbers the dtype."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shapelint.dims import Dim, Symbol, const
from shapelint.ops.dtypes import WHOLE_OR_NOT, promoted
from shapelint.ops.needs import CannotRun, Trouble, current, is_equal, number
from shapelint.ops.rows import Many, Row
from shapelint.ops.signature import NumberType
from shapelint.ops.tensor import Tensor, Unknown, scalar
from shapelint.shapes import NotKnown, Run, Shape

MOST_ITEMS = 64


def literal(data: Any) -> Tensor:
    """The tensor of a number, of a nested list or tuple, or of lists of tensors of one element. Raises CannotRun.

    `torch.tensor([[1, 2, 3], [4, 5, 6]])` is (2, 3). https://docs.pytorch.org/docs/stable/generated/torch.tensor.html
    """
    if isinstance(data, (list, tuple)):
        return _row(data)
    if isinstance(data, Row):
        return _open_row(data)
    if isinstance(data, bool):
        return Tensor(Shape(), "contiguous", "bool", items=(int(data),))
    if isinstance(data, (int, Dim)):
        value = number(data)
        return Tensor(Shape(), "contiguous", "int64", items=None if value is None else (value,))
    if isinstance(data, (float, complex)):
        return scalar("float32" if isinstance(data, float) else "complex64")
    if isinstance(data, NumberType):
        return scalar(None if f"number {data.dtype}" == WHOLE_OR_NOT else data.dtype)
    if isinstance(data, Tensor):
        return current().settle(data)
    if isinstance(data, range):
        return _row([const(n) for n in data[: MOST_ITEMS + 1]]) if len(data) <= MOST_ITEMS else _long(len(data))
    if isinstance(data, Unknown):
        raise NotKnown(data.reason)
    if data is None or isinstance(data, (str, bytes, dict)):
        raise CannotRun(f"a tensor of a {type(data).__name__}")
    raise NotKnown("a tensor of something that is not known")


def _open_row(row: Row) -> Tensor:
    """The tensor of a list of which the number of items is a size."""
    whole = row.parts[0].of if len(row.parts) == 1 and isinstance(row.parts[0], Many) else None
    if isinstance(whole, Tensor):  # `torch.tensor(lengths.tolist())`
        return Tensor(current().settle(whole).shape, "contiguous", whole.dtype, elements=whole.elements)
    groups = [part.group if isinstance(part, Many) else (part,) for part in row.parts]
    counts = [part.count if isinstance(part, Many) else const(1) for part in row.parts]
    length: Dim | None = const(0)
    for group, count in zip(groups, counts, strict=True):
        length = length + count * len(group) if length is not None and count is not None else None
    members = [None if isinstance(item, Unknown) else literal(item) for group in groups for item in group]
    size = current().fresh("_") if length is None else length
    known = [member for member in members if member is not None and member.shape.known]
    if not known or len(known) < len(members) or len({member.rank for member in known}) > 1:
        return Tensor(Shape((size,), _run_of([item for group in groups for item in group])), "contiguous")
    varying = frozenset[Symbol]().union(*(part.varying for part in row.parts if isinstance(part, Many)))
    rows = zip(*(member.shape.dims for member in known), strict=True)
    inner = (
        column[0] if len({*column}) == 1 and varying.isdisjoint(column[0].symbols) else current().fresh("_")
        for column in rows
    )
    return Tensor(Shape((size, *inner)), "contiguous", promoted(*known))


def _run_of(members: Sequence[Any]) -> Run:
    """The dims that members have of which it is not known how many they are."""
    unknowns = [one for one in members if isinstance(one, Unknown)]
    return Run.fresh(given=all(one.given for one in unknowns), after=unknowns[0].reason if unknowns else None)


def _long(count: int) -> Tensor:
    return Tensor(Shape.of(count), "contiguous", "int64")


def _row(data: list[Any] | tuple[Any, ...]) -> Tensor:
    """The tensor of a list: its length in front of the shape that all its members share."""
    length = const(len(data))
    if not data:
        return Tensor(Shape((length,)), "contiguous", "float32", items=())
    first = literal(data[0]) if not isinstance(data[0], Unknown) else None
    if first is not None and any(size.value == 0 for size in first.shape.seen()):  # torch looks at none of the others
        return Tensor(Shape((length, *first.shape.dims)), "contiguous")
    members = [literal(item) if not isinstance(item, Unknown) else None for item in data[:2000]]
    if any(member is not None and member.shape.known and not member.rank for member in members):
        members = [_as_number(m) if isinstance(item, Tensor) else m for m, item in zip(members, data, strict=False)]
    known = [member for member in members if member is not None]
    whole = next((member for member in known if member.shape.known), None)
    if whole is None or (len(known) < len(members) and whole.rank > 0):
        return Tensor(Shape((length,), _run_of(data)), "contiguous")
    for position, member in enumerate(members):
        if member is not None:
            _need_same(whole, member, position)
    dtype = promoted(*known) if len(known) == len(members) else None
    items: tuple[int, ...] | None = None
    if all(member is not None and member.items is not None for member in members):
        flat = [item for member in known for item in member.items or ()]
        items = tuple(flat) if len(flat) <= MOST_ITEMS and dtype in ("int64", "bool") else None
    return Tensor(Shape((length, *whole.shape.dims)), "contiguous", dtype, items=items)


def _as_number(member: Tensor | None) -> Tensor | None:
    """A tensor of one element as the number that it is beside numbers; any other member of a list as it is."""
    if member is None or not member.shape.known or not member.rank or any(s.value != 1 for s in member.shape.dims):
        return member
    return Tensor(Shape(), "contiguous", member.dtype, items=member.items)


def _need_same(first: Tensor, member: Tensor, position: int) -> None:
    if not member.shape.known:
        return
    if member.rank != first.rank:
        raise CannotRun(
            f"a list whose members have the shapes {first.shape} and {member.shape} (item {position})", Trouble.JOIN
        )
    for a, b in zip(first.shape.dims, member.shape.dims, strict=True):
        if a.value is not None and b.value is not None and not is_equal(a, b):
            raise CannotRun(f"item {position} of a list has {b} elements, the first has {a}", Trouble.JOIN)
