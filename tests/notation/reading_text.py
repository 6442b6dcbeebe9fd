"""A Reading as one line of text, so that a table of examples can hold what is expected: `RESULT x (B, T)`."""

from __future__ import annotations

from shapelint.notation.model import (
    Anything,
    Binary,
    Call,
    Claim,
    DimSpec,
    Name,
    Num,
    OneOf,
    Reading,
    Rest,
    Role,
    ShapeSpec,
)


def show(reading: Reading) -> str:
    """Claims and definitions in order, joined by `; `."""
    parts = [show_claim(claim) for claim in reading.claims]
    for definition in reading.definitions:
        attached = "where " if definition.attached else "def "
        parts.append(f"{attached}{definition.name} = {show_dim(definition.value)}")
    return "; ".join(parts)


def show_claim(claim: Claim) -> str:
    """ROLE[index/count] subject or item shape or shape, then layout, dtype, reason."""
    words = [claim.role.name if claim.count == 1 else f"{claim.role.name}[{claim.index}/{claim.count}]"]
    if claim.subject is not None:
        words.append(claim.subject)
    if claim.item is not None:
        words.append(claim.item)
    if claim.shapes:
        words.append(" or ".join(show_shape(shape) for shape in claim.shapes))
    if claim.contiguous is not None:
        words.append("contiguous" if claim.contiguous else "not-contiguous")
    if claim.dtype is not None:
        words.append(claim.dtype)
    if claim.role is Role.RAISES:
        words.append(repr(claim.reason))
    return " ".join(words)


def show_shape(shape: ShapeSpec) -> str:
    """The dims in round brackets."""
    return f"({', '.join(show_dim(item) for item in shape.items)})"


def show_dim(item: DimSpec | Rest) -> str:
    """One dim; several words in angle brackets, arithmetic without blanks."""
    match item:
        case Num(value):
            return str(value)
        case Name(text):
            return f"<{text}>" if " " in text else text
        case Binary(op, left, right):
            return f"{_operand(left, op)}{op}{_operand(right, op, right=True)}"
        case Call(function, arguments):
            return f"{function}({', '.join(show_dim(argument) for argument in arguments)})"
        case Anything(text):
            return f"any:{text}"
        case OneOf(choices):
            return "|".join(show_dim(choice) for choice in choices)
        case Rest(name):
            return f"*{name or ''}"


_BINDS = {"+": 1, "-": 1, "*": 2, "/": 2, "//": 2, "%": 2, "**": 3}


def _operand(item: DimSpec, op: str, *, right: bool = False) -> str:
    text = show_dim(item)
    if isinstance(item, Binary) and _BINDS[item.op] < _BINDS[op] + (right or op == "**"):
        return f"({text})"
    return text
