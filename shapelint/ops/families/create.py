"""Making tensors of given sizes: zeros and its kin, *_like, new_*, tensor, and the constructors torch.Tensor(...)."""

from __future__ import annotations

from typing import Any, cast

from shapelint.dims import Dim, const
from shapelint.ops.dtypes import complex_of, dtype_named
from shapelint.ops.families.pointwise import elementwise
from shapelint.ops.families.slices import strided
from shapelint.ops.layout import in_format, kept
from shapelint.ops.literal import literal
from shapelint.ops.needs import CannotRun, KindNotKnown, Trouble, current, need, need_at_least, number
from shapelint.ops.registry import Op, add, op
from shapelint.ops.rows import Row
from shapelint.ops.signature import NumberType, RowValues, Sizes, Values
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.shapes import NotKnown, Shape


def made(sizes: tuple[Dim, ...], dtype: str | None, device: object = None) -> Tensor:
    """A fresh tensor of these sizes. Raises CannotRun where one is negative."""
    for size in sizes:
        need_at_least(size, 0, f"a tensor of the negative size {size}")
    return Tensor(Shape(sizes), "contiguous", dtype, device if isinstance(device, str) else None)


@op("torch.empty", "torch.zeros", "torch.ones", "torch.rand", "torch.randn")
def zeros(*size: Dim, dtype: Values = None, device: Values = None) -> Tensor:
    """sizes -> (*sizes). https://docs.pytorch.org/docs/stable/generated/torch.zeros.html"""
    return made(size, dtype_named(dtype, "float32"), device)


zeros.gives("B, L", "(B, L)")
zeros.gives("(B, H//2)", "(B, H//2)")
zeros.fails("2, -3", "negative size -3")


@op("torch.full")
def full(size: Sizes, fill_value: Values, *, dtype: Values = None, device: Values = None) -> Tensor:
    """sizes -> (*sizes). https://docs.pytorch.org/docs/stable/generated/torch.full.html"""
    return made(size, dtype_named(dtype, number_dtype(fill_value)), device)


full.gives("(B, L), 0.5", "(B, L)")


def number_dtype(value: Any) -> str | None:
    """The dtype of a tensor filled with this number; None where it cannot be told."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, (int, Dim)):
        return "int64"
    if isinstance(value, (NumberType, Tensor)):
        return value.dtype
    return "float32" if isinstance(value, float) else "complex64" if isinstance(value, complex) else None


@op("torch.scalar_tensor")
def scalar_tensor(s: Values, *, dtype: Values = None, device: Values = None) -> Tensor:
    """a number -> (). https://docs.pytorch.org/docs/stable/generated/torch.scalar_tensor.html"""
    return made((), dtype_named(dtype, "float32"), device)


scalar_tensor.gives("0.5", "()")


@op("torch.randint")
def randint(
    low: Values = 0, high: Values = None, size: Values = None, *, dtype: Values = None, device: Values = None
) -> Tensor:
    """low, high, sizes (or high, sizes) -> (*sizes). https://docs.pytorch.org/docs/stable/generated/torch.randint.html"""
    if size is None:
        low, high, size = 0, low, high
    need(size is not None, "the argument size is missing", Trouble.ARGUMENT)
    _need_order(low, high)
    return made(sizes_of(size), dtype_named(dtype, "int64"), device)


def _need_order(low: Any, high: Any) -> None:
    if isinstance(low, (int, Dim)) and isinstance(high, (int, Dim)):
        need_at_least(high, low + 1, f"random ints from {low} up to {high}, which leaves none")


randint.gives("0, 10, (B, L)", "(B, L)")
randint.gives("10, (B, L)", "(B, L)")
randint.fails("10", "the argument size is missing")


def sizes_of(value: Any) -> tuple[Dim, ...]:
    """Sizes given as a tuple or list. Raises CannotRun or NotKnown."""
    if isinstance(value, Unknown):
        raise NotKnown(value.reason)
    need(isinstance(value, (tuple, list)), "the sizes must be a tuple of ints")
    return tuple(size_of(item, surely=len(value) > 1) for item in value)


