"""What comments say, attached to the code that they speak of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from shapelint.notation.model import Claim, Definition
from shapelint.program.expressions import Expr, Span
from shapelint.program.quick import quick


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


OWN_LINE = (Place.ABOVE, Place.FIRST, Place.BELOW)


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
