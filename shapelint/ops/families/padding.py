"""Padding the last dims: F.pad in every mode and the padding layers."""

from __future__ import annotations

from shapelint.dims import Dim
from shapelint.ops.layout import fresh_like
from shapelint.ops.needs import CannotRun, Trouble, need, need_at_least, seeing
from shapelint.ops.registry import entry_of, layer, op
from shapelint.ops.signature import Extent, Sizes, Values
from shapelint.ops.tensor import Tensor
from shapelint.ops.window import spread

MODES = ("constant", "reflect", "replicate", "circular")


def need_paddable(size: Dim, pad: Dim, mode: str) -> None:
    """Mirrored padding must be smaller than the axis, wrapped padding not larger."""
    if mode == "reflect":
        need_at_least(size - 1, pad, f"reflection padding of {pad} on an axis of {size}", Trouble.LAYER_INPUT)
    elif mode == "circular":
        need_at_least(size, pad, f"circular padding of {pad} on an axis of {size}", Trouble.LAYER_INPUT)


def padded(input: Tensor, pad: Sizes, mode: str) -> Tensor:
    """The input with its last len(pad)//2 dims grown: pad is (last before, last after, second last before, ...)."""
    need(len(pad) % 2 == 0, f"pad has {len(pad)} sizes, an odd number")
    axes = len(pad) // 2
    input = seeing(input, axes + (0 if mode == "constant" else 1))
    if input.shape.known:
        _need_rank(input, axes, mode)
    sizes = list(input.shape[-axes:]) if axes else []
    for place in range(axes):
        before, after = pad[2 * place], pad[2 * place + 1]
        size = sizes[-1 - place]
        need_paddable(size, before, mode)
        need_paddable(size, after, mode)
        grown = size + before + after
        least = 1 if axes == 1 and mode in ("reflect", "replicate") else 0
        need_at_least(grown, least, f"padding ({before}, {after}) of an axis of {size}", Trouble.LAYER_INPUT)
        sizes[-1 - place] = grown
    return fresh_like(input, input.shape.with_last(*sizes, dropping=axes))


def _need_rank(input: Tensor, axes: int, mode: str) -> None:
    rank = input.rank
    need(axes <= rank, f"pad speaks of {axes} dims, the input has {rank} {input.shape}", Trouble.LAYER_INPUT)
    if mode != "constant" and (axes not in (1, 2, 3) or rank not in (axes + 1, axes + 2)):
        raise CannotRun(f"{mode} padding of {axes} dims of a tensor of {rank} dims {input.shape}", Trouble.LAYER_INPUT)


@op("torch.nn.functional.pad")
def pad(input: Tensor, pad: Sizes, mode: Values = "constant", value: Values = None) -> Tensor:
    """(*, d2, d1), (a1, b1, a2, b2) -> (*, d2 + a2 + b2, d1 + a1 + b1): pairs from the last dim on.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.pad.html
    """
    if not isinstance(mode, str):
        return padded(input, pad, "constant")  # every mode gives the same shape, and this one asks for least
    need(mode in MODES, f"mode is {mode!r}, not one of {', '.join(MODES)}")
    need(mode == "constant" or not isinstance(value, float) or not value, f"a value for {mode} padding")
    return padded(input, pad, mode)


pad.gives("(B, C, H, W), (1, 1, 2, 2)", "(B, C, H + 4, W + 2)")
pad.gives("(B, L, D), (0, 0, 1, 0)", "(B, L + 1, D)")
pad.gives("(B, C, L), (p, p), 'reflect'", "(B, C, L + 2*p)")
pad.fails("(2, 3), (1, 1, 1, 1, 1, 1)", "pad speaks of 3 dims, the input has 2")
pad.fails("(1, 2, 3), (3, 0), mode='reflect'", "reflection padding of 3 on an axis of 3")


@op("torch.constant_pad_nd")
def constant_pad_nd(input: Tensor, pad: Sizes, value: Values = 0) -> Tensor:
    """(*, n) -> (*, n + left + right), a pair of `pad` for each dim from the last one on.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.pad.html
    """
    return padded(input, pad, "constant")


constant_pad_nd.gives("(B, L), (1, 2)", "(B, L+3)")


class PaddingLayer:
    """What all padding layers keep: the mode, and two sizes for each axis: of as many axes as sizes are written out."""

    axes: int
    mode: str

    def __init__(self, padding: Extent) -> None:
        pairs = padding if isinstance(padding, tuple) and len(padding) > 1 else ()
        sizes = tuple(size for size in pairs if size is not None)
        self.padding = sizes if pairs and len(sizes) == len(pairs) else spread(padding, 2 * self.axes, "padding")

    def forward(self, input: Tensor) -> Tensor:
        axes, is_odd = divmod(len(self.padding), 2)
        if input.shape.known and self.mode != "constant" and not is_odd:
            rank = input.rank
            if rank not in (axes + 1, axes + 2):
                raise CannotRun(
                    f"the input of {type(self).__name__} has {rank} dims {input.shape}, not {axes + 1} or {axes + 2}",
                    Trouble.LAYER_INPUT,
                )
        return padded(input, self.padding, self.mode)


class ConstantPadding(PaddingLayer):
    """The same with the value that fills."""

    def __init__(self, padding: Extent, value: Values) -> None:
        super().__init__(padding)
        self.value = value


ROWS = (
    # axes, rule, an input, the same padded by 1 on each side
    (1, "(*, L) -> (*, a + L + b)", "(B, C, L)", "(B, C, L + 2)"),
    (2, "(*, H, W) -> (*, a2 + H + b2, a1 + W + b1)", "(B, C, H, W)", "(B, C, H + 2, W + 2)"),
    (3, "(*, D, H, W) -> (*, a3 + D + b3, a2 + H + b2, a1 + W + b1)", "(C, D, H, W)", "(C, D + 2, H + 2, W + 2)"),
)


def _register(kind: str, mode: str) -> None:
    parent = ConstantPadding if kind == "ConstantPad" else PaddingLayer
    for axes, formula, before, after in ROWS:
        name = f"{kind}{axes}d"
        page = f"{formula}.\n\nhttps://docs.pytorch.org/docs/stable/generated/torch.nn.{name}.html"
        made = layer(f"torch.nn.{name}")(type(name, (parent,), {"axes": axes, "mode": mode, "__doc__": page}))
        arguments = "1, 0.5" if parent is ConstantPadding else "1"
        entry_of(made).gives(arguments, before, after)
        if mode != "constant":
            entry_of(made).fails(arguments, "(2,)", "dims (2,)")
        if axes == 2:
            entry_of(made).fails(f"(1, 1, 1){arguments[1:]}", before, "an odd number")


for _kind, _mode in (
    ("ConstantPad", "constant"),
    ("ZeroPad", "constant"),
    ("ReflectionPad", "reflect"),
    ("ReplicationPad", "replicate"),
    ("CircularPad", "circular"),
):
    _register(_kind, _mode)
