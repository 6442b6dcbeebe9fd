"""All that the interpreter sees of Python's syntax: the small frozen nodes that a file is lowered to.

Here are those of statements; those of expressions and what comments say of them are to be had from here, too. Every
statement has `notes`: what its comments say, those above it and those that end its lines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from shapelint.program.expressions import (
    Argument,
    Attribute,
    Binary,
    Boolean,
    Call,
    Compare,
    Comprehension,
    Conditional,
    Constant,
    Dict,
    Expr,
    FString,
    Generator,
    Lambda,
    Name,
    Param,
    Sequence,
    Slice,
    Span,
    Starred,
    Subscript,
    Unary,
    Walrus,
    Yield,
)
from shapelint.program.notes import NO_NOTES, OWN_LINE, Attached, AttachedDefinition, Notes, Place
from shapelint.program.quick import quick

__all__ = [
    "NO_NOTES",
    "OWN_LINE",
    "Argument",
    "Assert",
    "Assign",
    "Attached",
    "AttachedDefinition",
    "Attribute",
    "AugAssign",
    "Binary",
    "Boolean",
    "Call",
    "Case",
    "Class",
    "Comment",
    "Compare",
    "Comprehension",
    "Conditional",
    "Constant",
    "Control",
    "Delete",
    "Dict",
    "Expr",
    "Expression",
    "FString",
    "For",
    "Function",
    "Generator",
    "Handler",
    "If",
    "Import",
    "Lambda",
    "Match",
    "Module",
    "Name",
    "Notes",
    "Param",
    "Place",
    "Raise",
    "Return",
    "Sequence",
    "Slice",
    "Span",
    "Starred",
    "Stmt",
    "Subscript",
    "Try",
    "Unary",
    "Walrus",
    "While",
    "With",
    "Yield",
]


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
    functions say to be `global` or `nonlocal`: what these are changes with every call. `set_on_names` are the
    attributes that are set on what may be a class, each behind its name.
    """

    path: str
    body: tuple[Stmt, ...]
    open_names: bool = False
    skipped: tuple[tuple[int, str], ...] = ()
    described: Notes = NO_NOTES
    rebound: frozenset[str] = frozenset()
    set_on_names: frozenset[tuple[str, str]] = frozenset()
