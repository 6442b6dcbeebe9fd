"""What comments over the first line of a function's body say of its inputs: by a name, by a word, or by their place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from shapelint.notation.forms import begins_like_a_batch
from shapelint.notation.model import DimSpec, Rest, Role
from shapelint.notation.model import Name as DimName
from shapelint.notation.plain import with_plain_signs
from shapelint.program import nodes
from shapelint.program.nodes import Assign, Attached, Constant, Expr, Name, Place, Stmt, Subscript
from shapelint.program.written import targets_of

_INPUT_SAID = re.compile(r"#+\s*(?:the\s+)?inputs?\b(?!\s*(?:channels|features|dims?)\b)", re.IGNORECASE)


def with_first_input(body: tuple[Stmt, ...], required: Sequence[str]) -> tuple[Stmt, ...]:
    """A function's body, a comment over its first line that tells of "the input" being about the one required, or the
    one that is called so."""
    named = [name for name in required if name in ("input", "inputs")] if len(required) > 1 else required
    if len(named) != 1:
        return body
    return tuple([_with_input(statement, named[0]) if place < 2 else statement for place, statement in enumerate(body)])


def _with_input(statement: Stmt, name: str) -> Stmt:
    claims = statement.notes.claims
    is_taken_out = isinstance(statement, Assign) and _is_an_entry(statement.value, name)
    told = [
        one
        for one in claims
        if one.place is Place.FIRST
        and one.claim.role is Role.INPUT
        and one.subject is None
        and _INPUT_SAID.match(one.text)
        and not any(other is not one and other.text == one.text for other in claims)
    ]
    if len(told) != 1:
        return statement
    meant = replace(told[0].claim, role=Role.RESULT, subject=None if is_taken_out else name, index=0, count=1)
    named = replace(told[0], claim=meant, subject=None if is_taken_out else Name(told[0].at, name))
    notes = replace(statement.notes, claims=tuple([named if one is told[0] else one for one in claims]))
    return replace(statement, notes=notes)


def _is_an_entry(value: Expr | None, name: str) -> bool:
    """Whether something is what a parameter holds under a key, `x["image"]`: that is no tensor."""
    if not isinstance(value, Subscript) or not isinstance(value.value, Name) or value.value.id != name:
        return False
    return isinstance(value.index, Constant) and isinstance(value.index.value, str)


_OF_A_PARAMETER = re.compile(r"(?:#+|[,;])\s*(inputs?|outputs?|out|results?|returns?)\s*[:=\s]\s*$")


_OF_AN_ARROW = re.compile(r"#+\s*`?([A-Za-z_]\w*)`?\s*(?:-+>|=+>|→)\s*$")
"""`clip -> B T H W` over a line that gives another name to what it makes of the clip."""


_OF_BOTH = re.compile(r"#+\s*[Bb]oth(?:\s+are)?(?:\s+of(?:\s+shape)?)?\s*:?\s*$")


def _of_both(one: Attached, required: Sequence[str], bound: set[str]) -> list[Attached]:
    """What `both (N, D)` over a function's first line says of its two inputs; nothing where it has not two, or the line
    itself makes two things."""
    is_said = one.place is Place.FIRST and one.subject is None and _OF_BOTH.match(one.text[: one.claim.start])
    if not is_said or len(required) != 2 or len(bound) == 2:
        return []
    return [replace(one, claim=replace(one.claim, subject=name), subject=Name(one.at, name)) for name in required]


def with_parameters_named(body: tuple[Stmt, ...], params: Sequence[str], required: Sequence[str]) -> tuple[Stmt, ...]:
    """A function's body, what a comment over its first line says of `input:` or `out:` being of that parameter."""

    def named(one: Attached, bound: set[str]) -> Attached:
        arrow = _OF_AN_ARROW.match(one.text[: one.claim.start]) if one.place is Place.FIRST else None
        if arrow is not None and one.subject is None and arrow[1] in params and arrow[1] not in bound:
            meant = replace(one.claim, role=Role.INPUT, subject=arrow[1], index=0, count=1)
            return replace(one, claim=meant, subject=Name(one.at, arrow[1]))
        if one.place is Place.FIRST and (entry := _entry_of(one, params)):
            return replace(one, claim=replace(one.claim, subject=entry), subject=Name(one.at, entry))
        found = _OF_A_PARAMETER.search(one.text[: one.claim.start]) if one.place is Place.FIRST else None
        said = one.subject.id if isinstance(one.subject, Name) else ""
        if found is None or found[1] not in params or (one.subject is not None and said != found[1]):
            return one
        role = Role.INPUT if found[1].startswith("input") else Role.RESULT
        meant = replace(one.claim, role=role, subject=found[1], index=0, count=1)
        return replace(one, claim=meant, subject=Name(one.at, found[1]))

    def with_names(statement: Stmt) -> Stmt:
        bound = targets_of(statement)
        claims = tuple(
            each for one in statement.notes.claims for each in (_of_both(one, required, bound) or [named(one, bound)])
        )
        met = statement.notes.claims
        if len(claims) == len(met) and all(one is other for one, other in zip(claims, met, strict=True)):
            return statement
        return replace(statement, notes=replace(statement.notes, claims=claims))

    return (*map(with_names, body[:2]), *body[2:])


