"""`x[...]` and `x[...] = v` against torch: tables, random index expressions, and symbols at several sizes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shapelint.dims import Dim, const, symbol
from shapelint.ops.call import apply
from shapelint.ops.layout import is_contiguous
from shapelint.ops.needs import CannotRun, Context, Trouble, using
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.shapes import NotKnown, Run, Shape

torch = pytest.importorskip("torch")

DTYPES = {"int64": torch.int64, "bool": torch.bool, "float32": torch.float32}


@dataclass(frozen=True)
class Index:
    """An index tensor of this shape and dtype, in both worlds: zeros, or all true."""

    sizes: tuple[int, ...]
    dtype: str = "int64"

    @property
    def real(self) -> Any:
        return (
            torch.ones(self.sizes, dtype=torch.bool)
            if self.dtype == "bool"
            else torch.zeros(self.sizes, dtype=torch.int64)
        )

    @property
    def abstract(self) -> Tensor:
        return Tensor(Shape.of(*self.sizes), "contiguous", self.dtype)


def real_index(index: Any) -> Any:
    if isinstance(index, tuple):
        return tuple(map(real_index, index))
    if isinstance(index, list):
        return [real_index(item) for item in index]
    return index.real if isinstance(index, Index) else index


def abstract_index(index: Any) -> Any:
    if isinstance(index, tuple):
        return tuple(map(abstract_index, index))
    if isinstance(index, list):
        return [abstract_index(item) for item in index]
    if isinstance(index, Index):
        return index.abstract
    if isinstance(index, slice):
        return slice(*(abstract_index(part) for part in (index.start, index.stop, index.step)))
    return const(index) if isinstance(index, int) and not isinstance(index, bool) else index


def known(sizes: tuple[Any, ...]) -> Tensor:
    return Tensor(Shape.of(*sizes), "contiguous", "float32")


def indexed(input: Tensor, index: Any, context: Context | None = None) -> Tensor:
    with using(context or Context()):
        result = apply("torch.Tensor.__getitem__", [input, index])
    assert isinstance(result, Tensor)
    return result


def agrees(sizes: tuple[int, ...], index: Any) -> None:
    """The rule and torch give one shape, or both refuse. A mask's count is left open by the rule."""
    try:
        real = torch.empty(sizes)[real_index(index)]
    except (IndexError, RuntimeError, ValueError, TypeError) as error:
        if "bool" in repr(index) and "shape mismatch" in str(error):
            return  # whether as many places are masked as another index names is told by the data
        with pytest.raises(CannotRun):
            indexed(known(sizes), abstract_index(index))
        return
    given = indexed(known(sizes), abstract_index(index))
    assert given.rank == real.dim(), f"{sizes}[{index}]: torch {tuple(real.shape)}, the rule {given.shape}"
    for ours, theirs in zip(given.shape.dims, real.shape, strict=True):
        assert ours.value in (theirs, None), f"{sizes}[{index}]: torch {tuple(real.shape)}, the rule {given.shape}"
    if given.layout is not None and real.numel() and all(d.value is not None for d in given.shape.dims):
        with using(Context()):
            assert is_contiguous(given) in (real.is_contiguous(), None), f"{sizes}[{index}]: strides {real.stride()}"


