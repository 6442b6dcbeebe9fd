"""einops: each rule against einops itself, with numbers and with symbols, right patterns and wrong ones."""

from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch")
einops = pytest.importorskip("einops")

from calls import abstract
from opinfo import evaluated

from shapelint.dims import const, symbol
from shapelint.ops.call import apply, construct, forward
from shapelint.ops.needs import CannotRun, Context, Trouble, using
from shapelint.ops.tensor import Tensor
from shapelint.shapes import Run, Shape

X = (2, 3, 4, 6)

REARRANGED = [
    ("b c h w -> b (h w) c", {}),
    ("b c h w -> b c h w", {"c": 3}), ("b c (h p) w -> b c h p w", {"p": 2}),
    ("b c (h p) (w q) -> b (c p q) h w", {"p": 2, "q": 3}), ("b c h w -> b 1 c h w 1", {}),
    ("b c h w -> b c () h w", {}),
    ("b ... -> b (...)", {}),
    ("... h w -> ... (h w)", {}),
    ("... -> ...", {}),
    ("b ... w -> w ... b", {}),
    ("b c h w -> (b c h w)", {}),
    ("b c ... -> (c b) ...", {}),
    ("a b ... -> ... b a", {}),
    ("b (1 c) h w -> b c h w", {}),
    ("b (c d) h w -> b c d h w", {"c": 3}), ("b (c d) h w -> b c d h w", {"d": 1}),
    ("b c (h1 h2 h3) w -> h1 h2 h3 b c w", {"h1": 2, "h2": 2}), ("b c h w -> (b) (c) (h) (w)", {}),
    ("... (h a) w -> a ... (h w)", {"a": 2}), ("b c h w -> w h c b", {}),
]  # fmt: skip
REDUCED = [
    ("b c h w -> b c", {}),
    ("b c (h 2) w -> b c h", {}),
    ("b c (h h2) (w 3) -> b h w c", {"h2": 2}), ("... -> ()", {}),
    ("... -> 1", {}),
    ("b ... -> b", {}),
    ("... w -> ...", {}),
    ("b c h w -> b () () c", {}),
    ("b c h w ->", {}),
    ("b c h w -> b c h w", {}),
    ("b c ... -> ... b", {}),
]  # fmt: skip
REPEATED = [
    ("b c h w -> b c h w r", {"r": 2}), ("b c h w -> b c (2 h) w", {}),
    ("b c h w -> r (b c) (h r2) w", {"r": 2, "r2": 3}),
    ("b c h w -> b 5 c h w", {}),
    ("... -> n ...", {"n": 7}), ("b ... -> (b n) ...", {"n": 2}), ("b c h w -> b c h w", {}),
]  # fmt: skip
WRONG = [
    ("rearrange", "b c h w", {}),
    ("rearrange", "b c h w -> b c h", {}),
    ("rearrange", "b c h w -> b c h w z", {}),
    ("rearrange", "b c h -> b c h", {}),
    ("rearrange", "b c (h p) w -> b c h p w", {"p": 3}),
    ("rearrange", "b c (h p) w -> b c h p w", {}),
    ("rearrange", "b c (h p) w -> b c h p w", {"p": 2, "q": 3}),
    ("rearrange", "b 1 h w -> b h w", {}),
    ("rearrange", "(b ...) c -> b", {}),
    ("rearrange", "b c h w -> b c 2 h w", {}),
    ("rearrange", "b b h w -> b h w", {}),
    ("rearrange", "b c h w -> b (c (h w))", {}),
    ("rearrange", "b c h w -> b c h w)", {}),
    ("rearrange", "b c (h) w -> b c h w", {"h": 5}),
    ("rearrange", "b () h w -> b h w", {}),
    ("rearrange", "b c h w -> b c h w", {"c": 7}),
    ("rearrange", "b _ h w -> b _ h w", {}),
    ("rearrange", "b -c h w -> b c h w", {}),
    ("rearrange", "b c h... -> b c h ...", {}),
    ("rearrange", "b c h w -> b ... c h w", {}),
    ("rearrange", "b (c d) h w -> b c d h w", {"c": 4}), ("rearrange", "b c h w_ -> b c h w_", {}),
    ("rearrange", "b c .. -> b c ..", {}),
    ("rearrange", "b c h w -> b c h w -> b", {}),
    ("rearrange", "a b c d e ... -> a b c d e ...", {}),
    ("rearrange", "b c (h w -> b c h w", {}),
    ("rearrange", "b c 2h w -> b c 2h w", {}),
    ("repeat", "b c h w -> b c h w r", {}),
    ("repeat", "b c h w -> b c h r", {"r": 2}), ("repeat", "b c h 6 -> b c h r", {"r": 2}),
    ("reduce", "b c h w -> b c h q", {}),
    ("reduce", "b c (h 2) (w 4) -> b c h w", {}),
    ("reduce", "b c h w -> b 2", {}),
    ("reduce", "b c h w -> b ...", {}),
]  # fmt: skip

