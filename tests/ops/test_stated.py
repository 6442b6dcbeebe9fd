"""Operators stated in a configuration: what holds as stated beside what does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from shapelint.dims import const, symbol
from shapelint.notation import NotationError
from shapelint.ops import registry
from shapelint.ops.call import apply, construct, forward
from shapelint.ops.needs import CannotRun, Context, Trouble, using
from shapelint.ops.stated import stated
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.shapes import NotKnown, Run, Shape

B, L, S, H, D, E = (symbol(name) for name in "BLSHDE")
ATTENTION = "(B, L, H, D), (B, S, H, D), (B, S, H, D) -> (B, L, H, D)"


@pytest.fixture(autouse=True)
def nothing_stated() -> Iterator[None]:
    yield
    registry.state({})


def t(*sizes: Any) -> Tensor:
    return Tensor(Shape.of(*sizes), "contiguous", "float32")


def call(text: str, *args: Any, context: Context | None = None, **kwargs: Any) -> Any:
    registry.state({"lib.f": text})
    with using(context or Context()):
        return apply("lib.f", args, kwargs)


def shown(result: Any) -> str:
    if result is None:
        return "None"
    return ", ".join(str(each.shape) for each in (result if isinstance(result, tuple) else (result,)))


RIGHT = [
    (ATTENTION, (t(2, 5, 4, 8), t(2, 7, 4, 8), t(2, 7, 4, 8)), "(2, 5, 4, 8)"),
    (ATTENTION, (t(B, L, H, D), t(B, S, H, D), t(B, S, H, D), 0.0, None), "(B, L, H, D)"),
    ("(B, C, T) -> (B, C)", (t(2, 3, 4),), "(2, 3)"),
    ("(B, 3, T) -> (B, T//2)", (t(B, 3, L),), "(B, L//2)"),
    ("(H,), (B, 2*H) -> (B, H + 1)", (t(D), t(B, 2 * D)), "(B, D+1)"),
    ("(B, 2*H) -> (B, H), (B, H)", (t(B, 6),), "(B, 3), (B, 3)"),
    ("(B, 2*H) -> (B, H)", (t(B, D),), "(B, D//2)"),
    ("(T - K + 1,), (K,) -> (T,)", (t(6), t(3)), "(8,)"),
    ("(..., D) -> (..., 2*D)", (t(2, 3, 4),), "(2, 3, 8)"),
    ("(B, ..., D), (...) -> (..., B)", (t(2, 3, 4, 5), t(3, 4)), "(3, 4, 2)"),
    ("(N, 3), () -> (M, 3)", (t(9, 3), 0.5), "(M, 3)"),
    ("(N, 3), (N,) -> (N,)", (t(9, 3), None), "(9,)"),
    ("(_, D) -> (D, _)", (t(2, 3),), "(3, _)"),
    ("(L, D), (S, D) -> (max(L, S), ceil(D/2))", (t(2, 5), t(3, 5)), "(3, 3)"),
    ("(N,) -> ", (t(2),), "None"),
    ("() -> (3,)", (t(),), "(3,)"),
]


@pytest.mark.parametrize(("text", "args", "result"), RIGHT)
def test_a_call_as_stated_gives_the_shape_stated(text: str, args: Any, result: str) -> None:
    context = Context()
    assert shown(call(text, *args, context=context)) == result
    assert not context.needs


WRONG = [
    (ATTENTION, (t(2, 5, 4, 8), t(2, 7, 4, 8), t(2, 6, 4, 8)), "S in (2, 7, 4, 8) is 7, in (2, 6, 4, 8) it is 6"),
    (ATTENTION, (t(2, 5, 4, 8), t(2, 7, 4, 8), t(7, 4, 8)), "(7, 4, 8) is not (B, S, H, D), as stated"),
    ("(B, 3, T) -> (B, T)", (t(2, 4, 9),), "a size of (2, 4, 9) is 4, the one stated is 3"),
    ("(H,), (B, 2*H) -> (B, H)", (t(4), t(2, 6)), "a size of (2, 6) is 6, the one stated is 8"),
    ("(B, 2*H) -> (B, H)", (t(2, 7),), "7 does not divide by 2, as stated"),
    ("(B, ..., D) -> (B, D)", (t(2),), "(2,) has fewer dims than (B, ..., D), as stated"),
    ("(B, ...), (...) -> (B,)", (t(2, 3, 4), t(3)), "'...' stands for 2 dims (3, 4), but for 1 in (3,)"),
    ("(B, ...), (...) -> (B,)", (t(2, 3, 4), t(3, 5)), "a size of (3, 4) is 4"),
    ("(B, B) -> (B,)", (t(2, 3),), "B in (2, 3) is 2, in (2, 3) it is 3"),
]


@pytest.mark.parametrize(("text", "args", "reason"), WRONG)
def test_a_call_that_is_not_as_stated_cannot_run(text: str, args: Any, reason: str) -> None:
    with pytest.raises(CannotRun) as raised:
        call(text, *args)
    assert reason in raised.value.reason
    assert raised.value.trouble is Trouble.CALL


def test_sizes_that_a_caller_chooses_must_be_equal() -> None:
    context = Context()
    assert shown(call("(N, K), (K, M) -> (N, M)", t(B, D), t(E, L), context=context)) == "(B, L)"
    assert [(need.left, need.right) for need in context.needs] == [(D, E)]


def test_letters_are_those_of_one_call() -> None:
    text = "(B, C) -> (C,)"
    with using(Context()):
        assert [shown(call(text, t(2, n))) for n in (3, 4)] == ["(3,)", "(4,)"]


@pytest.mark.parametrize(
    ("args", "kwargs", "result"),
    [
        ((t(2, 3),), {"mask": t(2)}, "(2,)"),
        ((t(2, 3), t(2)), {"scale": 1.0}, "(2,)"),
        ((), {"x": t(2, 3), "mask": t(2)}, "not known"),  # which is which, the signature does not say
        ((t(2, 3),), {}, "not known"),
        ((t(2, 3), [t(2)]), {}, "not known"),
        ((t(2, 3), Unknown("a thing")), {}, "not known"),
    ],
)
def test_arguments_by_name(args: Any, kwargs: Any, result: str) -> None:
    if result == "not known":
        with pytest.raises(NotKnown):
            call("(N, D), (N,) -> (N,)", *args, **kwargs)
    else:
        assert shown(call("(N, D), (N,) -> (N,)", *args, **kwargs)) == result


def test_dims_that_are_not_known() -> None:
    run = Run.fresh()
    behind = Tensor(Shape((), run, (L, D)))
    assert call("(..., D) -> (D, ..., 2)", behind).shape == Shape((D,), run, (L, const(2)))
    assert shown(call("(B, C, T) -> (C,)", Tensor(Shape.unknown("x")))) == "(C,)"


def test_a_class_of_modules() -> None:
    registry.state({"lib.Mixer": "(B, L, D) -> (B, D)"})
    with using(Context()):
        made = construct("lib.Mixer", [const(16)], {"depth": const(3), "dropout": 0.5})
        assert shown(forward(made, [t(2, 3, 16)])) == "(2, 16)"
        with pytest.raises(CannotRun, match=r"\(3, 16\) is not \(B, L, D\)"):
            forward(made, [t(3, 16)])


def test_stating_replaces_what_was_stated_before() -> None:
    assert registry.find("lib.f") is None
    assert registry.state({"lib.f": "(N,) -> (N, 1)", "lib.Mixer": "(N,) -> (N,)"})
    assert registry.find("lib.f") is not None
    assert registry.find_layer("lib.Mixer") is not None
    assert not registry.state({"lib.f": "(N,) -> (N, 1)", "lib.Mixer": "(N,) -> (N,)"})
    assert registry.state({"torch.relu": "(N,) -> (N, 1)"})
    assert registry.find("lib.f") is None
    assert registry.find_layer("lib.Mixer") is None
    with using(Context()):
        assert apply("torch.relu", [t(3)]).shape == Shape.of(3, 1)
        registry.state({})
        assert apply("torch.relu", [t(3)]).shape == Shape.of(3)


@pytest.mark.parametrize(
    ("text", "problem", "column"),
    [
        ("(B, C)", "a signature needs an arrow", 6),
        ("(B, C -> (B,)", "this bracket is not closed", 0),
        ("(B, ..., C, ...) -> (B,)", "only one '...' can stand in a shape", 0),
        ("(B, C) -> (B, ...)", "these dims stand in no argument", 10),
        ("(B, C) -> (len(B),)", "len() is not known here", 10),
        ("(B, C) -> (B**C,)", "a power must be a number", 10),
        ("(B, C) -> (B//0,)", "a division by 0", 10),
    ],
)
def test_a_signature_that_cannot_be_used(text: str, problem: str, column: int) -> None:
    with pytest.raises(NotationError) as raised:
        stated("lib.f", text)
    assert problem in raised.value.message
    assert raised.value.column == column