TABLE = [
    0, -1, 2, 3, -4, None, ..., (), (0,), (0, 1, 2), (0, 1, 2, 3), (slice(None), 0), (..., 0), (0, ...), (..., 0, 0),
    (None, ..., None), (slice(1, 3), slice(None, -1), slice(None, None, 2)), slice(5, 2), slice(-100, 100), slice(2,
    None), slice(None, None, -1), slice(None, None, 0), True, False, (True, 0), (0, True), (None, True), (True, None,
    False), [0, 1], [True, False, True], [[0, 1], [1, 2]], [[0], [1]], ([0, 1],), ([[0, 1], [1, 2]],), [slice(0, 2),
    1], [0, None], [], [5], [True, False], (0, True, [0, 1]), ((0, 1), slice(None)), 0.5, Index((2,)), Index((2,
    3)), Index(()), (Index(()), slice(None), Index((2,))), (Index((2,)), slice(None), Index((2,))), (slice(None),
    Index((2,)), Index((2,))), (Index((2,)), Index((2, 1))), (Index((2,)), Index((3,))), (slice(None), Index((2,))),
    (slice(None), slice(None), Index((2,))), (Index((2,)), None, Index((2,))), (slice(None), 0, Index((2,))),
    (Index((2,)), 0, Index((2,))), (1, slice(None), Index((2, 2))), Index((3,), "bool"), Index((3, 4), "bool"),
    Index((3, 4, 5), "bool"), Index((4,), "bool"), Index((3, 5), "bool"), (slice(None), Index((4,), "bool")),
    (slice(None), Index((4, 5), "bool")), (0, Index((4, 5), "bool")), Index((), "bool"), (Index((3,), "bool"),
    Index((3,))), (Index((3,), "bool"), slice(None), Index((1,))), (..., Index((5,), "bool")), (..., Index((2,)),
    None), (Index((0,)),), (slice(0, 2), [0, 1], ..., None),
]  # fmt: skip


@pytest.mark.parametrize("index", TABLE, ids=str)
def test_table(index: Any) -> None:
    agrees((3, 4, 5), index)


def test_a_text_is_open_as_what_was_taken_for_a_tensor_may_hold_some_by_name() -> None:
    with pytest.raises(NotKnown):
        indexed(known((3, 4)), "reward")


@pytest.mark.parametrize("index", [0, None, ..., (), (None, ...), True, slice(None), Index((2,))], ids=str)
def test_of_a_scalar(index: Any) -> None:
    agrees((), index)


ends = st.one_of(st.none(), st.integers(-7, 7))
slices = st.builds(slice, ends, ends, st.one_of(st.none(), st.integers(1, 3)))
tensors = st.builds(Index, st.lists(st.integers(1, 3), max_size=2).map(tuple))
masks = st.builds(Index, st.lists(st.integers(1, 4), min_size=1, max_size=2).map(tuple), st.just("bool"))
lists = st.lists(st.integers(-3, 3), min_size=1, max_size=3)
items = st.one_of(st.integers(-5, 5), slices, slices, st.none(), st.just(...), st.booleans(), tensors, masks, lists)
indices = st.lists(items, max_size=5).map(tuple).filter(lambda index: sum(item is ... for item in index) < 2)
shapes = st.lists(st.integers(0, 4), max_size=4).map(tuple)


@settings(max_examples=1500, deadline=None)
@given(shapes, indices)
def test_random(sizes: tuple[int, ...], index: Any) -> None:
    agrees(sizes, index)


@settings(max_examples=300, deadline=None)
@given(shapes.filter(lambda sizes: 0 not in sizes), indices, shapes.filter(lambda sizes: 0 not in sizes))
def test_assignment(sizes: tuple[int, ...], index: Any, written: tuple[int, ...]) -> None:
    value = Tensor(Shape.of(*written), "contiguous", "float32")
    arguments = [known(sizes), abstract_index(index), value]
    if any(isinstance(item, Index) and item.dtype == "bool" for item in index):
        return  # how many elements a mask selects is told by the data
    try:
        x = torch.zeros(sizes)
        x[real_index(index)] = torch.zeros(written)
    except (IndexError, RuntimeError, ValueError):
        if torch_selects(sizes, index) == 0:
            return  # torch looks at values written to nothing in one case and not in another
        with pytest.raises(CannotRun), using(Context()):
            apply("torch.Tensor.__setitem__", arguments)
        return
    with using(Context()):
        result = apply("torch.Tensor.__setitem__", arguments)
    assert result.shape == Shape.of(*sizes)


def torch_selects(sizes: tuple[int, ...], index: Any) -> int:
    try:
        return int(torch.zeros(sizes)[real_index(index)].numel())
    except (IndexError, RuntimeError, ValueError):
        return -1


# -- symbols -----------------------------------------------------------------------------------------------------------

B, T, D, n, k = (symbol(name) for name in ("B", "T", "D", "n", "k"))
PAD = symbol("pad", minimum=0)

