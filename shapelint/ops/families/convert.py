"""The same shape with other elements: to, float, cpu, numpy, item; and views of complex numbers and of bytes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from shapelint.dims import Dim, const
from shapelint.ops.dtypes import DTYPE_NAMES, complex_of, dtype_named, kind, real_part
from shapelint.ops.families.pointwise import everywhere
from shapelint.ops.layout import in_format, kept
from shapelint.ops.needs import current, need, need_divides, need_equal, number
from shapelint.ops.registry import Op, add, op
from shapelint.ops.rows import Many, Row
from shapelint.ops.signature import NumberType, Values
from shapelint.ops.tensor import INTEGRAL, Tensor, Unknown
from shapelint.shapes import NotKnown, Shape

DTYPE_METHODS = {
    "float": "float32", "double": "float64", "half": "float16", "bfloat16": "bfloat16", "long": "int64",
    "int": "int32", "short": "int16", "char": "int8", "byte": "uint8", "bool": "bool", "cfloat": "complex64",
    "cdouble": "complex128", "chalf": "complex32",
}  # fmt: skip
"""Methods named after the dtype that they give."""

SAME = (
    "cpu cuda xpu ipu to_dense coalesce dequantize int_repr pin_memory as_subclass to_mkldnn to_sparse"
    " to_sparse_coo to_sparse_csr to_sparse_csc to_sparse_bsr to_sparse_bsc"
).split()
"""Methods that keep everything that is followed here."""


def converted(input: Tensor, dtype: str | None) -> Tensor:
    """The tensor with elements of this dtype; the tensor itself where it has it already."""
    if dtype is not None and dtype == input.dtype:
        return input
    number = input.number if dtype in (None, *INTEGRAL) else None
    return Tensor(input.shape, kept(input), dtype, input.device, number=number, elements=input.elements)


def reformatted(input: Tensor, memory_format: object) -> Tensor:
    """The tensor laid out as a memory format says."""
    if memory_format is None:
        return input
    return Tensor(input.shape, in_format(input, memory_format, None), input.dtype, input.device)


def _to_dtype(dtype: str) -> Any:
    def rule(input: Tensor, memory_format: Values = None) -> Tensor:
        """(*) -> (*), of the dtype in the method's name. https://docs.pytorch.org/docs/stable/tensors.html"""
        return reformatted(converted(input, dtype), memory_format)

    return rule


for _name, _dtype in DTYPE_METHODS.items():
    _entry = Op(_to_dtype(_dtype), (f"torch.Tensor.{_name}",))
    _entry.gives("(B, L)", "(B, L)")
    add(_entry)


@op(*(f"torch.Tensor.{name}" for name in SAME))
def same(
    input: Tensor, *how: Values, device: Values = None, non_blocking: Values = False, force: Values = False
) -> Tensor:
    """(*) -> (*), elsewhere or stored otherwise. https://docs.pytorch.org/docs/stable/tensors.html"""
    return input


same.gives("(B, L)", "(B, L)")


@op("torch.Tensor.to")
def to(
    input: Tensor, *how: Values, dtype: Values = None, device: Values = None, non_blocking: Values = False,
    copy: Values = False, other: Values = None, memory_format: Values = None,
) -> Tensor:  # fmt: skip
    """(*) -> (*), of another dtype or on another device, given or as those of another tensor.

    https://docs.pytorch.org/docs/stable/generated/torch.Tensor.to.html
    """
    place = device
    for value in (*how, other):
        if isinstance(value, Tensor):
            like = Tensor(input.shape, kept(input), value.dtype, value.device, elements=input.elements)
            return reformatted(like, memory_format)
        if (isinstance(value, str) and value.removeprefix("torch.") in DTYPE_NAMES) or isinstance(value, type):
            dtype = value
        elif isinstance(value, str):
            place = value
        elif isinstance(value, Unknown):
            input, place = _perhaps_converted(input, value), value
    result = reformatted(converted(input, dtype_named(dtype, input.dtype)), memory_format)
    if place is None:
        return result
    where = place if isinstance(place, str) else None
    return replace(result, device=where, spread=None)


def _perhaps_converted(input: Tensor, what: Unknown) -> Tensor:
    """The tensor after `.to(what)`: a device, most likely, but perhaps a dtype."""
    name = what.origin.lower()
    if "dtype" not in name and (input.dtype in INTEGRAL or any(word in name for word in DEVICE_WORDS)):
        return input
    return converted(input, None)


DEVICE_WORDS = ("device", "gpu", "cuda", "rank")
"""What the name of a device contains."""


