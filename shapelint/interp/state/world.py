"""What is known at one point of the program, apart from the local names: heap, facts, and runs of dims found out."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace

from shapelint.dims import Dim, Facts, Symbol, const, symbol
from shapelint.interp.state.values import Choice, Ref, Value
from shapelint.ops.needs import Context
from shapelint.ops.tensor import Tensor, Unknown, new_elements
from shapelint.shapes import Run, Shape

_ids = itertools.count(1)


class _Write:
    """One write to a heap, and those before it: heaps with a past in common share these."""

    __slots__ = ("depth", "earlier", "key")

    def __init__(self, key: int, earlier: _Write | None) -> None:
        self.key, self.earlier = key, earlier
        self.depth: int = 1 if earlier is None else earlier.depth + 1


class Heap(dict[int, Value]):
    """The objects by their ids, which grow; `lowest` is the oldest object that was written to since it was reset.

    What was written is kept in a row that copies share, so that two heaps are compared where they can differ only.
    `found` are the objects that were written to and are not newer than `oldest`, as they were then: those that a call
    at hand was given. Copies share it.
    """

    __slots__ = ("_last", "found", "lowest", "oldest")

    def __init__(self, objects: Mapping[int, Value] | None = None) -> None:
        super().__init__(objects or {})
        self.lowest = float("inf")
        self.oldest, self.found = 0, dict[int, Value]()
        self._last: _Write | None = None

    def __setitem__(self, key: int, content: Value) -> None:
        if key < self.lowest:
            self.lowest = key
        if key <= self.oldest and key not in self.found:
            self.found[key] = self.get(key)
        self._last = _Write(key, self._last)
        super().__setitem__(key, content)

    def copy(self) -> Heap:
        """The same objects in a heap of its own."""
        twin = Heap(self)
        twin.lowest, twin._last = self.lowest, self._last
        twin.oldest, twin.found = self.oldest, self.found
        return twin

    def take(self, key: int, content: Value) -> None:
        """Hold an object as another heap has it: no write to it."""
        self._last = _Write(key, self._last)
        super().__setitem__(key, content)

    def written_apart(self, other: Heap) -> list[int]:
        """The ids of the objects that may differ between two heaps: written to in one of them since they parted."""
        keys: set[int] = set()
        a, b = self._last, other._last
        while a is not b:
            if b is None or (a is not None and a.depth >= b.depth):
                assert a is not None
                keys.add(a.key)
                a = a.earlier
            else:
                keys.add(b.key)
                b = b.earlier
        return sorted(keys)


def next_id() -> int:
    """An id that is greater than those of all objects so far."""
    return next(_ids)


class Elements:
    """The numbers that the elements of tensors come down to, their largest or their sum, until one is written to."""

    __slots__ = ("calculated", "found", "made", "written")

    def __init__(self) -> None:
        self.found: dict[tuple[int, str], Dim] = {}
        self.made: dict[tuple[int, str, Dim], int] = {}  # those of `lengths + 1`, by these of `lengths`
        self.calculated: dict[int, tuple[int, str, Dim]] = {}  # and the other way round
        self.written: dict[int, int] = {}  # how often those that were asked of may have been written to since

    def of(self, elements: int, op: str, size: Dim) -> int:
        """What a tensor holds that is made of another one's elements and a size, each by itself."""
        key = elements, op, size
        if key not in self.made:
            self.made[key] = new_elements()
            self.calculated[self.made[key]] = key
        return self.made[key]

    def forget(self) -> None:
        """Something is written to: what was found may not be so any more."""
        for of in {of for of, _ in self.found}:
            self.written[of] = self.written.get(of, 0) + 1
        self.found.clear()


