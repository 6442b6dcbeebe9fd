"""Rows of which the length is no plain number: what a loop of `n` turns fills a list with, a shape of unknown rank."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from shapelint.dims import Dim, Symbol
from shapelint.shapes import Run, Shape


@dataclass(frozen=True, slots=True)
class Many:
    """Some values, one after the other, as often as `count` says; None where that is not known.

    The symbols in `varying` stand for sizes of which each time has its own. Of the numbers from one on, each of them
    once and in order, that one is where it `begins`; of items that are, or begin with, a number that grows by one each
    time it is what the first one `starts` with. They are all that the value gives that they are `of`, where that
    is an unknown with a name. Where the values are there once or not at all, `ways` is what is known where they are,
    and where they are not. `last` are sizes of the last one, as far as names of the code tell them.
    """

    group: tuple[Any, ...]
    count: Dim | None = None
    varying: frozenset[Symbol] = frozenset()
    begins: int | None = None
    ways: tuple[Any, Any] | None = None
    of: Any = field(default=None, compare=False)
    starts: Dim | None = field(default=None, compare=False)
    last: tuple[Dim | None, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Row:
    """A list as operators take it, in which a part is a `Many`; a plain list where none is."""

    parts: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class SizesOf:
    """A row of sizes of which the number is not known, such as `x.shape` (a known one is a tuple of Dims).

    `spread` where they are arguments one by one: `x.view(*y.shape, 1)`.
    """

    shape: Shape
    spread: bool = False


@dataclass(frozen=True, slots=True)
class PerDim:
    """Values that stand in a row once for each dim of a run, and `more` times than that: `[1] * (x.dim() - 2)`.

    Or the numbers of these dims from where it `begins` on: `range(x.dim() - 2)`.
    """

    group: tuple[Any, ...]
    run: Run
    more: int = 0
    begins: int | None = None

    def repeated(self, dims: int) -> tuple[Any, ...]:
        """The values where the run is so many dims."""
        if self.begins is not None:
            return tuple(range(self.begins, self.begins + dims + self.more))
        return self.group * (dims + self.more)