def size_of(value: Any, *, surely: bool = False) -> Dim:
    """One size; of an unknown number a fresh one, and of an unknown value that can `surely` be nothing else."""
    if isinstance(value, Dim):
        return value
    if isinstance(value, int):
        return const(int(value))
    if isinstance(value, Unknown):
        size = current().as_size(value, surely=surely)
        if size is None:
            raise NotKnown(value.reason)
        return size
    need(isinstance(value, (NumberType, Tensor)), f"a {type(value).__name__} is no size")
    return current().fresh("n")


@op("torch.randperm")
def randperm(n: Dim, *, dtype: Values = None, device: Values = None) -> Tensor:
    """n -> (n,). https://docs.pytorch.org/docs/stable/generated/torch.randperm.html"""
    return made((n,), dtype_named(dtype, "int64"), device)


randperm.gives("B*L", "(B*L,)")


@op("torch.eye")
def eye(n: Dim, m: Dim | None = None, *, dtype: Values = None, device: Values = None) -> Tensor:
    """n, m -> (n, m); n -> (n, n). https://docs.pytorch.org/docs/stable/generated/torch.eye.html"""
    return made((n, n if m is None else m), dtype_named(dtype, "float32"), device)


eye.gives("N", "(N, N)")
eye.gives("N, M", "(N, M)")


@op("torch.empty_strided")
def empty_strided(size: Sizes, stride: Sizes, *, dtype: Values = None, device: Values = None) -> Tensor:
    """sizes, strides -> (*sizes). https://docs.pytorch.org/docs/stable/generated/torch.empty_strided.html"""
    need(len(size) == len(stride), f"empty_strided with {len(size)} sizes and {len(stride)} strides")
    return strided(made(size, dtype_named(dtype, "float32"), device), size, stride)


empty_strided.gives("(B, L), (1, B)", "(B, L)")
empty_strided.fails("(2, 3), (1,)", "2 sizes and 1 strides")


@op("torch.empty_permuted")
def empty_permuted(size: Sizes, physical_layout: Values, *, dtype: Values = None, device: Values = None) -> Tensor:
    """sizes -> (*sizes). https://docs.pytorch.org/docs/stable/generated/torch.empty_permuted.html"""
    if isinstance(physical_layout, (tuple, list)):
        given = len(physical_layout)
        need(given == len(size), f"empty_permuted with {len(size)} sizes and an order of {given} dims")
    return strided(made(size, dtype_named(dtype, "float32"), device), size, None)


@op("torch.empty_like", "torch.zeros_like", "torch.ones_like", "torch.rand_like", "torch.randn_like")
def zeros_like(input: Tensor, *, dtype: Values = None, device: Values = None, memory_format: Values = None) -> Tensor:
    """(*) -> (*). https://docs.pytorch.org/docs/stable/generated/torch.zeros_like.html"""
    return _like(input, dtype, memory_format)


zeros_like.gives("(B, L)", "(B, L)")


@op("torch.randint_like")
def randint_like(
    input: Tensor, low: Values = 0, high: Values = None, *, dtype: Values = None, device: Values = None
) -> Tensor:
    """(*), low, high (or high) -> (*). https://docs.pytorch.org/docs/stable/generated/torch.randint_like.html"""
    _need_order(*((0, low) if high is None else (low, high)))
    return _like(input, dtype)


randint_like.gives("(B, L), 0, 10", "(B, L)")
randint_like.fails("(2, 3), 5, 5", "random ints from 5 up to 5")


@op("torch.full_like")
def full_like(input: Tensor, fill_value: Values, *, dtype: Values = None, device: Values = None) -> Tensor:
    """(*) -> (*). https://docs.pytorch.org/docs/stable/generated/torch.full_like.html"""
    return _like(input, dtype)


full_like.gives("(B, L), 0.5", "(B, L)")


def _like(input: Tensor, dtype: object, memory_format: object = None) -> Tensor:
    layout = in_format(input, memory_format, kept(input))
    return Tensor(input.shape, layout, dtype_named(dtype, input.dtype), input.device)


