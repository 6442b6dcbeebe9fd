"""When a loop began: which sizes are each turn's own, and which are the same in all of them."""

from __future__ import annotations

from shapelint.dims import Dim, Symbol, symbol
from shapelint.interp.state.world import World
from shapelint.ops.needs import Context
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.shapes import Run


class Moment:
    """A point in time. A symbol made after it is of the turn that made it, unless it only names what was there before.

    What was there: a parameter that is first used as a size within the loop, a dim of a tensor that was not seen yet.
    """

    def __init__(self) -> None:
        mark = symbol("_", scope=next(Context.serial)).as_symbol
        assert mark is not None
        self._order, self._unknowns, self._runs = mark.order, Unknown("").made, Run.fresh().serial
        self._seen: tuple[World, int, int, int] | None = None
        self._lasting: set[Symbol] = set()

    def own(self, world: World, size: Dim) -> list[Symbol]:
        """The symbols in a size that are a turn's own."""
        newer = [one for one in size.symbols if one.order > self._order and not self._is_of_old(world.used.get(one))]
        if not newer:
            return newer
        lasting = self._names_of_old(world)
        return [one for one in newer if one not in lasting]

    def _is_of_old(self, value: Unknown | None) -> bool:
        """Whether what a size was used as was there before, be it that no other path has used it so."""
        return value is not None and value.made <= self._unknowns

    def _names_of_old(self, world: World) -> set[Symbol]:
        state = (world, len(world.resolved), len(world.runs), len(world.names))
        if self._seen is not None and world is self._seen[0] and state[1:] == self._seen[1:]:
            return self._lasting
        self._seen = state
        runs: set[Run] = set()
        found = self._lasting = set()
        for unknown, value in world.resolved.items():
            if unknown.made <= self._unknowns and isinstance(value, (Dim, Tensor)):
                sizes = [value] if isinstance(value, Dim) else value.shape.seen()
                found.update(one for size in sizes for one in size.symbols if one.order > self._order)
                if isinstance(value, Tensor) and value.shape.run is not None:
                    runs.add(value.shape.run)
        for run, shape in world.runs.items():
            if run in runs or run.serial <= self._runs:
                found.update(one for size in shape.seen() for one in size.symbols if one.order > self._order)
                if shape.run is not None:
                    runs.add(shape.run)
        for unnamed, name in world.names.items():
            if unnamed.order <= self._order or unnamed in found:
                found.update(name.symbols)
        return found
