"""Taking a comment at its word: a value of which the code does not tell the shape has the one that is said."""

from __future__ import annotations

from shapelint.interp.paths.join import alternatives
from shapelint.interp.state.ground import place_of
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import Value
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes
from shapelint.shapes import Shape


def believe(frame: Frame, value: Value, shape: Shape, target: nodes.Expr | None) -> Value:
    """Take it that a value of unknown shape has this one, and that the target stands for it."""
    for one in alternatives(value):
        if isinstance(one, Tensor) and one.shape.run is not None:
            lead, tail = len(one.shape.front), len(one.shape.back)
            inner = _within(shape, lead, tail)
            if inner is not None:
                frame.world.fill(one.shape.run, inner)
                for mine, said in [
                    *zip(one.shape.front, shape.front, strict=False),
                    *zip(reversed(one.shape.back), reversed(shape.back or shape.front), strict=False),
                ]:
                    if any(symbol.name == "_" for symbol in mine.symbols):  # the code tells what the others are
                        extended = frame.world.facts.equal(mine, said)
                        if not extended.contradictory:
                            frame.world.facts = extended
            return frame.world.settle(value)
        if isinstance(one, Tensor) and shape.known and one.shape.known and shape.rank == one.shape.rank:
            for mine, said in zip(one.shape.dims, shape.dims, strict=True):
                if said.value is None and said not in one.shape.dims:
                    frame.world.give_size(mine, said)
            return frame.world.settle(value)
    if not isinstance(value, Unknown) or value.is_object:
        return value
    tensor = Tensor(shape, None, value.dtype, place_of(value), elements=value.first.made)
    if value.origin:
        frame.world.resolved[value] = tensor
    if isinstance(target, nodes.Name):
        frame.env[target.id] = tensor
        frame.lines[target.id] = target.at[0]
    return tensor


def _within(shape: Shape, lead: int, tail: int) -> Shape | None:
    """The shape without so many dims at its ends; None where they are not all seen there."""
    if shape.run is None:
        return Shape(shape.front[lead : shape.rank - tail]) if shape.rank >= lead + tail else None
    if len(shape.front) < lead or len(shape.back) < tail:
        return None
    return Shape(shape.front[lead:], shape.run, shape.back[: len(shape.back) - tail])
