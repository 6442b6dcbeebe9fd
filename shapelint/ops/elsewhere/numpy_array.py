"""Arrays of NumPy: what `.numpy()` and `np.asarray` give, and the methods that an array has in the place of a tensor's.

An array is a Tensor whose device is "numpy". What NumPy would refuse is left open: it is not PyTorch's code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shapelint.dims import const, product
from shapelint.ops.along import found, of_rank, replaced
from shapelint.ops.dtypes import dtype_named
from shapelint.ops.families.axes import reordered, squeeze, transpose
from shapelint.ops.families.convert import converted
from shapelint.ops.families.reduce import reduced_shape
from shapelint.ops.families.view import whole_count
from shapelint.ops.literal import literal
from shapelint.ops.needs import CannotRun, current
from shapelint.ops.registry import Op, add, op
from shapelint.ops.signature import Parameter, RowValues, Values, convert, convert_all
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.shapes import NotKnown, Shape

PAGE = "https://numpy.org/doc/stable/reference/generated/numpy.ndarray"


def as_array(tensor: Tensor) -> Tensor:
    """The same elements as an array."""
    return replace(tensor, device="numpy")


@op("torch.Tensor.numpy", "torch.Tensor.__array__")
def numpy(input: Tensor, *arguments: Values, force: Values = False) -> Tensor:
    """(*) -> (*), as an array of NumPy. https://docs.pytorch.org/docs/stable/generated/torch.Tensor.numpy.html"""
    return as_array(input)


@op("numpy.array", "numpy.asarray", "numpy.ascontiguousarray", "numpy.copy")
def array_of(data: RowValues, *arguments: Values, **named: Values) -> Tensor:
    """(*) -> (*), an array or tensor as an array; nested lists -> the shape of their nesting.

    https://numpy.org/doc/stable/reference/generated/numpy.asarray.html
    """
    if isinstance(data, Unknown):
        raise NotKnown(data.reason)
    if "ndmin" in named:
        raise NotKnown("how many dims there are at least")
    if isinstance(data, Tensor):
        return as_array(current().settle(data))
    try:
        made = literal(data)
    except CannotRun as refusal:  # an array of objects, or of texts
        raise NotKnown(refusal.reason) from None
    return as_array(Tensor(made.shape, None, items=made.items))


# -- methods -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a method is given beside the array."""

    places: Sequence[Any]
    named: Mapping[str, Any]

    def get(self, place: int, name: str, kind: str, default: Any = None) -> Any:
        """One argument, turned into a kind. Raises NotKnown or CannotRun."""
        if name not in self.named and len(self.places) <= place:
            return default
        value = self.named[name] if name in self.named else self.places[place]
        return convert(value, Parameter(name, kind, True, default))

    def row(self, name: str, kind: str) -> list[Any]:
        """All places, or the one argument of this name: `reshape(2, 3)`, `reshape((2, 3))`, `reshape(shape=...)`."""
        if not self.places and name not in self.named:
            raise NotKnown(f"the argument {name}")
        return convert_all(self.places or (self.named[name],), Parameter(name, kind, False, None, variadic=True))


Method = Callable[[Tensor, Arguments], Tensor]


def _same(array: Tensor, given: Arguments) -> Tensor:
    return array


def _astype(array: Tensor, given: Arguments) -> Tensor:
    kind = given.get(0, "dtype", "Values")
    return converted(array, dtype_named(kind) if isinstance(kind, (str, type)) else None)


def _transposed(array: Tensor, given: Arguments) -> Tensor:
    axes = [axis for axis in given.places if axis is not None]
    if not axes:
        return reordered(array, tuple(reversed(range(array.rank))))
    order = convert_all(axes, Parameter("axes", "int", False, None, variadic=True))
    array = of_rank(array, len(order))
    places = tuple(found(array, axis)[1] for axis in order)
    if sorted(places) != list(range(array.rank)):
        raise NotKnown("the order of the axes")
    return reordered(array, places)


def _swapped(array: Tensor, given: Arguments) -> Tensor:
    result: Tensor = transpose.rule(array, given.get(0, "axis1", "int"), given.get(1, "axis2", "int"))
    return result


def _reshaped(array: Tensor, given: Arguments) -> Tensor:
    return array.made(Shape(whole_count(array, tuple(given.row("shape", "Dim")))))


