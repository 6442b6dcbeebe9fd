"""One thing assumed of two sizes: equality, divisibility, order or difference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

from shapelint.dims.expr import Dim
from shapelint.dims.symbols import Symbol


class Relation(Enum):
    """What an assumption says of its two sizes."""

    EQUAL = "=="
    DIVIDES = "|"
    AT_LEAST = ">="
    UNEQUAL = "!="
    EITHER = "or"  # of several equalities one holds, and nothing tells which
    REACHES = "reaches"  # a dim, and the end of a slice of it that Python would cut short if it were smaller
    FILLS = "fills"  # a size that only data tell, and the one that it is as large as, unless the data fall short of it


@dataclass(frozen=True, eq=False)
class Assumption:
    """`left relation right`, as assumed."""

    relation: Relation
    left: Dim
    right: Dim
    others: tuple[tuple[Dim, Dim], ...] = ()  # of EITHER, the equalities beside `left == right`

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Assumption)
            and self.relation is other.relation
            and self.left is other.left
            and self.right is other.right
            and self.others == other.others
        )

    def __hash__(self) -> int:
        return hash((self.left, self.right))

    def __str__(self) -> str:
        return f"{self.left} {self.relation.value} {self.right}"

    @cached_property
    def symbols(self) -> frozenset[Symbol]:
        """Every symbol it speaks of."""
        return frozenset().union(*(left.symbols | right.symbols for left, right in self.ways))

    @property
    def ways(self) -> tuple[tuple[Dim, Dim], ...]:
        """The two sizes; of EITHER, those of each equality."""
        return ((self.left, self.right), *self.others)

    def holds(self, env: Mapping[Any, int]) -> bool:
        """Whether it is true for those sizes. Raises as `Dim.evaluate` does."""
        if self.relation in (Relation.FILLS, Relation.REACHES):
            return True
        if self.relation is Relation.EITHER:
            return any(left.evaluate(env) == right.evaluate(env) for left, right in self.ways)
        left, right = self.left.evaluate(env), self.right.evaluate(env)
        if self.relation is Relation.EQUAL:
            return left == right
        if self.relation is Relation.DIVIDES:
            return left != 0 and right % left == 0
        return left >= right if self.relation is Relation.AT_LEAST else left != right
