"""Which dtype an operation on several dtypes gives. https://docs.pytorch.org/docs/stable/tensor_attributes.html"""

from __future__ import annotations

from shapelint.ops.tensor import FLOATING, INTEGRAL, Tensor

_ORDER = ("bool", "uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float32", "float64")
_COMPLEX = ("complex32", "complex64", "complex128")
_OF_STORAGE = (
    "uint16", "uint32", "uint64", "float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz",
    "float8_e8m0fnu",
)  # fmt: skip
"""Those that elements are kept in, and that few operations take."""

DTYPE_NAMES = {
    "half": "float16", "float": "float32", "double": "float64", "short": "int16", "int": "int32", "long": "int64",
    "cfloat": "complex64", "cdouble": "complex128", **{name: name for name in (*_ORDER, *_COMPLEX, *_OF_STORAGE)},
}  # fmt: skip
"""PyTorch's names of dtypes, each with the one that stands for it here."""


def kind(dtype: str) -> int:
    """0 for bool, 1 for integers, 2 for floating point, 3 for complex."""
    if dtype == "bool":
        return 0
    if dtype in INTEGRAL:
        return 1
    return 2 if dtype in FLOATING or dtype.startswith("float8") else 3


def promoted(*operands: Tensor) -> str | None:
    """The dtype of an operation on these operands, None where one that matters is not known.

    Tensors with dims rank before scalar tensors, and these before Python's numbers, unless the kind is higher.
    """
    ranks: list[str | None] = [None, None, None]
    may_be_whole = False
    for operand in operands:
        if operand.dtype is None or operand.dtype in _OF_STORAGE:
            return None
        if operand.dtype == WHOLE_OR_NOT:
            may_be_whole = True
            continue
        plain = operand.dtype.removeprefix("number ")
        level = 2 if plain != operand.dtype else 1 if operand.shape.known and operand.rank == 0 else 0
        ranks[level] = plain if ranks[level] is None else _wider(ranks[level] or plain, plain)
    result: str | None = None
    for level, dtype in enumerate(ranks):
        if dtype is None:
            continue
        if result is None:
            result = dtype
        elif kind(dtype) > kind(result):
            result = "float32" if level == 2 and kind(dtype) == 2 else dtype
    return None if may_be_whole and (result is None or kind(result) < 2) else result


WHOLE_OR_NOT = "number any"
"""The dtype of a number that is an int or a float, `2**n` of an n that may be less than 0."""


def _wider(a: str, b: str) -> str:
    if a == b:
        return a
    if kind(a) == 3 or kind(b) == 3:
        return max((d for d in (a, b) if d in _COMPLEX), key=_COMPLEX.index, default="complex64")
    if {a, b} == {"float16", "bfloat16"}:
        return "float32"
    if "uint8" in (a, b) and kind(a) == kind(b) == 1:
        other = b if a == "uint8" else a
        return "int16" if other == "int8" else other
    if a not in _ORDER or b not in _ORDER:
        return a
    return max(a, b, key=_ORDER.index)


def floating(dtype: str | None) -> str | None:
    """The dtype of a result that is never integral (`sqrt`, `/`, `mean`): float32 in the place of an integer type."""
    if dtype is None:
        return None
    plain = dtype.removeprefix("number ")
    return "float32" if kind(plain) < 2 else plain


def real_part(dtype: str | None) -> str | None:
    """The dtype of the real part of such elements."""
    return None if dtype is None else _REAL.get(dtype, dtype)


def complex_of(dtype: str | None) -> str | None:
    """The dtype of complex numbers with parts of this dtype."""
    return None if dtype is None else _COMPLEX_OF.get(dtype)


_REAL = {"complex32": "float16", "complex64": "float32", "complex128": "float64"}
_COMPLEX_OF = {part: whole for whole, part in _REAL.items()}
_PYTHON_TYPES = {bool: "bool", int: "int64", float: "float64", complex: "complex128"}


def dtype_named(value: object, default: str | None = None) -> str | None:
    """The dtype that a call's `dtype=` asks for: `default` where it is None, None where it cannot be told."""
    if value is None:
        return default
    if isinstance(value, str):
        return DTYPE_NAMES.get(value.removeprefix("torch."))
    return _PYTHON_TYPES.get(value) if isinstance(value, type) else None
