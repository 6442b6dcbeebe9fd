"""What a call does to objects that were there before it: what leaves each as it found it need not be done again.

A method asks `if self.bias is not None`, which either path writes into the instance; after both it is what it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shapelint.interp.paths.join import same
from shapelint.interp.state.values import Choice, Container, DictObject, Instance, ListObject, Value
from shapelint.interp.state.world import Heap


@dataclass(frozen=True, slots=True)
class Touched:
    """What a heap keeps of its writes for the call in which another one begins."""

    oldest: int
    found: dict[int, Value]
    lowest: float

    @staticmethod
    def before_call(heap: Heap, oldest: int) -> Touched:
        """Begin to keep what is written to objects that are not newer than `oldest`."""
        outer = Touched(heap.oldest, heap.found, heap.lowest)
        heap.oldest, heap.found, heap.lowest = oldest, {}, float("inf")
        return outer

    def give_back(self, heap: Heap) -> None:
        """Go on with this, where the call has ended; what it wrote to older objects was written here, too."""
        for key, content in heap.found.items():
            if key <= self.oldest:
                self.found.setdefault(key, content)
        heap.oldest, heap.found, heap.lowest = self.oldest, self.found, min(heap.lowest, self.lowest)


def left_as_found(heap: Heap) -> bool:
    """Whether each object that was there before the call at hand holds what it held then."""
    return all(is_like(before, heap.get(key)) for key, before in heap.found.items())


def is_like(one: Value, other: Value) -> bool:
    """Whether two values are the same, be it one of several in another order, or known by other paths."""
    if same(one, other):
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, Choice):
        return len(one.values) == len(other.values) and all(
            any(is_like(each, like) for like in other.values) for each in one.values
        )
    if isinstance(one, Instance):
        return one.type is other.type and one.open == other.open and _are_alike(one.attrs, other.attrs)
    if isinstance(one, DictObject):
        return one.open == other.open and is_like(one.element, other.element) and _are_alike(one.entries, other.entries)
    if isinstance(one, (ListObject, Container)):
        return getattr(one, "names", ()) == getattr(other, "names", ()) and is_like(one.row, other.row)
    return type(one) is tuple and len(one) == len(other) and all(map(is_like, one, other))


def _are_alike(some: Mapping[Any, Value], others: Mapping[Any, Value]) -> bool:
    return some.keys() == others.keys() and all(is_like(value, others[name]) for name, value in some.items())