class World:
    """Forked at a branch, joined after it. A fork costs a copy of four small dicts."""

    __slots__ = (
        "conditions", "elements", "facts", "heap", "idle", "lengths", "masks", "names", "resolved", "runs", "scaled",
        "used", "written",
    )  # fmt: skip

    def __init__(self) -> None:
        self.heap = Heap()
        self.facts = Facts()
        self.runs: dict[Run, Shape] = {}
        self.resolved: dict[Unknown, Value] = {}
        self.names: dict[Symbol, Dim] = {}  # sizes that had no name until the code or a comment gave them one
        self.used: dict[Symbol, Unknown] = {}  # by the sizes that they are called by, values used as such on any path
        self.scaled: dict[Dim, tuple[Dim, Dim]] = {}  # sizes, and what a number of unknown kind makes them of: both
        self.written: frozenset[Unknown] = frozenset()  # those of which the code has set an attribute or an item
        self.lengths: dict[Symbol, Run] = {}  # by the sizes that say how many dims they are, runs on any path
        self.masks: dict[int, tuple[Tensor, Dim]] = {}  # how many elements of a mask are true, on any path
        self.elements = Elements()  # what those of a tensor come down to, on any path
        self.idle: frozenset[Symbol] = frozenset()  # letters that only an input has which is None on this path
        self.conditions = 0  # how many conditions that the code leaves open this point stands under

    def fork(self) -> World:
        """A copy that can change by itself."""
        copy = World.__new__(World)
        copy.heap, copy.facts = self.heap.copy(), self.facts
        copy.runs, copy.resolved, copy.names = dict(self.runs), dict(self.resolved), dict(self.names)
        copy.used, copy.lengths, copy.masks, copy.elements = self.used, self.lengths, self.masks, self.elements
        copy.scaled = self.scaled
        copy.conditions, copy.written, copy.idle = self.conditions, self.written, self.idle
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

    def fill(self, run: Run, filling: Shape) -> None:
        """Take it that a run is these dims; of a run of ones, that so many are in the run that it is as long as."""
        if run.ones:
            filling = filling.map(lambda _: symbol("_", scope=next(Context.serial)))
            run, filling = (
                run.of_ones(False),
                Shape(filling.front, filling.run and filling.run.of_ones(False), filling.back),
            )
        filling = self.settle_shape(filling)
        if filling.run != run:  # else a comment says of it what it is
            self.runs[run] = filling

    def rank_of(self, shape: Shape) -> Dim:
        """How many dims a shape has: a number, or a size that says how many its run is."""
        shape = self.settle_shape(shape)
        if shape.run is None:
            return const(shape.rank)
        run = shape.run.of_ones(False)
        length = run.length
        assert length.as_symbol is not None
        self.lengths[length.as_symbol] = run
        return length + shape.least_rank

    def counted(self, size: Dim) -> tuple[Run, int] | None:
        """The run that a size counts the dims of, and how many it is more than these; None of any other size."""
        for one in self.lengths.keys() & size.symbols:
            more = (size - one.dim).value
            if more is not None:
                return self.lengths[one], more
        return None

    def renamed(self, size: Dim) -> Dim:
        """The size with the names that its symbols have got, and with the numbers of dims that have become known."""
        if self.lengths and not size.symbols.isdisjoint(self.lengths):
            counts = {one: self.rank_of(Shape((), self.lengths[one])) for one in size.symbols & self.lengths.keys()}
            size = size.subs(counts)
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

    def give_size(self, size: Dim, said: Dim) -> None:
        """A size that has no name yet goes for the one that is said from here on, if nothing speaks against it.

        It is no fact: what is said of it is not proved by having been said.
        """
        unnamed, said = size.as_symbol, self.renamed(said)
        if unnamed is None or unnamed.name != "_" or unnamed in said.symbols or unnamed in self.names:
            return
        known = self.facts.normalize(size)
        if known is not size and known is not said and all(symbol.name != "_" for symbol in known.symbols):
            return  # the code calls it by another name
        if not self.facts.equal(size, said).contradictory:
            self.names[unnamed] = said

    def settle(self, value: Value) -> Value:
        """The value with what has become known of it put in."""
        kind = type(value)
        if kind is Unknown:
            if value not in self.resolved:
                return value
            while type(value) is Unknown and value in self.resolved:
                value = self.resolved[value]
            return self.settle(value) if type(value) is Tensor else value
        if kind is Dim:
            return self.renamed(value) if self.names or self.lengths else value
        if kind is Tensor:
            if not self.names and (value.shape.run is None or value.shape.run not in self.runs):
                return value
            shape = self.settle_shape(value.shape)
            return value if shape is value.shape else self._with_shape(value, shape)
        if kind is Choice and value.paths:
            return self._possible(value)
        return value

    def _possible(self, value: Choice) -> Value:
        """One of several values without those that what is known by now rules out."""
        rules_out = self.facts.rules_out
        left = [(one, path) for one, path in value.each() if path is None or not rules_out(path)]
        if len(left) == len(value.values) or not left:
            return value
        return left[0][0] if len(left) == 1 else Choice(*map(tuple, zip(*left, strict=True)))

    def _with_shape(self, value: Tensor, shape: Shape) -> Tensor:
        layout = value.layout
        if isinstance(layout, tuple):
            layout = tuple(map(self.renamed, layout)) if value.shape.known else None
        return replace(value, shape=shape, layout=layout)

    def worked_out(self, result: Value) -> Value:
        """What an operator gives, each size in it that is a number by now as that number: `ws*(56//ws)` for a ws of 7.

        The names of numbers are for who reads; in sizes made of sizes, again and again, they only grow.
        """
        if type(result) is tuple:
            return tuple(map(self.worked_out, result))
        if isinstance(result, Tensor) and any(size.depth > 1 for size in result.shape.seen()):
            return self._with_shape(result, result.shape.map(self._worked_out_size))
        return result

    def _worked_out_size(self, size: Dim) -> Dim:
        number = self.facts.value_of(size) if size.depth > 1 else None
        return size if number is None else const(number)

    def value_of(self, size: Dim) -> int | None:
        """The number that a size is known to be."""
        return self.facts.value_of(size)
