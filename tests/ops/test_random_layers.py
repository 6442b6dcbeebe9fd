"""Layers made and called at random, rightly or not: the rules refuse what torch refuses, and else give its shape.

A few refusals of torch may be missed (sizes of 0, which some kernels refuse and others do not); no call that torch
takes may be refused, and no shape may differ.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

import pytest

from shapelint.ops.needs import CannotRun, Context, using

pytest.importorskip("torch")

from test_layers_against_torch import by_rules, by_torch, shapes

pytestmark = pytest.mark.filterwarnings("ignore")

Draw = random.Random


def row(draw: Draw, count: int, low: int, high: int) -> str:
    """Some sizes, as arguments."""
    return "".join(f"{draw.randint(low, high)}, " for _ in range(count))


def extent(draw: Draw, axes: int, low: int, high: int) -> str:
    """One size for all axes, or a tuple."""
    return draw.choice((str(draw.randint(low, high)), f"({row(draw, axes, low, high)})"))


def picture(draw: Draw, channels: int, axes: int, high: int = 8) -> str:
    """A tensor of (N, C, *axes), now and then without N or with a wrong rank or number of channels."""
    channels += draw.choice((0, 0, 0, 0, 1))
    front = draw.choice((f"2, {channels}, ", f"2, {channels}, ", f"{channels}, ", f"1, 2, {channels}, ", ""))
    return f"x({front}{row(draw, axes, 1, high)})"


def convolution(draw: Draw) -> str:
    axes, groups = draw.randint(1, 3), draw.choice((1, 1, 2))
    padding = draw.choice((extent(draw, axes, 0, 2), "'same'", "'valid'"))
    mode = draw.choice(("zeros", "zeros", "reflect", "circular", "replicate"))
    kernel, stride = extent(draw, axes, 1, 4), draw.choice(("1", extent(draw, axes, 1, 3)))
    sizes = f"4, {draw.choice((2, 3, 4))}, {kernel}, {stride}, {padding}, {extent(draw, axes, 1, 2)}, {groups}"
    return f"nn.Conv{axes}d({sizes}, padding_mode='{mode}')({picture(draw, 4, axes)})"


def transposed(draw: Draw) -> str:
    axes = draw.randint(1, 3)
    sizes = ", ".join(extent(draw, axes, low, high) for low, high in ((2, 4), (1, 3), (0, 1), (0, 2)))
    wanted = draw.choice(("", "", f", output_size=[{row(draw, axes, 1, 12)}]"))
    return f"nn.ConvTranspose{axes}d(4, 2, {sizes})({picture(draw, 4, axes, 5)}{wanted})"


def pool(draw: Draw) -> str:
    axes, kind = draw.randint(1, 3), draw.choice(("MaxPool", "AvgPool"))
    more = draw.choice(("", f", stride={extent(draw, axes, 1, 4)}")) + draw.choice(("", ", ceil_mode=True"))
    more += draw.choice(("", f", padding={extent(draw, axes, 0, 2)}"))
    more += draw.choice(("", f", dilation={extent(draw, axes, 1, 3)}")) if kind == "MaxPool" else ""
    return f"nn.{kind}{axes}d({extent(draw, axes, 1, 4)}{more})({picture(draw, 3, axes)})"


def adaptive(draw: Draw) -> str:
    axes = draw.randint(2, 3)
    sizes = "".join(f"{draw.choice((1, 2, 3, None))}, " for _ in range(axes + draw.choice((0, 0, 0, 1))))
    return f"nn.Adaptive{draw.choice(('Avg', 'Max'))}Pool{axes}d(({sizes}))({picture(draw, 3, axes)})"


def padding(draw: Draw) -> str:
    mode, axes = draw.choice(("constant", "reflect", "replicate", "circular")), draw.randint(1, 4)
    return f"F.pad(x({row(draw, draw.randint(1, 5), 1, 6)}), ({row(draw, 2 * axes, -1, 3)}), mode='{mode}')"


def interpolation(draw: Draw) -> str:
    axes, mode = draw.randint(1, 3), draw.choice(("nearest", "linear", "bilinear", "bicubic", "trilinear", "area"))
    factor = draw.choice((0.5, 2, 1.5, 0.7, 0.3, 3))
    how = draw.choice((f"size={extent(draw, axes, 1, 9)}", f"scale_factor={factor}"))
    return f"F.interpolate(x(2, 3, {row(draw, axes, 1, 9)}), {how}, mode='{mode}')"


def norm(draw: Draw) -> str:
    kinds = ("BatchNorm1d", "BatchNorm2d", "InstanceNorm1d", "InstanceNorm2d", "GroupNorm", "LayerNorm", "RMSNorm")
    kind, tensor = draw.choice(kinds), f"x({row(draw, draw.randint(1, 5), 2, 4)})"
    if kind == "GroupNorm":
        return f"nn.GroupNorm({draw.choice((1, 2))}, {draw.randint(2, 4)})({tensor})"
    if kind in ("LayerNorm", "RMSNorm"):
        return f"nn.{kind}({extent(draw, draw.randint(1, 2), 2, 4)})({tensor})"
    return f"nn.{kind}({draw.randint(2, 4)}, affine={draw.choice((True, False))})({tensor})"


def recurrent(draw: Draw) -> str:
    kind, first, both = draw.choice(("LSTM", "GRU", "RNN")), draw.choice((True, False)), draw.choice((True, False))
    more = draw.choice(("", f", proj_size={draw.randint(0, 3)}")) if kind == "LSTM" else ""
    tensor = draw.choice(("3, 2, 4", "3, 2, 4", "3, 4", "3, 2, 5", "4,"))
    states = draw.choice(("", f", x({4 if both else 2}, {draw.randint(2, 3)}, 3)")) if kind != "LSTM" else ""
    return f"nn.{kind}(4, 3, 2, batch_first={first}, bidirectional={both}{more})(x({tensor}){states})"


def attention(draw: Draw) -> str:
    length, source = draw.randint(1, 4), draw.randint(1, 4)
    masks = ("", f", attn_mask=bools({length}, {source})", f", attn_mask=bools({source}, {length})",
             f", attn_mask=bools(4, {length}, {source})", f", key_padding_mask=bools(2, {source})")  # fmt: skip
    value = source + draw.choice((0, 0, 0, 1))
    tensors = f"x(2, {length}, {draw.choice((4, 4, 4, 5))}), x(2, {source}, 4), x(2, {value}, 4)"
    more = draw.choice(("", ", need_weights=True, average_attn_weights=False"))
    kind = draw.choice(("", ", add_bias_kv=True", ", add_zero_attn=True"))
    return f"nn.MultiheadAttention(4, 2, batch_first=True{kind})({tensors}{draw.choice(masks)}{more})"


KINDS: tuple[Callable[[Draw], str], ...] = (
    convolution, transposed, pool, adaptive, padding, interpolation, norm, recurrent, attention,
)  # fmt: skip


def by_torch_or_none(call: str) -> list[tuple[int, ...]] | None:
    try:
        return shapes(by_torch(call, {}))
    except Exception:
        return None


def by_rules_or_none(call: str) -> list[tuple[int | None, ...]] | None:
    try:
        with using(Context()):
            return [tuple(size.value for size in shape) for shape in shapes(by_rules(call, {}))]
    except CannotRun:
        return None


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_random_calls(kind: Callable[[Draw], str]) -> None:
    """No false alarm and no wrong shape in 200 calls, and hardly a refusal missed."""
    draw, tally = Draw(kind.__name__), Counter[str]()
    for _ in range(200):
        call = kind(draw)
        real, given = by_torch_or_none(call), by_rules_or_none(call)
        if real is not None:
            assert real == given, call
        tally["bad" if real is None else "good"] += 1
        tally["missed"] += real is None and given is not None
    assert tally["good"] >= 20, f"{tally}: too few calls that run"
    assert tally["bad"] >= 20, f"{tally}: too few that do not"
    assert tally["missed"] <= 0.05 * tally["bad"], tally
