"""The abstract values of the interpreter, beside those that operators know (Tensor, Dim, Unknown, bool, str, None).

Numbers are Dims; tuples are Python tuples. What can change in place (lists, dicts, instances) stands in the World's
heap, and a value refers to it by `Ref`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from shapelint.dims import Dim, Facts
from shapelint.ops.rows import Many
from shapelint.ops.tensor import Unknown
from shapelint.program import nodes
from shapelint.program.quick import quick

if TYPE_CHECKING:
    from shapelint.interp.state.machine import Frame

Value: TypeAlias = Any

Scope: TypeAlias = tuple[str, int]
"""Where code stands: the name of its module, the line of its function or 0."""
NOWHERE: Scope = ("", 0)


@quick
@dataclass(frozen=True, slots=True)
class Ref:
    """A list, dict or instance in the heap."""

    id: int


AN_ITEM = Unknown("an item of a list")
"""What an item of a list is of which nothing is known."""


@quick
@dataclass(frozen=True, slots=True)
class Formatted:
    """A text of which parts are not known: `f"conv_{i}"`. A gap stands in the place of each."""

    GAP: ClassVar[str] = "\0"

    text: str


@quick
@dataclass(frozen=True, slots=True)
class ListObject:
    """A list (or set): its items, and a `Many` for each part of it that a loop or the like filled."""

    row: tuple[Value, ...]

    @staticmethod
    def some(element: Value = AN_ITEM) -> ListObject:
        """A list of which it is not known how many items it holds, each of them such as `element`."""
        return ListObject((Many((element,)),))

    @property
    def items(self) -> tuple[Value, ...] | None:
        """The items one by one; None where their number is no plain number."""
        return None if any(isinstance(part, Many) for part in self.row) else self.row


@quick
@dataclass(frozen=True, slots=True)
class DictObject:
    """A dict by its constant keys; `open` where it may hold more, each of which is then an `element`."""

    entries: dict[Any, Value]
    open: bool = False
    element: Value = None


def name_of_key(key: object) -> str:
    """What a size goes by that stands under a key, which need be no name: `{0: size}`."""
    return key if isinstance(key, str) else ""


@quick
@dataclass(frozen=True, slots=True)
class Instance:
    """An object of a class of the program; `open` where it may have attributes that were not seen."""

    type: ClassValue
    attrs: dict[str, Value]
    open: bool = False


@quick
@dataclass(frozen=True, slots=True)
class Container:
    """An nn.Sequential, ModuleList, ModuleDict, ParameterList or ParameterDict: its kind and its parts.

    `names` are those of the parts in `row`, "" where a part stands for many. Where each is written out, it stands at
    its place of `sites`; `scope` is where the container was made.
    """

    kind: str
    names: tuple[str, ...]
    row: tuple[Value, ...]
    sites: tuple[nodes.Span, ...] = field(default=(), compare=False)
    scope: Scope = field(default=NOWHERE, compare=False)

    @staticmethod
    def of(kind: str, parts: Iterable[tuple[str, Value]]) -> Container:
        """A container of parts, each with its name."""
        pairs = tuple(parts)
        return Container(kind, tuple(name for name, _ in pairs), tuple(part for _, part in pairs))

    @staticmethod
    def numbered(kind: str, row: Iterable[Value]) -> Container:
        """A container of parts that are named by their places."""
        parts = tuple(row)
        is_plain = not any(isinstance(part, Many) for part in parts)
        return Container(kind, tuple(str(i) if is_plain else "" for i in range(len(parts))), parts)

    @property
    def parts(self) -> tuple[tuple[str, Value], ...] | None:
        """The parts with their names; None where their number is no plain number."""
        if any(isinstance(part, Many) for part in self.row):
            return None
        return tuple(zip(self.names, self.row, strict=True))


@quick
@dataclass(frozen=True, slots=True, eq=False)
class FunctionValue:
    """A `def` or `lambda` of the program, with the frame that it closes over.

    A `bare` one is what its decorators are given, without them.
    """

    node: nodes.Function | nodes.Lambda
    frame: Frame
    owner: ClassValue | None = None
    defaults: dict[str, Value] = field(default_factory=dict)
    bare: bool = False

    @property
    def name(self) -> str:
        """The function's name."""
        return self.node.name if isinstance(self.node, nodes.Function) else "lambda"

    @property
    def full_name(self) -> str:
        """The function's name, behind that of its class where it is a method."""
        return self.name if self.owner is None else f"{self.owner.node.name}.{self.name}"


