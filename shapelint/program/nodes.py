"""The small frozen nodes that a file is lowered to: all that the interpreter sees of Python's syntax.

Every node has `at`, its span in the file: (line, column, end_line, end_column), lines from 1, columns from 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from shapelint.notation.model import Claim, Definition
from shapelint.program.quick import quick

Span: TypeAlias = tuple[int, int, int, int]


# --- expressions -----------------------------------------------------------------------------------------------------


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Constant:
    at: Span
    value: object  # int, float, complex, str, bytes, bool, None, Ellipsis


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Name:
    at: Span
    id: str


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Attribute:
    at: Span
    value: Expr
    attr: str


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Slice:
    at: Span
    lower: Expr | None
    upper: Expr | None
    step: Expr | None


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Subscript:
    at: Span
    value: Expr
    index: Expr  # a Sequence of kind "tuple" for several


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Argument:
    at: Span
    value: Expr
    keyword: str | None = None
    star: str = ""  # "", "*" or "**"


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Call:
    at: Span
    func: Expr
    args: tuple[Argument, ...]


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Unary:
    at: Span
    op: str  # "-", "+", "~", "not"
    operand: Expr


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Binary:
    at: Span
    op: str  # "+", "-", "*", "/", "//", "%", "**", "@", "&", "|", "^", "<<", ">>"
    left: Expr
    right: Expr


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Boolean:
    at: Span
    op: str  # "and", "or"
    values: tuple[Expr, ...]


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Compare:
    at: Span
    left: Expr
    ops: tuple[str, ...]  # "==", "!=", "<", "<=", ">", ">=", "is", "is not", "in", "not in"
    comparators: tuple[Expr, ...]


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Conditional:
    at: Span
    test: Expr
    body: Expr
    orelse: Expr


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Sequence:
    at: Span
    kind: str  # "tuple", "list", "set"
    items: tuple[Expr, ...]  # a Starred item may stand in it


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Dict:
    at: Span
    keys: tuple[Expr | None, ...]  # None: `**value`
    values: tuple[Expr, ...]


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Starred:
    at: Span
    value: Expr


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Lambda:
    at: Span
    params: tuple[Param, ...]
    body: Expr


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Generator:
    """One `for target in iterable if ...` of a comprehension."""

    at: Span
    target: Expr
    iterable: Expr
    conditions: tuple[Expr, ...]


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Comprehension:
    at: Span
    kind: str  # "list", "set", "generator", "dict"
    element: Expr
    value: Expr | None  # of a dict
    generators: tuple[Generator, ...]


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Walrus:
    at: Span
    target: Name
    value: Expr


@quick
@dataclass(frozen=True, slots=True, eq=False)
class FString:
    at: Span
    parts: tuple[Expr, ...]


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Yield:
    at: Span
    value: Expr | None
    kind: str = "yield"  # "yield", "yield from", "await"


Expr: TypeAlias = (
    Constant
    | Name
    | Attribute
    | Slice
    | Subscript
    | Call
    | Unary
    | Binary
    | Boolean
    | Compare
    | Conditional
    | Sequence
    | Dict
    | Starred
    | Lambda
    | Comprehension
    | Walrus
    | FString
    | Yield
)


# --- claims, attached ------------------------------------------------------------------------------------------------


class Place(Enum):
    """Where a claim stands, relative to the code that it speaks of."""

    TRAILING = "trailing"  # ends the statement's line (or its closing bracket's): the statement's value
    INSIDE = "inside"  # ends a line within a statement: the expression `about`
    ABOVE = "above"  # an own line over a statement
    FIRST = "first"  # an own line over the first statement of a function's body
    BELOW = "below"  # an own line after the last statement of a block
    PARAMETER = "parameter"  # on a `def` line or a parameter's line: the parameter named by `subject`
    DOCSTRING = "docstring"
    ANNOTATION = "annotation"  # a jaxtyping annotation of a parameter, a variable or the return value
    HEADER = "header"  # ends the header of `if`, `for`, `while`, `with`, `class`


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Attached:
    """A claim with its place in the file.

    `at` spans the claim's own text (or the whole comment where it has none); `text` is the comment that it stands in.
    `subject` is the lowered expression that the claim names; `about` is the expression or module constructor call that
    position singles out (a link, an argument, a layer), None where it is the value of the statement; `or_about` another
    one that it may single out.
    `apart` is True for an own-line claim that does not touch the statement before it (a blank line or a block's start).
    """

    at: Span
    claim: Claim
    place: Place
    text: str
    subject: Expr | None = None
    about: Expr | None = None
    apart: bool = True
    or_about: Expr | None = None


@quick
@dataclass(frozen=True, slots=True, eq=False)
class AttachedDefinition:
    """A definition of a size (`where P = h*w`, `img_dim = nh*d`) with its place in the file."""

    at: Span
    definition: Definition
    place: Place
    text: str


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Notes:
    """The claims and definitions that stand at one statement, in the order of the file."""

    claims: tuple[Attached, ...] = ()
    definitions: tuple[AttachedDefinition, ...] = ()


NO_NOTES = Notes()


# --- statements ------------------------------------------------------------------------------------------------------
# Every statement has `notes`: what its comments say, those above it and those that end its lines.


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    at: Span
    value: Expr
    notes: Notes = NO_NOTES


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Assign:
    at: Span
    targets: tuple[Expr, ...]  # several for `a = b = value`
    value: Expr | None  # None for a bare annotation
    annotation: Expr | None = None
    notes: Notes = NO_NOTES


@quick
@dataclass(frozen=True, slots=True, eq=False)
class AugAssign:
    at: Span
    target: Expr
    op: str
    value: Expr
    notes: Notes = NO_NOTES


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Return:
    at: Span
    value: Expr | None
    notes: Notes = NO_NOTES


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Raise:
    at: Span
    value: Expr | None
    notes: Notes = NO_NOTES


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Assert:
    at: Span
    test: Expr
    notes: Notes = NO_NOTES


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Delete:
    at: Span
    targets: tuple[Expr, ...]
    notes: Notes = NO_NOTES


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Control:
    """`pass`, `break`, `continue`, `global`, `nonlocal`: named by `kind`, with the names where there are some."""

    at: Span
    kind: str
    names: tuple[str, ...] = ()
    notes: Notes = NO_NOTES


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Comment:
    """Own-line comments that belong to no statement below them; `of_value` where they touch the assignment above."""

    at: Span
    notes: Notes = NO_NOTES
    of_value: bool = False


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Import:
    """`import a.b as c` is ("a.b", "c"); `from .a import b as c` is module ".a", names (("b", "c"),); star: ("*", "*").

    For `import a.b` without `as`, `names` is (("a.b", "a"),).
    """

    at: Span
    module: str | None
    names: tuple[tuple[str, str], ...]
    notes: Notes = NO_NOTES


@quick
@dataclass(frozen=True, slots=True, eq=False)
class If:
    at: Span
    test: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]
    notes: Notes = NO_NOTES


@quick
@dataclass(frozen=True, slots=True, eq=False)
class For:
    at: Span
    target: Expr
    iterable: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]
    notes: Notes = NO_NOTES


@quick
@dataclass(frozen=True, slots=True, eq=False)
class While:
    at: Span
    test: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]
    notes: Notes = NO_NOTES


@quick
@dataclass(frozen=True, slots=True, eq=False)
class With:
    at: Span
    items: tuple[tuple[Expr, Expr | None], ...]
    body: tuple[Stmt, ...]
    notes: Notes = NO_NOTES


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Try:
    at: Span
    body: tuple[Stmt, ...]
    handlers: tuple[Handler, ...]
    orelse: tuple[Stmt, ...]
    final: tuple[Stmt, ...]
    notes: Notes = NO_NOTES


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Handler:
    at: Span
    type: Expr | None
    name: str | None
    body: tuple[Stmt, ...]


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """`match`: each case's pattern is kept only as the names that it binds."""

    at: Span
    subject: Expr
    cases: tuple[Case, ...]
    notes: Notes = NO_NOTES


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Case:
    at: Span
    literal: Expr | None  # the value compared with, where the pattern is a plain value; None otherwise
    irrefutable: bool  # `case _` or `case name` without a guard
    binds: tuple[str, ...]
    guard: Expr | None
    body: tuple[Stmt, ...]


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Param:
    at: Span
    name: str
    kind: str  # "positional", "either", "args", "keyword", "kwargs"
    default: Expr | None = None
    annotation: Expr | None = None


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A `def`. `described` holds what docstring, parameters' comments and annotations say of inputs and result.

    One that is made by `later` has what is within it lowered when it is first asked for.
    """

    at: Span
    name: str
    params: tuple[Param, ...]
    body: tuple[Stmt, ...]
    decorators: tuple[Expr, ...] = ()
    returns: Expr | None = None
    described: Notes = NO_NOTES
    is_generator: bool = False
    is_async: bool = False
    notes: Notes = NO_NOTES
    missing: dict[str, Callable[[], Mapping[str, object]]] | None = None

    @staticmethod
    def later(head: Mapping[str, object], missing: dict[str, Callable[[], Mapping[str, object]]]) -> Function:
        """A function with these fields; `missing` gives each of the others when it is first used."""
        function = object.__new__(Function)
        for name, value in {**head, "notes": NO_NOTES, "missing": missing}.items():
            object.__setattr__(function, name, value)
        return function

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            """A field that is not filled yet; what filled it is let go of, and with it the tree that it came from."""
            if not self.missing or name not in self.missing:
                raise AttributeError(name)
            for key, value in self.missing[name]().items():
                object.__setattr__(self, key, value)
                del self.missing[key]
            return object.__getattribute__(self, name)


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Class:
    at: Span
    name: str
    bases: tuple[Expr, ...]
    body: tuple[Stmt, ...]
    decorators: tuple[Expr, ...] = ()
    described: Notes = NO_NOTES
    metaclass: Expr | None = None
    notes: Notes = NO_NOTES


Stmt: TypeAlias = (
    Expression
    | Assign
    | AugAssign
    | Return
    | Raise
    | Assert
    | Delete
    | Control
    | Comment
    | Import
    | If
    | For
    | While
    | With
    | Try
    | Match
    | Function
    | Class
)


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Module:
    """One program: a .py file, the cells of a notebook, or one fenced block of Markdown.

    `open_names` is True where names that nothing defines stand for sizes or tensors (a Markdown block).
    `skipped` holds (line, why) of lines that are not Python and were passed over. `rebound` are the names that
    functions say to be `global` or `nonlocal`: what these are changes with every call.
    """

    path: str
    body: tuple[Stmt, ...]
    open_names: bool = False
    skipped: tuple[tuple[int, str], ...] = ()
    described: Notes = NO_NOTES
    rebound: frozenset[str] = frozenset()
