"""The abstract values that operators take and give: a tensor known by shape, layout, dtype and device."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from shapelint.dims import Dim, const, product
from shapelint.shapes import Shape

Layout: TypeAlias = tuple[Dim, ...] | Literal["contiguous"] | None
"""Strides in elements; "contiguous" for those of a freshly made tensor; None where they are not known."""

FLOATING = frozenset({"float16", "bfloat16", "float32", "float64"})
INTEGRAL = frozenset("uint8 int8 int16 int32 int64 uint16 uint32 uint64".split())

DEFAULT_DEVICE = "the default device"
PLAIN_ATTRIBUTE = "where __init__ made it"
INPUT_DEVICE = "the device of the inputs"
MODULE_DEVICE = "the device of the module"
INPUT_OR_ARRAY = "the device of the inputs, unless it is an array of NumPy"
PERHAPS_ARRAY = "any device, unless it is an array of NumPy"
PLACES = frozenset({DEFAULT_DEVICE, PLAIN_ATTRIBUTE, INPUT_DEVICE, MODULE_DEVICE, INPUT_OR_ARRAY, PERHAPS_ARRAY})
"""What is known of where a tensor lies without the name of a device."""

ADDRESS = "an address"
"""Where a value lies that is no tensor, but an address of elements in memory, or a block of such in a kernel."""

PERHAPS_ARRAYS = frozenset({INPUT_OR_ARRAY, PERHAPS_ARRAY})
"""Where a value lies of which only such things were asked that tensors and arrays of NumPy both have."""


def device_of_either(one: str | None, other: str | None) -> str | None:
    """Where a value lies that lies in the one place or in the other: what may be an array on one path, may be one."""
    if one == other:
        return one
    return None if PERHAPS_ARRAYS.isdisjoint((one, other)) and "numpy" not in (one, other) else PERHAPS_ARRAY


@dataclass(frozen=True, slots=True)
class Tensor:
    """What is known of a tensor. `dtype` is PyTorch's name without `torch.` ("float32", "bool"), None if not known.

    `expanded` is True for a view in which one element of memory may stand at several places; `spread` is a dim along
    which it surely does, of a tensor as `expand` gave it, where nothing else is known of its strides.
    `device` is "numpy" for an array of NumPy, whose methods are not those of a tensor; one of PLACES; or a device's own
    name.
    `items` holds the ints of a small integer tensor that was written out in the code. `number` is the one that a tensor
    of no dims holds, as a size, if it holds an int: `lengths.max()`. Two tensors of the same `elements`, a number, hold
    the same numbers: what a caller gives, on whatever device.
    """

    shape: Shape
    layout: Layout = None
    dtype: str | None = None
    device: str | None = None
    expanded: bool = False
    items: tuple[int, ...] | None = None
    number: Dim | None = None
    elements: int | None = None
    spread: int | None = None

    @property
    def rank(self) -> int:
        """The number of dims. Raises NotKnown."""
        return self.shape.rank

    def with_shape(self, *sizes: Dim | int) -> Tensor:
        """A new contiguous tensor of this dtype and device with these sizes."""
        return Tensor(Shape.of(*sizes), "contiguous", self.dtype, self.device)

    def made(self, shape: Shape, dtype: str | None = "same") -> Tensor:
        """A new tensor of this device with another shape, and another dtype where one is given."""
        return Tensor(shape, "contiguous", self.dtype if dtype == "same" else dtype, self.device)

    def seen_as(self, shape: Shape, layout: Layout) -> Tensor:
        """A view of this tensor: the same elements under another shape and layout."""
        return Tensor(shape, layout, self.dtype, self.device, self.expanded)

    def typed(self, dtype: str | None) -> Tensor:
        """This tensor with another dtype."""
        number = self.number if dtype in (None, *INTEGRAL) else None
        return replace(self, dtype=dtype, items=None, spread=None, number=number)

    @property
    def strides(self) -> tuple[Dim, ...] | None:
        """How many elements of memory lie between neighbours along each dim, None where that is not known."""
        if self.layout == "contiguous":
            return contiguous_strides(self.shape) if self.shape.known else None
        return self.layout


def contiguous_strides(shape: Shape) -> tuple[Dim, ...]:
    """The strides of a freshly made tensor: each is the product of the sizes after it."""
    sizes = shape.dims
    return tuple(product(sizes[position + 1 :]) for position in range(len(sizes)))


def scalar(dtype: str | None = None) -> Tensor:
    """A tensor of no dims."""
    return Tensor(Shape(), "contiguous", dtype)


ONE = const(1)


_made = itertools.count(1)


def new_elements() -> int:
    """What tells the elements of a tensor that a caller gives from those of all others."""
    return next(_made)


OBJECT = "an object that "
"""How the reason of an unknown begins that a class made of which nothing is known, and of what is made of one."""

UNSEEN = " (not seen)"
"""How the reason of an unknown ends that code gives which is not seen: another library, an operator added to torch."""


class Unknown:
    """A value of which nothing is known, with the reason.

    `origin` is the name under which the author knows it (a parameter's). Used as a size it is a symbol of that name:
    `free` where a caller chooses it, at least `minimum`. `may_be_none` where None may stand in its place; `of_sizes`
    where it may be a row of sizes that a caller chooses; `is_input` for a parameter of the function that is looked at;
    `may_be_size` is False where its annotation says that it is a list or text; `is_result` for what an unknown function
    gave: it may be an array of NumPy as well as a tensor. `of_input` for an attribute or an item of a parameter, or of
    one of these: a caller chooses it, though perhaps together with others. `given` where it is at least taken out of
    what a caller gives, under whatever key. `unset` for an attribute that is None until a method sets it. `calculated`
    is the operator and the two sides that gave it, which were not known to be numbers: it is a size where they are.
    `size` is the symbol that it is where it is used as one: on two paths that know nothing of each other it is the same
    size. `default` is what it is taken for where it is called. `before` is the same value as it was before a condition
    told that it is not None. `dtype` is that of the tensor that it is by its annotation, if it is one. `keeps` where it
    is a norm or an activation by the names of what made it, so that what it is called with keeps its shape. `instead`
    is what may stand in its place where a caller gives None. `is_number` where that is a number: what else a caller
    gives is one, too. `annotated` is the class of the program of which its annotation says that it is an instance.
    `may_be_row` where nothing tells that a parameter, alone in the place of sizes, is one of them and no row.
    `of_class` is the class of the program of which its default is one, as its annotation or its name tells.
    `is_item` for one of several that go by the name of the whole.
    `parts` are those of its attributes and items, `.width` and `[0]`, that the code has asked for. `told_by` for a
    condition is what tells it, where it was kept under a name.
    """

    __slots__ = (
        "annotated", "before", "calculated", "default", "dtype", "free", "given", "instead", "is_input", "is_item",
        "is_number", "is_result", "keeps", "line", "made", "may_be_none", "may_be_row", "may_be_size", "minimum",
        "of_class", "of_input", "of_sizes", "origin", "parts", "reason", "size", "told_by", "unset",
    )  # fmt: skip

    def __init__(
        self,
        reason: str,
        origin: str = "",
        line: int = 0,
        *,
        free: bool = False,
        minimum: int = 1,
        may_be_none: bool = True,
        of_sizes: bool = False,
        is_input: bool = False,
        may_be_size: bool = True,
        is_result: bool = False,
        of_input: bool = False,
        given: bool = False,
        unset: bool = False,
        calculated: tuple[str, Any, Any] | None = None,
    ) -> None:
        self.reason, self.origin, self.line, self.of_sizes = reason, origin, line, of_sizes
        self.free, self.minimum, self.may_be_none, self.is_input = free, minimum, may_be_none, is_input
        self.may_be_size, self.is_result, self.calculated = may_be_size, is_result, calculated
        self.of_input, self.unset, self.given = of_input, unset, given or is_input or of_input
        self.made = next(_made)  # the later, the greater
        self.size: Dim | None = None
        self.default: Any = None
        self.dtype: str | None = None
        self.before: Unknown | None = None
        self.keeps = False
        self.instead: tuple[Dim | Unknown, ...] = ()
        self.is_number = False
        self.is_item = False
        self.of_class: Any = None
        self.may_be_row = False
        self.annotated: Any = None
        self.parts: dict[str, Unknown] = {}
        self.told_by: Any = None

    @property
    def first(self) -> Unknown:
        """The value as it was before any condition told that it is not None."""
        value = self
        while value.before is not None:
            value = value.before
        return value

    @property
    def is_row(self) -> bool:
        """Whether it is a row of sizes: by its annotation, or because the code takes the first of its items."""
        whole = self.first
        return bool(whole.origin) and (
            (whole.of_sizes and not whole.free) or "[0]" in whole.parts or "[1]" in whole.parts
        )

    @property
    def is_object(self) -> bool:
        """Whether it is an object with operators and methods of its own, and no tensor."""
        return self.reason.startswith(OBJECT)

    def part(self, name: str) -> Unknown:
        """A part of a named unknown, `.attribute` or `[item]`: the same unknown each time, named after it."""
        whole = self.first
        if name not in whole.parts:
            part = whole.parts[name] = Unknown(
                f"{whole.origin}{name} is not known",
                f"{whole.origin}{name}",
                whole.line,
                is_result=whole.is_result,
                of_input=whole.is_input or whole.of_input,
                given=whole.given,
            )
            part.made = whole.made
        return whole.parts[name]

    def __repr__(self) -> str:
        return f"Unknown({self.reason!r})"