@dataclass(frozen=True, eq=False)
class ClassValue:
    """A class of the program: its bases and its metaclass as values, and what its body defines."""

    node: nodes.Class
    frame: Frame
    bases: tuple[Value, ...]
    attrs: dict[str, Value]
    metaclass: Value = None

    @property
    def name(self) -> str:
        """The class's name."""
        return self.node.name

    @cached_property
    def order(self) -> tuple[ClassValue | str, ...]:
        """The class and its ancestors in the order in which Python looks a name up (C3).

        Those that the program does not define stand there by their full names, with what a layer of PyTorch extends.
        """
        order: list[ClassValue | str] = [self]
        seen = [base for base in self.bases if not isinstance(base, Builtin)]
        bases = [base if isinstance(base, ClassValue) else base.name if is_named(base) else NOT_SEEN for base in seen]
        rows: list[list[ClassValue | str]] = [list(_order_of(base)) for base in bases] + [bases]
        while rows := [row for row in rows if row]:
            later = {cls for row in rows for cls in row[1:]}
            following = next((row[0] for row in rows if row[0] not in later), rows[0][0])
            order.append(following)
            rows = [[cls for cls in row if cls != following] for row in rows]
        return tuple(order)

    @cached_property
    def lineage(self) -> tuple[ClassValue, ...]:
        """The class and its ancestors of the program, in that order."""
        return tuple(cls for cls in self.order if isinstance(cls, ClassValue))

    @cached_property
    def externals(self) -> tuple[str, ...]:
        """The full names of the ancestors that the program does not define."""
        return tuple(name for ancestor in self.lineage for name in ancestor.own_externals())

    def own_externals(self) -> Iterator[str]:
        """The full names of those bases that the program does not define, `object` left out."""
        for base in self.bases:
            if isinstance(base, External):
                yield base.name
            elif not isinstance(base, ClassValue) and base != Builtin("object"):
                yield NOT_SEEN

    @property
    def maker(self) -> FunctionValue | None:
        """The `__call__` of the metaclass, where that is of the program: what makes the class's instances."""
        metaclass = next((each.metaclass for each in self.lineage if each.metaclass is not None), None)
        lineage = metaclass.lineage if isinstance(metaclass, ClassValue) else ()
        found = next((each.attrs["__call__"] for each in lineage if "__call__" in each.attrs), None)
        return found if isinstance(found, FunctionValue) else None

    @cached_property
    def is_module(self) -> bool:
        """Whether it is an nn.Module, as far as its ancestors tell."""
        return any(name.startswith("torch.nn.") or name.endswith("Module") for name in self.externals)

    @cached_property
    def known_whole(self) -> bool:
        """Whether every ancestor is known well enough that a missing attribute is surely missing."""
        return all(name in PLAIN_ANCESTORS for name in self.externals)


def is_named(base: Value) -> bool:
    """Whether a base of a class is one of the program, or one that is known by its full name."""
    return isinstance(base, (ClassValue, External))


NOT_SEEN = "?"
"""How an ancestor goes of which nothing is known, not even what it is called."""


def _order_of(base: ClassValue | str) -> tuple[ClassValue | str, ...]:
    if isinstance(base, ClassValue):
        return base.order
    return (base, "torch.nn.Module") if base.startswith("torch.nn.") and base != "torch.nn.Module" else (base,)


PLAIN_ANCESTORS = frozenset(
    {"torch.nn.Module", "torch.nn.modules.module.Module", "torch.nn.Sequential", "object", "abc.ABC"}
)


@quick
@dataclass(frozen=True, slots=True)
class External:
    """Something that is imported and not of the program: `torch.nn.functional`, `math.sqrt`."""

    name: str


@quick
@dataclass(frozen=True, slots=True)
class Builtin:
    """A builtin function or type of Python."""

    name: str


@quick
@dataclass(frozen=True, slots=True)
class Bound:
    """A method together with its receiver."""

    receiver: Value
    function: Value


@quick
@dataclass(frozen=True, slots=True)
class OfClass:
    """What `classmethod(function)` makes: as an attribute of a class it is given the class."""

    function: Value


@quick
@dataclass(frozen=True, slots=True)
class MethodOf:
    """A method, by name, of a value that is no instance of the program: `x.view`, `items.append`, `model.eval`."""

    receiver: Value
    name: str


@quick
@dataclass(frozen=True, slots=True)
class Super:
    """`super()` within a method."""

    receiver: Value
    start: ClassValue


@quick
@dataclass(frozen=True, slots=True)
class Partial:
    """`functools.partial(function, ...)`."""

    function: Value
    args: tuple[Value, ...]
    kwargs: tuple[tuple[str, Value], ...]


@quick
@dataclass(frozen=True, slots=True)
class Layer:
    """An instance of a layer of torch.nn, as the rules of `ops` know it, made `at` a place in a scope."""

    instance: Any
    name: str
    at: nodes.Span | None = field(default=None, compare=False)
    scope: Scope = field(default=NOWHERE, compare=False)


@quick
@dataclass(frozen=True, slots=True)
class Range:
    """`range(start, stop, step)` of sizes."""

    start: Dim
    stop: Dim
    step: Dim


@quick
@dataclass(frozen=True, slots=True)
class Ratio:
    """A number that is no whole one, as far as is known: `H / 2`, `dim * 4.0`."""

    numerator: Dim
    denominator: Dim


@quick
@dataclass(frozen=True, slots=True)
class Choice:
    """One of several values, where the code leaves open which.

    `paths` holds what is known on the path to each of them, where that is kept: (), or an entry for each value.
    """

    values: tuple[Value, ...]
    paths: tuple[Facts | None, ...] = field(default=(), compare=False)

    def each(self) -> Iterator[tuple[Value, Facts | None]]:
        """Each value with what is known on the path to it."""
        return zip(self.values, self.paths or itertools.repeat(None), strict=False)


@quick
@dataclass(frozen=True, slots=True)
class ModuleFile:
    """A module of the project."""

    frame: Frame


@quick
@dataclass(frozen=True, slots=True)
class Deferred:
    """An imported name that is looked for when it is first used; `name` is None for the module itself."""

    module: str
    name: str | None
    importer: Frame


def unknown(reason: str, line: int = 0) -> Unknown:
    """A value of which nothing is known."""
    return Unknown(reason, line=line)
