"""A tensor's shape: dims that are known, around at most one run of dims whose number is not."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import overload

from shapelint.dims import Dim, const, dim, format_dims, symbol

_serial = itertools.count(1)


class NotKnown(Exception):
    """What was asked cannot be told from what is known; the text says why. Never a mistake of the linted code."""


class RankNotKnown(NotKnown):
    """What was asked depends on how many dims a tensor has."""


@dataclass(frozen=True, slots=True)
class Run:
    """Any number of dims that are not known yet; the same run stands for the same dims wherever it occurs.

    `chosen` where a caller chooses their sizes, as those of an input; `given` where at least how many they are depends
    on nothing but what a caller gives; `why` says why they are not known, where that is more than that nothing tells
    it; `after` tells for who reads what they were lost by, earlier. Where `ones` is set, it is as many dims as the same
    run without it, but each of them is 1. `row` where `name` is that of the sizes themselves, and of no tensor.
    """

    name: str = ""
    serial: int = 0
    chosen: bool = False
    why: str = ""
    given: bool = False
    ones: bool = False
    after: str = ""
    row: bool = False

    def __hash__(self) -> int:
        return self.serial  # asked for time and again

    @staticmethod
    def fresh(
        name: str = "", *, chosen: bool = False, why: str = "", given: bool = False, after: str | Run | None = None
    ) -> Run:
        """A run that is equal to no other."""
        earlier = after.cause if isinstance(after, Run) else after or ""
        return Run(name, next(_serial), chosen, why, chosen or given, after=earlier)

    def rest(self) -> Run:
        """What is left of the run once some of its dims are seen."""
        made = Run.fresh(self.name, chosen=self.chosen, why=self.why, given=self.given, after=self.after)
        return replace(made, row=True) if self.row else made

    @property
    def cause(self) -> str:
        """Why the dims are not known, as far as that can be said; "" where it cannot."""
        return self.why or (f"the number of dims of {self.name} is not known" if self.name else self.after)

    @property
    def length(self) -> Dim:
        """The size that says how many dims it is."""
        return symbol("len(...)", scope=self.serial, free=False, minimum=0)

    def of_ones(self, ones: bool = True) -> Run:
        """The run of as many dims, each of them 1; the other way round where it is not to be `ones`."""
        return self if self.ones == ones else replace(self, ones=ones)


def first_cause(shapes: Iterable[Shape | None]) -> str:
    """Why the dims of one of these shapes are not known, of the first of which that can be said; else ""."""
    runs = (shape.run for shape in shapes if shape is not None)
    return next((run.cause for run in runs if run is not None and run.cause), "")


@dataclass(frozen=True, slots=True)
class Shape:
    """`(*front, ...run, *back)`; without a run the shape is known and `back` is empty.

    Sizes are read as from a tuple wherever the run allows it; else NotKnown is raised.
    """

    front: tuple[Dim, ...] = ()
    run: Run | None = None
    back: tuple[Dim, ...] = ()

    @staticmethod
    def of(*sizes: Dim | int) -> Shape:
        """The known shape of these sizes."""
        return Shape(tuple(dim(size) for size in sizes))

    @staticmethod
    def unknown(
        name: str = "", *, chosen: bool = False, why: str = "", given: bool = False, after: str | Run | None = None
    ) -> Shape:
        """A shape of which nothing is known, different from every other one."""
        return Shape((), Run.fresh(name, chosen=chosen, why=why, given=given, after=after), ())

    @property
    def known(self) -> bool:
        """Whether the number of dims is known."""
        return self.run is None

    @property
    def rank(self) -> int:
        """The number of dims. Raises NotKnown."""
        if self.run is not None:
            raise self.not_known()
        return len(self.front)

    @property
    def dims(self) -> tuple[Dim, ...]:
        """All dims. Raises NotKnown."""
        if self.run is not None:
            raise self.not_known()
        return self.front

    def not_known(self) -> RankNotKnown:
        """That the number of dims is not known, and of what."""
        cause = self.run.cause if self.run is not None else ""
        return RankNotKnown(cause or "the number of dims is not known")

    @property
    def given(self) -> bool:
        """Whether how many dims there are is known, or depends on nothing but what a caller gives."""
        return self.run is None or self.run.given

    @property
    def least_rank(self) -> int:
        """The number of dims that are surely there."""
        return len(self.front) + len(self.back)

    @property
    def says_nothing(self) -> bool:
        """Whether no dim of it is known."""
        return self.run is not None and not self.least_rank

    def __len__(self) -> int:
        return self.rank

    def __iter__(self) -> Iterator[Dim]:
        return iter(self.dims)

    @overload
    def __getitem__(self, key: int) -> Dim: ...
    @overload
    def __getitem__(self, key: slice) -> tuple[Dim, ...]: ...
    def __getitem__(self, key: int | slice) -> Dim | tuple[Dim, ...]:
        """A size, or a tuple of sizes. Raises IndexError outside a known shape, NotKnown where the run decides."""
        if self.run is None:
            return self.front[key]
        if isinstance(key, slice):
            return self._cut(key)
        if 0 <= key < len(self.front):
            return self.front[key]
        if -len(self.back) <= key < 0:
            return self.back[key]
        raise self.not_known()

    def _cut(self, key: slice) -> tuple[Dim, ...]:
        start, stop = key.start or 0, key.stop
        if key.step in (None, 1):
            if start >= 0 and stop is not None and 0 <= stop <= len(self.front):
                return self.front[start:stop]
            if -len(self.back) <= start < 0 and (stop is None or stop < 0):
                return self.back[start:stop]
        raise self.not_known()

    def with_last(self, *sizes: Dim | int, dropping: int = 1) -> Shape:
        """The shape with its last `dropping` dims replaced. Raises NotKnown where they cannot be seen."""
        new = tuple(dim(size) for size in sizes)
        if self.run is None:
            return Shape(self.front[: len(self.front) - dropping] + new)
        if len(self.back) < dropping:
            raise self.not_known()
        return Shape(self.front, self.run, self.back[: len(self.back) - dropping] + new)

    def replace_run(self, filling: Shape) -> Shape:
        """The shape with another in the place of its run, or ones where this is a run of ones."""
        if self.run is not None and self.run.ones:
            filling = filling.map(lambda _: const(1))
            filling = Shape(filling.front, filling.run and filling.run.of_ones(), filling.back)
        if filling.run is None:
            return Shape(self.front + filling.front + self.back)
        return Shape(self.front + filling.front, filling.run, filling.back + self.back)

    def map(self, change: object) -> Shape:
        """The shape with `change` applied to every dim that is seen."""
        assert callable(change)
        return Shape(tuple(map(change, self.front)), self.run, tuple(map(change, self.back)))

    def seen(self) -> Iterable[Dim]:
        """Every dim that is seen."""
        return (*self.front, *self.back)

    def __str__(self) -> str:
        if self.run is None:
            return format_dims(self.front)
        words = [str(d) for d in self.front] + ["..."] + [str(d) for d in self.back]
        return "(" + ", ".join(words) + ")"
