"""What an operator needs in order to run, stated from within its rule; and how a rule says that it cannot run.

A rule runs inside a Context, which knows the facts so far and takes the needs. Outside any analysis (a test, a
notebook) a fresh Context serves: `with using(Context()): flatten(x, 1)`.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from shapelint.dims import Dim, Facts, dim, symbol
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.shapes import NotKnown, RankNotKnown, Run, Shape


class Trouble(Enum):
    """Why a call cannot run: one kind for each rule code of the family SHP2xx."""

    MATMUL = "inner sizes of a matrix product"
    BROADCAST = "sizes that do not broadcast"
    COUNT = "numbers of elements"
    JOIN = "sizes of joined tensors"
    LAYER_INPUT = "a layer's input"
    DIM_INDEX = "a dim that is not there"
    UNPACK = "unpacking"
    PATTERN = "an einsum or einops pattern"
    LAYOUT = "a view of memory that is laid out otherwise"
    INDEX = "an index"
    EXPAND = "expanding a size other than 1"
    CALL = "a call against its contract"
    ARGUMENT = "an argument"


class CannotRun(Exception):
    """The call that is looked at raises in PyTorch; the text says why, in the reader's names."""

    def __init__(self, reason: str, trouble: Trouble = Trouble.ARGUMENT, pair: tuple[Dim, Dim] | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.trouble = trouble
        self.pair = pair


class WrongRank(CannotRun):
    """A tensor has a number of dims that the operator never takes, whatever else it is given."""


class KindNotKnown(NotKnown):
    """What was asked depends on what kind of thing a value is: an array, a list of any, a number."""


class WrongKind(CannotRun):
    """An argument is of a kind or a dtype that the operator never takes: float indices, a list where labels stand."""


class Exchanged(CannotRun):
    """Two arguments stand in each other's place; `result` is what the call gives once they are put right."""

    def __init__(self, reason: str, result: Any) -> None:
        super().__init__(reason)
        self.result = result


@dataclass(frozen=True, slots=True)
class Need:
    """Two sizes that must be equal for the call to run, though nothing so far says that they are."""

    left: Dim
    right: Dim
    reason: str
    trouble: Trouble


LEAST = -(2**31)
"""The smallest of the ints that a tensor holds, for all that is known."""


class Context:
    """The ground a rule stands on: facts, which needs extend; runs of dims that turn out to be known; fresh symbols."""

    serial = itertools.count(1)

    def __init__(self, facts: Facts | None = None) -> None:
        self.facts = facts or Facts()
        self.needs: list[Need] = []
        self.others: list[Any] = []  # what else the call may give, where a size that is left open is 1
        self._counts: dict[int, tuple[Tensor, Dim]] = {}

    def record(self, need: Need) -> None:
        """Take a need, and reckon with it from here on."""
        self.needs.append(need)
        self.facts = self.facts.equal(need.left, need.right)

    def keeps_apart(self, left: Dim, right: Dim) -> bool:
        """Whether the author gives two sizes names of their own at one place. A Context knows of no author."""
        return False

    def item(self, row: Unknown, place: int) -> Dim | None:
        """The item of an unknown row of sizes at a place, None where that has no name."""
        return None

    def assume_divides(self, divisor: Dim, size: Dim) -> None:
        """Reckon with `divisor | size` from here on."""
        self.facts = self.facts.divides(divisor, size)

    def assume_at_least(self, size: Dim, least: Dim | int) -> None:
        """Reckon with `size >= least` from here on."""
        self.facts = self.facts.at_least(size, least)

    def assume_reaches(self, size: Dim, end: Dim) -> None:
        """Reckon with `size >= end` from here on, though a slice that ends there would run without it."""
        self.facts = self.facts.reaches(size, end)

    def assume_fills(self, data: Dim, size: Dim) -> None:
        """Take it that a size that only data tell is `size`, unless the data fall short of it."""
        self.facts = self.facts.fills(data, size)

    def fill(self, run: Run, filling: Shape) -> None:
        """Take it that a run of unknown dims is this one. A Context without runs ignores it."""

    def settle(self, tensor: Tensor) -> Tensor:
        """The tensor with all that has become known of its shape."""
        return tensor

    def fresh(self, name: str, *, free: bool = False, minimum: int = 0) -> Dim:
        """A size that depends on data: a new symbol of its own."""
        return symbol(name, scope=next(Context.serial), free=free, minimum=minimum)

    def scaled(self, size: Dim, factor: object) -> Dim:
        """A size multiplied by a number of which nobody knows whether it is whole, and rounded down."""
        return self.fresh("size")

    def untold(self, *, chosen: bool) -> Dim:
        """A size that nothing tells; `chosen` where a caller chooses it, so that any comment may name it."""
        return self.fresh("_", free=chosen)

    def count_of(self, mask: Tensor) -> Dim:
        """How many elements of a mask are true: a size that the data tells, the same for the same mask."""
        if id(mask) not in self._counts:
            self._counts[id(mask)] = mask, self.fresh("n")
        return self._counts[id(mask)][1]

    def number_in(self, tensor: Tensor, name: str) -> Dim:
        """The number that elements of a tensor come down to, the largest of them or their sum, as a size."""
        return self.fresh(name, minimum=LEAST)

    def as_tensor(self, value: Unknown) -> Tensor | None:
        """The tensor that an unknown value must be, where an operator takes a tensor; None if that cannot be said."""
        return None

    def as_size(self, value: Unknown, *, surely: bool = False) -> Dim | None:
        """The size that an unknown value must be, where an operator takes an int; None if that cannot be said.

        `surely` where it stands among others in a row of sizes, and can be nothing else.
        """
        return None


_current: list[Context] = [Context()]


class using:  # noqa: N801 - read as a word of the language: `with using(context)`
    """Run rules inside this context."""

    __slots__ = ("context",)

    def __init__(self, context: Context) -> None:
        self.context = context

    def __enter__(self) -> Context:
        _current.append(self.context)
        return self.context

    def __exit__(self, *failure: object) -> None:
        _current.pop()


def current() -> Context:
    """The context that rules run in now."""
    return _current[-1]


def need(condition: bool, reason: str, trouble: Trouble = Trouble.ARGUMENT) -> None:
    """Raise CannotRun unless the condition holds."""
    if not condition:
        raise CannotRun(reason, trouble)


def need_dtype(tensor: Tensor, dtypes: Sequence[str], what: str, trouble: Trouble = Trouble.ARGUMENT) -> None:
    """The tensor holds one of these dtypes, or it is not known what: `need_dtype(mask, ("bool",), "the mask")`."""
    if tensor.dtype is not None and tensor.dtype not in dtypes:
        raise WrongKind(f"{what} {tensor.dtype}, not {' or '.join(dtypes)}", trouble)


def need_equal(
    left: Dim | int, right: Dim | int, what_left: str, what_right: str, trouble: Trouble = Trouble.ARGUMENT
) -> None:
    """Two sizes must be equal: known to be, nothing happens; can never be, CannotRun; else the need is recorded.

    The texts say what each size is: `need_equal(x.shape[-1], in_features, "the last dim", "in_features")`.
    """
    a, b, context = dim(left), dim(right), current()
    answer = context.facts.equality(a, b)
    if answer is True:
        return
    reason = f"{what_left} is {_by_name(a)}, {what_right} is {_by_name(b)}"
    if answer is False:
        raise CannotRun(reason, trouble, (a, b))
    context.record(Need(a, b, reason, trouble))


def _by_name(size: Dim) -> Dim:
    """A size as a message calls it: one without a name is what else it is known to be."""
    if size.as_symbol is None or size.as_symbol.name != "_":
        return size
    known = current().facts.resolved(size)
    return size if any(symbol.name == "_" for symbol in known.symbols) else known


def need_divides(divisor: Dim | int, size: Dim | int, reason: str, trouble: Trouble = Trouble.ARGUMENT) -> None:
    """`divisor` must divide `size`: CannotRun if it surely does not; taken for a fact from here on."""
    k, n, context = dim(divisor), dim(size), current()
    if context.facts.holds_divides(k, n):
        return
    if context.facts.equality(n % k, 0) is False:
        raise CannotRun(reason, trouble)
    context.assume_divides(k, n)


def need_at_least(left: Dim | int, right: Dim | int, reason: str, trouble: Trouble = Trouble.ARGUMENT) -> None:
    """`left >= right` must hold: CannotRun if it never does. Nothing is taken for a fact from it."""
    a, b = dim(left), dim(right)
    if a.value is not None and b.value is not None:
        need(a.value >= b.value, reason, trouble)
        return
    if a.as_symbol is not None and b.value is not None and a.as_symbol.minimum >= b.value:
        return
    upper = current().facts.upper(a - b)
    if upper is not None and upper < 0:
        raise CannotRun(reason, trouble)


def is_equal(left: Dim | int, right: Dim | int) -> bool:
    """Whether two sizes are known to be equal."""
    return current().facts.is_equal(dim(left), dim(right))


def may_be_equal(left: Dim | int, right: Dim | int) -> bool:
    """Whether nothing that is known keeps two sizes from being equal."""
    return current().facts.equality(dim(left), dim(right)) is not False


def number(size: Dim | int) -> int | None:
    """The number that a size is known to be, or None."""
    return size if isinstance(size, int) else current().facts.value_of(size)


def known_number(size: Dim | int, what: str) -> int:
    """The number that a size is known to be. Raises NotKnown."""
    value = number(size)
    if value is None:
        raise NotKnown(f"{what} is not a known number")
    return value


def index_of(position: int, rank: int, what: str = "dim") -> int:
    """A dim's index counted from the front. Raises CannotRun where there is none such; a scalar counts as one dim."""
    span = max(rank, 1)
    if not -span <= position < span:
        which = f"dim {position} of" if what == "dim" else f"{what} is {position}, for"
        raise CannotRun(f"{which} a tensor of {rank} dims", Trouble.DIM_INDEX)
    return position % span


def need_rank(tensor: Tensor, *ranks: int, what: str = "the input", trouble: Trouble = Trouble.LAYER_INPUT) -> int:
    """The tensor's rank, which must be one of these. Raises CannotRun, or NotKnown where it is not known."""
    rank = tensor.rank
    if rank not in ranks:
        wanted = " or ".join(str(r) for r in ranks)
        raise WrongRank(f"{what} has {rank} dims {tensor.shape}, not {wanted}", trouble)
    return rank


def seeing(tensor: Tensor, count: int, names: tuple[str, ...] = ()) -> Tensor:
    """The tensor with at least `count` dims seen at its end: where they lie in an unknown run, fresh sizes stand in."""
    shape = current().settle(tensor).shape
    missing = count - len(shape.back)
    if shape.run is not None and missing > 0 and shape.front:
        raise RankNotKnown("the number of dims is not known")  # dims seen from the front may be those at the end
    if shape.run is None or missing <= 0:
        return tensor if shape is tensor.shape else Tensor(shape, tensor.layout, tensor.dtype, tensor.device)
    context = current()
    sizes = tuple(context.fresh(names[i] if i < len(names) else "_", free=True, minimum=1) for i in range(missing))
    rest = shape.run.rest()
    context.fill(shape.run, Shape((), rest, sizes))
    return Tensor(Shape(shape.front, rest, sizes + shape.back), None, tensor.dtype, tensor.device)
