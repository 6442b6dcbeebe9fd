"""The ground that operators' rules stand on while a program is interpreted: a Context over the World."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from shapelint.dims import Dim, const, maximum, minimum, opaque, symbol
from shapelint.interp.state.apart import (
    Groups,
    axes_of_one,
    differing_by_default,
    dims_beside_each_other,
    factor_to_be_1,
    names_kept_apart,
)
from shapelint.interp.state.events import Evidence
from shapelint.interp.state.values import Ratio
from shapelint.interp.state.world import World
from shapelint.ops.needs import Context, Need, Trouble
from shapelint.ops.rows import SizesOf
from shapelint.ops.signature import NumberType
from shapelint.ops.tensor import INPUT_OR_ARRAY, PERHAPS_ARRAY, Tensor, Unknown
from shapelint.shapes import Run, Shape


class Ground(Context):
    """Rules read the World's facts through it, and what they find out goes into the World."""

    def __init__(
        self, world: World, evidence: Evidence | None = None, operands: Callable[[], Sequence[Tensor]] = tuple
    ) -> None:
        super().__init__(world.facts)
        self.world = world
        self.groups: Groups = evidence.groups if evidence is not None else {}
        self.laid_out: Groups = evidence.laid_out if evidence is not None else {}
        self.halved: set[Dim] = evidence.halved if evidence is not None else set()
        self.defaults: Mapping[Dim, int] = evidence.defaults if evidence is not None else {}
        self.operands = operands
        self.apart: dict[int, tuple[Dim, Dim]] = {}  # by the place of a need, the names that it equates

    def count_of(self, mask: Tensor) -> Dim:
        """How many elements of a mask are true, which is so many wherever that very mask is used."""
        if mask.elements is not None:  # what its elements sum up to
            found, key = self.world.elements.found, (mask.elements, "sum")
            if key not in found:
                found[key] = self.fresh("n")
            elif (self.facts.lower(found[key]) or 0) < 0:
                self.assume_at_least(found[key], 0)
            return found[key]
        if id(mask) not in self.world.masks:
            self.world.masks[id(mask)] = mask, super().count_of(mask)
        return self.world.masks[id(mask)][1]

    def number_in(self, tensor: Tensor, name: str) -> Dim:
        """What elements come down to: of the same ones to the same number, wherever that is asked."""
        if tensor.elements is None:
            return super().number_in(tensor, name)
        found, key = self.world.elements.found, (tensor.elements, name)
        if key not in found:
            made_of = self._of_what_it_is_made(tensor, name)
            found[key] = super().number_in(tensor, name) if made_of is None else made_of
        return found[key]

    def _of_what_it_is_made(self, tensor: Tensor, name: str) -> Dim | None:
        """The largest of `lengths + 1` by that of `lengths`, None where that does not tell."""
        made_of = self.world.elements.calculated.get(tensor.elements or 0)
        if made_of is None or name not in ("max", "min"):
            return None
        elements, op, size = made_of
        if op in ("*", "//") and (self.facts.lower(size) or 0) < 1:
            return None
        number = self.number_in(replace(tensor, elements=elements), name)
        return {"+": number + size, "-": number - size, "*": number * size}[op] if op != "//" else number // size

    def record(self, need: Need) -> None:
        """Take a need. One that equates names which the author keeps apart is no fact to reckon with."""
        names = self._kept_apart(need) if self.groups else None
        if names is None and self.groups and need.trouble in (Trouble.LAYER_INPUT, Trouble.BROADCAST):
            names = axes_of_one(need, [self.settle(one).shape for one in self.operands()], self.facts, self.groups)
        if names is None and self.laid_out:
            names = dims_beside_each_other(need.left, need.right, self.facts, self.laid_out)
        if names is None and self.defaults and not self.world.conditions:
            names = differing_by_default(need, self.facts, self.defaults)
        if names is None and self.groups and not self.world.conditions:
            names = factor_to_be_1(need, self.facts, self.groups, self.defaults)
        if names is None or not self.halved.isdisjoint(names):
            super().record(need)
        else:
            self.apart[len(self.needs)] = names
            self.needs.append(need)

    def _kept_apart(self, need: Need) -> tuple[Dim, Dim] | None:
        return names_kept_apart(need.left, need.right, self.facts, self.groups, need.trouble, self.needs)

    def untold(self, *, chosen: bool) -> Dim:
        """A size that nothing tells. On one of two paths it is told from what the other gives, and not a caller's."""
        return super().untold(chosen=chosen and self.world.conditions == 0)

    def keeps_apart(self, left: Dim, right: Dim) -> bool:
        """Whether the author gives two sizes names of their own at one place."""
        return bool(self.groups) and names_kept_apart(left, right, self.facts, self.groups) is not None

    def fill(self, run: Run, filling: Shape) -> None:
        """Take it that a run of unknown dims is this one."""
        if self.world.settle_shape(filling).run != run:  # a run within itself would never come to an end
            self.world.fill(run, filling)

    def settle(self, tensor: Tensor) -> Tensor:
        """The tensor with all that has become known of its shape."""
        settled: Tensor = self.world.settle(tensor)
        return settled

    def as_tensor(self, value: Unknown) -> Tensor | None:
        """An unknown value that an operator takes for a tensor is one, of unknown shape, from here on."""
        settled = self.world.settle(value)
        if isinstance(settled, Tensor):
            return settled
        if not isinstance(settled, Unknown):
            return None
        negated = settled.calculated[2] if settled.calculated and settled.calculated[:2] == ("-", NONE) else None
        if isinstance(negated, Unknown):
            tensor = self.as_tensor(negated)
            if tensor is not None:
                self.world.resolved[settled] = tensor
            return tensor
        beside = self._beside_a_number(settled)
        if beside is not None:
            self.world.resolved[settled] = made = Tensor(beside.shape, None, None, beside.device)
            return made
        shape = Shape.unknown(value.origin, chosen=value.is_input, given=value.given, after=value.reason)
        tensor = Tensor(shape, None, value.dtype, place_of(value), elements=value.first.made)
        self.world.resolved[settled] = tensor
        return tensor

    def _beside_a_number(self, value: Unknown) -> Tensor | None:
        """The tensor from which a value was calculated together with a number, before it was known to be one."""
        sides = [self.world.settle(side) for side in value.calculated[1:]] if value.calculated is not None else []
        tensors = [side for side in sides if isinstance(side, Tensor)]
        others = [side for side in sides if not isinstance(side, (Tensor, Dim, int, float, Ratio, NumberType))]
        return tensors[0] if len(tensors) == 1 and not others else None

    def as_sizes(self, value: Unknown) -> SizesOf | None:
        """An unknown value that is spread among sizes is a row of them, of unknown length, from here on."""
        settled = self.world.settle(value)
        if isinstance(settled, SizesOf):
            return settled
        if not isinstance(settled, Unknown):
            return None
        run = Run.fresh(value.origin, chosen=value.is_input, given=value.given, after=value.reason)
        sizes = self.world.resolved[settled] = SizesOf(Shape((), replace(run, row=True)))
        return sizes

    def as_size(self, value: Unknown, *, surely: bool = False) -> Dim | None:
        """An unknown value with a name that an operator takes for an int is a size of that name from here on."""
        size = size_of(self.world, value)
        settled = self.world.settle(value)
        if size is None and surely and isinstance(settled, Unknown) and settled.may_be_size:
            size = self.world.resolved[settled] = self.fresh("_")
        return size

    def scaled(self, size: Dim, factor: object) -> Dim:
        """A size multiplied by a number, and rounded down; what a whole number of that name makes of it is kept."""
        made = self.fresh("size")
        settled = self.world.settle(factor) if isinstance(factor, Unknown) else factor
        if isinstance(settled, Unknown) and settled.origin and settled.calculated is None:
            self.world.scaled[made] = (_size_by_name(settled), size)
        return made

    def item(self, row: Unknown, place: int) -> Dim | None:
        """An item of a row that the code or an annotation calls one, by its name."""
        is_row = row.is_row and row.first not in self.world.written
        return size_of(self.world, row.part(f"[{place}]")) if is_row else None