def _flat(array: Tensor, given: Arguments) -> Tensor:
    return array.made(Shape(whole_count(array, (const(-1),))))


def _squeezed(array: Tensor, given: Arguments) -> Tensor:
    axis = given.get(0, "axis", "Ints")
    if axis is None:
        result: Tensor = squeeze.rule(array)
        return result
    for each in axis:  # which must be of size 1, other than in PyTorch
        seen, at = found(array, each)
        if current().facts.equality(seen.shape[at], const(1)) is False:
            raise NotKnown(f"squeezing an axis of size {seen.shape[at]}")
    return array.made(reduced_shape(array, axis, False))


def _reduced(array: Tensor, given: Arguments) -> Tensor:
    if "returned" in given.named:
        raise NotKnown("whether the weights are given back, too")
    keep = given.get(99, "keepdims", "bool", False)
    return array.made(reduced_shape(array, given.get(0, "axis", "Ints"), keep), None)


def _running(array: Tensor, given: Arguments) -> Tensor:
    return array if given.get(0, "axis", "int") is not None else _flat(array, given)


def _repeated(array: Tensor, given: Arguments) -> Tensor:
    count, axis = given.get(0, "repeats", "Dim"), given.get(1, "axis", "int")
    if axis is None:
        return array.made(Shape((product(array.shape.dims) * count,)))
    seen, at = found(array, axis)
    return array.made(replaced(seen.shape, at, seen.shape[at] * count))


def _dotted(array: Tensor, given: Arguments) -> Tensor:
    other = given.get(0, "b", "Tensor")
    if not array.rank or not other.rank:
        return array.made(array.shape if array.rank else other.shape)
    summed = other.shape.dims[:-2] + other.shape.dims[-1:] if other.rank > 1 else ()
    return array.made(Shape((*array.shape.dims[:-1], *summed)))


METHODS: dict[str, tuple[Method, str]] = {
    **dict.fromkeys(
        "copy clip round conj conjugate byteswap newbyteorder argsort __array__".split(), (_same, "(*) -> (*)")
    ),
    "astype": (_astype, "(*) -> (*), of another dtype"),
    "transpose": (_transposed, "(d0, ..., dn) -> (d[axes[0]], ..., d[axes[n]]); without axes reversed"),
    "swapaxes": (_swapped, "(..., m, ..., n, ...) -> (..., n, ..., m, ...)"),
    "reshape": (_reshaped, "(*a) -> (*shape) of as many elements; one -1 is worked out"),
    **dict.fromkeys(("flatten", "ravel"), (_flat, "(*a) -> (the product of a,)")),
    "squeeze": (_squeezed, "(*a, 1, *b) -> (*a, *b)"),
    **dict.fromkeys(
        "sum prod mean std var min max any all argmin argmax ptp".split(),
        (_reduced, "(*a, d, *b) -> (*a, *b), with keepdims (*a, 1, *b), for each d of `axis`; without `axis` -> ()"),
    ),
    **dict.fromkeys(("cumsum", "cumprod"), (_running, "(*) -> (*), along `axis`; without it in one row")),
    "dot": (_dotted, "(*a, k), (*b, k, n) -> (*a, *b, n); (k,) on the right stands for a column"),
    "repeat": (_repeated, "(*a, d, *b), r -> (*a, d*r, *b); without `axis` in one row"),
}


def _method(name: str, method: Method, formula: str) -> None:
    def rule(array: Tensor, *arguments: Values, **named: Values) -> Tensor:
        try:
            return method(array, Arguments(arguments, named))
        except CannotRun as refusal:
            raise NotKnown(refusal.reason) from None

    rule.__doc__ = f"{formula}.\n\n{PAGE}.{name}.html"
    add(Op(rule, (f"numpy.ndarray.{name}",)))


for _name, (_rule, _formula) in METHODS.items():
    _method(_name, _rule, _formula)


@op("numpy.ndarray.tolist", "numpy.ndarray.item", "numpy.ndarray.tobytes")
def plain_value(array: Tensor, *arguments: Values) -> Unknown:
    """(*) -> numbers, of which nothing is known. https://numpy.org/doc/stable/reference/arrays.ndarray.html"""
    return Unknown("a value that an array holds")