to.gives('(B, L), "float64"', "(B, L)")
to.gives('(B, L), "cpu"', "(B, L)")


@op("torch.Tensor.type_as")
def type_as(input: Tensor, other: Tensor) -> Tensor:
    """(*a), (*b) -> (*a). https://docs.pytorch.org/docs/stable/generated/torch.Tensor.type_as.html"""
    return converted(input, other.dtype)


@op("torch.Tensor.type")
def type_(input: Tensor, dtype: Values = None, non_blocking: Values = False) -> Tensor | str:
    """(*) -> (*), of this dtype; its name where none is given.

    https://docs.pytorch.org/docs/stable/generated/torch.Tensor.type.html
    """
    if dtype is None:
        raise NotKnown("the name of a tensor's type")
    name = dtype.removeprefix("torch.").removesuffix("Tensor").lower() if isinstance(dtype, str) else dtype
    return converted(input, dtype_named(name))


@op("torch.Tensor.item")
def item(input: Tensor) -> Any:
    """a tensor of one element -> a number. https://docs.pytorch.org/docs/stable/generated/torch.Tensor.item.html"""
    if input.shape.known:
        for size in input.shape.dims:
            need_one(size, input)
    if input.items:
        return const(input.items[0]) if input.dtype in INTEGRAL else bool(input.items[0])
    if input.number is not None and input.dtype in INTEGRAL:
        return input.number
    if input.dtype is None:
        return Unknown(
            "the value of a tensor's element",
            calculated=None if input.number is None else ("+", input.number, const(0)),
        )
    return current().fresh("item", minimum=-(2**31)) if input.dtype in INTEGRAL else NumberType(input.dtype)


def need_one(size: Dim, input: Tensor) -> None:
    """A tensor whose one element is asked for has no size other than 1."""
    if all(symbol.free for symbol in size.symbols):
        need_equal(size, 1, f"a size of {input.shape}, whose one element is asked for,", "that of one element")


item.fails("(2, 3)", "a size of (2, 3), whose one element is asked for, is 2")


@op("torch.Tensor.tolist")
def tolist(input: Tensor) -> Any:
    """(*) -> nested lists of its elements. https://docs.pytorch.org/docs/stable/generated/torch.Tensor.tolist.html"""
    if input.rank == 0:
        return item.rule(input)
    count = number(input.shape[0])
    if count is None and input.rank == 1:
        element = item.rule(Tensor(Shape(), None, input.dtype))
        varying = element.symbols if isinstance(element, Dim) else frozenset()
        return Row((Many((element,), input.shape[0], varying, of=input),))
    if count is None or count > 256 or input.rank > 2:
        raise NotKnown("the elements of a tensor")
    if input.rank == 1 and input.items is not None:
        return [const(n) if input.dtype in INTEGRAL else bool(n) for n in input.items]
    inner = Tensor(Shape(input.shape.dims[1:]), "contiguous", input.dtype)
    return [tolist.rule(inner) for _ in range(count)]


@op("torch.Tensor.is_nonzero", "torch.is_nonzero", "torch.Tensor.__bool__")
def is_nonzero(input: Tensor) -> Unknown:
    """a tensor of one element -> a bool. https://docs.pytorch.org/docs/stable/generated/torch.is_nonzero.html"""
    if input.shape.known:
        for size in input.shape.dims:
            need_one(size, input)
    return Unknown("whether an element is zero depends on the data")


is_nonzero.fails("(2, 3)", "whose one element is asked for")


# -- views of parts and of wholes --------------------------------------------------------------------------------------


@op(*everywhere("view_as_real"))
def view_as_real(input: Tensor) -> Tensor:
    """(*) of complex numbers -> (*, 2). https://docs.pytorch.org/docs/stable/generated/torch.view_as_real.html"""
    need(input.dtype is None or kind(input.dtype) == 3, f"view_as_real of a tensor of {input.dtype}, not complex")
    shape = input.shape
    dims = (*shape.back, const(2)) if shape.run is not None else ()
    new = Shape(shape.front, shape.run, dims) if shape.run is not None else Shape((*shape.dims, const(2)))
    strides = input.strides
    layout = input.layout if input.layout == "contiguous" or strides is None else (*(s * 2 for s in strides), const(1))
    return Tensor(new, layout, real_part(input.dtype), input.device)


view_as_real.gives("complex64 (B, L)", "(B, L, 2)")
view_as_real.fails("float32 (2, 3)", "view_as_real of a tensor of float32")