def place_of(value: Unknown) -> str:
    """Where a tensor lies of which no more is known than its origin: a parameter is where the caller put it."""
    return INPUT_OR_ARRAY if value.is_input else PERHAPS_ARRAY


NONE, ONE = const(0), const(1)
HIGHEST_POWER = 8


def _power(base: Dim, exponent: Dim) -> Dim | None:
    """A size to a small known power, None for any other."""
    times = exponent.value
    return base**times if times is not None and 0 <= times <= HIGHEST_POWER else None


SIZE_OPERATORS: dict[str, Callable[[Dim, Dim], Dim | None]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "//": operator.floordiv, "%": operator.mod, "**": _power,
    "max": maximum, "min": minimum,
}  # fmt: skip


def size_of(world: World, value: Unknown) -> Dim | None:
    """The size that an unknown value is, when it is used as one; None for a value without a name.

    What was calculated from values with names is a size of theirs.
    """
    settled = world.settle(value)
    if isinstance(settled, Dim):
        return settled
    if not isinstance(settled, Unknown) or not settled.may_be_size or (settled.of_sizes and not settled.free):
        return None
    if settled.calculated is not None:
        op, *sides = settled.calculated
        if op not in SIZE_OPERATORS or not all(isinstance(side, (Dim, Unknown)) for side in sides):
            return None
        first, second = (side if isinstance(side, Dim) else size_of(world, side) for side in sides)
        if first is None or second is None or (op in ("//", "%") and world.value_of(second) == 0):
            return None
        if first in (NONE, ONE) and op == "-" and second.symbols and (world.facts.lower(second) or 0) > 0:
            return None  # what is negated, or taken from 1, is no size: it may be 0 or less, or a fraction
        result = SIZE_OPERATORS[op](first, second)
        if result is not None:
            world.resolved[settled] = result
        return result
    if not settled.origin:
        return None
    settled.size = _size_by_name(settled)
    for named in settled.size.symbols:
        world.used[named] = settled
    world.resolved[settled] = settled.size
    return settled.size


def _size_by_name(value: Unknown) -> Dim:
    known = value.first
    if known.size is None:
        free = known.free or known.of_input
        known.size = symbol(value.origin, scope=next(Context.serial), free=free, minimum=value.minimum)
    return known.size


def count_by_name(origin: str) -> Dim:
    """How many items a row of the program's has, of which nothing else is known."""
    return opaque(f"len({origin})")


def size_if_any(world: World, value: Unknown) -> Dim | None:
    """The size that a value with a name is if it is one at all, of which that is not known yet."""
    settled = world.settle(value)
    may_be = isinstance(settled, Unknown) and settled.may_be_size and not settled.of_sizes
    if not may_be or settled.calculated is not None or not settled.origin:
        return None
    return _size_by_name(settled)


def size_told(value: Dim | Unknown) -> Dim | None:
    """The size that a value is, or that the values are by now that it was calculated from; None where that is open."""
    if isinstance(value, Dim):
        return value
    if value.calculated is None:
        return value.first.size
    op, left, right = value.calculated
    first, second = (size_told(side) if isinstance(side, (Dim, Unknown)) else None for side in (left, right))
    if first is None or second is None or (op in ("//", "%") and second.value == 0):
        return None
    return SIZE_OPERATORS[op](first, second)
