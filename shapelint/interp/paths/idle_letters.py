"""Letters that only an input has which is None on this path: there they may stand for what comes in its place.

`h: (B, N)` of an input that may be None says nothing of N where it is: N is what `h = torch.zeros(B, size)` makes it.
"""

from __future__ import annotations

from shapelint.dims import Dim
from shapelint.interp.state.values import Value
from shapelint.interp.state.world import World
from shapelint.ops.tensor import Tensor


def let_stand(world: World, letter: Dim, size: Dim) -> bool:
    """Let a letter that is idle here stand for a size; whether it could."""
    one = letter.as_symbol
    if one is None or one not in world.idle or one in world.facts.mentioned or not world.idle.isdisjoint(size.symbols):
        return False
    if not size.symbols or any(
        each.name == "_" for each in size.symbols
    ):  # a number, and what nobody named, tell little
        return False
    least = world.facts.lower(size)
    if least is None or least < one.minimum:
        return False
    world.facts = world.facts.equal(letter, size)
    return True


def agree(a: dict[str, Value], b: dict[str, Value], worlds: tuple[World, World]) -> None:
    """Let the letters that are idle on one of two paths stand for what a name is there which has them on the other."""
    here, there = worlds
    for mine, others, world in ((a, b, here), (b, a, there)):
        if not world.idle:
            continue
        for name, value in mine.items():
            other = others.get(name)
            if other is not value and isinstance(value, Tensor) and isinstance(other, Tensor):
                _agree(world, value, other)


def _agree(world: World, value: Tensor, other: Tensor) -> None:
    if not value.shape.known or not other.shape.known or value.rank != other.rank:
        return
    for size, letter in zip(value.shape.dims, other.shape.dims, strict=True):
        if size is not letter:
            let_stand(world, letter, size)
