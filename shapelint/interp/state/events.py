"""What the interpreter notes down for the checks: claims met with values, operations that cannot run, needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from shapelint.dims import Dim, Facts, Symbol
from shapelint.interp.state.values import Value
from shapelint.notation.model import Rest, ShapeSpec
from shapelint.ops.needs import Trouble
from shapelint.ops.tensor import Unknown
from shapelint.program.nodes import Attached, AttachedDefinition, Call, Expr, Function, Span
from shapelint.shapes import Shape


@dataclass(frozen=True, slots=True)
class ClaimedDim:
    """One dim of a claim with its meaning.

    `size` is None where any size will do. `fresh` is the letter's name where this claim is the first to use it, and
    `letter` where only comments define it. `exact` holds the divisions (divisor, dividend) that the author wrote.
    """

    size: Dim | None
    fresh: str | None = None
    letter: str | None = None
    exact: tuple[tuple[Dim, Dim], ...] = ()
    choices: tuple[Dim, ...] = ()
    unresolved: bool = False
    firm: bool = False  # the letter has a definition, it is no mere label
    by_comments: bool = False  # all its names are the comments' own: no size that the code names is behind them
    joined: bool = False  # it is letters of which the product is written as a word, `HW`, if it is no word of its own


@dataclass(frozen=True, slots=True)
class ClaimedShape:
    """One alternative of a claim with the meaning of its names; `rest` is where any number of dims stands."""

    spec: ShapeSpec
    dims: tuple[ClaimedDim, ...]
    rest: int | None = None

    def said_again(self, index: int) -> bool:
        """Whether what is written for a dim, `C` in `(C, T, C)`, is written for another one, too."""
        items = [item for item in self.spec.items if not isinstance(item, Rest)]
        return len(items) == len(self.dims) and items.count(items[index]) > 1


@dataclass(frozen=True, slots=True)
class Given:
    """A value that a claim speaks of: its shape, and whether its memory is contiguous, where these are known.

    `by_caller` where nothing is known of it but that a caller gives it; `named_at` the line at which the code gives the
    dims the names that the shape has, where nothing else tells them apart.
    """

    shape: Shape | None
    contiguous: bool | None = None
    why_unknown: str = ""
    path: Facts | None = None  # what is known where the value comes about, if it is one of several
    by_caller: bool = False
    named_at: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """Where a tensor that takes part in a statement came from, for the message."""

    name: str
    shape: Shape
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class ClaimMet:
    """A claim met with the value that it speaks of, at one point of the program.

    `given` holds the alternatives that the code leaves open; none at all means that the value could not be found.
    `previous` is the value of the statement before, for an own-line comment that touches it and may speak of that
    instead, `below` that of the statement below it, whichever of them `given` is.
    """

    attached: Attached
    about: str
    alternatives: tuple[ClaimedShape, ...]
    given: tuple[Given, ...]
    facts: Facts
    is_input: bool = False
    believed: bool = False
    others: list[Given] = field(default_factory=list)  # other values that an own-line comment may speak of
    before: int = 0  # how many of these stand above it
    previous: tuple[Given, ...] = ()
    below: tuple[Given, ...] = ()
    failure: Failed | None = None
    evaluated: bool = True
    sources: tuple[Source, ...] = ()
    part: int = 0  # of several values that a claim speaks of, each must obey it
    any_of: bool = False  # whether `given` are candidates of which one has to obey it
    doubt: str = ""  # why it is not refuted, whatever it is met with
    own_example: bool = False  # whether its numbers may be those of another example than the ones beside it
    over_statement: bool = False  # whether the author's other ones tell of which statement it speaks, the one at hand
    conditional: bool = False  # whether it stands where the code leaves open if, or how often, it comes


@dataclass(frozen=True, slots=True, eq=False)
class DefinitionMet:
    """An equality in a comment both of whose sides the code knows: `img_dim = nh*d`."""

    attached: AttachedDefinition
    left: Dim
    right: Dim
    exact: tuple[tuple[Dim, Dim], ...]
    facts: Facts
    defines: bool = False


Called: TypeAlias = tuple[object, str, set[int]]
"""The node of a function that was called, its file, and for which calls, by the ids of their nodes, it surely ran."""


@dataclass(frozen=True, slots=True, eq=False)
class Failed:
    """An operation that cannot run."""

    at: Span
    blame: Expr
    reason: str
    trouble: Trouble
    facts: Facts
    pair: tuple[Dim, Dim] | None = None
    sources: tuple[Source, ...] = ()
    chain: tuple[str, ...] = ()
    sites: tuple[Expr, ...] = ()  # the calls through which it came, innermost first
    within: tuple[Called, ...] = ()  # what these calls call, innermost first
    conditions: int = 0  # how many open conditions it stands under
    against: ClaimMet | None = None  # what a comment says of a value of unknown shape, which alone makes it fail
    by: ClaimMet | None = None  # the same where the code may as well be wrong, so that it is told of the operation


@dataclass(frozen=True, slots=True, eq=False)
class Needed:
    """Two sizes that an operation needs to be equal, which nothing before it says."""

    at: Span
    left: Dim
    right: Dim
    reason: str
    trouble: Trouble
    before: Facts
    conditions: int  # how many open conditions it stands under
    blame: Expr
    sources: tuple[Source, ...] = ()
    apart: tuple[Dim, Dim] | None = None  # the two names that it equates, where the author keeps them apart
    chain: tuple[str, ...] = ()
    sites: tuple[Expr, ...] = ()

    @property
    def conditional(self) -> bool:
        """Whether it stands under an open condition."""
        return self.conditions > 0


class Suspicion(Enum):
    """Why an operation that runs is not likely to do what was meant: one kind for each rule of SHP3xx and SHP5xx."""

    ORDER = "a view that takes sizes in another order than they lie in memory"
    CUT = "a view that cuts rows into pieces of another number of elements"
    REORDERED = "a view of an input in another order, whose dims do not lie together"
    OUTER = "a row and a column that make a matrix"
    LEADING = "a tensor with the first dims of another one that is laid against its last"
    LOSS = "a loss between shapes that broadcast to a third"
    SQUEEZE_ALL = "a squeeze that drops the batch where it is one"
    SQUEEZE_NONE = "a squeeze that drops nothing"
    EXPANDED = "a write into memory that stands at several places"
    SAME_ORDER = "a change of order that changes nothing"
    BATCH = "weights that sum up to 1 over the batch"
    ONE = "weights that are each 1"
    PRODUCT = "weights or unit lengths along a dim over which no product sums"
    AGAIN = "what goes on as often as nobody knows, and cannot run twice"
    BATCH_FIRST = "a batch in the place of the sequence"
    MERGED = "a norm over a batch that was merged with another dim"
    DEVICE = "a tensor made on the default device that meets one of the inputs' or the module's"
    ATTRIBUTE = "a plain attribute that meets a tensor of the device to which its module was moved"
    DTYPE = "a matrix product of tensors of two dtypes"


@dataclass(frozen=True, slots=True, eq=False)
class Suspected:
    """An operation that runs and is not likely to do what was meant.

    `apart` are two sizes: it shows where they differ; `facts` hold where it shows.
    """

    at: Span
    blame: Expr
    kind: Suspicion
    reason: str
    facts: Facts
    apart: tuple[Dim, Dim] | None = None
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()


Found: TypeAlias = tuple[str, tuple[Dim, Dim] | None, tuple[str, ...]]
"""What an operation is suspected of: the reason, the two sizes where they differ, and notes."""


@dataclass(frozen=True, slots=True)
class Unpacking:
    """The names that `B, C, H, W = x.shape` gives to the dims of a tensor."""

    source: str
    sizes: tuple[Dim, ...]
    names: tuple[str, ...]
    line: int


Doubt: TypeAlias = Callable[[Attached], bool]
"""Which claims are not to be taken at their word."""

Event: TypeAlias = ClaimMet | DefinitionMet | Failed | Needed | Suspected


@dataclass(slots=True)
class Evidence:
    """All events of one analysed function (its scope), with the facts that hold in the whole of it."""

    name: str
    events: list[Event] = field(default_factory=list)
    facts: Facts = field(default_factory=Facts)
    groups: dict[Dim, set[str]] = field(default_factory=dict)  # the places at which the author names each size
    laid_out: dict[Dim, set[str]] = field(default_factory=dict)  # the rows, of views or with numbers, that a size is in
    halved: set[Dim] = field(default_factory=set)  # the sizes that a caller's activation may halve, as a gated one does
    limit: str = ""
    result: Value = None
    inputs: dict[str, Value] = field(default_factory=dict)  # each parameter, with all that became known of it
    constructor: Evidence | None = None  # of a method: the evidence of its class's `__init__`
    line: int = 0
    function: Function | None = None  # whose evidence it is, where that is one
    believed: list[Attached] = field(default_factory=list)  # the claims that gave a shape to a value without one
    again: Callable[[Doubt], Evidence] | None = None  # the same function, with some claims not taken at their word
    defaults: Mapping[Dim, int] = field(default_factory=dict)  # what sizes are by default for which a caller may choose
    roots: Mapping[Dim, Dim] = field(default_factory=dict)  # what is the square root, made whole, of what
    scaled: Mapping[Dim, tuple[Dim, Dim]] = field(default_factory=dict)  # sizes, and the number and size they come of
    optional: set[Symbol] = field(default_factory=set)  # the letters that nothing has but an input which may be None
    used: Mapping[Symbol, Unknown] = field(default_factory=dict)  # by the sizes that they are called by, unknown values
    trusting: bool = False  # whether the word of called functions is taken, as it is where they can be doubted again
    promised: list[Attached] = field(default_factory=list)  # what they said of results that their code does not tell
    without_defaults: Callable[[bool], Evidence] | None = (
        None  # the same, with nothing taken for what it is by default,
    )
    # but for modules that an annotation or a name tells where that is asked
    takes_but_told: bool = False  # whether anything else than these was
    at_defaults: Callable[[], Evidence] | None = None  # the same, with flags and the like as they are by default
    where_equated: Callable[[], Evidence] | None = None  # the same, with names equal that operations equate
    given_by: Call | None = None  # of a private function, the call of which it is followed with what that gives
    caller: Evidence | None = None  # that of the function in which this call stands
    in_calls: list[Evidence] = field(default_factory=list)  # the same, for each call, where all of them are known
    of_layers: list[Attached] = field(default_factory=list)  # the claims beside layers that are made here
    unpacked: list[Unpacking] = field(default_factory=list)
    named: list[tuple[str, int, Dim]] = field(default_factory=list)  # the names bound to sizes, each with its line
