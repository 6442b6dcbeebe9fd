"""The limits of a dtype: numbers of which only the type matters."""

from __future__ import annotations

from shapelint.dims import const
from shapelint.ops.dtypes import dtype_named
from shapelint.ops.families.convert import BYTES
from shapelint.ops.registry import layer
from shapelint.ops.signature import NumberType, Values
from shapelint.ops.tensor import Unknown

FLOATS = ("eps", "max", "min", "tiny", "smallest_normal", "resolution")


class Limits:
    """An object of numbers, which has no methods."""

    METHODS: frozenset[str] = frozenset()

    def _made(self, type: Values, number: NumberType, names: tuple[str, ...]) -> None:
        for name in names:
            setattr(self, name, number)
        size = BYTES.get(dtype_named(type) or "")
        self.bits = Unknown("the bits of a dtype") if size is None else const(size * 8)


@layer("torch.finfo", "numpy.finfo")
class FloatLimits(Limits):
    """A dtype -> its eps, max, min, tiny. https://docs.pytorch.org/docs/stable/type_info.html"""

    def __init__(self, type: Values = "float32") -> None:
        self._made(type, NumberType("float32"), FLOATS)


@layer("torch.iinfo", "numpy.iinfo")
class IntLimits(Limits):
    """A dtype -> its max and min. https://docs.pytorch.org/docs/stable/type_info.html"""

    def __init__(self, type: Values) -> None:
        self._made(type, NumberType("int64"), ("max", "min"))