@op("torch.Tensor.new_empty", "torch.Tensor.new_zeros", "torch.Tensor.new_ones")
def new_zeros(input: Tensor, *size: Dim, dtype: Values = None, device: Values = None) -> Tensor:
    """sizes -> (*sizes), of the receiver's dtype. https://docs.pytorch.org/docs/stable/generated/torch.Tensor.new_zeros.html"""
    return made(size, dtype_named(dtype, input.dtype), input.device if device is None else device)


new_zeros.gives("(B, L), B, H", "(B, H)")
new_zeros.gives("(B, L), (B, H)", "(B, H)")


@op("torch.Tensor.new")
def new(input: Tensor, *what: RowValues, device: Values = None) -> Tensor:
    """sizes -> (*sizes); a list -> the shape of its nesting; a tensor -> its own shape; of the receiver's dtype.

    https://docs.pytorch.org/docs/stable/tensors.html
    """
    if len(what) == 1 and isinstance(what[0], (list, Row, Tensor)):
        return Tensor(literal(what[0]).shape, "contiguous", input.dtype, input.device)
    positional, named = new_zeros.signature.bind((input, *what), {})
    sized: Tensor = new_zeros.rule(*positional, **named)
    return sized


new.gives("(B, L), B, H", "(B, H)")
new.gives("(B, L), (B, H)", "(B, H)")
new.gives("(B, L), [5, 3, 2]", "(3,)")


@op("torch.Tensor.new_full")
def new_full(input: Tensor, size: Sizes, fill_value: Values, *, dtype: Values = None, device: Values = None) -> Tensor:
    """sizes -> (*sizes), of the receiver's dtype. https://docs.pytorch.org/docs/stable/generated/torch.Tensor.new_full.html"""
    return made(size, dtype_named(dtype, input.dtype), input.device)


new_full.gives("(B, L), (B, H), 0.5", "(B, H)")


@op("torch.Tensor.new_empty_strided")
def new_empty_strided(
    input: Tensor, size: Sizes, stride: Sizes, *, dtype: Values = None, device: Values = None
) -> Tensor:
    """sizes, strides -> (*sizes). https://docs.pytorch.org/docs/stable/tensors.html"""
    need(len(size) == len(stride), f"new_empty_strided with {len(size)} sizes and {len(stride)} strides")
    return strided(made(size, dtype_named(dtype, input.dtype), input.device), size, stride)


@op("torch.tensor", "torch.as_tensor", "torch.asarray", "torch.from_numpy")
def tensor(data: RowValues, dtype: Values = None, device: Values = None, *, copy: Values = None) -> Tensor:
    """nested lists -> the shape of their nesting; a number -> (); an array or a tensor -> its own shape.

    https://docs.pytorch.org/docs/stable/generated/torch.tensor.html
    """
    found = current().as_tensor(data) if isinstance(data, Unknown) else literal(data)
    if found is None:
        raise NotKnown(data.reason)
    kind = found.dtype if dtype is None else dtype_named(dtype)
    where = None if found.device == "numpy" else found.device
    return Tensor(found.shape, found.layout or "contiguous", kind, where, items=found.items)


tensor.gives("[[1, 2, 3], [4, 5, 6]]", "(2, 3)")
tensor.gives("0.5", "()")
tensor.fails("[[1, 2, 3], [4, 5]]", "item 1 of a list has 2 elements, the first has 3")


@op("torch.Tensor.new_tensor")
def new_tensor(input: Tensor, data: RowValues, *, dtype: Values = None, device: Values = None) -> Tensor:
    """nested lists -> the shape of their nesting.

    https://docs.pytorch.org/docs/stable/generated/torch.Tensor.new_tensor.html
    """
    result: Tensor = tensor.rule(data)
    return result.typed(dtype_named(dtype, input.dtype))


def _constructor(dtype: str) -> Any:
    def rule(*size: RowValues, device: Values = None) -> Tensor:
        """sizes -> (*sizes), none -> (0,); nested lists -> the shape of their nesting; a tensor -> its own shape.

        https://docs.pytorch.org/docs/stable/tensors.html
        """
        if len(size) == 1 and isinstance(size[0], tuple) and all(isinstance(item, Dim) for item in size[0]):
            raise NotKnown("whether a tuple is data or a tensor's sizes")
        if len(size) == 1 and isinstance(size[0], Unknown):
            # a parameter that is a size elsewhere is no unknown any more
            raise KindNotKnown("whether it is data or a tensor's size")
        if len(size) == 1 and isinstance(size[0], (list, tuple, Tensor, Row)):
            return cast(Tensor, tensor.rule(size[0])).typed(dtype)
        return made(tuple(size_of(item) for item in size) or (const(0),), dtype)

    return rule


