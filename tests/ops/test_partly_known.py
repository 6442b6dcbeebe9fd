"""Rules over the last dims of a tensor whose number of dims is not known, and calls with unknown arguments."""

from __future__ import annotations

from typing import Any

import pytest

from shapelint.dims import const, symbol
from shapelint.ops.call import apply
from shapelint.ops.needs import CannotRun, Context, using
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.shapes import NotKnown, Run, Shape

B, L, D, E = (symbol(name, scope=-3) for name in "BLDE")
RUN = Run.fresh()


def behind(*sizes: Any) -> Tensor:
    """A tensor of any number of dims, then these."""
    return Tensor(Shape((), RUN, tuple(sizes)), None, "float32")


def known(*sizes: Any) -> Tensor:
    return Tensor(Shape.of(*sizes), "contiguous", "float32")


def call(name: str, *args: Any, **kwargs: Any) -> Any:
    with using(Context()):
        return apply(name, args, kwargs)


OVER_THE_LAST = [
    ("torch.sum", (behind(L, D), const(-1)), {}, (L,)),
    ("torch.mean", (behind(L, D), (const(-1), const(-2))), {}, ()),
    ("torch.mean", (behind(L, D), const(-1), True), {}, (L, const(1))),
    ("torch.argmax", (behind(L, D), const(-1)), {}, (L,)),
    ("torch.std", (behind(L, D), const(-2)), {}, (D,)),
    ("torch.softmax", (behind(L, D), const(-1)), {}, (L, D)),
    ("torch.stack", ([behind(L, D), behind(L, D)], const(-1)), {}, (L, D, const(2))),
    ("torch.stack", ([behind(L, D), behind(L, D)], const(-3)), {}, (const(2), L, D)),
    ("torch.cat", ([behind(L, D), behind(E, D)], const(-2)), {}, (L + E, D)),
    ("torch.unsqueeze", (behind(L, D), const(-2)), {}, (L, const(1), D)),
    ("torch.squeeze", (behind(L, const(1), D), const(-2)), {}, (L, D)),
    ("torch.select", (behind(L, D), const(-2), const(0)), {}, (D,)),
    ("torch.narrow", (behind(L, D), const(-1), const(0), const(1)), {}, (L, const(1))),
    ("torch.flatten", (behind(B, L, D), const(-2)), {}, (B, L * D)),
    ("torch.unflatten", (behind(L, 4 * D), const(-1), (const(4), const(-1))), {}, (L, const(4), D)),
    ("torch.roll", (behind(L, D), const(1), const(-1)), {}, (L, D)),
    ("torch.index_select", (behind(L, D), const(-1), known(E).typed("int64")), {}, (L, E)),
    ("torch.Tensor.unfold", (behind(L, D), const(-1), const(2), const(2)), {}, (L, D // 2, const(2))),
    ("torch.nn.functional.normalize", (behind(L, D),), {"dim": const(-1)}, (L, D)),
    ("torch.cumsum", (behind(L, D), const(-1)), {}, (L, D)),
    ("torch.matmul", (behind(L, D), known(D, E)), {}, (L, E)),
    ("torch.matmul", (behind(D), known(D)), {}, ()),
    ("torch.linalg.inv", (behind(L, D, D),), {}, (L, D, D)),
    ("torch.linalg.det", (behind(D, D),), {}, ()),
    ("torch.linalg.vector_norm", (behind(L, D),), {"dim": const(-1)}, (L,)),
    ("torch.fft.fft", (behind(L, D),), {}, (L, D)),
    ("torch.fft.rfft", (behind(L, D),), {}, (L, D // 2 + 1)),
    ("torch.cdist", (behind(L, D), behind(E, D)), {}, (L, E)),
    ("torch.einsum", ("...ij,jk->...ik", behind(L, D), known(D, E)), {}, (L, E)),
    ("torch.einsum", ("... d, m d -> ... m", behind(D), known(E, D)), {}, (E,)),
    ("einops.einsum", (behind(D), known(E, D), "... d, m d -> ... m"), {}, (E,)),
    ("einops.rearrange", (behind(L, D), "... l d -> ... d l"), {}, (D, L)),
    ("einops.repeat", (behind(D), "... d -> ... l d"), {"l": L}, (L, D)),
]


@pytest.mark.parametrize(("name", "args", "kwargs", "back"), OVER_THE_LAST)
def test_the_last_dims_are_told(name: str, args: Any, kwargs: Any, back: Any) -> None:
    result = call(name, *args, **kwargs)
    assert (result.shape.front, result.shape.run, result.shape.back) == ((), RUN, back)


PIECES_OF_THE_LAST = [
    ("torch.unbind", (behind(const(2), D), const(-2)), [(D,), (D,)]),
    ("torch.chunk", (behind(2 * D, L), const(2), const(-2)), [(D, L), (D, L)]),
    ("torch.split", (behind(D + E), [D, E], const(-1)), [(D,), (E,)]),
    ("torch.sort", (behind(L, D), const(-2)), [(L, D), (L, D)]),
]


@pytest.mark.parametrize(("name", "args", "backs"), PIECES_OF_THE_LAST)
def test_pieces_of_the_last_dims(name: str, args: Any, backs: Any) -> None:
    assert [(piece.shape.run, piece.shape.back) for piece in call(name, *args)] == [(RUN, back) for back in backs]


DIMS_NOT_SEEN = [
    ("torch.unbind", (behind(const(2), D), const(0))),
    ("torch.squeeze", (behind(L, const(1)),)),
    ("torch.select", (behind(L, D), const(1), const(0))),
    ("torch.stack", ([behind(L, D), behind(L, D)], const(1))),
    ("torch.stack", ([behind(L, D), behind(L)], const(-1))),
]


@pytest.mark.parametrize(("name", "args"), DIMS_NOT_SEEN)
def test_a_dim_that_is_not_seen_is_not_told(name: str, args: Any) -> None:
    with pytest.raises(NotKnown):
        call(name, *args)


class Filled(Context):
    """A Context that keeps the runs of dims that were taken to be known."""

    def __init__(self) -> None:
        super().__init__()
        self.runs: list[Run] = []

    def fill(self, run: Run, filling: Shape) -> None:
        self.runs.append(run)


def test_what_is_not_told_leaves_nothing_behind() -> None:
    """`squeeze()` drops as many dims as are of 1, which no number of dims tells."""
    with using(Filled()) as context, pytest.raises(NotKnown):
        apply("torch.squeeze", (Tensor(Shape.unknown("x")),), {})
    assert isinstance(context, Filled)
    assert (context.runs, context.needs) == ([], [])


def test_the_pieces_of_a_dim_that_is_there_are_without_it() -> None:
    with using(World()) as context:
        x = Tensor(Shape.unknown("x"))
        (pieces,) = apply("torch.unbind", (x, const(1)), {}).parts
        whole = context.settle(x).shape
    assert pieces.count == whole.front[1]
    assert [piece.shape for piece in pieces.group] == [Shape(whole.front[:1], whole.run, whole.back)]


def test_a_dim_from_the_end_that_is_named_is_there() -> None:
    with using(Filled()) as context:
        apply("torch.flatten", (Tensor(Shape.unknown("x")), const(-2)), {})
    assert isinstance(context, Filled)
    assert len(context.runs) == 1


def test_what_is_stacked_is_of_as_many_dims() -> None:
    """Of two tensors of unknown rank, stacked, what is seen of one is seen of the other."""
    whole = call("torch.stack", [Tensor(Shape.unknown("x")), behind(L, D)], const(-1)).shape
    assert whole.back[-1] == const(2)
    assert len(whole.back) == 3


def test_the_unknown_dims_in_one() -> None:
    """The dims of a run merged into one are one size, the same for the same run."""
    flat = call("einops.rearrange", behind(D), "... d -> (...) d")
    assert flat.shape == call("torch.reshape", behind(D), const(-1), D).shape
    assert (flat.rank, flat.shape[1]) == (2, D)
    assert call("torch.reshape", behind(L, D), const(-1)).shape == Shape.of(flat.shape[0] * L * D)
    assert call("torch.reshape", behind(D), const(-1), E).rank == 2
    repeated = call("einops.repeat", behind(D), "... d -> b (...) d", b=B)
    assert repeated.shape == Shape.of(B, flat.shape[0], D)
    assert call("einops.rearrange", behind(L, D), "... l d -> (... l) d").shape == Shape.of(flat.shape[0] * L, D)


def test_a_pattern_tells_how_many_dims_there_are() -> None:
    unknown = Tensor(Shape.unknown("x"))
    assert len({*call("torch.einsum", "bhid->bdhi", unknown).shape.dims}) == 4
    made = call("torch.einsum", "b...d,de->b...e", unknown, known(D, E)).shape
    assert (len(made.front), made.back) == (1, (E,))


def test_a_dim_of_those_not_seen_is_a_size_of_its_own() -> None:
    made = call("torch.einsum", "...i,j...->ij", behind(D), behind(D, D)).shape
    assert made.rank == 2
    assert made.dims[0] is D
    assert made.dims[1] not in (D, E)


def test_values_and_indices() -> None:
    values, indices = call("torch.topk", behind(L, D), const(3))
    assert values.shape == indices.shape == Shape((), RUN, (L, const(3)))
    assert (values.dtype, indices.dtype) == ("float32", "int64")


def test_a_sum_of_everything_needs_no_dims() -> None:
    assert call("torch.sum", behind(D)).shape == Shape()


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("torch.sum", (behind(D), const(1))),
        ("torch.matmul", (behind(D), behind(E))),
        ("torch.sum", (known(B, D), Unknown("from elsewhere"))),
        ("torch.max", (known(B, D), Unknown("from elsewhere"))),
    ],
)
def test_what_cannot_be_told_is_not_known(name: str, args: Any) -> None:
    with pytest.raises(NotKnown):
        call(name, *args)


@pytest.mark.parametrize(
    ("name", "args", "shape"),
    [
        ("torch.softmax", (known(B, D), Unknown("a dim")), (B, D)),
        ("torch.cumsum", (known(B, D), Unknown("a dim")), (B, D)),
        ("torch.argsort", (known(B, D), const(-1), Unknown("a flag")), (B, D)),
        ("torch.linalg.eigvalsh", (known(D, D), Unknown("a word")), (D,)),
        ("torch.norm", (known(B, D), Unknown("an order"), const(1)), (B,)),
    ],
)
def test_an_argument_without_influence_may_be_unknown(name: str, args: Any, shape: Any) -> None:
    assert call(name, *args).shape == Shape(shape)


def test_an_inner_size_that_can_never_fit() -> None:
    with pytest.raises(CannotRun, match="the last dim of"):
        call("torch.matmul", behind(const(3)), known(4, 5))


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "shape"),
    [
        ("torch.sum", (known(2, 3),), {"axis": const(1), "keepdims": True}, (2, 1)),
        ("torch.dot", (known(3),), {"tensor": known(3)}, ()),
        ("torch.linalg.solve", (), {"A": known(3, 3), "B": known(3, 2)}, (3, 2)),
        ("torch.linalg.norm", (), {"input": known(3, 4), "dim": const(-1)}, (3,)),
        ("torch.max", (), {"input": known(3, 4), "other": known(4)}, (3, 4)),
        ("torch.sum", (known(2, 3), const(0)), {"out": known(3)}, (3,)),
        ("torch.Tensor.__matmul__", (known(2, 3), known(3, 4)), {}, (2, 4)),
        ("torch.Tensor.__rmatmul__", (known(3, 4), known(2, 3)), {}, (2, 4)),
        ("torch.einsum", (known(2, 3), list(map(const, (0, 1))), known(3, 4), list(map(const, (1, 2)))), {}, (2, 4)),
        ("torch.einsum", ("ij,jk", [known(2, 3), known(3, 4)]), {}, (2, 4)),
    ],
)  # fmt: skip
def test_other_spellings_of_arguments(name: str, args: Any, kwargs: Any, shape: Any) -> None:
    assert call(name, *args, **kwargs).shape == Shape.of(*shape)


