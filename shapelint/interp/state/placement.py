"""Where a tensor lies, as far as code tells: on the default device, or where a module's inputs and parameters are.

Kept in a tensor's `device`. What is not sure is None, and of that nothing is ever said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from shapelint.interp.state.values import Value
from shapelint.ops.tensor import (
    DEFAULT_DEVICE,
    INPUT_DEVICE,
    INPUT_OR_ARRAY,
    MODULE_DEVICE,
    PERHAPS_ARRAY,
    PLAIN_ATTRIBUTE,
    Tensor,
    Unknown,
)  # fmt: skip

MAKERS = frozenset(
    "zeros ones empty full rand randn randint randperm arange linspace logspace eye tensor tril_indices triu_indices"
    " hann_window hamming_window blackman_window".split()
)
"""Functions of torch that put what they make on the default device, unless they are told another."""

MOVERS = frozenset("cpu cuda xpu mps npu ipu hpu type pin_memory set_ as_tensor asarray from_numpy".split())
"""What may give a tensor on another device than that of the tensor that it is given."""

REGISTERED = frozenset({"nn.Parameter", "nn.parameter.Parameter", "nn.Buffer", "nn.parameter.Buffer"})

STRAY = frozenset({DEFAULT_DEVICE, PLAIN_ATTRIBUTE})
INPUTS = frozenset({INPUT_DEVICE, INPUT_OR_ARRAY})
FIXED = INPUTS | {MODULE_DEVICE}

WITH_WEIGHTS = frozenset(
    f"nn.{name}"
    for name in (
        "Linear Bilinear Embedding EmbeddingBag Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d"
        " LSTM GRU RNN LSTMCell GRUCell RNNCell MultiheadAttention TransformerEncoderLayer TransformerEncoder"
    ).split()
)
"""Layers that hold parameters whatever they are made with."""


def operator_of(what: str) -> str:
    """The operator's own name: `cat` of `torch.cat`, `view` of `.view()`, `+` of `+=`."""
    if what in ("item assignment", "x[...]") or what.startswith("nn."):
        return what
    if what.endswith("=") and what not in ("==", "!=", "<=", ">="):
        return what[:-1]
    return what.removeprefix("torch.").removeprefix("F.").strip(".()")


def placed(what: str, args: Sequence[Value], kwargs: Mapping[str, Value], result: Value) -> Value:
    """An operator's result with the place where it lies."""
    if isinstance(result, Tensor):
        where = _place(what, args, kwargs, result)
        return result if where == result.device else replace(result, device=where)
    if isinstance(result, (tuple, list)) and any(isinstance(item, Tensor) for item in result):
        items = [placed(what, args, kwargs, item) if isinstance(item, Tensor) else item for item in result]
        if all(new is old for new, old in zip(items, result, strict=True)):
            return result
        return type(result)(*items) if hasattr(result, "_fields") else type(result)(items)
    return result


def _place(what: str, args: Sequence[Value], kwargs: Mapping[str, Value], result: Tensor) -> str | None:
    where, name = result.device, operator_of(what)
    if what.startswith(("torch.", "F.", "nn.")):  # what gives tensors only
        where = INPUT_DEVICE if where == INPUT_OR_ARRAY else None if where == PERHAPS_ARRAY else where
    if where == "numpy":
        return where
    if what in REGISTERED:
        return MODULE_DEVICE
    if what.startswith("torch.") and name in MAKERS:
        known = not any(isinstance(value, (Tensor, Unknown)) for value in _leaves(args))
        return DEFAULT_DEVICE if kwargs.get("device") is None and (known or name != "tensor") else None
    if kwargs.get("device") is not None or name in MOVERS:
        return None
    if name == "type_as":
        other = args[1] if len(args) > 1 else None
        return other.device if isinstance(other, Tensor) else None
    if what in WITH_WEIGHTS:
        return MODULE_DEVICE
    if where in STRAY:
        places = [tensor.device for tensor in tensors_in((*args, *kwargs.values())) if tensor.device not in STRAY]
        return next((place for place in places if place in FIXED), None) if places else where
    return where


def _leaves(values: object) -> Iterator[object]:
    if isinstance(values, (tuple, list)):
        for value in values:
            yield from _leaves(value)
    else:
        yield values


def tensors_in(values: object) -> list[Tensor]:
    """The tensors among an operator's arguments, those in lists too."""
    return [value for value in _leaves(values) if isinstance(value, Tensor)]


def kept_by_a_module(value: Value) -> Value:
    """A tensor that `__init__` sets as an attribute: a plain one stays where it was made."""
    if isinstance(value, Tensor) and value.device == DEFAULT_DEVICE:
        return replace(value, device=PLAIN_ATTRIBUTE)
    return value


def registered(value: Value) -> Value:
    """A tensor registered as a buffer or a parameter, which goes where its module goes."""
    return replace(value, device=MODULE_DEVICE) if isinstance(value, Tensor) else value
