"""What the full name of something imported stands for, where the project does not define it."""

from __future__ import annotations

import re
import sys

from shapelint.interp.state.values import Builtin, External, Value
from shapelint.ops.dtypes import DTYPE_NAMES
from shapelint.ops.signature import NumberType

BUILTINS = frozenset(
    "abs all any bool bytes callable dict divmod enumerate filter float frozenset getattr hasattr id input int"
    " isinstance issubclass iter len list locals map max min next object open pow print property range repr"
    " reversed round set setattr slice sorted staticmethod classmethod str sum super tuple type vars zip"
    " Exception ValueError RuntimeError TypeError"
    " AssertionError NotImplementedError IndexError KeyError StopIteration AttributeError".split()
)


def external(name: str) -> Value:
    """What a full name of an imported module stands for; a dtype is its own name, `float32`."""
    module, _, own = name.rpartition(".")
    if module in _OF_PYTHON and own in BUILTINS:
        return Builtin(own)
    if name in _RANGES:
        return Builtin("range")
    if name.startswith("torch.") and name[6:] in DTYPE_NAMES:
        return DTYPE_NAMES[name[6:]]
    return CONSTANTS.get(name, External(name))


_OF_PYTHON = frozenset({"builtins", "six.moves", "six.moves.builtins"})
"""Modules in which Python's own functions go by their names."""


_RANGES = frozenset({"triton.language.range", "triton.language.static_range"})
"""What stands for Python's `range` in a kernel."""


CONSTANTS: dict[str, Value] = {
    "math.pi": 3.141592653589793,
    "math.inf": float("inf"),
    "math.e": 2.718281828459045,
    "torch.inf": float("inf"),
    "torch.pi": 3.141592653589793,
    "numpy.pi": 3.141592653589793,
    "numpy.inf": float("inf"),
    "numpy.e": 2.718281828459045,
    "torch.e": 2.718281828459045,
    **dict.fromkeys(("math.nan", "torch.nan", "numpy.nan", "numpy.NaN"), NumberType("float32")),
    "numpy.newaxis": None,
}


def kinds_of_recurrence(module: Value, name: str) -> list[Value]:
    """The layers of torch.nn of which one is called by a variable name, `rnn_type`; none where that does not tell."""
    words = re.split(r"[\W_]+", name.lower())
    if module != External("torch.nn") or "rnn" not in words or "cell" in words:
        return []
    return [External(f"torch.nn.{kind}") for kind in ("RNN", "LSTM", "GRU")]


_KNOWN = frozenset({"torch", "numpy", "einops", "triton", "shapelint"}) | sys.stdlib_module_names
"""Libraries of which there are rules."""


def is_not_seen(name: str) -> bool:
    """Whether a full name is of a library of which nothing is known, or of an operator that one adds to torch."""
    if name.startswith("torch.ops."):
        return name.split(".")[2] not in _OPERATORS_OF_TORCH
    return name.lstrip(".").split(".", 1)[0] not in _KNOWN


_OPERATORS_OF_TORCH = frozenset({"aten", "prims", "quantized"})
