"""Functions of NumPy against NumPy itself: each call gives NumPy's shape or leaves it open, and nothing is refused."""

from __future__ import annotations

from typing import Any

import pytest

numpy = pytest.importorskip("numpy")

from shapelint.dims import const
from shapelint.ops.call import apply
from shapelint.ops.elsewhere.numpy_functions import BY_METHOD, BY_OPERATOR, DRAWN, LIKE_METHODS
from shapelint.ops.needs import Context, using
from shapelint.ops.registry import find
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.shapes import NotKnown, Shape

KNOWN = (
    "np.zeros((2, 3))", "np.zeros(4)", "np.zeros([4, 5], dtype='float32')", "np.ones((2, 3), 'int64')", "np.empty(3)",
    "np.zeros_like(x(2, 3))", "np.full_like(x(2, 3), 7)", "np.full((2, 3), 0.5)", "np.full(3, 0.5)", "np.eye(3)",
    "np.eye(3, 4)", "np.identity(3)", "np.arange(5)", "np.arange(2, 9)", "np.arange(0, 9, 2)",
    "np.arange(1.0, 2.0, 0.25)", "np.linspace(0, 1, 7)", "np.concatenate([x(2, 3), x(4, 3)])",
    "np.concatenate((x(2, 3), x(2, 4)), axis=1)", "np.concatenate([x(2, 3), x(2, 4)], -1)",
    "np.stack([x(2, 3), x(2, 3)])", "np.stack((x(2, 3), x(2, 3)), axis=-1)", "np.vstack([x(3), x(3)])",
    "np.hstack([x(3), x(4)])", "np.hstack([x(2, 3), x(2, 4)])", "np.dstack([x(2, 3), x(2, 3)])",
    "np.column_stack([x(3), x(3)])", "np.nanmedian(x(2, 3), axis=0)", "np.nanprod(x(2, 3))",
    "np.nanvar(x(2, 3), axis=1)", "np.divmod(x(2, 3), 2)", "np.divmod(x(2, 1), x(3))", "np.random.permutation(4)",
    "np.random.permutation(x(4, 2))", "np.split(x(6, 2), 3)", "np.split(x(6, 2), [1, 4])",
    "np.array_split(x(7, 2), 3, axis=0)", "np.expand_dims(x(2, 3), 1)", "np.expand_dims(x(2, 3), axis=-1)",
    "np.moveaxis(x(2, 3, 4), 0, -1)", "np.moveaxis(x(2, 3, 4), [0, 1], [1, 0])", "np.rollaxis(x(2, 3, 4), 2)",
    "np.rollaxis(x(2, 3, 4), 0, 3)", "np.rollaxis(x(2, 3, 4), 1, 0)", "np.rollaxis(x(2, 3, 4), -1, 1)",
    "np.broadcast_to(x(3), (2, 3))", "np.tile(x(2, 3), 2)", "np.tile(x(2, 3), (2, 1, 3))", "np.diff(x(2, 3))",
    "np.diff(x(4, 3), axis=0)", "np.diag(x(3))", "np.tril(x(3, 3))", "np.triu(x(3, 3), 1)",
    "np.where(x(2, 1) > 0, x(3), 0.0)", "np.matmul(x(2, 3), x(3, 4))", "np.dot(x(3), x(3))", "np.dot(x(2, 3), x(3, 4))",
    "np.dot(x(2, 3), x(3))", "np.outer(x(2), x(3))", "np.kron(x(2, 2), x(3, 3))",
    "np.einsum('ij,jk->ik', x(2, 3), x(3, 4), optimize=True)", "np.exp(x(2, 3))", "np.abs(x(2, 3))",
    "np.isnan(x(2, 3))", "np.maximum(x(2, 1), x(3))", "np.maximum(x(2, 3), 0)", "np.power(x(2, 3), 2)",
    "np.logical_and(x(2, 3) > 0, x(3) > 0)", "np.linalg.norm(x(2, 3))", "np.linalg.norm(x(2, 3), axis=1)",
    "np.linalg.norm(x(2, 3), axis=-1, keepdims=True)", "np.linalg.inv(x(3, 3) + np.eye(3))",
    "np.linalg.det(x(2, 3, 3))", "np.linalg.svd(x(4, 3))", "np.linalg.svd(x(4, 3), full_matrices=False)",
    "np.linalg.pinv(x(4, 3))", "np.fft.rfft(x(2, 8))", "np.fft.fft(x(8, 2), axis=0)", "np.transpose(x(2, 3, 4))",
    "np.transpose(x(2, 3, 4), (2, 0, 1))", "np.transpose(x(2, 3, 4), axes=(1, 0, 2))", "np.swapaxes(x(2, 3, 4), 0, 2)",
    "np.reshape(x(2, 6), (3, -1))", "np.reshape(x(2, 6), -1)", "np.ravel(x(2, 3))", "np.squeeze(x(2, 1, 3))",
    "np.squeeze(x(2, 1, 3), axis=1)", "np.sum(x(2, 3))", "np.sum(x(2, 3), 0)",
    "np.mean(x(2, 3), axis=-1, keepdims=True)", "np.max(x(2, 3, 4), axis=(0, 2))", "np.argmax(x(2, 3), axis=1)",
    "np.cumsum(x(2, 3))", "np.cumsum(x(2, 3), axis=1)", "np.repeat(x(2, 3), 2)", "np.repeat(x(2, 3), 2, axis=0)",
    "np.argsort(x(2, 3))", "np.sort(x(2, 3), axis=0)", "np.clip(x(2, 3), 0, 1)", "np.round(x(2, 3), 2)",
    "np.flip(x(2, 3), 0)", "np.roll(x(2, 3), 1, axis=0)", "np.nanmean(x(2, 3), axis=0)", "np.median(x(2, 3), axis=1)",
    "np.amax(x(2, 3), 1)", "np.count_nonzero(x(2, 3), axis=1)", "np.pad(x(2, 3), 1)", "np.pad(x(2, 3), (1, 2))",
    "np.pad(x(2, 3), ((0, 1), (2, 3)), 'edge')", "np.pad(x(2, 3), ((1, 2),), mode='constant')",
    "np.pad(x(5), (0, 3), mode='constant', constant_values=0)", "np.pad(x(2, 3), [(0, 0), (0, 4)])",
    "np.meshgrid(np.arange(3), np.arange(4))", "np.random.rand(2, 3)",
    "np.meshgrid(np.arange(3), np.arange(4), np.arange(5), indexing='ij')", "np.random.randn(4)",
    "np.random.random((2, 3))", "np.random.normal(0.0, 1.0, (2, 3))", "np.random.uniform(size=5)",
    "np.random.uniform(-1, 1, size=(2, 3))", "np.random.randint(0, 9, (2, 3))", "np.random.randint(9, size=(2, 3))",
    "np.random.choice(9, 4)", "np.take_along_axis(x(2, 3), np.argsort(x(2, 3)), axis=1)",
    "np.searchsorted(np.sort(x(5)), x(2, 3))", "np.interp(x(2, 3), np.arange(4), np.arange(4))",
)  # fmt: skip

