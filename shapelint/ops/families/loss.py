"""How a loss is written: a function states the shape before the reduction; reduction and layer come from its row."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from shapelint.dims import Dim
from shapelint.ops.dtypes import floating
from shapelint.ops.families.parameter import parameters_of, truth
from shapelint.ops.families.pointwise import broadcast_all
from shapelint.ops.layout import is_contiguous
from shapelint.ops.needs import (
    Trouble,
    current,
    need,
    need_equal,
    number,
)
from shapelint.ops.registry import Op, add, layer
from shapelint.ops.tensor import Layout, Tensor, scalar
from shapelint.shapes import NotKnown, Shape

PAGE = "https://docs.pytorch.org/docs/stable/generated/torch.nn"
LEGACY = "size_average=None, reduce=None, reduction='mean'"
NUMBERED = ("none", "mean", "sum")


def reduction_of(given: dict[str, Any]) -> str | None:
    """The word for the reduction asked for, None where it is not known; the two older flags come first."""
    average, reduce = given.get("size_average"), given.get("reduce")
    if average is not None or reduce is not None:
        averages = True if average is None else truth(average)
        reduces = True if reduce is None else truth(reduce)
        if averages is None or reduces is None:
            return None
        return "none" if not reduces else "mean" if averages else "sum"
    word = given.get("reduction", "mean")
    if isinstance(word, Dim):
        at = number(word)
        return NUMBERED[at] if at in (0, 1, 2) else None
    return word if isinstance(word, str) else None


def reduced(unreduced: Callable[[], Shape], given: dict[str, Any], words: tuple[str, ...]) -> Tensor:
    """The loss of the shape that is given, or a scalar where it is summed up."""
    word = reduction_of(given)
    need(word is None or word in words, f"reduction is {word!r}, not one of {', '.join(words)}")
    try:
        shape = unreduced()
    except NotKnown:
        if word in (None, "none"):
            raise
        shape = Shape()
    if word is None:
        raise NotKnown("the reduction is not known")
    tensors = [value for value in given.values() if isinstance(value, Tensor)]
    dtype = floating(tensors[0].dtype)
    layout: Layout = "contiguous" if all(is_contiguous(tensor) for tensor in tensors) else None
    return scalar(dtype) if word != "none" else Tensor(shape, layout, dtype, tensors[0].device)


def loss(
    name: str, tensors: str, row: str = LEGACY, *, module: str = "", made_with: str = LEGACY,
    words: tuple[str, ...] = ("none", "mean", "sum"),
) -> Callable[[Callable[..., Shape]], Op]:  # fmt: skip
    """Register a loss: `tensors` and `row` are the function's parameters, `made_with` those of the layer's constructor.

    The decorated function names those parameters that its shape depends on.
    """
    first = tensors.split(", ")

    def register(unreduced: Callable[..., Shape]) -> Op:
        signature = parameters_of(row, *(f"{word}: Tensor" for word in first))
        wanted = list(inspect.signature(unreduced).parameters)

        def rule(*values: Any) -> Tensor:
            given = dict(zip(signature.parameters, values, strict=True))
            return reduced(lambda: unreduced(*(given[key] for key in wanted)), given, words)

        rule.__doc__ = f"{unreduced.__doc__}\n\n{PAGE}.functional.{name}.html"
        rule.__signature__ = signature  # type: ignore[attr-defined]
        entry = Op(rule, (f"torch.nn.functional.{name}",))
        add(entry)
        for spelling in module.split():
            _register_layer(spelling, made_with, first, entry)
        return entry

    return register


def _register_layer(module: str, row: str, tensors: list[str], function: Op) -> None:
    """Register the layer that keeps a loss's options and applies it."""
    options = parameters_of(row, "self")
    listed = list(inspect.signature(function.rule).parameters)

    def __init__(self: Any, *values: Any) -> None:
        given = dict(zip(list(options.parameters)[1:], values, strict=True))
        for key, value in given.items():
            setattr(self, key, value)
        self.reduction = reduction_of(given) or given.get("reduction")

    def forward(self: Any, *values: Any) -> Any:
        rest = [getattr(self, key, None) for key in listed[len(tensors) :] if key not in ("size_average", "reduce")]
        named = [key for key in listed[len(tensors) :] if key not in ("size_average", "reduce")]
        kept = dict(zip(named, rest, strict=True))
        return function.rule(*values, *(kept.get(key) for key in listed[len(tensors) :]))

    __init__.__signature__ = options  # type: ignore[attr-defined]
    forward.__signature__ = parameters_of("", "self", *(f"{word}: Tensor" for word in tensors))  # type: ignore[attr-defined]
    doc = (function.rule.__doc__ or "").split("\n")[0]
    page = f"{doc}\n\n{PAGE}.{module}.html"
    layer(f"torch.nn.{module}")(type(module, (), {"__init__": __init__, "forward": forward, "__doc__": page}))


def need_same(a: Tensor, b: Tensor, what_a: str, what_b: str) -> None:
    """Two tensors must have one shape."""
    if a.shape.known and b.shape.known:
        text = f"{what_a} is {a.shape}, {what_b} is {b.shape}"
        need(a.rank == b.rank, text, Trouble.LAYER_INPUT)
        for x, y in zip(a.shape, b.shape, strict=True):
            need_equal(x, y, f"a size of {what_a} {a.shape}", f"that of {what_b} {b.shape}", Trouble.LAYER_INPUT)


def need_one_rank(*tensors: Tensor) -> int:
    """The rank of all of them."""
    ranks = [tensor.rank for tensor in tensors]
    shapes = ", ".join(str(tensor.shape) for tensor in tensors)
    need(len(set(ranks)) == 1, f"tensors of different numbers of dims: {shapes}", Trouble.LAYER_INPUT)
    return ranks[0]


def into(input: Tensor, *others: Tensor) -> Shape:
    """The shape of the input, to which the others must broadcast."""
    shape = broadcast_all(input, *others)
    if shape.known and input.shape.known:
        grown = len(shape) != input.rank or any(
            current().facts.equality(a, b) is False for a, b in zip(shape, input.shape, strict=True)
        )
        need(not grown, f"the broadcast is {shape}, the input only {input.shape}", Trouble.BROADCAST)
    return input.shape


def as_torch(function: Op, tensors: str, row: str) -> None:
    """Register a loss under torch itself too: its other parameters in another order, the reduction a number."""
    signature = parameters_of(row, *(f"{word}: Tensor" for word in tensors.split(", ")))
    listed = inspect.signature(function.rule).parameters

    def rule(*values: Any) -> Any:
        given = dict(zip(signature.parameters, values, strict=True))
        if isinstance(given["reduction"], int):
            given["reduction"] = NUMBERED[given["reduction"]]
        return function.rule(*(given.get(key, one.default) for key, one in listed.items()))

    rule.__doc__ = (function.rule.__doc__ or "").split("\n")[0]
    rule.__signature__ = signature  # type: ignore[attr-defined]
    add(Op(rule, (function.names[0].replace(".nn.functional", ""),)))
