"""Making, joining, cutting and asking tensors against torch: tables, random calls, and symbols at several sizes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from shapelint.dims import Dim, Facts, const, symbol
from shapelint.ops.call import apply
from shapelint.ops.families.attributes import ATTRIBUTES, tensor_attribute
from shapelint.ops.needs import CannotRun, Context, Trouble, using
from shapelint.ops.operators import BINARY_OPERATORS, UNARY_OPERATORS
from shapelint.ops.registry import find
from shapelint.ops.signature import NumberType
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.shapes import Run, Shape

torch = pytest.importorskip("torch")


def known(*sizes: Dim | int, dtype: str = "float32") -> Tensor:
    return Tensor(Shape.of(*sizes), "contiguous", dtype)


def abstract(value: Any) -> Any:
    """A real argument as rules take it."""
    if isinstance(value, torch.Tensor):
        items = tuple(value.flatten().tolist()) if value.dtype == torch.int64 and value.numel() < 9 else None
        return Tensor(Shape.of(*value.shape), "contiguous", str(value.dtype).removeprefix("torch."), items=items)
    if isinstance(value, (list, tuple)):
        return type(value)(abstract(item) for item in value)
    if isinstance(value, torch.dtype):
        return str(value).removeprefix("torch.")
    return const(value) if isinstance(value, int) and not isinstance(value, bool) else value


def rule(name: str, *args: Any, context: Context | None = None, **kwargs: Any) -> Any:
    with using(context or Context()):
        return apply(name, args, kwargs)


def tensors(value: Any) -> list[Any]:
    if isinstance(value, (Tensor, torch.Tensor)):
        return [value]
    return [t for item in value for t in tensors(item)] if isinstance(value, (list, tuple)) else []


def agrees(name: str, *args: Any, **kwargs: Any) -> None:
    """The rule and torch give the same shapes and dtypes, or both refuse."""
    function: Any = torch
    for part in name.split(".")[1:]:
        function = getattr(function, part)
    try:
        real = tensors(function(*args, **kwargs))
    except (RuntimeError, IndexError, ValueError, TypeError):
        with pytest.raises(CannotRun):
            rule(name, *map(abstract, args), **{key: abstract(value) for key, value in kwargs.items()})
        return
    found = tensors(rule(name, *map(abstract, args), **{key: abstract(value) for key, value in kwargs.items()}))
    assert [str(t.shape) for t in found] == [str(Shape.of(*t.shape)) for t in real], f"{name}{args}{kwargs}"
    for ours, theirs in zip(found, real, strict=True):
        assert ours.dtype in (None, str(theirs.dtype).removeprefix("torch.")), f"{name}{args}{kwargs}"


X = torch.zeros(3, 4)

CALLS: list[tuple[Any, ...]] = [
    ("torch.zeros", 2, 3), ("torch.zeros", (2, 3)), ("torch.zeros", [2, 3]), ("torch.zeros", ()), ("torch.zeros", 0),
    ("torch.ones", 2, -1), ("torch.rand", 4), ("torch.full", (2, 3), 1), ("torch.full", (2,), 0.5),
    ("torch.full", (2,), True), ("torch.eye", 3), ("torch.eye", 3, 5), ("torch.randperm", 6),
    ("torch.randint", 3, (2, 2)), ("torch.randint", 1, 3, (2, 2)), ("torch.randint", 3, 3, (2,)), ("torch.arange", 5),
    ("torch.arange", 2, 9, 3), ("torch.arange", 5, 0, -2), ("torch.arange", 0, 5, -1), ("torch.arange", 0, 1, 0.3),
    ("torch.arange", 2.5), ("torch.arange", 0, 5, 0), ("torch.linspace", 0, 1, 7), ("torch.linspace", 0, 1, -1),
    ("torch.logspace", 0, 1, 4), ("torch.range", 0, 4), ("torch.tensor", [[1, 2, 3], [4, 5, 6]]),
    ("torch.tensor", [[1, 2], [3]]), ("torch.tensor", 5), ("torch.tensor", 0.5), ("torch.tensor", [True, False]),
    ("torch.tensor", []), ("torch.tensor", [[]]), ("torch.tensor", [[1], 2]), ("torch.tensor", [1, 2.0]),
    ("torch.tensor", ((1,), (2,))), ("torch.as_tensor", X), ("torch.tensor", [1 + 2j]), ("torch.Tensor", 2, 3),
    ("torch.Tensor", [1, 2, 3]), ("torch.LongTensor", [[1, 2]]), ("torch.FloatTensor", 4),
    ("torch.BoolTensor", [True]), ("torch.tril_indices", 3, 4), ("torch.triu_indices", 4, 3, 1),
    ("torch.zeros_like", X), ("torch.Tensor.new_zeros", X, 2, 5), ("torch.Tensor.new_zeros", X, (2, 5)),
    ("torch.Tensor.new_full", X, (2,), 1), ("torch.Tensor.new_tensor", X, [1, 2]), ("torch.Tensor.new_empty", X, ()),
    ("torch.empty_strided", (2, 3), (1, 2)), ("torch.empty_strided", (2, 3), (1,)), ("torch.scalar_tensor", 3),
    ("torch.complex", X, X), ("torch.vander", X[0]), ("torch.vander", X[0], 2), ("torch.vander", X),
    ("torch.combinations", X[0]), ("torch.combinations", X[0], 3), ("torch.combinations", X[0], 9),
    ("torch.combinations", X[0], 2, True), ("torch.cartesian_prod", X[0], X[1], X[2]), ("torch.cartesian_prod", X[0]),
    ("torch.meshgrid", X[0], X[:, 0]), ("torch.meshgrid", [X[0], X[:, 0]]), ("torch.meshgrid", X),
    ("torch.multinomial", X + 1, 2), ("torch.multinomial", X + 1, 5), ("torch.normal", X, X),
    ("torch.normal", 0.0, 1.0, (2, 3)), ("torch.normal", X, 1.0), ("torch.bernoulli", X), ("torch.cat", [X, X]),
    ("torch.cat", [X, X], 1), ("torch.cat", [X, X[0]]), ("torch.cat", [X, torch.zeros(0)]),
    ("torch.cat", [X, X[:2]], 1), ("torch.cat", (X, X), -1), ("torch.cat", [X, X.long()]),
    ("torch.cat", [X.long(), X.long()]), ("torch.stack", [X, X], 2), ("torch.stack", [X, X], 3),
    ("torch.stack", [X, X], -4), ("torch.stack", [X, X[:2]]), ("torch.hstack", [X[0], X[1]]),
    ("torch.vstack", [X[0], X]), ("torch.dstack", [X, X]), ("torch.column_stack", [X[0], X[1]]),
    ("torch.column_stack", [X[:, 0], X]), ("torch.block_diag", X, X[0]), ("torch.block_diag", X[None]),
    ("torch.chunk", X, 2, 1), ("torch.chunk", X, 3, 1), ("torch.chunk", X, 9), ("torch.chunk", X, 0),
    ("torch.split", X, 2), ("torch.split", X, [1, 3], 1), ("torch.split", X, [1, 2], 1), ("torch.split", X, 2, 2),
    ("torch.split", X, -1), ("torch.tensor_split", X, 2), ("torch.tensor_split", X, [1, 3], 1),
    ("torch.tensor_split", X, (0, 9), 1), ("torch.tensor_split", X, torch.tensor([1, 2])), ("torch.hsplit", X, 2),
    ("torch.hsplit", X, 3), ("torch.hsplit", X[0], 2), ("torch.vsplit", X, [1, 2]), ("torch.vsplit", X[0], 2),
    ("torch.dsplit", X, 2), ("torch.unbind", X), ("torch.unbind", X, -1), ("torch.unbind", X, 2),
    ("torch.Tensor.split", X, 3, -1), ("torch.broadcast_tensors", X, X[0]), ("torch.tile", X, (2,)),
    ("torch.tile", X, (2, 1, 3)), ("torch.Tensor.repeat", X, 2, 1), ("torch.Tensor.repeat", X, 2), ("torch.rot90", X),
    ("torch.Tensor.repeat", X, (2, 3, 1)), ("torch.repeat_interleave", X, 2), ("torch.repeat_interleave", X, 2, 1),
    ("torch.repeat_interleave", X, torch.tensor([1, 2, 3]), 0),
    ("torch.repeat_interleave", X, torch.tensor([1, 2]), 0), ("torch.repeat_interleave", torch.tensor([1, 2, 3])),
    ("torch.diff", X), ("torch.diff", X, 9), ("torch.rot90", X, 2), ("torch.rot90", X, 1, (0, 0)),
    ("torch.Tensor.float", X), ("torch.Tensor.to", X, torch.float16), ("torch.Tensor.long", X),
    ("torch.Tensor.to", X, "cpu", torch.int64), ("torch.Tensor.to", X, X.long()),
    ("torch.Tensor.type_as", X, X.bool()), ("torch.Tensor.view", X, torch.int16),
    ("torch.Tensor.view", X, torch.int64), ("torch.Tensor.view", X[:, :3], torch.int64),
    ("torch.view_as_complex", torch.zeros(3, 2)), ("torch.view_as_complex", X), ("torch.where", X > 0, X, 0.0),
    ("torch.clamp", X, 0, 1), ("torch.clamp", X), ("torch.Tensor.unfold", X, 1, 2, 1),
    ("torch.Tensor.unfold", X, 1, 5, 1), ("torch.narrow", X, 1, 1, 2), ("torch.narrow", X, 1, 3, 2),
    ("torch.narrow", X, 1, -2, 2), ("torch.select", X, 1, 4),
    ("torch.gather", X, 1, torch.zeros(2, 9, dtype=torch.int64)),
    ("torch.gather", X, 0, torch.zeros(9, 5, dtype=torch.int64)),
    ("torch.Tensor.index_add", X, 0, torch.tensor([0, 1]), X[:2]),
    ("torch.Tensor.index_add", X, 0, torch.tensor([0]), X[:2]), ("torch.diagonal", X, 1), ("torch.diagonal", X, 9),
    ("torch.diagonal", X, -9), ("torch.diag", X[0], -2), ("torch.trace", X), ("torch.diag_embed", X, 1, 0, 2),
    ("torch.tril", X), ("torch.tril", X[0]), ("torch.Tensor.masked_fill", X, X > 0, 1),
    ("torch.Tensor.masked_fill", X, X, 1), ("torch.lerp", X, X[0], 0.5), ("torch.add", X, X[:2]),
    ("torch.polar", X, X),
]  # fmt: skip


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call[0]}{tuple(abstract(call[1:]))}"[:90])
def test_table(call: tuple[Any, ...]) -> None:
    agrees(*call)


KEYWORDS: list[tuple[Any, ...]] = [
    ("torch.zeros", (2, 3), {"dtype": torch.int64}), ("torch.zeros", {"size": (2, 3)}), ("torch.arange", {"end": 4}),
    ("torch.arange", {"start": 1, "end": 4}), ("torch.randint", 3, {"size": (2,)}),
    ("torch.randint", {"high": 3, "size": (2,)}), ("torch.meshgrid", X[0], X[:, 0], {"indexing": "xy"}),
    ("torch.cat", [X, X], {"dim": 1}), ("torch.cat", [X, X], {"axis": 1}), ("torch.stack", [X, X], {"dim": -1}),
    ("torch.split", X, 2, {"dim": 1}), ("torch.linspace", 0, 1, {"steps": 5}),
    ("torch.full", (2,), {"fill_value": 0.5}), ("torch.tensor", [1, 2], {"dtype": torch.float64}),
    ("torch.clamp", X, {"min": 0}), ("torch.zeros_like", X, {"dtype": torch.bool}), ("torch.where", X > 0, X, X),
    ("torch.combinations", X[0], {"r": 3}), ("torch.Tensor.chunk", X, {"chunks": 2, "dim": 1}),
    ("torch.tensor_split", X, {"sections": 2}), ("torch.tensor_split", X, {"indices": (1, 2)}),
    ("torch.div", X, X, {"rounding_mode": "floor"}), ("torch.eye", 3, {"dtype": torch.bool}),
    ("torch.diag_embed", X, {"offset": 1, "dim1": 0}),
]  # fmt: skip


@pytest.mark.parametrize("call", KEYWORDS, ids=lambda call: str(call[0]))
def test_keywords(call: tuple[Any, ...]) -> None:
    named = call[-1] if isinstance(call[-1], dict) else {}
    agrees(call[0], *(value for value in call[1:] if not isinstance(value, dict)), **named)


# -- random calls ------------------------------------------------------------------------------------------------------

small = st.integers(0, 6)
shapes = st.lists(small, min_size=1, max_size=3).map(tuple)


@settings(max_examples=200, deadline=None)
@given(st.integers(-9, 9), st.integers(-9, 9), st.integers(-4, 4))
def test_arange_of_ints(start: int, end: int, step: int) -> None:
    agrees("torch.arange", start, end, step)


@settings(max_examples=200, deadline=None)
@given(st.floats(-9, 9, width=16), st.floats(-9, 9, width=16), st.sampled_from([0.1, 0.25, 1.0, -0.5, 3.7]))
def test_arange_of_floats(start: float, end: float, step: float) -> None:
    agrees("torch.arange", start, end, step)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["torch.tril_indices", "torch.triu_indices"]), small, small, st.integers(-8, 8))
def test_triangles(name: str, rows: int, columns: int, offset: int) -> None:
    agrees(name, rows, columns, offset)


@settings(max_examples=300, deadline=None)
@given(st.lists(shapes, min_size=1, max_size=3), st.integers(-4, 3))
def test_cat(sizes: list[tuple[int, ...]], dim: int) -> None:
    agrees("torch.cat", [torch.zeros(size) for size in sizes], dim)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["chunk", "split", "tensor_split"]), shapes, st.integers(-1, 8), st.integers(-4, 3))
def test_pieces(name: str, sizes: tuple[int, ...], count: int, dim: int) -> None:
    agrees(f"torch.{name}", torch.zeros(sizes), count, dim)


@settings(max_examples=200, deadline=None)
@given(shapes, st.lists(st.integers(-7, 7), max_size=3), st.integers(-3, 2))
def test_pieces_at_indices(sizes: tuple[int, ...], ends: list[int], dim: int) -> None:
    agrees("torch.tensor_split", torch.zeros(sizes), ends, dim)
    agrees("torch.split", torch.zeros(sizes), ends, dim)


@settings(max_examples=200, deadline=None)
@given(shapes, st.integers(-7, 7), st.integers(-3, 2), st.integers(-3, 2))
def test_diagonals(sizes: tuple[int, ...], offset: int, dim1: int, dim2: int) -> None:
    agrees("torch.diagonal", torch.zeros(sizes), offset, dim1, dim2)
    agrees("torch.diag_embed", torch.zeros(sizes), offset, dim1, dim2)


@settings(max_examples=200, deadline=None)
@given(shapes, st.integers(-3, 2), st.integers(-7, 7), st.integers(-1, 7))
def test_narrow_and_windows(sizes: tuple[int, ...], dim: int, start: int, length: int) -> None:
    agrees("torch.narrow", torch.zeros(sizes), dim, start, length)
    agrees("torch.select", torch.zeros(sizes), dim, start)
    agrees("torch.Tensor.unfold", torch.zeros(sizes), dim, length, max(start, 1))


nested = st.recursive(st.integers(0, 9), lambda inner: st.lists(inner, max_size=3), max_leaves=6)


@settings(max_examples=300, deadline=None)
@given(nested)
def test_literals(data: Any) -> None:
    agrees("torch.tensor", data)


# -- symbols -----------------------------------------------------------------------------------------------------------

B, T, N, k = (symbol(name) for name in ("B", "T", "N", "k"))

SYMBOLIC: list[tuple[str, Callable[[Any], list[Any]], str]] = [
    ("torch.arange", lambda s: [s(N)], ""),
    ("torch.arange", lambda s: [1, s(N)], ""),
    ("torch.arange", lambda s: [0, s(N), 2], ""),
    ("torch.arange", lambda s: [0, s(N), s(k)], ""),
    ("torch.arange", lambda s: [s(N), 0, -1], ""),
    ("torch.linspace", lambda s: [0.0, 1.0, s(N)], ""),
    ("torch.tril_indices", lambda s: [s(N), s(N)], ""),
    ("torch.tril_indices", lambda s: [s(N), s(N), -1], ""),
    ("torch.tril_indices", lambda s: [s(N), s(N), 1], ""),
    ("torch.triu_indices", lambda s: [s(N), s(N)], ""),
    ("torch.triu_indices", lambda s: [s(N), s(N), 1], ""),
    ("torch.triu_indices", lambda s: [s(N), s(N), -1], ""),
    ("torch.eye", lambda s: [s(N), s(T)], ""),
    ("torch.combinations", lambda s: [("t", s(N)), 2], ""),
    ("torch.combinations", lambda s: [("t", s(N)), 2, True], ""),
    ("torch.chunk", lambda s: [("t", s(B), s(T)), 2, 1], "T >= 2"),
    ("torch.tensor_split", lambda s: [("t", s(B), s(T)), 3, 1], ""),
    ("torch.tensor_split", lambda s: [("t", s(B), s(T)), [1, 2], 1], ""),
    ("torch.split", lambda s: [("t", s(B), 3 * s(k)), s(k), 1], ""),
    ("torch.split", lambda s: [("t", s(B), s(T) + s(k)), [s(T), s(k)], 1], ""),
    ("torch.cat", lambda s: [[("t", s(B), s(T)), ("t", s(B), s(k))], 1], ""),
    ("torch.diff", lambda s: [("t", s(B), s(T))], ""),
    ("torch.diff", lambda s: [("t", s(B), s(T)), 2], ""),
    ("torch.diagonal", lambda s: [("t", s(N), s(N)), 1], ""),
    ("torch.diagonal", lambda s: [("t", s(B), s(N)), -1], ""),
    ("torch.diag_embed", lambda s: [("t", s(B), s(N)), -1], ""),
    ("torch.Tensor.unfold", lambda s: [("t", s(B), s(T)), 1, 3, 2], ""),
    ("torch.Tensor.unfold", lambda s: [("t", s(B), s(T)), 1, s(k), s(k)], ""),
    ("torch.Tensor.repeat", lambda s: [("t", s(B), s(T)), 1, s(k)], ""),
    ("torch.repeat_interleave", lambda s: [("t", s(B), s(T)), s(k), 1], ""),
    ("torch.narrow", lambda s: [("t", s(B), s(T)), 1, 0, s(k)], ""),
]


def real_tensors(value: Any) -> Any:
    if isinstance(value, tuple) and value and value[0] == "t":
        return torch.zeros(value[1:])
    return [real_tensors(item) for item in value] if isinstance(value, list) else value


def abstract_tensors(value: Any) -> Any:
    if isinstance(value, tuple) and value and value[0] == "t":
        return known(*value[1:])
    return [abstract_tensors(item) for item in value] if isinstance(value, list) else abstract(value)


@pytest.mark.parametrize(("name", "call", "only"), SYMBOLIC, ids=lambda v: v if isinstance(v, str) else "")
def test_symbols_at_sizes(name: str, call: Callable[[Any], list[Any]], only: str) -> None:
    context = Context()
    found = tensors(rule(name, *map(abstract_tensors, call(lambda size: size)), context=context))
    assert not context.needs
    seen = 0
    for b, t, n, step in [(2, 5, 4, 3), (3, 8, 7, 2), (1, 1, 1, 1), (4, 9, 3, 4), (2, 6, 8, 6)]:
        env = {B.as_symbol: b, T.as_symbol: t, N.as_symbol: n, k.as_symbol: step}
        if only == "T >= 2" and t < 2:
            continue
        function: Any = torch
        for part in name.split(".")[1:]:
            function = getattr(function, part)
        try:
            real = tensors(function(*map(real_tensors, call(lambda size, env=env: env[size.as_symbol]))))
        except RuntimeError:
            continue
        if any(fact.left.evaluate(env) < fact.right.evaluate(env) for fact in context.facts):
            continue
        assert [[d.evaluate(env) for d in x.shape.dims] for x in found] == [list(x.shape) for x in real]
        seen += 1
    assert seen >= 2


def test_chunk_of_what_the_count_divides() -> None:
    pieces = rule("torch.chunk", known(B, 3 * T), const(3), const(-1))
    assert [piece.shape for piece in pieces] == [Shape.of(B, T)] * 3
    context = Context(Facts().divides(3, T))
    assert {piece.shape[1] for piece in rule("torch.chunk", known(B, T), const(3), const(1), context=context)} == {
        T // 3
    }


def test_pieces_of_which_the_number_is_a_size_are_a_row() -> None:
    assert rule("torch.unbind", known(T, B)).parts[0].count is T
    many, last = rule("torch.split", known(T, B), const(2)).parts
    for size in range(1, 9):
        real = torch.zeros(size, 3).split(2)
        assert many.count.evaluate({T.as_symbol: size}) == len(real) - 1
        assert last.shape[0].evaluate({T.as_symbol: size}) == len(real[-1])
    context = Context(Facts().divides(N, T))
    (every,) = rule("torch.split", known(T, B), N, context=context).parts
    assert (every.group[0].shape, every.count) == (Shape.of(N, B), T // N)


def test_cat_needs_the_other_dims_equal() -> None:
    context = Context()
    rule("torch.cat", [known(B, T), known(N, T)], const(1), context=context)
    assert [(need.left, need.right, need.trouble) for need in context.needs] == [(B, N, Trouble.JOIN)]


def test_cat_of_partly_known_shapes() -> None:
    run = Run.fresh()
    a, b = Tensor(Shape((), run, (T, N))), Tensor(Shape((), run, (T, k)))
    assert str(rule("torch.cat", [a, b], const(-1)).shape) == "(..., T, N+k)"
    assert rule("torch.cat", [known(B, T), Tensor(Shape.unknown())], const(1)).shape[0] is B


def test_an_unknown_number_of_steps_gives_a_row() -> None:
    result = rule("torch.arange", Unknown("an option"))
    assert result.rank == 1
    assert rule("torch.zeros", const(2), NumberType("int64")).shape[0].value == 2


# -- attributes, methods, operators ------------------------------------------------------------------------------------

REAL_ATTRIBUTES = sorted(set(ATTRIBUTES) - {"grad", "data"})


@pytest.mark.parametrize("name", REAL_ATTRIBUTES)
@pytest.mark.parametrize("sizes", [(3, 4), (2, 3, 4), (5,), ()], ids=str)
def test_attributes(name: str, sizes: tuple[int, ...]) -> None:
    if name == "imag" or (name == "T" and len(sizes) != 2):
        pytest.skip("deprecated, or of complex numbers only")
    try:
        real = getattr(torch.zeros(sizes), name)
    except RuntimeError:
        with pytest.raises(CannotRun), using(Context()):
            tensor_attribute(known(*sizes), name)
        return
    with using(Context()):
        ours = tensor_attribute(known(*sizes), name)
    if isinstance(real, torch.Tensor):
        assert ours.shape == Shape.of(*real.shape)
        assert [step.value for step in ours.strides] == list(real.stride())
    elif isinstance(ours, tuple):
        assert tuple(size.value for size in ours) == tuple(real)
    elif isinstance(ours, Dim):
        assert ours.value == real
    else:
        assert isinstance(ours, Unknown) or str(real).removeprefix("torch.") == ours


def test_methods_that_tell_sizes() -> None:
    x = known(B, T, 4)
    assert rule("torch.Tensor.size", x) == (B, T, const(4))
    assert rule("torch.Tensor.size", x, const(-2)) is T
    assert rule("torch.Tensor.dim", x).value == 3
    assert rule("torch.Tensor.numel", x) is B * T * 4
    assert rule("torch.Tensor.stride", x) == (T * 4, const(4), const(1))
    assert rule("torch.Tensor.__len__", x) is B
    assert rule("torch.Tensor.is_contiguous", x) is True
    assert rule("torch.Tensor.is_contiguous", rule("torch.Tensor.transpose", x, const(0), const(1))) is False
    assert rule("torch.is_tensor", x) is True
    with pytest.raises(CannotRun):
        rule("torch.Tensor.size", x, const(3))


def test_to_a_device_keeps_the_dtype() -> None:
    ids, x = known(B, T, dtype="int64"), known(B, T)
    assert rule("torch.Tensor.to", ids, Unknown("an option", "args.device")).dtype == "int64"
    assert rule("torch.Tensor.to", x, Unknown("an option", "self.device")).dtype == "float32"
    assert rule("torch.Tensor.to", x, Unknown("an option", "dtype")).dtype is None
    assert rule("torch.Tensor.to", x, Unknown("an option", "kind")).dtype is None
    with using(Context()):
        device = tensor_attribute(x, "device")
    assert rule("torch.Tensor.to", known(B, dtype="bool"), device).dtype == "bool"
    assert rule("torch.Tensor.to", x, dtype="float16", device=Unknown("an option")).dtype == "float16"
    assert rule("torch.Tensor.to", x, known(T, dtype="float64")).dtype == "float64"


def test_resizing_changes_the_receiver() -> None:
    found = find("torch.Tensor.resize_")
    assert found is not None
    assert found.op.reshapes_in_place
    assert rule("torch.Tensor.resize_", known(3, 4), const(2), const(6)).shape == Shape.of(2, 6)


def test_item_needs_one_element() -> None:
    assert isinstance(rule("torch.Tensor.item", known()), NumberType)
    assert isinstance(rule("torch.Tensor.item", known(1, 1, dtype="int64")), Dim)
    with pytest.raises(CannotRun):
        rule("torch.Tensor.item", known(2))
    assert rule("torch.Tensor.item", rule("torch.tensor", const(7))).value == 7
    assert rule("torch.Tensor.tolist", rule("torch.tensor", [const(2), const(3)])) == [const(2), const(3)]


@pytest.mark.parametrize("symbol_", [*BINARY_OPERATORS, *UNARY_OPERATORS])
def test_operators_are_known(symbol_: str) -> None:
    assert find(BINARY_OPERATORS.get(symbol_) or UNARY_OPERATORS[symbol_]) is not None


@settings(max_examples=150, deadline=None)
@given(shapes, shapes, st.sampled_from([s for s in BINARY_OPERATORS if s not in ("@", "<<", ">>", "&", "|", "^")]))
def test_operators_on_numbers(a: tuple[int, ...], b: tuple[int, ...], operator: str) -> None:
    assume(len(a) + len(b) < 6)
    agrees(BINARY_OPERATORS[operator], torch.ones(a), torch.ones(b))


def test_reversed_and_in_place_methods() -> None:
    x = known(B, 1)
    assert rule("torch.Tensor.__radd__", x, 2.0).shape == Shape.of(B, 1)
    assert rule("torch.Tensor.__rsub__", x, known(T)).shape == Shape.of(B, T)
    assert rule("torch.Tensor.__rmatmul__", known(2, 3), known(4, 2)).shape == Shape.of(4, 3)
    assert rule("torch.Tensor.__eq__", x, known(T)).dtype == "bool"
    assert rule("torch.Tensor.add_", known(B, T), known(T)).shape == Shape.of(B, T)
    with pytest.raises(CannotRun):
        rule("torch.Tensor.add_", known(3), known(2, 3))
