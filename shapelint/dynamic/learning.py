"""What an error of PyTorch tells of sizes that have to be equal, and the sizings that follow from it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from shapelint.dims import Dim, Facts, Symbol
from shapelint.dynamic.arguments import RUN
from shapelint.dynamic.plan import Plan, Target, case_of, sizing_row
from shapelint.dynamic.sizes import Sizes, sizings, symbols_of
from shapelint.dynamic.verdict import Answer, has_run, rank_guessed, two_sizes

ROUNDS = 4

NUMBER = r"(\d+)"
PAIRS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"size of tensor a \({NUMBER}\) must match the size of tensor b \({NUMBER}\)",
        rf"cannot be multiplied \(\d+x{NUMBER} and {NUMBER}x\d+\)",
        rf"to be: \[\d+, {NUMBER}\] but got: \[\d+, {NUMBER}\]",
        rf"to be: \[{NUMBER}, \d+\] but got: \[{NUMBER}, \d+\]",
        rf"normalized_shape=\[{NUMBER}\].*, {NUMBER}\]",
        rf"to have {NUMBER} channels, but got {NUMBER} channels",
        rf"[Ee]xpected size {NUMBER} but got size {NUMBER}",
        rf"[Ee]xpected:? {NUMBER},? (?:but )?got:? {NUMBER}",
        rf"embedding dimension of {NUMBER}, but got {NUMBER}",
        rf"divisible by num_groups.*num_channels={NUMBER} and num_groups={NUMBER}",
        rf"running_mean should contain {NUMBER} elements not {NUMBER}",
        rf"expanded size of the tensor \({NUMBER}\) must match the existing size \({NUMBER}\)",
        rf"is {NUMBER} and {NUMBER} here",
        rf"mat1 and mat2 must have .* {NUMBER} .* {NUMBER}",
        rf"inner dim.*{NUMBER}.*{NUMBER}",
    )
)


VIEWED = re.compile(r"shape '\[(-?\d+(?:, -?\d+)*)\]' is invalid for input of size")


def unequal(text: str) -> Iterator[tuple[int, int]]:
    """The pairs of numbers that an error says have to be equal."""
    for pattern in PAIRS:
        match = pattern.search(text)
        if match is not None:
            first, second = int(match[1]), int(match[2])
            if first != second:
                yield first, second


def learned(
    plan: Plan, answered: Iterable[tuple[Target, Answer]], reports: Iterable[Mapping[str, Any]], facts: dict[int, Facts]
) -> bool:
    """Add sizings for targets that an error kept from being reached; False where there is nothing new to try.

    `facts` holds, for each target by its id, what was learned in earlier rounds.
    """
    reports = list(reports)
    added = False
    for target, answer in answered:
        if target.call is None or target.reason or not answer.text.startswith("not run"):
            continue
        call = plan.job["calls"][target.call]
        for row in reversed(target.sizings):
            text, sizes = _said(target, row, reports), plan.sizes.get((target.call, row))
            if not text or sizes is None:
                continue
            run = plan.runs.get((target.call, row), RUN)
            more = _next(target, plan, sizes, run, text, facts)
            if more is not None:
                number = len(call["sizings"])
                evidence = plan.entries[target.call]
                call["sizings"].append({**sizing_row(evidence, more[0], call, more[1]), "fallback": False})
                plan.sizes[target.call, number], plan.runs[target.call, number] = more
                target.sizings = (*target.sizings, number)
                added = True
                break
    return added


def _said(target: Target, row: int, reports: Iterable[Mapping[str, Any]]) -> str:
    """What went wrong with one sizing: the error, or that a letter stood for two sizes."""
    for report in reports:
        if report["call"] != target.call or report["sizing"] != row:
            continue
        for index in target.watches:
            tally = report["tallies"].get(str(index))
            said = "" if tally is None else two_sizes(tally) or rank_guessed(tally)
            if said:
                return said
        if report["failed"] is not None:
            return str(report["failed"]["text"])
    return ""


def _next(
    target: Target, plan: Plan, sizes: Sizes, run: tuple[int, ...], text: str, facts: dict[int, Facts]
) -> tuple[Sizes, tuple[int, ...]] | None:
    """Sizes under which two symbols are equal that an error says have to be, and the dims of unknown number."""
    assert target.call is not None
    evidence = plan.entries[target.call]
    known, wanted = case_of(target)
    known = facts.get(id(target), known)
    symbols = symbols_of(evidence, [side for pair in wanted for side in pair])
    pairs = list(unequal(text))
    for first, second in [*pairs, *((b, a) for a, b in pairs)]:
        if first in run and second not in run:
            return sizes, tuple(second if size == first else size for size in run)
    for first, second in pairs:
        for left, right in _to_equate(sizes, symbols, first, second):
            bound = known.equal(left, right)
            if bound.contradictory:
                continue
            found = sizings(bound, symbols, wanted, count=1)
            if found and found[0] != sizes:
                facts[id(target)] = bound
                return found[0], run
    viewed = VIEWED.search(text)
    if run and viewed is not None:
        shape = tuple(abs(int(number)) or 1 for number in viewed[1].split(","))
        return None if shape == run else (sizes, shape)
    if run and any(number % size == 0 for pair in pairs for number in pair for size in run):
        return sizes, ()  # dims that the code merges into one, whose size has to be another
    for first, second in _divisible(text):
        for dividend in _of_size(sizes, symbols, first):
            rights: list[Dim | int] = [symbol.dim for symbol in _of_size(sizes, symbols, second)]
            for divisor in rights or [second]:
                bound = known.divides(divisor, dividend.dim)
                found = [] if bound.contradictory else sizings(bound, symbols, wanted, count=1)
                if found and found[0] != sizes:
                    facts[id(target)] = bound
                    return found[0], run
    if not pairs and any(has_run(value) for value in evidence.inputs.values()) and len(run) in LENGTHS:
        at = LENGTHS.index(len(run)) + 1
        if at < len(LENGTHS):
            return sizes, (*run, *SPARE)[: LENGTHS[at]]
    return None


def _divisible(text: str) -> Iterator[tuple[int, int]]:
    """The numbers of which an error says that the first has to be divisible by the second."""
    if "divisib" in text:
        numbers = [int(number) for number in re.findall(r"\b\d+\b", text)]
        for first, second in itertools.pairwise(numbers):
            if second and first % second:
                yield first, second


LENGTHS = (2, 1, 3, 0, 4)  # how many dims an unknown number of them mostly is
SPARE = (23, 29, 31, 37)


def _to_equate(sizes: Sizes, symbols: list[Symbol], first: int, second: int) -> Iterator[tuple[Dim, Dim | int]]:
    """What may have to be equal: two symbols of these sizes, else a symbol and a number of the code."""
    lefts, rights = _of_size(sizes, symbols, first), _of_size(sizes, symbols, second)
    for left in lefts:
        for right in rights:
            yield left.dim, right.dim
    for left in lefts:
        yield left.dim, second
    for right in rights:
        yield right.dim, first


def _of_size(sizes: Sizes, symbols: Iterable[Symbol], size: int) -> list[Symbol]:
    return [symbol for symbol in symbols if symbol.free and sizes.get(symbol) == size]