@op(*everywhere("view_as_complex"))
def view_as_complex(input: Tensor) -> Tensor:
    """(*, 2) -> (*) of complex numbers. https://docs.pytorch.org/docs/stable/generated/torch.view_as_complex.html"""
    floats = (None, "float16", "float32", "float64")
    need(input.dtype in floats, f"view_as_complex of a tensor of {input.dtype}, not of real numbers")
    need(not input.shape.known or input.rank > 0, "view_as_complex of a tensor of no dims")
    need_equal(input.shape[-1], 2, f"the last dim of {input.shape}", "that of pairs for view_as_complex")
    layout = input.layout if input.layout == "contiguous" else None
    return Tensor(input.shape.with_last(), layout, complex_of(input.dtype), input.device)


view_as_complex.gives("(B, L, 2)", "(B, L)")
view_as_complex.fails("(2, 3)", "the last dim of (2, 3) is 3, that of pairs for view_as_complex is 2")


@op("torch.real", "torch.imag")
def real(input: Tensor) -> Tensor:
    """(*) -> (*). https://docs.pytorch.org/docs/stable/generated/torch.real.html"""
    if input.dtype is not None and kind(input.dtype) == 3:
        return Tensor(input.shape, None, real_part(input.dtype), input.device)
    return input


BYTES = {
    "bool": 1, "uint8": 1, "int8": 1, "int16": 2, "int32": 4, "int64": 8, "float16": 2, "bfloat16": 2, "float32": 4,
    "float64": 8, "complex32": 4, "complex64": 8, "complex128": 16, "uint16": 2, "uint32": 4, "uint64": 8,
    "float8_e4m3fn": 1, "float8_e5m2": 1, "float8_e4m3fnuz": 1, "float8_e5m2fnuz": 1, "float8_e8m0fnu": 1,
}  # fmt: skip
"""How many bytes an element takes."""


def reinterpreted(input: Tensor, dtype: str) -> Tensor:
    """`view(dtype)`: the last dim counts elements of another size: (*, n) -> (*, n*old/new).

    https://docs.pytorch.org/docs/stable/generated/torch.Tensor.view.html
    """
    old, new = BYTES.get(input.dtype or ""), BYTES.get(dtype)
    if old is None or new is None:
        raise NotKnown("how many bytes an element takes is not known")
    if old == new:
        return Tensor(input.shape, input.layout, dtype, input.device, input.expanded)
    need(not input.shape.known or input.rank > 0, f"a tensor of no dims viewed as {dtype}")
    last = input.shape[-1]
    if old > new:
        size = last * (old // new)
    else:
        need_divides(
            new // old, last, f"the last dim of {input.shape} viewed as {dtype} is not a multiple of {new // old}"
        )
        size = last // (new // old)
    layout = input.layout if input.layout == "contiguous" else None
    return Tensor(input.shape.with_last(size), layout, dtype, input.device)


@op("torch.Tensor.resize", reshapes_in_place=True)
def resize(input: Tensor, *sizes: Dim) -> Tensor:
    """sizes -> (*sizes). https://docs.pytorch.org/docs/stable/generated/torch.Tensor.resize_.html"""
    return input.with_shape(*sizes)


@op("torch.Tensor.resize_as", "torch.resize_as", reshapes_in_place=True)
def resize_as(input: Tensor, other: Tensor) -> Tensor:
    """(*a), (*b) -> (*b). https://docs.pytorch.org/docs/stable/generated/torch.Tensor.resize_as_.html"""
    return input.made(other.shape)


@op("torch.Tensor.sparse_mask")
def sparse_mask(input: Tensor, mask: Tensor) -> Tensor:
    """(*), (*) -> (*). https://docs.pytorch.org/docs/stable/generated/torch.Tensor.sparse_mask.html"""
    return input.made(input.shape)


@op(
    "torch.quantize_per_tensor", "torch.quantize_per_channel", "torch.quantize_per_tensor_dynamic",
    "torch.fake_quantize_per_tensor_affine", "torch.fake_quantize_per_channel_affine", "torch.dequantize",
    "torch.int_repr",
)  # fmt: skip
def quantized(
    input: Tensor, *how: Values, scale: Values = None, zero_point: Values = None, scales: Values = None,
    zero_points: Values = None, axis: Values = None, dtype: Values = None, quant_min: Values = None,
    quant_max: Values = None, reduce_range: Values = None,
) -> Tensor:  # fmt: skip
    """(*) -> (*). https://docs.pytorch.org/docs/stable/generated/torch.quantize_per_tensor.html"""
    return input.made(input.shape, None)
