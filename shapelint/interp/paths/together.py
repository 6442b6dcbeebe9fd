"""What several values, each of them one of a few, may be at the same time."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from shapelint.dims import Facts
from shapelint.interp.paths.join import alternatives
from shapelint.interp.state.values import Choice, Value

Way: TypeAlias = tuple[Value, Facts | None]
"""One of the values that a value may be, with what is known on the path to it, where that is kept."""


def ways_of(facts: Facts, value: Value, most: int) -> list[Way]:
    """The values that a value may be; of a row, each way to choose its items. No more than `most` + 1."""
    if isinstance(value, Choice):
        found = ((one, _both(path, own)) for part, path in value.each() for one, own in ways_of(facts, part, most))
        return list(itertools.islice(found, most + 1))
    if not is_open(value):
        return [(value, None)]
    parts = (value.start, value.stop, value.step) if isinstance(value, slice) else value
    rows = together(facts, [ways_of(facts, part, most) for part in parts], most)
    return [(slice(*row) if isinstance(value, slice) else type(value)(row), path) for row, path in rows]


def together(facts: Facts, each: Sequence[Sequence[Way]], most: int) -> list[tuple[tuple[Value, ...], Facts | None]]:
    """The ways to choose one of each that no path rules out; no more than `most` + 1 of them."""
    return list(itertools.islice(_chosen(facts, each, (), None), most + 1))


def pairs_of(facts: Facts, left: Value, right: Value) -> list[tuple[tuple[Value, ...], Facts | None]]:
    """What two values may be together, each with what is known where they are; any two where no path leads to both."""
    each = [list(one.each()) if isinstance(one, Choice) else [(one, None)] for one in (left, right)]
    most = len(each[0]) * len(each[1])
    return together(facts, each, most) or [
        (pair, None) for pair in itertools.product(*map(alternatives, (left, right)))
    ]


def _chosen(
    facts: Facts, each: Sequence[Sequence[Way]], before: tuple[Value, ...], path: Facts | None
) -> Iterator[tuple[tuple[Value, ...], Facts | None]]:
    if len(before) == len(each):
        yield before, path
        return
    for value, own in each[len(before)]:
        both = _both(path, own)
        if path is None or own is None or both is None or not facts.rules_out(both):
            yield from _chosen(facts, each, (*before, value), both)


def _both(path: Facts | None, other: Facts | None) -> Facts | None:
    """What is known where two paths are gone."""
    return path.also(other) if path is not None and other is not None else path or other


def is_open(value: Value) -> bool:
    """Whether a value is one of several, or a row in which one is."""
    if isinstance(value, Choice):
        return True
    if isinstance(value, slice):
        return any(map(is_open, (value.start, value.stop, value.step)))
    return type(value) in (tuple, list) and any(map(is_open, value))
