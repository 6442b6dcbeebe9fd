"""What is known at one point of the program, apart from the local names: heap, facts, and runs of dims found out."""

from __future__ import annotations

import itertools
from dataclasses import replace

from shapelint.dims import Dim, Facts, Symbol, symbol
from shapelint.interp.values import Ref, Value
from shapelint.ops.needs import Context
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.shapes import Run, Shape

_ids = itertools.count(1)


class Heap(dict[int, Value]):
    """The objects by their ids, which grow; `lowest` is the oldest object that was written to since it was reset."""

    lowest: float = float("inf")

    def __setitem__(self, key: int, content: Value) -> None:
        if key < self.lowest:
            self.lowest = key
        super().__setitem__(key, content)

    def copy(self) -> Heap:
        """The same objects in a heap of its own."""
        twin = Heap(self)
        twin.lowest = self.lowest
        return twin


def next_id() -> int:
    """An id that is greater than those of all objects so far."""
    return next(_ids)


class World:
    """Forked at a branch, joined after it. A fork costs a copy of four small dicts."""

    __slots__ = ("conditions", "facts", "heap", "names", "resolved", "runs")

    def __init__(self) -> None:
        self.heap = Heap()
        self.facts = Facts()
        self.runs: dict[Run, Shape] = {}
        self.resolved: dict[Unknown, Value] = {}
        self.names: dict[Symbol, Dim] = {}  # sizes that had no name until the code or a comment gave them one
        self.conditions = 0  # how many conditions that the code leaves open this point stands under

    def fork(self) -> World:
        """A copy that can change by itself."""
        copy = World.__new__(World)
        copy.heap, copy.facts = self.heap.copy(), self.facts
        copy.runs, copy.resolved, copy.names = dict(self.runs), dict(self.resolved), dict(self.names)
        copy.conditions = self.conditions
        return copy

    def allocate(self, content: Value) -> Ref:
        """A reference to a new object of the heap."""
        ref = Ref(next(_ids))
        self.heap[ref.id] = content
        return ref

    def settle_shape(self, shape: Shape) -> Shape:
        """The shape with the runs put in that have become known."""
        while shape.run is not None and shape.run in self.runs:
            shape = shape.replace_run(self.runs[shape.run])
        if self.names and any(not size.symbols.isdisjoint(self.names) for size in shape.seen()):
            return shape.map(self.renamed)
        return shape

    def renamed(self, size: Dim) -> Dim:
        """The size with the names that its symbols have got."""
        return size if size.symbols.isdisjoint(self.names) else size.subs(self.names)

    def give_name(self, size: Dim, name: str) -> Dim:
        """A size that has no name yet is called so from here on; the size under its new name."""
        unnamed = size.as_symbol
        if unnamed is None or unnamed.name != "_" or name == "_":
            return size
        new = symbol(name, scope=next(Context.serial), free=unnamed.free, minimum=unnamed.minimum)
        self.names[unnamed] = new
        self.facts = self.facts.define(new, size)
        return new

    def settle(self, value: Value) -> Value:
        """The value with what has become known of it put in."""
        kind = type(value)
        if kind is Tensor:
            if not self.names and (value.shape.run is None or value.shape.run not in self.runs):
                return value
            shape = self.settle_shape(value.shape)
            return value if shape is value.shape else self._with_shape(value, shape)
        if kind is Dim:
            return self.renamed(value) if self.names else value
        if kind is Unknown:
            while isinstance(value, Unknown) and value in self.resolved:
                value = self.resolved[value]
            return self.settle(value) if isinstance(value, Tensor) else value
        return value

    def _with_shape(self, value: Tensor, shape: Shape) -> Tensor:
        layout = value.layout
        if isinstance(layout, tuple):
            layout = tuple(map(self.renamed, layout)) if value.shape.known else None
        return replace(value, shape=shape, layout=layout)

    def value_of(self, size: Dim) -> int | None:
        """The number that a size is known to be."""
        return self.facts.value_of(size)
