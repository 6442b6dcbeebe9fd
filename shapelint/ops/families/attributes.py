"""What a tensor says of itself: its attributes `.shape`, `.T`, `.dtype`, and methods `size()`, `dim()`, `numel()`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint.dims import Dim, const, product
from shapelint.ops.dtypes import kind
from shapelint.ops.families.axes import reordered
from shapelint.ops.families.convert import BYTES, real
from shapelint.ops.layout import is_contiguous as contiguous_layout
from shapelint.ops.needs import Trouble, index_of, need
from shapelint.ops.registry import op
from shapelint.ops.signature import Values
from shapelint.ops.tensor import FLOATING, PLACES, Tensor, Unknown
from shapelint.shapes import NotKnown, Shape


def tensor_attribute(tensor: Tensor, name: str) -> Any:
    """What `tensor.name` is: sizes, a tensor, a number, a string, an Unknown. Raises CannotRun or NotKnown."""
    found = ATTRIBUTES.get(name)
    if found is not None:
        return found(tensor)
    if name in UNSURE:
        return Unknown(f"the value of .{name}")
    raise NotKnown(f"the attribute {name} of a tensor")


def transposed(tensor: Tensor) -> Tensor:
    """`x.mT`: (*, m, n) -> (*, n, m). https://docs.pytorch.org/docs/stable/tensors.html#torch.Tensor.mT"""
    shape = tensor.shape
    if shape.run is not None and len(shape.back) >= 2:
        back = (*shape.back[:-2], shape.back[-1], shape.back[-2])
        return tensor.seen_as(Shape(shape.front, shape.run, back), None)
    rank = tensor.rank
    if rank == 0:
        return tensor
    need(rank >= 2, f".mT of a tensor of {rank} dims {shape}", Trouble.DIM_INDEX)
    return reordered(tensor, (*range(rank - 2), rank - 1, rank - 2))


def _reversed(tensor: Tensor) -> Tensor:
    return reordered(tensor, tuple(reversed(range(tensor.rank))))


def _matrix_reversed(tensor: Tensor) -> Tensor:
    need(tensor.rank in (0, 2), f".H of a tensor of {tensor.rank} dims {tensor.shape}, not 2", Trouble.DIM_INDEX)
    return _reversed(tensor)


def _bytes(tensor: Tensor) -> Any:
    size = BYTES.get(tensor.dtype or "")
    return Unknown("how many bytes an element takes") if size is None else const(size)


def _known(value: str | None, what: str) -> Any:
    return Unknown(f"the tensor's {what}", what) if value is None else value


ATTRIBUTES: dict[str, Callable[[Tensor], Any]] = {
    "shape": lambda tensor: tensor.shape.dims,
    "ndim": lambda tensor: const(tensor.rank),
    "dtype": lambda tensor: _known(tensor.dtype, "dtype"),
    "device": lambda tensor: _known(None if tensor.device in PLACES else tensor.device, "device"),
    "T": _reversed,
    "mT": transposed,
    "H": _matrix_reversed,
    "mH": transposed,
    "real": real.rule,
    "imag": real.rule,
    "data": lambda tensor: tensor,
    "grad": lambda tensor: Tensor(tensor.shape, None, tensor.dtype, tensor.device),
    "itemsize": _bytes,
    "nbytes": lambda tensor: (
        product(tensor.shape.dims) * _bytes(tensor)
        if tensor.dtype in BYTES
        else Unknown("how many bytes an element takes")
    ),
}
"""What each attribute of a tensor is."""

UNSURE = frozenset(
    "is_cuda is_cpu is_leaf is_sparse is_quantized is_meta is_mps is_xpu is_nested requires_grad retains_grad grad_fn"
    " layout names name output_nr".split()
)
"""Attributes of no known value."""


@op("torch.Tensor.size")
def size(input: Tensor, dim: int | None = None) -> Any:
    """(d1, ..., dn) -> the sizes, or the one at dim.

    https://docs.pytorch.org/docs/stable/generated/torch.Tensor.size.html
    """
    if dim is None:
        return input.shape.dims
    if input.shape.run is not None:
        return input.shape[dim]
    need(input.rank > 0, f"size({dim}) of a tensor of no dims", Trouble.DIM_INDEX)
    return input.shape[index_of(dim, input.rank)]


size.fails("(2, 3), 2", "dim 2 of a tensor of 2 dims")


@op("torch.Tensor.dim", "torch.Tensor.ndimension")
def dim_(input: Tensor) -> Dim:
    """(d1, ..., dn) -> n. https://docs.pytorch.org/docs/stable/generated/torch.Tensor.dim.html"""
    return const(input.rank)


