"""What is known at one point of the program, apart from the local names: heap, facts, and runs of dims found out."""

from __future__ import annotations

import itertools

from shapelint.dims import Dim, Facts
from shapelint.interp.values import Ref, Value
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

    __slots__ = ("conditions", "facts", "heap", "resolved", "runs")

    def __init__(self) -> None:
        self.heap = Heap()
        self.facts = Facts()
        self.runs: dict[Run, Shape] = {}
        self.resolved: dict[Unknown, Value] = {}
        self.conditions = 0  # how many conditions that the code leaves open this point stands under

    def fork(self) -> World:
        """A copy that can change by itself."""
        copy = World.__new__(World)
        copy.heap, copy.facts = self.heap.copy(), self.facts
        copy.runs, copy.resolved = dict(self.runs), dict(self.resolved)
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
        return shape

    def settle(self, value: Value) -> Value:
        """The value with what has become known of it put in."""
        if isinstance(value, Tensor):
            if value.shape.run is None or value.shape.run not in self.runs:
                return value
            return Tensor(self.settle_shape(value.shape), None, value.dtype, value.device, value.expanded)
        if isinstance(value, Unknown):
            while isinstance(value, Unknown) and value in self.resolved:
                value = self.resolved[value]
            return self.settle(value) if isinstance(value, Tensor) else value
        return value

    def value_of(self, size: Dim) -> int | None:
        """The number that a size is known to be."""
        return self.facts.value_of(size)
