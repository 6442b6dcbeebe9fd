"""What the author of a claim takes to be so of sizes, though the code does not say it: the claim may hold with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from shapelint.checks.model import Verdict
from shapelint.checks.verdicts.exactness import all_exact, when_exact
from shapelint.checks.verdicts.excused import SAME_UNDER_TWO_NAMES
from shapelint.checks.verdicts.judged import Judged
from shapelint.checks.verdicts.spelled import by_another_spelling, spelled_otherwise
from shapelint.dims import Dim, Facts, Symbol, dim, divisions
from shapelint.interp.state.apart import without_common_factors
from shapelint.interp.state.events import ClaimMet, Evidence


@dataclass(frozen=True, slots=True)
class TakenSo:
    """Two sizes that are taken to be one, the divisions (divisor, dividend) that come out then, and the note of it."""

    left: Dim
    right: Dim
    note: str
    exact: tuple[tuple[Dim, Dim], ...] = ()

    def also(self, facts: Facts) -> Facts:
        """The facts, and this."""
        return all_exact(facts.equal(self.left, self.right), self.exact)


def taken_so(judged: Judged, evidence: Evidence) -> list[TakenSo]:
    """What may be taken so of the sizes of which a claim and its value are made."""
    match = judged.match
    if match is None or match.shape is None or match.given is None:
        return []
    facts = judged.event.facts if judged.event is not None else Facts()
    said = [facts.resolved(each.size) for each in match.shape.dims if each.size is not None]
    letters = frozenset().union(*(size.symbols for size in said))
    seen = letters.union(*(facts.resolved(size).symbols for size in match.given.seen()))
    counts = _counts(match.given.seen(), letters, facts, evidence)
    spelled = by_another_spelling(match, evidence.groups) if judged.reason == SAME_UNDER_TWO_NAMES else []
    if judged.verdict is Verdict.OPEN and match.unsure:
        spelled = spelled_otherwise(match, facts, evidence.groups)
    names = [TakenSo(own, size, f"{own} is {size}") for own, size in spelled]
    return [*_squares(seen, evidence), *_scaled(seen, evidence), *counts, *names]


def _squares(seen: Collection[Symbol], evidence: Evidence) -> list[TakenSo]:
    """Who takes `int(math.sqrt(n))` for the side of a plane of n knows that it comes out."""
    return [
        TakenSo(root * root, square, f"{square} is a square")
        for root, square in evidence.roots.items()
        if all(one in seen for one in root.symbols) and any(one in seen for one in square.symbols)
    ]


def _scaled(seen: Collection[Symbol], evidence: Evidence) -> list[TakenSo]:
    """Who writes `T * scale` of what is resized by a factor takes it for a whole number."""
    return [
        TakenSo(made, whole * size, f"{whole} is whole")
        for made, (whole, size) in evidence.scaled.items()
        if all(one in seen for one in made.symbols) and all(one in seen for one in whole.symbols)
    ]


def _counts(sizes: Iterable[Dim], said: Collection[Symbol], facts: Facts, evidence: Evidence) -> list[TakenSo]:
    """Of an input that is told to be `(num_windows*B, ...)` and is viewed as `(-1, H//w, W//w, ...)`, a window for each
    of those is what `num_windows` counts, if nothing else speaks of it."""
    counts: dict[Symbol, Dim] = {}
    for each in [pair for size in sizes for pair in divisions(size)]:
        divisor, dividend = without_common_factors(*map(facts.resolved, each))
        if len(dividend.terms) != 1 or divisions(dividend) or divisor.value is not None:
            continue
        for letter in dividend.symbols - divisor.symbols:
            if letter not in said and _is_of_inputs_alone(letter, evidence):
                counts.setdefault(letter, divisor)
    return [
        TakenSo(dim(letter), divisor, _said_of(letter, divisor), tuple(divisions(divisor)))
        for letter, divisor in counts.items()
    ]


def _said_of(letter: Symbol, count: Dim) -> str:
    exact = divisions(count)
    return f"{letter.name} is {count}" + (f" and {when_exact(exact).removeprefix('when ')}" if exact else "")


def _is_of_inputs_alone(letter: Symbol, evidence: Evidence) -> bool:
    """Whether nothing but what comments say of inputs speaks of a letter, as of a factor of a size."""
    places = evidence.groups.get(dim(letter), set())
    if any(not place.startswith(("('docstring'", "('claim'")) for place in places):
        return False
    of_it = [
        (event, each.size)
        for event in evidence.events
        if isinstance(event, ClaimMet)
        for shape in event.alternatives
        for each in shape.dims
        if each.size is not None and letter in each.size.symbols
    ]
    return bool(of_it) and all(event.is_input and event.believed and size.as_symbol is None for event, size in of_it)
