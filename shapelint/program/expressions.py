"""The small frozen nodes of expressions.

Every node has `at`, its span in the file: (line, column, end_line, end_column), lines from 1, columns from 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from shapelint.program.quick import quick

Span: TypeAlias = tuple[int, int, int, int]


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
class Param:
    at: Span
    name: str
    kind: str  # "positional", "either", "args", "keyword", "kwargs"
    default: Expr | None = None
    annotation: Expr | None = None


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
