"""Of which kind a value is, as `isinstance` asks, as far as that is known."""

from __future__ import annotations

import re

from shapelint.dims import Dim
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import (
    Builtin,
    ClassValue,
    DictObject,
    External,
    Instance,
    Layer,
    ListObject,
    Ref,
    Value,
)
from shapelint.ops.registry import find_layer
from shapelint.ops.signature import NumberType
from shapelint.ops.tensor import PERHAPS_ARRAYS, Tensor, Unknown


def is_one_of(frame: Frame, value: Value, kinds: Value) -> bool | None:
    """Whether a value is of one of several kinds, or of the only one; None where that is not known."""
    if isinstance(value, Unknown):
        return False if _is_a_difference(value) and not _others(kinds) else None
    answers = [_is_a(frame, value, kind) for kind in (kinds if type(kinds) is tuple else (kinds,))]
    if any(answer is True for answer in answers):
        return True
    return False if all(answer is False for answer in answers) else None


def _is_a_difference(value: Unknown) -> bool:
    """Whether a value was calculated in a way in which no list or text can be."""
    return value.calculated is not None and value.calculated[0] in ("-", "//")


def _others(kinds: Value) -> list[Value]:
    """Those of some kinds that have a difference, or may have one."""
    plain = [Builtin(name) for name in ("list", "tuple", "str", "dict")]
    return [kind for kind in (kinds if type(kinds) is tuple else (kinds,)) if kind not in plain]


def _is_a(frame: Frame, value: Value, kind: Value) -> bool | None:
    content = frame.world.heap.get(value.id) if isinstance(value, Ref) else value
    if isinstance(kind, ClassValue):
        return kind in content.type.lineage if isinstance(content, Instance) else False
    if isinstance(kind, External):
        if isinstance(content, Layer):
            return _is_layer_a(content, kind.name)
        if kind == TYPE_OF_NONE:
            return content is None
        if isinstance(content, Tensor) and kind.name != "torch.nn.Parameter":
            return _is_tensor_a(content, kind.name)
        if kind.name in ("torch.Tensor", "torch.nn.Parameter"):
            return None if isinstance(content, Tensor) else False
        return None if isinstance(content, Instance) or not isinstance(content, (Dim, str, bool, type(None))) else False
    if isinstance(kind, Builtin):
        is_open = isinstance(content, ListObject) and content.items is None  # a tuple of so many items is one, too
        kinds = {
            "int": isinstance(content, (Dim, bool)),
            "float": isinstance(content, (float, NumberType)),
            "str": isinstance(content, str),
            "bool": isinstance(content, bool),
            "tuple": None if is_open else isinstance(content, tuple),
            "list": None if is_open else isinstance(content, ListObject),
            "dict": isinstance(content, DictObject),
        }
        return kinds.get(kind.name)
    return None


TYPE_OF_NONE = External("types.NoneType")
_OF_NO_TENSORS = re.compile(r"(?:collections|typing|numbers|pathlib|PIL|scipy|pandas)\.")


_EXTENDED = {
    "ReLU6": "Hardtanh", "UpsamplingNearest2d": "Upsample", "UpsamplingBilinear2d": "Upsample",
    "ZeroPad1d": "ConstantPad1d", "ZeroPad2d": "ConstantPad2d", "ZeroPad3d": "ConstantPad3d", "NLLLoss2d": "NLLLoss",
}  # fmt: skip
"""Those layers of torch that are a kind of another one, in `isinstance`'s sense."""


def _is_layer_a(layer: Layer, kind: str) -> bool | None:
    """Whether a layer of torch is of a class of this full name; None of a base that several of them have."""
    name, own = kind.rpartition(".")[2], layer.name.rpartition(".")[2]
    if kind in ("torch.nn.Module", "torch.nn.modules.Module", "torch.nn.modules.module.Module"):
        return True
    if not kind.startswith("torch.nn.") or find_layer(kind) is None or find_layer(f"torch.nn.{own}") is None:
        return None
    return own.removeprefix("Lazy") == name or own == name or _EXTENDED.get(own) == name


def _is_tensor_a(tensor: Tensor, kind: str) -> bool | None:
    """Whether a tensor, or an array of NumPy, is of a class of this full name, which may be one that extends Tensor."""
    if kind == "torch.Tensor":
        return tensor.device != "numpy"
    if kind == "numpy.ndarray":
        return True if tensor.device == "numpy" else None if tensor.device in PERHAPS_ARRAYS else False
    return False if _OF_NO_TENSORS.match(kind) else None
