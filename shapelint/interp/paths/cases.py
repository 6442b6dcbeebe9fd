"""Which of several cases a value is: those of an input `(C, H, W) or (B, C, H, W)`, and what one tells of others."""

from __future__ import annotations

from collections.abc import Sequence

from shapelint.dims import Dim, Facts, const
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import Choice, Value
from shapelint.notation.model import Claim, Rest
from shapelint.ops.tensor import Tensor
from shapelint.shapes import Shape


def cases_of(facts: Facts, which: Dim, shapes: Sequence[Shape]) -> list[tuple[Shape, Facts]]:
    """The shapes that such an input may have, each with what is known where `which` says that it is this one.

    What another shape covers is no case of its own: `(1, 3, 3) or (N, 3, 3)`. A letter of a shape with more dims is 1
    where they are lacking: an image without its batch is a batch of one.
    """
    kept = [shape for shape in shapes if not any(_covers(other, shape) for other in shapes)]
    cases = []
    for number, shape in enumerate(kept):
        known = facts.equal(which, number)
        for size in {size for other in kept for size in _lacking(shape, other)}:
            one = known.equal(size, const(1))
            known = known if one.contradictory else one
        cases.append((shape, known))
    return cases


def case_meant(told: Sequence[Value], value: Value, claim: Claim) -> tuple[Tensor, Facts] | None:
    """The one case of an input that has as many dims as a comment of the code says, and what is known in it."""
    if not isinstance(value, Choice) or len(claim.shapes) != 1 or not all(one in told for one in value.values):
        return None
    items = claim.shapes[0].items
    fits = [(one, path) for one, path in value.each() if isinstance(one, Tensor) and one.shape.known]
    fits = [(one, path) for one, path in fits if one.rank == len(items) and not any(isinstance(i, Rest) for i in items)]
    one, path = fits[0] if len(fits) == 1 else (None, None)
    return (one, path) if one is not None and path is not None else None


def take_path(frame: Frame, path: Facts) -> None:
    """Take what is known where a value comes about, now that it is this one: others cannot be what goes against it."""
    facts = frame.world.facts.also(path)
    if not facts.contradictory:
        frame.world.facts = facts


def _covers(general: Shape, special: Shape) -> bool:
    """Whether a shape is another one with numbers in the place of letters."""
    if not general.known or not special.known or general.rank != special.rank or general == special:
        return False
    pairs = zip(general.dims, special.dims, strict=True)
    return all(one == other or (one.as_symbol is not None and other.value is not None) for one, other in pairs)


def _lacking(shape: Shape, longer: Shape) -> list[Dim]:
    """The letters of a shape with more dims, in the same order, that this one does not have."""
    if not shape.known or not longer.known or shape.rank >= longer.rank:
        return []
    rest = list(shape.dims)
    lacking = []
    for size in longer.dims:
        if rest and size == rest[0]:
            rest.pop(0)
        else:
            lacking.append(size)
    own = {name for size in shape.dims for name in size.symbols}
    return [] if rest else [size for size in lacking if size.as_symbol is not None and size.as_symbol not in own]
