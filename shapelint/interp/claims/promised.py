"""What a called function says of its result, taken at its word where its code does not tell the shape.

Its description counts, and else the comment at what it returns. The letters in them are sizes of the arguments where an
argument is told of by the same letter; any other is a size that nobody knows, until a comment of the caller names it.
No error rests on such a word: see `checks.promises`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shapelint.dims import Dim
from shapelint.interp.claims.believed import believe
from shapelint.interp.claims.claimed_shapes import claimed
from shapelint.interp.claims.code_names import size_named
from shapelint.interp.claims.described import claims_about, speaks_of_result
from shapelint.interp.claims.givens import givens_of
from shapelint.interp.claims.held_against import in_common
from shapelint.interp.claims.names import define, left_open, names_in
from shapelint.interp.inputs.parameters import bind_arguments
from shapelint.interp.state.decorators import is_wrapped
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import FunctionValue, Value, unknown
from shapelint.notation.model import Claim, Name, Num, Rest, Role, ShapeSpec
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes
from shapelint.program.nodes import OWN_LINE, Attached, Place
from shapelint.program.written import returned_by, statements_within, targets_of
from shapelint.shapes import Shape


@dataclass(frozen=True, slots=True)
class _Word:
    """A claim on a result of a function, or on one of its `count` results."""

    attached: Attached
    index: int
    count: int


def as_promised(
    frame: Frame, function: FunctionValue, args: Sequence[Value], kwargs: Mapping[str, Value], value: Value
) -> Value:
    """What a call gives: `value`, with the shapes that the function tells of it where its code leaves them open."""
    node = function.node
    if not frame.evidence.trusting or isinstance(node, nodes.Lambda) or node.is_generator or is_wrapped(node):
        return value
    value = frame.world.settle(value)
    if not any(map(_is_open, value if type(value) is tuple else (value,))):
        return value
    inner = frame.of_call(function)
    claims = claims_about(inner, node)
    described = [_Word(one, one.claim.index, one.claim.count) for one in claims if speaks_of_result(one)]
    told = described or _at_the_return(node)
    told = [one for one in told if _is_plain(one.attached.claim) and not frame.is_doubted(one.attached)]
    if not told or bind_arguments(inner, function, args, kwargs):
        return value
    for definition in node.described.definitions:
        define(inner, definition)
    for attached in claims:
        _bind_letters(inner, attached)
    counts = {one.count for one in told}
    if counts == {1}:
        only = told[0].attached if len(told) == 1 and type(value) is not tuple else None
        return value if only is None else _promised(frame, inner, only, value)
    if len(counts) > 1 or len({one.index for one in told}) < len(told):
        return value
    parts = _parts(value, counts.pop(), node)
    if parts is None:
        return value
    for one in told:
        parts[one.index] = _promised(frame, inner, one.attached, parts[one.index])
    return tuple(parts)


def _is_open(value: Value) -> bool:
    return isinstance(value, Unknown) or (isinstance(value, Tensor) and not value.shape.known)


def _is_plain(claim: Claim) -> bool:
    """Whether a claim gives one shape, with all its dims and by names, to one tensor, whatever the arguments are."""
    return (
        claim.role is Role.RESULT
        and len(claim.shapes) == 1
        and not (claim.tentative or claim.conditional or claim.item)
        and not any(isinstance(item, Rest) for item in claim.shapes[0].items)
        and not all(isinstance(item, Num) for item in claim.shapes[0].items)
    )


def _parts(value: Value, count: int, node: nodes.Function) -> list[Value] | None:
    """The results of a function that tells of so many, None where its code gives another number."""
    if type(value) is tuple:
        return list(value) if len(value) == count else None
    numbers = {len(given.items) for given in returned_by(node) if isinstance(given, nodes.Sequence)}
    if not isinstance(value, Unknown) or numbers - {count}:
        return None
    return [unknown(f"a result of {node.name}") for _ in range(count)]


def _promised(frame: Frame, inner: Frame, attached: Attached, value: Value) -> Value:
    if not _is_open(value):
        return value
    frame.evidence.promised.append(attached)
    return believe(frame, value, _shape(inner, attached.claim.shapes[0]), None)


def _bind_letters(inner: Frame, attached: Attached) -> None:
    """Let the letters of what is said of an argument stand for its sizes, those of the first of several."""
    subject, claim = attached.subject, attached.claim
    if not isinstance(subject, nodes.Name) or len(claim.shapes) != 1 or claim.role is Role.ELEMENT:
        return
    items = claim.shapes[0].items
    if any(isinstance(item, Rest) for item in items):
        return
    shape = in_common(claim.shapes[0], givens_of(inner, inner.env.get(subject.id)))
    if shape is None:
        return
    bound = inner.letters.bound
    for item, size in zip(items, shape.dims, strict=True):
        if isinstance(item, Name) and size_named(inner, item.text) is None:
            known = bound.get(item.text)
            if known is None or _is_nameless(known):  # two arguments of one letter are told to agree
                bound[item.text] = size


def _is_nameless(size: Dim) -> bool:
    return size.as_symbol is not None and size.as_symbol.name == "_"


def _shape(inner: Frame, spec: ShapeSpec) -> Shape:
    for name in {name for item in spec.items for name in names_in(item)}:
        if name not in inner.letters.bound and name not in inner.letters.defined and size_named(inner, name) is None:
            inner.letters.bound[name] = left_open()
    dims = claimed(inner, spec, None).dims
    return Shape(tuple(left_open() if dim.size is None else dim.size for dim in dims))


def _at_the_return(node: nodes.Function) -> list[_Word]:
    """The comments at what a function returns: at its one `return`, or where the names in that get their last value."""
    returned = returned_by(node)
    last = node.body[-1] if node.body else None
    if len(returned) != 1 or not isinstance(last, nodes.Return):
        return []
    own = [one for one in last.notes.claims if _is_beside(one)]
    if own:
        return [_Word(one, 0, 1) for one in own]
    parts = returned[0].items if isinstance(returned[0], nodes.Sequence) else (returned[0],)
    found = []
    for index, part in enumerate(parts):
        told = _last_told(node.body, part.id) if isinstance(part, nodes.Name) else None
        if told is not None:
            found.append(_Word(told, index, len(parts)))
    return found


def _last_told(body: Sequence[nodes.Stmt], name: str) -> Attached | None:
    """The comment beside the last statement that gives a name its value; None where one within a block may."""
    for statement in reversed(body):
        targets = statement.targets if isinstance(statement, nodes.Assign) else ()
        if len(targets) == 1 and isinstance(targets[0], nodes.Name) and targets[0].id == name:
            told = [one for one in statement.notes.claims if _is_beside(one)]
            return told[0] if len(told) == 1 else None
        if any(name in targets_of(inner) for inner in statements_within((statement,))):
            return None
    return None


def _is_beside(attached: Attached) -> bool:
    is_beside = attached.place not in OWN_LINE and attached.place is not Place.INSIDE
    whole = attached.subject is None and attached.about is None
    return is_beside and whole and attached.claim.role is Role.RESULT and attached.claim.count == 1
