"""Binding a call's values to a rule's parameters, each turned into the kind of value that the rule asks for.

The kinds, as a rule's annotations write them:

    Tensor      a tensor                            Operand   a tensor or a number
    Dim         a size, perhaps symbolic            int       a number that must be known
    Sizes       a tuple of sizes (one is a tuple)   Ints      a tuple of known numbers (one is a tuple)
    Tensors     a list or tuple of tensors          bool, str, float, dtype   as in Python
    Row         tensors of which the number is a size of its own: what a loop of `n` turns makes
    Extent      one size, or a tuple of one for each axis (None where the operator takes it); Unknown where it is not
                known which: `spread` makes a size of its own for each axis of it
    Padding     an Extent, or a word: "same", "valid"
    Values      whatever the call says, untouched; RowValues a Row, too
    X | Y       the first of several kinds that fits (Tensor | Ints); an unknown value is none of them
    X | None    or None; `*sizes: Dim` takes `view(2, 3)` and `view((2, 3))` alike
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from shapelint.dims import Dim, const
from shapelint.ops.dtypes import dtype_named
from shapelint.ops.elements import as_length
from shapelint.ops.needs import CannotRun, WrongKind, current
from shapelint.ops.rows import Many, Row
from shapelint.ops.tensor import INTEGRAL, Tensor, Unknown, scalar
from shapelint.shapes import NotKnown

Operand: TypeAlias = Tensor
Sizes: TypeAlias = tuple[Dim, ...]
Ints: TypeAlias = tuple[int, ...]
Extent: TypeAlias = Dim | tuple[Dim | None, ...] | Unknown
Padding: TypeAlias = Dim | tuple[Dim | None, ...] | Unknown | str
Tensors: TypeAlias = tuple[Tensor, ...]
Values: TypeAlias = Any
RowValues: TypeAlias = Any
DType: TypeAlias = str

IGNORED_KEYWORDS = frozenset(
    {"out", "layout", "requires_grad", "pin_memory", "memory_format", "generator", "names", "optimize", "backend"}
)
"""Keywords that any operator may be given and that change no shape."""


@dataclass(frozen=True, slots=True)
class NumberType:
    """A number of which only the type matters: the value of `x.item()`, `0.5`; perhaps the square root of a size."""

    dtype: str
    square: Dim | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a rule: its kind, whether None may stand in its place, and its default."""

    name: str
    kind: str
    optional: bool
    default: Any
    variadic: bool = False
    keyword_only: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """The parameters of a rule, in order."""

    parameters: tuple[Parameter, ...]
    open: bool = False  # takes any other keyword too, and gives it to the rule untouched
    trailing: int = 0  # how many more arguments PyTorch takes behind these, which change no shape
    factored: bool = False  # a sum with factors, which stand before its tensors in the old form, which runs

    @staticmethod
    def of(function: Callable[..., Any], *, method: bool = False) -> Signature:
        """Read a rule's signature; `method` leaves `self` out."""
        found = []
        listed = list(inspect.signature(function).parameters.values())
        listed = listed[1:] if method else listed
        open_ended = bool(listed) and listed[-1].kind is inspect.Parameter.VAR_KEYWORD
        for parameter in listed[:-1] if open_ended else listed:
            words = [word.strip() for word in str(parameter.annotation).split("|")]
            kinds = [word for word in words if word != "None"]
            found.append(
                Parameter(
                    parameter.name,
                    kinds[0] if len(kinds) == 1 else " | ".join(kinds),
                    "None" in words,
                    parameter.default,
                    parameter.kind is inspect.Parameter.VAR_POSITIONAL,
                    parameter.kind is inspect.Parameter.KEYWORD_ONLY,
                )
            )
        return Signature(tuple(found), open_ended)

    def bind(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """The positional and keyword values to call the rule with. Raises CannotRun or NotKnown."""
        given = self._assign(args, kwargs)
        for parameter in self.parameters:
            if "Row" not in parameter.kind and parameter.name in given:
                given[parameter.name] = _without_rows(given[parameter.name])
        positional: list[Any] = []
        named: dict[str, Any] = {}
        for parameter in self.parameters:
            if parameter.variadic:
                positional.extend(convert_all(given.get(parameter.name, ()), parameter))
            elif parameter.name in given:
                value = convert(given[parameter.name], parameter)
                if parameter.keyword_only:
                    named[parameter.name] = value
                else:
                    positional.append(value)
            elif parameter.default is inspect.Parameter.empty:
                raise CannotRun(f"the argument {parameter.name} is missing")
            elif parameter.keyword_only:
                named[parameter.name] = parameter.default
            else:
                positional.append(parameter.default)
        if self.open:
            declared = {parameter.name for parameter in self.parameters}
            named.update({key: value for key, value in given.items() if key not in declared})
        return positional, named

    def _assign(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
        given: dict[str, Any] = {}
        taken = sum(not parameter.keyword_only for parameter in self.parameters)
        rest = _without_factors(args, taken) if self.factored else list(args)
        for parameter in self.parameters:
            if parameter.keyword_only:
                break
            if parameter.variadic:
                if rest:
                    given[parameter.name] = tuple(rest)
                    rest = []
                break
            if rest:
                given[parameter.name] = rest.pop(0)
        if len(rest) > self.trailing:
            raise CannotRun(f"takes {taken} arguments, {len(args)} were given")
        names = {parameter.name: parameter for parameter in self.parameters}
        for key, value in kwargs.items():
            name = key if key in names else next((known for known in ALIASES.get(key, ()) if known in names), key)
            if name in names:
                if name in given:
                    raise CannotRun(f"two values for the argument {key}")
                given[name] = (value,) if names[name].variadic else value
            elif self.open:
                given[key] = value
            elif key not in IGNORED_KEYWORDS:
                raise NotKnown(f"the argument {key}")
        return given


def _without_factors(args: Sequence[Any], taken: int) -> list[Any]:
    """The tensors among the arguments of an operator that takes so many, and is given one or two factors between them.

    `input, alpha, other`; `beta, input, alpha, mat1, mat2` or, of a method, `input, beta, alpha, mat1, mat2`, of which
    alpha may lack.
    """
    if taken > 3 or not taken < len(args) <= 2 * taken - 1:
        return list(args)
    first = args[0] if taken == 2 or isinstance(args[0], Tensor) else args[1]
    return [first, *args[len(args) - taken + 1 :]]


def _without_rows(value: Any) -> Any:
    """A value for a rule that takes no row: such a list is one of which no more is known."""
    if isinstance(value, Row):
        return Unknown("a list whose length is not known")
    if type(value) in (tuple, list) and any(isinstance(part, (Row, tuple, list)) for part in value):
        return type(value)(map(_without_rows, value))
    return value


ALIASES: dict[str, tuple[str, ...]] = {
    "axis": ("dim",), "axis0": ("dim0",), "axis1": ("dim1",), "keepdims": ("keepdim",),
    "self": ("input", "A", "x"), "input": ("A", "x"), "A": ("input",), "x": ("input",), "x1": ("input",),
    "x2": ("other",), "other": ("B", "y"), "b": ("B",), "tensor": ("other",), "tensor2": ("other",),
    "exponent": ("other",), "values": ("other",), "input2": ("L", "tau", "other"), "input3": ("other",),
    "sections": ("indices_or_sections",), "indices": ("indices_or_sections",),
    "split_size": ("split_size_or_sections",), "src": ("other",), "the_template": ("other",), "train": ("training",),
    "size": ("sizes", "shape"), "ccol_indices": ("crow_indices",), "row_indices": ("col_indices",),
}  # fmt: skip
"""Other names of parameters, as NumPy, the pages or the binding spell them: the first that a rule has is meant."""


def convert_all(values: Any, parameter: Parameter) -> list[Any]:
    """The values of a variadic parameter: `2, 3`, or one tuple of them."""
    if parameter.kind in ("Values", "RowValues"):
        return list(values)
    if len(values) == 1 and isinstance(values[0], (tuple, list)):
        values = values[0]
    elif len(values) == 1 and isinstance(values[0], Unknown) and parameter.kind in ("Dim", "int"):
        values = (_lone_size(values[0]),)
    if parameter.kind == "Dim" and len(values) > 1:
        return [_size_among(value, parameter.name) for value in values]
    return [convert(value, parameter) for value in values]


def convert(value: Any, parameter: Parameter) -> Any:
    """A value turned into a parameter's kind. Raises CannotRun where it can be none, NotKnown where that is open."""
    if value is None:
        if parameter.optional or parameter.kind in ("Values", "RowValues"):
            return None
        raise CannotRun(f"{parameter.name} is None")
    if isinstance(value, Unknown) and parameter.optional and parameter.kind in ("float", "DType"):
        return None
    if parameter.kind == "DType" and not isinstance(value, str):
        return dtype_named(value)  # `dtype: int`, as TorchScript has it
    if isinstance(value, Unknown) and parameter.kind == "Dim" and not (parameter.optional and value.may_be_none):
        return _size_among(value, parameter.name)
    if " | " in parameter.kind:
        return _first_that_fits(value, parameter)
    converter = CONVERTERS.get(parameter.kind)
    if converter is None:
        return value
    return converter(value, parameter.name)


def _first_that_fits(value: Any, parameter: Parameter) -> Any:
    if isinstance(value, Unknown):
        raise NotKnown(value.reason)
    first, *others = parameter.kind.split(" | ")
    try:
        return convert(value, replace(parameter, kind=first))
    except (CannotRun, NotKnown):
        for kind in others:
            with suppress(CannotRun, NotKnown):
                return convert(value, replace(parameter, kind=kind))
        raise


def _tensor(value: Any, name: str) -> Tensor:
    if isinstance(value, Tensor):
        return current().settle(value)
    if isinstance(value, Unknown):
        tensor = current().as_tensor(value)
        if tensor is None:
            raise NotKnown(value.reason)
        return tensor
    raise _refusal(value, name, "a tensor")


def _operand(value: Any, name: str) -> Tensor:
    if isinstance(value, bool):
        return scalar("bool")
    if isinstance(value, (Dim, int)):
        return scalar("number int64")
    if isinstance(value, (float, complex)):
        return scalar("number float32")
    if isinstance(value, NumberType):
        return scalar(f"number {value.dtype}")
    return _tensor(value, name)


def _size(value: Any, name: str) -> Dim:
    if isinstance(value, bool):
        return const(int(value))
    if isinstance(value, Dim):
        return value
    if isinstance(value, int):
        return const(value)
    if isinstance(value, Unknown):
        size = current().as_size(value)
        if size is not None:
            return size
        raise NotKnown(value.reason)
    if isinstance(value, Tensor) and value.shape.known and value.rank == 0:
        return as_length(value, name)
    if isinstance(value, NumberType) and value.dtype in INTEGRAL:
        return current().fresh(name)
    raise _refusal(value, name, "an int")


def _number(value: Any, name: str) -> int:
    size = _size(value, name)
    known = current().facts.value_of(size)
    if known is None:
        raise NotKnown(f"{name} is {size}, which is not a known number")
    return known


def _sizes(value: Any, name: str) -> Sizes:
    if isinstance(value, (tuple, list)):
        return tuple(_size_among(item, name) if len(value) > 1 else _size(item, name) for item in value)
    return (_lone_size(value) if isinstance(value, Unknown) else _size(value, name),)


def _size_among(value: Any, name: str) -> Dim:
    """A size in a row of several, so that it tells how many dims there are even where it is not known itself."""
    size = current().as_size(value, surely=True) if isinstance(value, Unknown) else None
    return _size(value, name) if size is None else size


_ROW_NAMES = re.compile(r"shape|size|dims|resolution", re.IGNORECASE)
_NUMBER_NAMES = re.compile(
    r"^[a-z]\d?$|^n_|^num|_(?:dim|len)$|^dim$|length|channels|features|hidden|width|height|depth|heads|layers"
    r"|classes|tokens|steps|samples|points|units|vocab",
    re.IGNORECASE,
)


def _lone_size(value: Unknown) -> Dim:
    """An unknown value alone where one size or a row of them may stand: a size, unless it is called like a row.

    An item of what is called so is one: `batch_shape[0]`.
    """
    size = current().as_size(value) if _is_lone(value) else None
    if size is None:
        raise NotKnown(value.reason)
    return size


def _is_lone(value: Any) -> bool:
    if not isinstance(value, Unknown):
        return isinstance(value, Dim)
    if value.calculated is not None:
        return all(map(_is_lone, value.calculated[1:]))
    row, _, place = value.origin.rpartition("[")
    is_item = place.rstrip("]").lstrip("-").isdigit() and _ROW_NAMES.search(row) is not None
    called = _NUMBER_NAMES.search(value.origin) if value.may_be_row else not _ROW_NAMES.search(value.origin)
    return is_item or (value.free and bool(called))


def _extent(value: Any, name: str) -> Extent:
    if isinstance(value, (tuple, list)):
        return tuple(None if item is None else _size_among(item, name) for item in value)
    if isinstance(value, Unknown):
        size = None if value.is_row else current().as_size(value)
        return value if size is None and value.may_be_size else _size(value, name)
    return _size(value, name)


def _padding(value: Any, name: str) -> Padding:
    return value if isinstance(value, str) else _extent(value, name)


def _ints(value: Any, name: str) -> Ints:
    if isinstance(value, (tuple, list)):
        return tuple(_number(item, name) for item in value)
    return (_number(value, name),)


def _tensors(value: Any, name: str) -> Tensors:
    if isinstance(value, (tuple, list)):
        return tuple(_tensor(item, name) for item in value)
    if isinstance(value, Unknown):
        raise NotKnown(value.reason)
    raise _refusal(value, name, "a list of tensors")


def _row(value: Any, name: str) -> Row:
    """A row of tensors of which the number is no plain number."""
    if not isinstance(value, Row):
        raise _refusal(value, name, "a list of tensors")
    parts: list[Any] = []
    for part in value.parts:
        if isinstance(part, Many):
            parts.append(
                Many(tuple(_tensor(item, name) for item in part.group), part.count, part.varying, last=part.last)
            )
        else:
            parts.append(_tensor(part, name))
    return Row(tuple(parts))


def _bool(value: Any, name: str) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, Dim):
        known = current().facts.value_of(value)
        if known is not None:
            return known != 0
    if isinstance(value, Unknown):
        raise FlagNotKnown(name, value)
    raise NotKnown(f"{name} is not known")


def _text(value: Any, name: str) -> str:
    if isinstance(value, str):
        return value
    raise NotKnown(f"{name} is not a known string")


CONVERTERS: dict[str, Callable[[Any, str], Any]] = {
    "Tensor": _tensor,
    "Operand": _operand,
    "Dim": _size,
    "int": _number,
    "Sizes": _sizes,
    "Ints": _ints,
    "Extent": _extent,
    "Padding": _padding,
    "Tensors": _tensors,
    "Row": _row,
    "bool": _bool,
    "str": _text,
}


class FlagNotKnown(NotKnown):
    """Whether a flag is set is not known; `value` is what was given for it."""

    def __init__(self, name: str, value: Unknown) -> None:
        super().__init__(f"{name} is not known")
        self.value = value


class OtherKind(NotKnown):
    """A value is of another kind than the rule asks for; the operator may take more kinds than the rule does."""


DIMS_BY_NAME = frozenset({"dim", "dims", "axis", "dim0", "dim1", "start_dim", "end_dim"})
"""Parameters that take the name of a dim as well: `t.sum("batch")` of a tensor made with `names=`."""


def _refusal(value: Any, name: str, wanted: str) -> WrongKind | OtherKind:
    """Why a value will not do: a mistake where its kind is sure (a string, None), else only something not known."""
    text = f"{name} is {_kind(value)}, not {wanted}"
    if isinstance(value, str) and name in DIMS_BY_NAME:
        return OtherKind(text)
    return WrongKind(text) if value is None or isinstance(value, str) else OtherKind(text)


def _kind(value: Any) -> str:
    if isinstance(value, str):
        return repr(value)
    if isinstance(value, (tuple, list)):
        return f"a {type(value).__name__} of {len(value)}"
    if isinstance(value, Dim):
        return f"the number {value}"
    return f"a {type(value).__name__}"
