"""What the full name of something imported stands for, where the project does not define it."""

from __future__ import annotations

import re
import sys

from shapelint.interp.values import External, Value
from shapelint.ops.dtypes import DTYPE_NAMES


def external(name: str) -> Value:
    """What a full name of an imported module stands for; a dtype is its own name, `float32`."""
    if name.startswith("torch.") and name[6:] in DTYPE_NAMES:
        return DTYPE_NAMES[name[6:]]
    return CONSTANTS.get(name, External(name))


CONSTANTS: dict[str, Value] = {
    "math.pi": 3.141592653589793,
    "math.inf": float("inf"),
    "math.e": 2.718281828459045,
    "torch.inf": float("inf"),
    "torch.pi": 3.141592653589793,
    "numpy.pi": 3.141592653589793,
    "numpy.inf": float("inf"),
    "numpy.newaxis": None,
}

_KNOWN = frozenset({"torch", "numpy", "einops", "shapelint", "math"}) | sys.stdlib_module_names
"""Libraries of which there are rules: that one is missing is no caller's to make up for."""
_READERS = re.compile(
    r"torch\.(?:ops|hub|utils\.cpp_extension)\.|importlib\.import_module$|(?:torch|torch\.jit|pickle|json|numpy)\.loads?$"
)
"""Functions of these that give what nothing here tells of: code that is loaded, and what a file holds."""


def is_not_seen(name: str) -> bool:
    """Whether a full name is of a library of which nothing is known, or of what reads a file or makes code of it."""
    library = name.lstrip(".").split(".", 1)[0]
    return library not in _KNOWN or (_READERS.match(name) is not None and not name.startswith("torch.ops.aten."))