_ARROW = re.compile(r"[-=]>|→")
_ENTRY = re.compile(r"#+\s*(?:[-*•]\s*)?`?([A-Za-z_]\w*)`?(?:\s*[:\uff1a][^()\[\]]*|\s+)$")


def _entry_of(one: Attached, params: Sequence[str]) -> str:
    """The parameter that a comment begins with, `# ids: tokens, shape (B, T)`, `# x (B, D) or (B, T, D)`."""
    if one.subject is not None or one.claim.role is not Role.RESULT or _ARROW.search(one.text):
        return ""
    found = _ENTRY.match(with_plain_signs(one.text[: one.claim.start]))
    return found[1] if found is not None and found[1] in params else ""


def with_input_by_place(body: tuple[Stmt, ...], required: Sequence[str]) -> tuple[Stmt, ...]:
    """A function's body, a shape over its first line being that of the one input, where that line makes no tensor."""
    if len(required) != 1:
        return body
    return tuple(
        [_with_input_above(statement, required[0]) if place < 2 else statement for place, statement in enumerate(body)]
    )


def _with_input_above(statement: Stmt, name: str) -> Stmt:
    told = [one for one in statement.notes.claims if one.place is Place.FIRST]
    if len(told) != 1 or not _is_a_shape_alone(told[0]) or not _makes_no_tensor(statement, name):
        return statement
    meant = replace(told[0].claim, subject=name)  # above the line, not at the head: it is doubted as such a comment is
    named = replace(told[0], claim=meant, subject=Name(told[0].at, name), place=Place.ABOVE)
    claims = tuple([named if one is told[0] else one for one in statement.notes.claims])
    return replace(statement, notes=replace(statement.notes, claims=claims))


def _is_a_shape_alone(one: Attached) -> bool:
    """Whether a comment tells a shape that begins with a batch, as an input has it, and nothing else."""
    is_one = one.subject is None and one.claim.role is Role.RESULT and one.claim.count == 1
    is_input = all(shape.items and _begins_with_a_batch(shape.items) for shape in one.claim.shapes)
    return is_one and is_input and bool(one.claim.shapes) and not one.claim.conditional and not _ARROW.search(one.text)


def _begins_with_a_batch(items: Sequence[DimSpec | Rest]) -> bool:
    """Whether the first dim is one that counts items, and no channels: `C x H x W` may be said of one of them."""
    return isinstance(items[0], DimName) and items[0].text != "C" and begins_like_a_batch(tuple(items))


def _makes_no_tensor(statement: Stmt, name: str) -> bool:
    """Whether a statement gives nothing that has a shape, or the input itself; a `with` may hold what does."""
    if isinstance(statement, (nodes.For, nodes.While, nodes.Assert)):
        return True
    if isinstance(statement, nodes.Expression):
        call = statement.value
        return isinstance(call, nodes.Call) and isinstance(call.func, Name) and call.func.id == "print"
    return isinstance(statement, Assign) and _is_plain(statement.value, name)


def _is_plain(value: Expr | None, name: str) -> bool:
    """Whether a value is a number, a size, a row of such, or the input of this name."""
    match value:
        case Constant():
            return True
        case Name(id=found):
            return found == name
        case nodes.Sequence(items=items):
            return all(_is_plain(item, name) for item in items)
        case nodes.Attribute(attr="device" | "dtype") | Subscript(value=nodes.Attribute(attr="shape")):
            return True
        case nodes.Call(func=nodes.Attribute(attr="size"), args=args):
            return len(args) == 1
        case nodes.Call(func=Name(id="len" | "list" | "int" | "range")):
            return True
        case nodes.Unary(operand=operand):
            return _is_plain(operand, name)
        case nodes.Binary(left=left, right=right):
            return _is_plain(left, name) and _is_plain(right, name)
    return False
