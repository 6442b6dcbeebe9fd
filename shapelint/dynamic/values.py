"""What the recorder asks of a value: its shape, a size that it holds by name, the parts that are meant."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import Any, cast

from shapelint.dynamic.watch import Watch
from shapelint.notation.model import Role

Row = tuple[int, ...]


def attribute(receiver: object, name: str) -> object:
    """An attribute that is stored in the object or its class; nothing of the program's own code is run for it."""
    try:
        found = vars(receiver).get(name)
    except TypeError:
        found = None
    return found if found is not None else vars(type(receiver)).get(name)


def dotted(name: str, local: Mapping[str, Any]) -> int | None:
    """The int that a name, `self.config.width`, stands for in a frame."""
    head, *rest = name.split(".")
    value = local.get(head)
    for part in rest:
        if value is None:
            return None
        value = attribute(value, part)
    return value if type(value) is int else None


# --- shapes of values ---


def shape_of(value: Any) -> Row | None:
    """The shape of a tensor or an array, the sizes of a row of sizes; None for anything else."""
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        return _ints(value.shape)
    row = row_of_sizes(value)
    if row is not None:
        return row
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.ndarray):
        return _ints(value.shape)
    return None


def _ints(sizes: Iterable[Any]) -> Row | None:
    row = tuple(sizes)
    return row if all(type(size) is int for size in row) else None


def row_of_sizes(value: Any) -> Row | None:
    """The sizes in a tuple of ints, None for anything else."""
    if isinstance(value, tuple) and value and all(type(item) is int for item in value):
        return tuple(value)
    return None


def is_tensor(value: Any) -> bool:
    """Whether a value is a tensor of torch, which is not imported for that."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


# --- which parts a claim means ---


class _Seen:
    """Stands in for a frame of the interpreter where the parts of an expression are looked for."""

    def __init__(self, seen: dict[int, Any]) -> None:
        self.seen = seen
        self.world = self

    def settle(self, value: Any) -> Any:
        """What was recorded is known."""
        return value


def as_static(shape: Row) -> Any:
    """A tensor as the interpreter has it, of real sizes."""
    from shapelint.ops.tensor import Tensor
    from shapelint.shapes import Shape

    return Tensor(Shape.of(*shape))


def parts_meant(watch: Watch, expr: Any, seen: dict[int, Any]) -> list[Row]:
    """The shapes of the parts that a claim on an operand, a link or the input may mean."""
    from shapelint.interp.claims.subjects import inputs, links, operands
    from shapelint.interp.state.machine import Frame

    claim = watch.claim
    assert claim is not None
    frame = cast(Frame, _Seen(seen))
    if claim.role is Role.OPERAND:
        found = operands(frame, expr, claim.count)[claim.index : claim.index + 1]
    else:
        found = inputs(frame, expr) if claim.role is Role.INPUT else links(frame, expr)
    shapes = [seen.get(id(part)) for part in found]
    return [tuple(size.value for size in tensor.shape.dims) for tensor in shapes if tensor is not None]