OPEN = (
    "np.random.rand()", "np.random.normal(0.0, 1.0)", "np.random.randint(9)", "np.maximum(1, 2)", "np.sum([1, 2])",
    "np.concatenate([x(2, 3), x(2, 4)], axis=None)", "np.stack([x(3), [1, 2, 3]])", "np.dot(x(2, 3, 4), x(4, 2))",
    "np.meshgrid(np.arange(3), np.arange(4), sparse=True)", "np.expand_dims(x(2, 3), (0, 1))",
)  # fmt: skip
"""Calls that run, and of which nothing is said."""

REFUSED = (
    "np.concatenate([x(2, 3), x(2, 4)])", "np.matmul(x(2, 3), x(2, 3))", "np.sum(x(2, 3), axis=2)",
    "np.reshape(x(2, 3), (4, -1))", "np.stack([x(2, 3), x(3)])", "np.maximum(x(2, 3), x(2))",
    "np.pad(x(2, 3), ((1, 1),) * 3)", "np.broadcast_to(x(3), (2, 4))",
)  # fmt: skip


class Functions:
    """The functions of numpy as the rules know them, under a module's name."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix

    def __getattr__(self, name: str) -> Any:
        if name in ("random", "linalg", "fft") and self.prefix == "numpy":
            return Module(f"numpy.{name}")
        return lambda *args, **kwargs: by_rule(f"{self.prefix}.{name}", args, kwargs)


class Module(Functions):
    """A module within numpy; `np.random.random` and the like are functions of it."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return by_rule(self.prefix, args, kwargs)


class Array(Tensor):
    """An array that an expression may compare with a number."""

    __slots__ = ()

    def __gt__(self, other: object) -> Array:
        return self

    def __add__(self, other: object) -> Array:
        return self


def by_rule(name: str, args: Any, kwargs: Any) -> Any:
    return apply(name, plain(args), {key: plain(value) for key, value in kwargs.items()})


def plain(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return const(value)
    return type(value)(map(plain, value)) if isinstance(value, (tuple, list)) else value


def ours(expression: str) -> Any:
    def x(*sizes: int) -> Array:
        return Array(Shape.of(*sizes), "contiguous", None, "numpy")

    with using(Context()):
        return eval(expression, {"np": Functions("numpy"), "x": x})


def theirs(expression: str) -> Any:
    return eval(expression, {"np": numpy, "x": lambda *sizes: numpy.random.rand(*sizes)})


def shapes(result: Any) -> list[tuple[int | None, ...]]:
    if isinstance(result, Tensor):
        assert result.device == "numpy"
        return [tuple(size.value for size in result.shape)]
    if isinstance(result, (tuple, list)):
        return [shape for item in result for shape in shapes(item)]
    return [numpy.shape(result)]


@pytest.mark.parametrize("expression", KNOWN)
def test_the_shape_is_that_of_numpy(expression: str) -> None:
    assert shapes(ours(expression)) == shapes(theirs(expression))


@pytest.mark.parametrize("expression", OPEN)
def test_what_is_left_open(expression: str) -> None:
    theirs(expression)
    with pytest.raises(NotKnown):
        ours(expression)


@pytest.mark.parametrize("expression", REFUSED)
def test_what_numpy_refuses_is_left_open(expression: str) -> None:
    with pytest.raises(ValueError):  # AxisError is one
        theirs(expression)
    with pytest.raises(NotKnown):
        ours(expression)


@pytest.mark.parametrize("name", ["concatenate", "sum", "exp", "maximum", "where", "transpose", "pad", "dot"])
def test_a_value_of_which_nothing_is_known_stays_so(name: str) -> None:
    given = Unknown("the parameter x", "x", is_input=True)
    with using(Context()), pytest.raises(NotKnown):
        apply(f"numpy.{name}", [[given, given]] if name == "concatenate" else [given, given, given])


def test_every_function_is_one_of_numpy() -> None:
    names = [*BY_OPERATOR, *BY_METHOD, *LIKE_METHODS, *(f"random.{name}" for name in DRAWN)]
    for name in names:
        there = numpy
        for part in name.split("."):
            there = getattr(there, part)
        assert callable(there), name
        assert find(f"numpy.{name}") is not None