SYMBOLIC = [
    ((slice(None), slice(None, n)), (B, n, D)),
    ((slice(None), slice(n, None)), (B, T - n, D)),
    ((slice(None), slice(-n, None)), (B, n, D)),
    ((slice(None), slice(None, -n)), (B, T - n, D)),
    ((slice(None), slice(None, -1)), (B, T - 1, D)),
    ((slice(None), slice(None, 1 - k)), (B, T - k + 1, D)),
    ((slice(None), slice(1 - k, None)), (B, k - 1, D)),
    ((slice(None), slice(None, -2 * (k - 1))), (B, T - 2 * k + 2, D)),
    ((slice(None), slice(k - 1, 1 - k)), (B, T - 2 * k + 2, D)),
    ((..., slice(None, -PAD)), (B, T, D - PAD)),
    ((..., slice(-PAD, None)), (B, T, PAD)),
    ((..., slice(PAD, None)), (B, T, D - PAD)),
    ((..., slice(None, 0)), (B, T, 0)),
    ((..., slice(None, 1 - PAD)), (B, T, D - PAD + 1)),
    ((slice(None), slice(None, T // 2)), (B, T // 2, D)),
    ((slice(None), slice(T // 2, None)), (B, T - T // 2, D)),
    ((slice(None), slice(1, None)), (B, T - 1, D)),
    ((slice(None), slice(n, n + k)), (B, k, D)),
    ((slice(None), slice(None, None, 2)), (B, (T + 1) // 2, D)),
    ((slice(None), slice(1, None, 2)), (B, T // 2, D)),
    ((slice(None), slice(None, None, k)), (B, (T + k - 1) // k, D)),
    ((slice(None), slice(0, T)), (B, T, D)),
    ((slice(None), slice(None, T + 5)), (B, T, D)),
    ((slice(None), slice(T, None)), (B, 0, D)),
    ((slice(None), -1), (B, D)),
    ((slice(None), T - 1), (B, D)),
    ((..., slice(None, 1)), (B, T, 1)),
    ((..., 0), (B, T)),
    ((..., slice(None, D // 2)), (B, T, D // 2)),
    ((..., slice(D // 2, None)), (B, T, D - D // 2)),
    ((None,), (1, B, T, D)),
    ((slice(None), None), (B, 1, T, D)),
    ((slice(None), Tensor(Shape.of(k), None, "int64")), (B, k, D)),
    ((Tensor(Shape.of(B), None, "int64"), Tensor(Shape.of(B), None, "int64")), (B, D)),
    ((Tensor(Shape.of(B, 1), None, "int64"), Tensor(Shape.of(k), None, "int64")), (B, k, D)),
    ((slice(None), 0, Tensor(Shape.of(k), None, "int64")), (B, k)),
    ((Tensor(Shape.of(k), None, "int64"), slice(None), Tensor(Shape.of(k), None, "int64")), (k, T)),
]


@pytest.mark.parametrize(("index", "expected"), SYMBOLIC, ids=str)
def test_symbolic(index: Any, expected: tuple[Any, ...]) -> None:
    context = Context()
    result = indexed(known((B, T, D)), index, context)
    wanted = Shape.of(*expected)
    assert result.rank == wanted.rank
    assert [context.facts.normalize(a - b).value for a, b in zip(result.shape.dims, wanted.dims, strict=True)] == [
        0
    ] * len(wanted)
    assert not context.needs


@settings(max_examples=400, deadline=None)
@given(indices, st.integers(1, 6), st.integers(1, 6), st.integers(1, 6))
def test_symbols_at_sizes(index: Any, b: int, t: int, d: int) -> None:
    """What is given for symbols is what torch gives at sizes that obey the facts the rule took."""
    if any(isinstance(item, Index) and item.dtype == "bool" for item in index):
        return
    context, env = Context(), {B.as_symbol: b, T.as_symbol: t, D.as_symbol: d}
    try:
        given = indexed(known((B, T, D)), abstract_index(index), context)
    except CannotRun:
        with pytest.raises((IndexError, RuntimeError, ValueError)):
            torch.empty(b, t, d)[real_index(index)]
        return
    except NotKnown:
        return
    if any(assumption.left.evaluate(env) < assumption.right.evaluate(env) for assumption in context.facts):
        return
    real = torch.empty(b, t, d)[real_index(index)]
    assert [size.evaluate(env) for size in given.shape.dims] == list(real.shape)


def test_an_end_taken_to_lie_inside_is_a_fact() -> None:
    context = Context()
    indexed(known((B, T)), (slice(None), slice(None, n)), context)
    low, _ = context.facts.bounds(T - n)
    assert low == 0
    assert not context.needs


def test_an_end_known_to_lie_outside_is_clamped() -> None:
    context = Context()
    context.facts = context.facts.at_most(T, 5)
    assert indexed(known((B, T)), (slice(None), slice(None, 8)), context).shape == Shape.of(B, T)


def test_a_size_that_data_tells_is_cut_by_min() -> None:
    context = Context()
    count = context.fresh("m")
    result = indexed(known((count,)), (slice(None, 5),), context)
    assert {result.shape[0].evaluate({count.as_symbol: m}) for m in (0, 3, 5, 9)} == {0, 3, 5}


def test_a_mask_gives_the_same_size_each_time() -> None:
    mask = Tensor(Shape.of(B, T), "contiguous", "bool")
    context = Context()
    values = indexed(known((B, T, D)), mask, context)
    weights = indexed(known((B, T)), (mask,), context)
    assert values.shape[0] is weights.shape[0]
    assert values.shape[1] is D
    with using(context):
        assert apply("torch.masked_select", [known((B, T)), mask]).shape == weights.shape


def test_a_mask_must_be_of_the_size_of_what_it_masks() -> None:
    with pytest.raises(CannotRun) as error:
        indexed(known((3, 4)), Tensor(Shape.of(3, 5), None, "bool"))
    assert error.value.trouble is Trouble.INDEX
    context = Context()
    indexed(known((B, T)), Tensor(Shape.of(B, n), None, "bool"), context)
    assert [(need.left, need.right) for need in context.needs] == [(n, T)]


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        ((..., 0), "(B, ..., T)"),
        ((..., slice(None, n), 0), "(B, ..., n)"),
        ((0,), "(..., T, D)"),
        ((..., None), "(B, ..., T, D, 1)"),
        ((slice(None), None), "(B, 1, ..., T, D)"),
        ((None, ...), "(1, B, ..., T, D)"),
        ((..., Tensor(Shape.of(k), None, "int64")), "(B, ..., T, k)"),
    ],
    ids=str,
)
def test_partly_known(index: Any, expected: str) -> None:
    result = indexed(Tensor(Shape((B,), Run.fresh(), (T, D)), None, "float32"), index)
    assert str(result.shape) == expected


def test_of_an_unknown_shape_dims_appear() -> None:
    result = indexed(Tensor(Shape.unknown()), (slice(None), -1))
    assert len(result.shape.front) == 1
    assert result.shape.run is not None


@pytest.mark.parametrize("index", [Unknown("what a library gives"), (0, Unknown("so"))])
def test_of_an_unknown_index_nothing_is_known(index: Any) -> None:
    with pytest.raises(NotKnown):
        indexed(known((B, T)), index)


def test_an_unknown_end_leaves_the_other_dims_known() -> None:
    result = indexed(known((B, T, D)), (slice(None), slice(None, Unknown("an option", "max_len"))))
    assert result.shape[0] is B
    assert result.shape[2] is D
    assert isinstance(result.shape[1], Dim)


@pytest.mark.parametrize(("size", "index", "reason"), [
    ((3, 4), 3, "index 3 into dim 0 of (3, 4) of size 3"),
    ((3, 4), -4, "index -4 into dim 0 of (3, 4) of size 3"),
    ((3, 4), (0, 0, 0), "3 indices into a tensor of 2 dims (3, 4)"),
    ((3, 4), ([0, 1], [0, 1, 2]), "index tensors: (2,) and (3,) do not broadcast"),
    ((B, T), (0, T), "index T into dim 0 of (T,) of size T"),
    ((B, T), (B,), "index B into dim 0 of (B, T) of size B"),
])  # fmt: skip
def test_reasons(size: tuple[Any, ...], index: Any, reason: str) -> None:
    with pytest.raises(CannotRun) as error:
        indexed(known(size), abstract_index(index))
    assert reason in error.value.reason
    assert error.value.trouble is Trouble.INDEX