CONSTRUCTORS = {
    "Tensor": "float32", "FloatTensor": "float32", "DoubleTensor": "float64", "HalfTensor": "float16",
    "BFloat16Tensor": "bfloat16", "LongTensor": "int64", "IntTensor": "int32", "ShortTensor": "int16",
    "CharTensor": "int8", "ByteTensor": "uint8", "BoolTensor": "bool",
}  # fmt: skip

for _name, _dtype in CONSTRUCTORS.items():
    _entry = Op(_constructor(_dtype), (f"torch.{_name}", f"torch.cuda.{_name}"))
    _entry.gives("B, L", "(B, L)")
    _entry.gives("[[[1, 2, 3], [4, 5, 6]]]", "(1, 2, 3)")
    _entry.gives("", "(0,)")
    add(_entry)


@op("torch.complex")
def complex_(real: Tensor, imag: Tensor) -> Tensor:
    """(*a), (*b) -> their broadcast, of complex numbers.

    https://docs.pytorch.org/docs/stable/generated/torch.complex.html
    """
    return elementwise(real, imag, dtype=complex_of(real.dtype))


complex_.gives("(B, L), (B, L)", "(B, L)")
complex_.fails("(2, 3), (4,)", "3 against 4 in dim -1")


@op("torch.polar")
def polar(abs: Tensor, angle: Tensor) -> Tensor:
    """(*a), (*b) -> their broadcast, of complex numbers.

    https://docs.pytorch.org/docs/stable/generated/torch.polar.html
    """
    return elementwise(abs, angle, dtype=complex_of(abs.dtype))


polar.gives("(B, L), (B, L)", "(B, L)")


@op("torch.sparse_coo_tensor")
def sparse_coo_tensor(
    indices: Values = None, values: Values = None, size: Sizes | None = None, *, dtype: Values = None,
    device: Values = None, check_invariants: Values = None, is_coalesced: Values = None,
) -> Tensor:  # fmt: skip
    """indices (r, n), values (n, *d), sizes -> (*sizes); without sizes r unknown ones and d.

    https://docs.pytorch.org/docs/stable/generated/torch.sparse_coo_tensor.html
    """
    given = literal(values) if values is not None and not isinstance(values, Unknown) else None
    kind = dtype_named(dtype, given.dtype if given is not None else None)
    if size is not None:
        return made(size, kind, device)
    if indices is None:
        raise CannotRun("the argument indices is missing")
    places = literal(indices)
    rank = number(places.shape[0])
    if rank is None or given is None:
        raise NotKnown("the sizes of a sparse tensor")
    dims = tuple(current().fresh("n") for _ in range(rank))
    return Tensor(Shape((*dims, *given.shape.dims[1:])), None, kind)


sparse_coo_tensor.gives("int64 (2, n), (n,), (M, N)", "(M, N)")
sparse_coo_tensor.gives("size=(M, N)", "(M, N)")


@op("torch.sparse_csr_tensor", "torch.sparse_csc_tensor", "torch.sparse_bsr_tensor", "torch.sparse_bsc_tensor")
def sparse_csr_tensor(
    crow_indices: Values, col_indices: Values, values: Values, size: Sizes | None = None, *, dtype: Values = None,
    device: Values = None, check_invariants: Values = None,
) -> Tensor:  # fmt: skip
    """indices, values, sizes -> (*sizes). https://docs.pytorch.org/docs/stable/generated/torch.sparse_csr_tensor.html"""
    if size is None:
        raise NotKnown("the sizes of a sparse tensor")
    return made(size, dtype_named(dtype, values.dtype if isinstance(values, Tensor) else None), device)


sparse_csr_tensor.gives("int64 (3,), int64 (n,), (n,), (2, 3)", "(2, 3)")