RIGHT = [
    *(("rearrange", pattern, sizes) for pattern, sizes in REARRANGED),
    *(("reduce", pattern, sizes) for pattern, sizes in REDUCED),
    *(("repeat", pattern, sizes) for pattern, sizes in REPEATED),
]


def extra(function: str) -> tuple[str, ...]:
    return ("mean",) if function == "reduce" else ()


def real(function: str, pattern: str, sizes: dict[str, int], shape: tuple[int, ...] = X) -> Any:
    return getattr(einops, function)(torch.zeros(shape), pattern, *extra(function), **sizes)


def ours(function: str, tensor: Any, pattern: str, sizes: dict[str, Any], context: Context | None = None) -> Any:
    with using(context or Context()):
        return apply(f"einops.{function}", (tensor, pattern, *extra(function)), sizes)


@pytest.mark.parametrize(("function", "pattern", "sizes"), RIGHT)
def test_a_right_pattern_gives_the_shape_and_the_strides_that_einops_gives(function, pattern, sizes):
    given = ours(function, abstract(torch.zeros(X)), pattern, {k: const(v) for k, v in sizes.items()})
    expected = real(function, pattern, sizes)
    assert tuple(expected.shape) == tuple(d.value for d in given.shape.dims)
    if given.strides is not None:
        pairs = zip(expected.shape, expected.stride(), given.strides, strict=True)
        assert all(n == 1 or step == strides.value for n, step, strides in pairs)


@pytest.mark.parametrize(("function", "pattern", "sizes"), RIGHT)
def test_the_same_with_a_symbol_for_each_size(function, pattern, sizes):
    letters = [symbol(name, scope=-7) for name in "BCHW"]
    tensor = Tensor(Shape(tuple(letters)), "contiguous", "float32")
    try:
        given = ours(function, tensor, pattern, {k: const(v) for k, v in sizes.items()})
    except CannotRun as why:
        pytest.fail(why.reason)
    for shape in (X, (5, 9, 12, 18)):
        try:
            expected = real(function, pattern, sizes, shape)
        except einops.EinopsError:
            continue
        env = {letter.as_symbol: n for letter, n in zip(letters, shape, strict=True)}
        assert tuple(expected.shape) == tuple(evaluated(d, env) for d in given.shape.dims)


@pytest.mark.parametrize(("function", "pattern", "sizes"), WRONG)
def test_a_wrong_pattern_cannot_run(function, pattern, sizes):
    with pytest.raises(Exception):
        real(function, pattern, sizes)
    with pytest.raises(CannotRun) as caught:
        ours(function, abstract(torch.zeros(X)), pattern, {k: const(v) for k, v in sizes.items()})
    assert caught.value.trouble is Trouble.PATTERN


def test_heads_are_split_when_only_their_number_is_known():
    b, n, d, h = (symbol(name, scope=-7) for name in ("b", "n", "d", "h"))
    context = Context()
    given = ours("rearrange", Tensor(Shape((b, n, d))), "b n (h d) -> b h n d", {"h": h}, context)
    assert [str(size) for size in given.shape.dims] == ["b", "h", "n", "d//h"]
    assert context.facts.holds_divides(h, d)