def seen(shape: Shape, names: dict[Any, str]) -> str:
    """A shape with a letter for each size without a name, in the order in which they come: `a, b, ...`.

    A size that is made of such ones is "made", once `names` holds all there are.
    """
    is_first = not names

    def letter(size: Any) -> str:
        if is_first and size.as_symbol is not None:
            names.setdefault(size.as_symbol, "abcdef"[len(names)])
        return names.get(size.as_symbol, str(size) if size.value is not None else "made")

    front, back = [*map(letter, shape.front)], [*map(letter, shape.back)]
    return ", ".join([*front, *(["..."] if shape.run is not None else []), *back])


class World(Context):
    """A Context in which a run that turns out to be known is so from there on."""

    def __init__(self) -> None:
        super().__init__()
        self.runs: dict[Run, Shape] = {}

    def fill(self, run: Run, filling: Shape) -> None:
        self.runs[run] = filling

    def settle(self, tensor: Tensor) -> Tensor:
        shape = tensor.shape
        while shape.run is not None and shape.run in self.runs:
            shape = shape.replace_run(self.runs[shape.run])
        return Tensor(shape, None, tensor.dtype)


WHATEVER_THE_RANK = [
    ("torch.permute", (0, 2, 3, 1), "a, b, c, d", "a, c, d, b"),
    ("torch.Tensor.expand", (-1, -1, -1), "a, b, c", "a, b, c"),
    ("torch.transpose", (1, 2), "a, b, c, ...", "a, c, b, ..."),
    ("torch.flatten", (1,), "a, b, ...", "a, made"),
    ("torch.sum", (1,), "a, b, ...", "a, ..."),
    ("torch.Tensor.unflatten", (0, (2, -1)), "a, ...", "2, made, ..."),
    ("torch.unsqueeze", (2,), "a, b, ...", "a, b, 1, ..."),
    ("torch.narrow", (1, 0, 2), "a, b, ...", "a, 2, ..."),
    ("torch.select", (1, 0), "a, b, ...", "a, ..."),
]


