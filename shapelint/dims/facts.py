"""What is assumed of sizes: a persistent row of assumptions, and the questions that can be asked under them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, Final, TypeAlias, TypeVar

from shapelint.dims.assumption import Assumption, Relation
from shapelint.dims.bounds import UNCONDITIONAL
from shapelint.dims.compare import Comparison, decide, decide_certain, is_zero
from shapelint.dims.expr import CACHE_BUDGET, Dim, dim, forget_results
from shapelint.dims.history import History
from shapelint.dims.interned import drop_unused
from shapelint.dims.restoring import restored
from shapelint.dims.solved import Solved
from shapelint.dims.symbols import Symbol
from shapelint.dims.witness import search, search_any

_MOST_KEPT: Final = 10_000

_Key = TypeVar("_Key")
_Result = TypeVar("_Result")

# Kept beside the facts: each holds those before it, and would hold these, too, so that only the collector frees them.
_followed: dict[tuple[Facts, Assumption], Facts] = {}  # by one more: a rule that is tried again assumes the same again
_joined: dict[tuple[Facts, Facts], Facts] = {}  # with others: the ways to one line meet again at the next
_ruled_out: dict[tuple[Facts, Facts], bool] = {}  # whether others cannot hold beside some facts
_Asked: TypeAlias = "tuple[Facts, tuple[Dim, ...], frozenset[Symbol]]"
_searched: dict[_Asked, dict[Symbol, int] | None] = {}  # a comment is held against each value nearby, time and again


class Facts(History):
    """A row of assumptions. Never changes: every method that assumes something returns another one."""

    __slots__ = ("_certain", "_compared", "_solved")

    EMPTY: ClassVar[Facts]

    def __init__(self) -> None:
        self._parent = self._assumption = self._spoken_of = None
        self._depth, self._is_definition = 0, False
        self._solved: Solved | None = None
        self._compared: dict[Dim, Comparison] = {}
        self._certain: dict[Dim, Comparison | None] = {}

    # -- assuming ----------------------------------------------------------------------------------------------

    def equal(self, a: Dim | int, b: Dim | int) -> Facts:
        """These facts and a == b."""
        return self._with(Relation.EQUAL, dim(a), dim(b))

    def divides(self, k: Dim | int, a: Dim | int) -> Facts:
        """These facts and that `k`, which is not 0, divides `a`."""
        return self._with(Relation.DIVIDES, dim(k), dim(a))

    def at_least(self, a: Dim | int, b: Dim | int) -> Facts:
        """These facts and a >= b."""
        return self._with(Relation.AT_LEAST, dim(a), dim(b))

    def at_most(self, a: Dim | int, b: Dim | int) -> Facts:
        """These facts and a <= b."""
        return self._with(Relation.AT_LEAST, dim(b), dim(a))

    def unequal(self, a: Dim | int, b: Dim | int) -> Facts:
        """These facts and a != b."""
        return self._with(Relation.UNEQUAL, dim(a), dim(b))

    def fills(self, data: Dim, size: Dim) -> Facts:
        """These facts and that `data`, a size that only data tell, is `size` unless the data fall short of it.

        Nothing is reckoned of it: `filled` gives these pairs to who may suppose them to be equal.
        """
        return self._with(Relation.FILLS, data, size)

    def reaches(self, size: Dim, end: Dim) -> Facts:
        """These facts and size >= end, for a slice that means `end` places; `reached` gives these pairs."""
        facts = self.at_least(size, end)
        return facts if facts.contradictory else facts._with(Relation.REACHES, size, end)

    def either(self, pairs: Sequence[tuple[Dim, Dim]]) -> Facts:
        """These facts and that the two sizes of one of the pairs are equal. Nothing is reckoned of it.

        `ways` gives the pairs to who asks what holds in each case.
        """
        if not pairs or any(left is right for left, right in pairs):
            return self
        open_pairs = [(left, right) for left, right in pairs if left.value is None or right.value is None]
        if len(open_pairs) < 2:
            return self.equal(*(open_pairs or pairs)[0])
        (left, right), *others = open_pairs
        return self._and(Assumption(Relation.EITHER, left, right, tuple(others)))

    def define(self, name: Dim, value: Dim) -> Facts:
        """These facts and `name == value`, where `name` is a symbol that stands in none of them; as cheap as can be."""
        child = self._defined(name, value, Assumption(Relation.EQUAL, name, value))
        child._is_definition = True
        return child

    def _defined(self, name: Dim, value: Dim, assumption: Assumption) -> Facts:
        atom = name.as_symbol
        assert atom is not None
        child = Facts()
        child._parent, child._assumption = self, assumption
        child._depth = self._depth + 1
        child._solved = self._rules().defining(atom, value)
        # what was answered of the symbol before it had a meaning is no answer any more
        child._certain = {size: answer for size, answer in self._certain.items() if atom not in size.symbols}
        child._compared = {size: answer for size, answer in self._compared.items() if atom not in size.symbols}
        return child

    def _with(self, relation: Relation, left: Dim, right: Dim) -> Facts:
        if left is right and relation in (Relation.EQUAL, Relation.AT_LEAST, Relation.FILLS):
            return self
        assumption = Assumption(relation, left, right)
        known = _followed.get((self, assumption))
        if known is not None:
            return known
        if relation is Relation.EQUAL:
            name, value = self._as_definition(left, right)
            if name is not None:
                return self._followed_by(self._defined(name, value, assumption))
        return self._and(assumption)

    def _as_definition(self, left: Dim, right: Dim) -> tuple[Dim | None, Dim]:
        """The equality as one that defines a symbol of which nothing is assumed, where that says all that it says."""
        for name, value in sorted(((left, right), (right, left)), key=lambda pair: -_order_of(pair[0])):
            symbol, other = name.as_symbol, value.as_symbol
            if symbol is None or symbol in self.mentioned:
                continue
            if value.value is not None and value.value >= symbol.minimum:
                return name, value
            if (
                other is not None
                and other is not symbol
                and other.minimum >= symbol.minimum
                and other.free
                and symbol.free
            ):
                return name, value
        return None, right

    def _followed_by(self, child: Facts) -> Facts:
        """Keeps one that follows, with all that it finds out."""
        if self is not Facts.EMPTY and child._assumption is not None:
            _keep(_followed, (self, child._assumption), child)
        return child

    def _and(self, assumption: Assumption) -> Facts:
        found = _followed.get((self, assumption))
        if found is not None:
            return found
        node: Facts | None = self
        left, right = assumption.left, assumption.right
        while node is not None:
            known = node._assumption
            if known is not None and known.left is left and known.right is right and known == assumption:
                return self
            node = node._parent
        child = Facts()
        child._parent, child._assumption, child._depth = self, assumption, self._depth + 1
        return self._followed_by(child)

    def also(self, other: Facts) -> Facts:
        """Everything that these facts say and everything that `other` says."""
        if other is self or other._depth == 0:
            return self
        if self._depth == 0:
            return other
        result = _joined.get((self, other))
        if result is None:
            result = self
            for assumption in other.since(self._common_ancestor(other)):
                result = result._and(assumption)
            _keep(_joined, (self, other), result)
        return result

    def shared_with(self, other: Facts) -> Facts:
        """What both say: the history they share, what both assumed since, and the names that one gave to sizes."""
        shared = result = self._common_ancestor(other)
        mine, theirs = self._nodes_since(shared), other._nodes_since(shared)
        assumed = {node._assumption for node in theirs} if mine else set()
        kept: set[Assumption | None] = set()
        for node in mine:
            assert node._assumption is not None
            if node._is_definition:
                result = result.define(node._assumption.left, node._assumption.right)
            elif node._assumption in assumed or other._implies(node._assumption):
                result = result._and(node._assumption)
            else:
                continue
            kept.add(node._assumption)
        for node in theirs:
            if node._is_definition and node._assumption is not None and node._assumption not in kept:
                result = result.define(node._assumption.left, node._assumption.right)
        return result

    def defining(self, letters: frozenset[Symbol], other: Facts) -> Facts:
        """These facts, with letters that nothing here is as large as being what other facts say that they are."""
        facts = self
        for said in other.since(self._common_ancestor(other)) if letters else ():
            for name, value in ((said.left, said.right), (said.right, said.left)):
                letter = name.as_symbol
                is_one = said.relation is Relation.EQUAL and letter in letters and letter not in facts.mentioned
                if not is_one or letter is None or not letters.isdisjoint(value.symbols):
                    continue
                least = self.lower(value)
                if least is not None and least >= letter.minimum:
                    facts = facts.equal(name, value)
                    break
        return facts

    def _implies(self, assumption: Assumption) -> bool:
        """Whether an equality that others assume holds by these, be it said the other way round, or of other names."""
        if assumption.relation is not Relation.EQUAL or self.mentioned.isdisjoint(assumption.left.symbols):
            return False
        return self.is_equal(assumption.left, assumption.right)

    # -- asking ------------------------------------------------------------------------------------------------

    @property
    def contradictory(self) -> bool:
        """No sizes can obey these facts, as far as is seen cheaply."""
        return self._rules().contradictory

    def rules_out(self, other: Facts) -> bool:
        """No sizes can obey both these facts and others, as far as is seen cheaply."""
        found = _ruled_out.get((self, other))
        if found is None:
            found = other.contradictory if self._is_apart_from(other) else self.also(other).contradictory
            _keep(_ruled_out, (self, other), found)
        return found

    def _is_apart_from(self, other: Facts) -> bool:
        """Whether others say nothing more of what these speak of, so that either can hold beside the other."""
        if self.contradictory:
            return False
        mentioned = self.mentioned
        node: Facts | None = other
        ancestor = self._common_ancestor(other)
        while node is not None and node is not ancestor:
            assumed = node._assumption
            if assumed is not None and (assumed.left.opaque or assumed.right.opaque):
                return False  # it may be of the same value of which nothing is known
            if assumed is not None and not mentioned.isdisjoint(assumed.symbols):
                return False
            node = node._parent
        return True

    def _rules(self) -> Solved:
        if self._solved is not None:
            return self._solved
        waiting = [self]
        node = self._parent
        while node is not None and node._solved is None:
            waiting.append(node)
            node = node._parent
        solved = node._solved if node is not None else None
        for each in reversed(waiting):
            solved = each._solved = _solve(solved, each._assumption)
        assert solved is not None
        return solved

    def normalize(self, d: Dim | int) -> Dim:
        """`d` rewritten by everything known, in the authors' names; equal sizes mostly become one."""
        solved = self._rules()
        return restored(solved, solved.reduce(dim(d)))

    def resolved(self, d: Dim | int) -> Dim:
        """`d` rewritten by everything known, names that stand for other sizes put back into those."""
        return self._rules().reduce(dim(d))

    def value_of(self, d: Dim | int) -> int | None:
        """The constant that `d` is under these facts, or None."""
        d = dim(d)
        return self._rules().reduce(d).value if d.value is None else d.value

    def holds_divides(self, k: Dim | int, a: Dim | int) -> bool:
        """`k` is known to divide `a`."""
        solved = self._rules()
        k, a = solved.reduce(dim(k)), solved.reduce(dim(a))
        if k.value == 0:
            return False
        return solved.reduce(solved.divide(a, k) * k) is a

    def bounds(self, d: Dim | int) -> tuple[int | None, int | None]:
        """Inclusive lower and upper bound of `d`; None where there is none."""
        return self.lower(d), self.upper(d)

    def lower(self, d: Dim | int) -> int | None:
        """An inclusive lower bound of `d`, None where there is none."""
        solved = self._rules()
        return solved.bounds.lower(solved.reduce(dim(d)))

    def upper(self, d: Dim | int) -> int | None:
        """An inclusive upper bound of `d`, None where there is none."""
        solved = self._rules()
        return solved.bounds.upper(solved.reduce(dim(d)))

    def compare(self, a: Dim | int, b: Dim | int) -> Comparison:
        """How `a` and `b` stand to each other: see `Comparison`."""
        a, b = dim(a), dim(b)
        if a is b:
            return Comparison.EQUAL
        if a.value is not None and b.value is not None:
            return Comparison.NEVER
        d = a - b
        found = self._compared.get(d)
        if found is None:
            if len(self._compared) > CACHE_BUDGET:
                self._compared.clear()
            found = self._compared[d] = decide(self._rules(), tuple(self), d)
        return found

    def equality(self, a: Dim | int, b: Dim | int) -> bool | None:
        """True where `a` and `b` are always equal, False where they never are, None where neither is known.

        What `compare` tells beyond that takes a search for sizes; this does not.
        """
        a, b = dim(a), dim(b)
        if a is b:
            return True
        if a.value is not None and b.value is not None:
            return False
        d = a - b
        if d not in self._certain:
            if len(self._certain) > CACHE_BUDGET:
                self._certain.clear()
            self._certain[d] = decide_certain(self._rules(), d)
        certain = self._certain[d]
        return None if certain is None else certain is Comparison.EQUAL

    def is_equal(self, a: Dim | int, b: Dim | int) -> bool:
        """Whether `a` and `b` are known to be always equal."""
        a, b = dim(a), dim(b)
        if a is b:
            return True
        return not (a.value is not None and b.value is not None) and is_zero(self._rules(), a - b)

    def witness(self, pairs: Iterable[tuple[Dim, Dim]], mention: Iterable[Symbol] = ()) -> dict[Symbol, int] | None:
        """Sizes that obey all these facts and under which at least one pair differs; None if none is found.

        They are given for every symbol in the pairs, in `mention` and in the facts that constrain those.
        """
        goals, wanted = [], set(mention)
        for a, b in pairs:
            known = self._compared.get(a - b)
            if a is not b and known is not Comparison.EQUAL and known is not Comparison.MAYBE:
                goals.append(a - b)
            wanted |= a.symbols | b.symbols
        key = (self, tuple(goals), frozenset(wanted))
        if goals and key not in _searched:
            _keep(_searched, key, search(self._rules(), tuple(self), goals, wanted))
        found = _searched[key] if goals else None
        return None if found is None else dict(found)

    def instance(self, pairs: Iterable[tuple[Dim, Dim]], mention: Iterable[Symbol] = ()) -> dict[Symbol, int] | None:
        """Sizes that obey all these facts and under which at least one pair differs, also by what no caller chooses."""
        goals = [a - b for a, b in pairs if a is not b]
        return search_any(self._rules(), tuple(self), goals, set(mention))


