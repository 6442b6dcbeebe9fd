"""The row that facts are: each holds one assumption and those before it, so that a branch costs but what it adds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from shapelint.dims.assumption import Assumption, Relation
from shapelint.dims.expr import Dim
from shapelint.dims.symbols import Symbol

if TYPE_CHECKING:
    from typing_extensions import Self


class History:
    """What was assumed, and in which order; nothing is reckoned of it."""

    __slots__ = ("_assumption", "_depth", "_is_definition", "_parent", "_spoken_of")

    _parent: Self | None
    _assumption: Assumption | None
    _depth: int
    _is_definition: bool  # of a symbol that nothing else speaks of: it only gives a size a name
    _spoken_of: frozenset[Symbol] | None

    def __iter__(self) -> Iterator[Assumption]:
        """The assumptions, oldest first."""
        return iter(self.since(None))

    def since(self, earlier: Self | None) -> tuple[Assumption, ...]:
        """The assumptions added after `earlier`, oldest first; all of them where it is no ancestor, or None."""
        added: list[Assumption] = []
        node: Self | None = self
        while node is not None and node is not earlier:
            if node._assumption is not None:
                added.append(node._assumption)
            node = node._parent
        return tuple(reversed(added))

    @property
    def mentioned(self) -> frozenset[Symbol]:
        """Every symbol that some assumption speaks of."""
        if self._spoken_of is None:
            node: History | None = self
            found: list[frozenset[Symbol]] = []
            while node is not None and node._spoken_of is None:
                found.append(node._assumption.symbols if node._assumption is not None else frozenset())
                node = node._parent
            self._spoken_of = frozenset().union(*found, *(() if node is None else (node._spoken_of or (),)))
        return self._spoken_of

    def say_all_of(self, other: Self) -> bool:
        """Whether all is assumed here that others assume; names that they give to sizes do not count."""
        ancestor = self._common_ancestor(other)
        if ancestor is other:
            return True
        assumed = {node._assumption for node in self._nodes_since(ancestor)}
        return all(node._is_definition or node._assumption in assumed for node in other._nodes_since(ancestor))

    def filled(self) -> Iterator[tuple[Dim, Dim]]:
        """The pairs of which `fills` was said."""
        return ((each.left, each.right) for each in self if each.relation is Relation.FILLS)

    def reached(self) -> Iterator[tuple[Dim, Dim]]:
        """The pairs of which `reaches` was said: it runs all the same where the size is smaller."""
        return ((each.left, each.right) for each in self if each.relation is Relation.REACHES)

    def ways(self) -> Iterator[tuple[tuple[Dim, Dim], ...]]:
        """The pairs of each row of equalities of which one holds."""
        return (each.ways for each in self if each.relation is Relation.EITHER)

    def order_is_assumed(self, a: Dim, b: Dim) -> bool:
        """Whether it is assumed of two sizes that one is greater, or that they are not equal, as on a branch."""
        for known in self:
            if known.relation in (Relation.AT_LEAST, Relation.UNEQUAL):
                difference = known.left - known.right
                if (difference - a + b).value is not None or (difference + a - b).value is not None:
                    return True
        return False

    def _nodes_since(self, earlier: Self) -> list[Self]:
        """These facts and those before them, up to an ancestor, oldest first."""
        nodes: list[Self] = []
        node: Self | None = self
        while node is not None and node is not earlier:
            if node._assumption is not None:
                nodes.append(node)
            node = node._parent
        return nodes[::-1]

    def _common_ancestor(self, other: Self) -> Self:
        a, b = self, other
        while a is not b:
            if a._depth < b._depth:
                a, b = b, a
            if a._parent is None:
                return a
            a = a._parent
        return a