@pytest.mark.parametrize(("name", "args", "input", "result"), WHATEVER_THE_RANK)
def test_what_a_call_tells_of_the_number_of_dims(name: str, args: Any, input: str, result: str) -> None:
    numbers = tuple(tuple(map(const, one)) if isinstance(one, tuple) else const(one) for one in args)
    tensor = Tensor(Shape.unknown("x"), None, "float32")
    names: dict[Any, str] = {}
    with using(World()) as context:
        given = apply(name, (tensor, *numbers), {})
        assert (seen(context.settle(tensor).shape, names), seen(given.shape, names)) == (input, result)


NOTHING_TOLD = [
    ("torch.squeeze", ()),
    ("torch.transpose", (0, -1)),
]


@pytest.mark.parametrize(("name", "args"), NOTHING_TOLD)
def test_a_call_that_tells_nothing_of_the_number_of_dims(name: str, args: Any) -> None:
    with using(World()) as context, pytest.raises(NotKnown):
        apply(name, (Tensor(Shape.unknown("x"), None, "float32"), *map(const, args)), {})
    assert isinstance(context, World)
    assert context.runs == {}


def test_a_number_of_dims_that_a_rule_does_not_check() -> None:
    """A trial with fewer dims than the rule looks at cannot run; it is no trouble of ours."""
    with using(World()) as context:
        product = apply(
            "torch.tensordot",
            (Tensor(Shape.unknown("x"), None, "float32"), known(L, E)),
            {"dims": ([const(1)], [const(0)])},
        )
    assert isinstance(context, World)
    assert product.shape.back[-1:] == (E,) or product.shape.known