def test_an_unknown_shape_beside_dots():
    h, w = symbol("h", scope=-7), symbol("w", scope=-7)
    tensor = Tensor(Shape((), Run.fresh(), (h, w)))
    given = ours("rearrange", tensor, "... h w -> ... (h w)", {})
    assert given.shape.run == tensor.shape.run
    assert given.shape.back == (h * w,)
    assert ours("rearrange", tensor, "b ... -> b (...)", {}).shape.rank == 2


def test_pack_and_unpack():
    tensors = [torch.zeros(2, 5, 6), torch.zeros(2, 6), torch.zeros(2, 3, 4, 6)]
    packed, shapes = einops.pack(tensors, "b * d")
    with using(Context()):
        given, given_shapes = apply("einops.pack", (abstract(tensors), "b * d"))
        assert tuple(packed.shape) == tuple(d.value for d in given.shape.dims)
        back = apply("einops.unpack", (given, given_shapes, "b * d"))
        rest = apply("einops.unpack", (given, [(const(5),), (const(-1),)], "b * d"))
    assert [tuple(t.shape) for t in tensors] == [tuple(d.value for d in t.shape.dims) for t in back]
    expected = einops.unpack(packed, [(5,), (-1,)], "b * d")
    assert [tuple(t.shape) for t in expected] == [tuple(d.value for d in t.shape.dims) for t in rest]
    assert [tuple(s) for s in shapes] == [tuple(d.value for d in s) for s in given_shapes]


@pytest.mark.parametrize(
    ("pattern", "second"),
    [
        ("b c h w, b c h v -> b w v", X),
        ("b c ..., c -> b ...", (3,)),
        ("b c h w, w -> c", (6,)),
        ("b c h w, q ->", (5,)),
        ("... w, w -> ...", (6,)),
    ],
)
def test_einsum(pattern, second):
    expected = einops.einsum(torch.zeros(X), torch.zeros(second), pattern)
    with using(Context()):
        given = apply("einops.einsum", (abstract(torch.zeros(X)), abstract(torch.zeros(second)), pattern))
    assert tuple(expected.shape) == tuple(d.value for d in given.shape.dims)


@pytest.mark.parametrize(
    ("args", "sizes", "shape"),
    [
        (("b t c -> b t k", "c k", "k"), {"c": 3, "k": 7}, (2, 5, 3)),
        (("b t (h c) -> b h t k", "h c k"), {"h": 2, "c": 3, "k": 7}, (2, 5, 6)),
        (("... c -> ... k", "c k", "k"), {"c": 3, "k": 7}, (2, 5, 3)),
        (("b (h p) c -> b (k h) p", "c k"), {"c": 3, "k": 7, "p": 2}, (2, 4, 3)),
    ],
)
def test_einmix(args, sizes, shape):
    from einops.layers.torch import EinMix

    module = EinMix(*args, **sizes)
    with using(Context()):
        layer = construct("einops.layers.torch.EinMix", args, {k: const(v) for k, v in sizes.items()})
        given = forward(layer, (abstract(torch.zeros(shape)),))
    assert tuple(module(torch.zeros(shape)).shape) == tuple(d.value for d in given.shape.dims)
    assert tuple(module.weight.shape) == tuple(d.value for d in layer.weight.shape.dims)
    assert (module.bias is None) == (layer.bias is None)
    if module.bias is not None:
        assert tuple(module.bias.shape) == tuple(d.value for d in layer.bias.shape.dims)


def test_parse_shape():
    with using(Context()):
        given = apply("einops.parse_shape", (abstract(torch.zeros(X)), "b _ h _"))
        open_ended = apply("einops.parse_shape", (abstract(torch.zeros(X)), "b c ..."))
    assert {name: size.value for name, size in given.items()} == {"b": 2, "h": 4}
    assert {name: size.value for name, size in open_ended.items()} == {"b": 2, "c": 3}


def test_a_list_of_tensors_is_stacked():
    with using(Context()):
        given = apply("einops.rearrange", (abstract([torch.zeros(X), torch.zeros(X)]), "n b c h w -> b (n c) h w"))
    assert [d.value for d in given.shape.dims] == [2, 6, 4, 6]