def _keep(results: dict[_Key, _Result], key: _Key, result: _Result) -> None:
    """Keep what was found for as long as a file is linted, unless that is very much: facts hold rules of their own."""
    if len(results) >= _MOST_KEPT:
        results.clear()
    results[key] = result


def _order_of(d: Dim) -> int:
    """When a symbol was made, -1 for any other size."""
    return -1 if d.as_symbol is None else d.as_symbol.order


def _solve(earlier: Solved | None, assumption: Assumption | None) -> Solved:
    solved = Solved(earlier)
    if assumption is None:
        return solved
    left, right = assumption.left, assumption.right
    if assumption.relation is Relation.EQUAL:
        solved.assume_zero(left - right)
    elif assumption.relation is Relation.DIVIDES:
        solved.assume_divides(left, right)
    elif assumption.relation is Relation.AT_LEAST:
        solved.assume_nonnegative(left - right)
    elif assumption.relation is Relation.UNEQUAL:
        solved.assume_nonzero(left - right)
    return solved


Facts.EMPTY = Facts()


def forget_sizes() -> None:
    """Drop what was found of sizes where nothing is assumed, which would keep all those of files that are done with."""
    forget_results()
    UNCONDITIONAL.forget()
    empty = Facts.EMPTY
    empty._solved = None
    for found in (_followed, _joined, _ruled_out, _searched, empty._compared, empty._certain):
        found.clear()
    drop_unused()