@op("torch.numel", "torch.Tensor.numel", "torch.Tensor.nelement")
def numel(input: Tensor) -> Dim:
    """(d1, ..., dn) -> d1*...*dn. https://docs.pytorch.org/docs/stable/generated/torch.numel.html"""
    return product(input.shape.dims)


@op("torch.Tensor.__len__")
def length(input: Tensor) -> Dim:
    """(n, *) -> n. https://docs.pytorch.org/docs/stable/tensors.html"""
    need(not input.shape.known or input.rank > 0, "len() of a tensor of no dims", Trouble.DIM_INDEX)
    return input.shape[0]


length.fails("()", "len() of a tensor of no dims")


@op("torch.Tensor.stride")
def stride(input: Tensor, dim: int | None = None) -> Any:
    """(d1, ..., dn) -> how many elements lie between neighbours, along each dim or along one.

    https://docs.pytorch.org/docs/stable/generated/torch.Tensor.stride.html
    """
    strides = input.strides
    if dim is not None and input.shape.known:
        need(input.rank > 0, "stride(dim) of a tensor of no dims", Trouble.DIM_INDEX)
        dim = index_of(dim, input.rank)
    if strides is None:
        raise NotKnown("the strides are not known")
    return strides if dim is None else strides[dim]


stride.fails("(), 0", "stride(dim) of a tensor of no dims")


@op("torch.Tensor.is_contiguous")
def is_contiguous(input: Tensor) -> Any:
    """(*) -> a bool. https://docs.pytorch.org/docs/stable/generated/torch.Tensor.is_contiguous.html"""
    known = contiguous_layout(input)
    return Unknown("how the tensor lies in memory") if known is None else known


@op("torch.is_floating_point", "torch.Tensor.is_floating_point")
def is_floating_point(input: Tensor) -> Any:
    """(*) -> a bool. https://docs.pytorch.org/docs/stable/generated/torch.is_floating_point.html"""
    return Unknown("the tensor's dtype") if input.dtype is None else input.dtype in FLOATING


@op("torch.is_complex", "torch.Tensor.is_complex")
def is_complex(input: Tensor) -> Any:
    """(*) -> a bool. https://docs.pytorch.org/docs/stable/generated/torch.is_complex.html"""
    return Unknown("the tensor's dtype") if input.dtype is None else kind(input.dtype) == 3


@op("torch.Tensor.element_size")
def element_size(input: Tensor) -> Any:
    """(*) -> bytes. https://docs.pytorch.org/docs/stable/generated/torch.Tensor.element_size.html"""
    return _bytes(input)


@op("torch.is_tensor")
def is_tensor(obj: Values) -> Any:
    """anything -> a bool. https://docs.pytorch.org/docs/stable/generated/torch.is_tensor.html"""
    return obj if isinstance(obj, Unknown) else isinstance(obj, Tensor)


@op("torch.Tensor.is_same_size", "torch.is_same_size")
def is_same_size(input: Tensor, other: Tensor) -> Any:
    """(*a), (*b) -> a bool. https://docs.pytorch.org/docs/stable/tensors.html"""
    if input.shape == other.shape and input.shape.known:
        return True
    known = input.shape.known and other.shape.known
    return False if known and input.rank != other.rank else Unknown("whether the sizes are equal")


@op("torch.adjoint", "torch.Tensor.adjoint")
def adjoint(input: Tensor) -> Tensor:
    """(*, m, n) -> (*, n, m). https://docs.pytorch.org/docs/stable/generated/torch.adjoint.html"""
    return transposed(input)


adjoint.gives("(B, M, N)", "(B, N, M)")
adjoint.fails("(3,)", ".mT of a tensor of 1 dims")


UNKNOWN_VALUES = (
    "data_ptr storage untyped_storage storage_offset storage_type is_shared is_pinned is_conj is_neg is_signed"
    " is_coalesced is_inference is_distributed is_set_to get_device q_scale q_zero_point qscheme dense_dim sparse_dim"
    " dim_order register_hook register_post_accumulate_grad_hook"
).split()
"""Methods that return what nothing is known of and that shapes never depend on."""


@op(*(f"torch.Tensor.{name}" for name in UNKNOWN_VALUES))
def unknown_value(input: Tensor, *arguments: Values) -> Unknown:
    """(*) -> a value that no shape depends on. https://docs.pytorch.org/docs/stable/tensors.html"""
    return Unknown("a value that no shape depends on")


@op("torch.Tensor.backward", "torch.Tensor.retain_grad", "torch.Tensor.record_stream")
def nothing(
    input: Tensor, *arguments: Values, gradient: Values = None, retain_graph: Values = None,
    create_graph: Values = None, inputs: Values = None,
) -> None:  # fmt: skip
    """(*) -> None. https://docs.pytorch.org/docs/stable/generated/torch.Tensor.backward.html"""
