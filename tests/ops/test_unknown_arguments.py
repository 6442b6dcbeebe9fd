"""A call that runs, with one argument not known, or a size of any name in place of a number: it is never said to fail,
nor to give what it does not give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from shapelint.dims import Dim, Facts, symbol
from shapelint.ops import registry
from shapelint.ops.call import apply_found, call_method, construct_found
from shapelint.ops.needs import CannotRun, Context, using
from shapelint.ops.registry import Example, Found, Layer, Op
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.shapes import NotKnown
from tests.ops.test_examples import arguments, every_example, outcome, tensors

Call = tuple[list[Any], dict[str, Any]]
ANY_SIZE = symbol("any_size")


def lacking(call: Call) -> Iterator[tuple[str, Call, Dim | None]]:
    """The call with one argument, or one item of a row, not known; which, and the number that a size stands for."""
    args, kwargs = call
    for place, given in enumerate(args):
        for which, other, number in without(given):
            yield f"{place}{which}", ([*args[:place], other, *args[place + 1 :]], kwargs), number
    for name, given in kwargs.items():
        for which, other, number in without(given):
            yield f"{name}{which}", (args, {**kwargs, name: other}), number


def without(given: Any) -> Iterator[tuple[str, Any, Dim | None]]:
    yield "", Unknown("not told"), None
    if isinstance(given, Dim) and given.value is not None and given.value > 0:  # no size is less than 1
        yield "", ANY_SIZE, given
    if isinstance(given, (tuple, list)):
        for at, item in enumerate(given):
            for which, other, number in without(item):
                yield f"[{at}]{which}", type(given)([*given[:at], other, *given[at + 1 :]]), number


def results(entry: Op | Layer, made_of: Call, call: Call, method: str) -> tuple[list[Tensor], Context]:
    with using(Context()) as context:
        if isinstance(entry, Op):
            return tensors(apply_found(Found(entry), *call)), context
        return tensors(call_method(construct_found(entry, *made_of), method, *call)), context


def calls(entry: Op | Layer, example: Example, anywhere: bool) -> tuple[Call, Call]:
    if isinstance(entry, Op):
        return ([], {}), arguments(example.arguments, entry.signature, anywhere)
    made_of = arguments(example.constructor or "", entry.signature, anywhere)
    with using(Context()):
        made = construct_found(entry, *made_of)
    return made_of, arguments(example.arguments, registry.method_signature(type(made), example.method), anywhere)


def wrong_certainties(entry: Op | Layer, example: Example, anywhere: bool) -> Iterator[str]:
    made_of, call = calls(entry, example, anywhere)
    right, _ = results(entry, made_of, call, example.method)
    ways = [(f"argument {which}", made_of, other, number) for which, other, number in lacking(call)]
    ways += [(f"constructor's argument {which}", other, call, number) for which, other, number in lacking(made_of)]
    for which, made, other, number in ways:
        try:
            given, context = results(entry, made, other, example.method)
        except CannotRun as error:
            yield f"{which}: cannot run: {error.reason}"
            continue
        except NotKnown:
            continue
        facts = context.facts if number is None else context.facts.equal(ANY_SIZE, number)
        alike = len(given) == len(right) and all(
            may_be(one, true, facts) for one, true in zip(given, right, strict=True)
        )
        if alike or not given:
            continue
        yield f"{which}: gives {[str(one.shape) for one in given]}, which is {[str(one.shape) for one in right]}"


def may_be(given: Tensor, true: Tensor, facts: Facts) -> bool:
    if not given.shape.known:
        return True
    if given.rank != true.rank:
        return False
    pairs = zip(given.shape.dims, true.shape.dims, strict=True)
    return all(
        any(not symbol.free or symbol.name == "_" for symbol in [*own.symbols, *size.symbols])
        or facts.equality(own, size) is not False
        for own, size in pairs
    )


RUNNING = [case for case in every_example() if case.values[1].gives is not None]


@pytest.mark.parametrize(("entry", "example"), RUNNING)
def test_an_unknown_argument_makes_nothing_certain(entry: Op | Layer, example: Example) -> None:
    anywhere = next(reading for reading in (False, True) if outcome(entry, example, reading) == "")
    assert list(wrong_certainties(entry, example, anywhere)) == []
