"""Meeting a claim with the targets that a statement's value is unpacked into: with one of them, or with each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from shapelint.dims import Dim
from shapelint.interp.claims.claimed_values import meet_value
from shapelint.interp.claims.givens import NO_TENSOR, givens_of
from shapelint.interp.claims.noted import note_claim, unmet
from shapelint.interp.claims.subjects import evaluated_aside, value_of
from shapelint.interp.paths.join import alternatives
from shapelint.interp.state.asked import is_called_a_row
from shapelint.interp.state.events import Given
from shapelint.interp.state.ground import size_of
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import Layer, Value
from shapelint.notation.model import Claim, Name, Role
from shapelint.ops.rows import SizesOf
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes
from shapelint.program.nodes import Attached, Place
from shapelint.program.written import text_of
from shapelint.shapes import Shape


def meet_targets(
    frame: Frame, attached: Attached, target: nodes.Sequence, shown: nodes.Expr | None, value: Value
) -> None:
    """Meet a claim with what it tells of the targets, of a row that is taken apart, or of the whole."""
    claim = attached.claim
    parts = _parts_beside(attached, target)
    if not parts:
        unmet(frame, attached, "the comment stands at no value")
        return
    wanted = [part for part in parts if not (isinstance(part, nodes.Name) and part.id == "_")]
    if claim.count == 1 and _may_name_each(claim, len(parts)):
        frame.doubted.add(id(attached))
    chosen = _named_before(attached, wanted) or _one_of(claim, parts) or _one_of(claim, wanted)
    if not chosen:
        if _meet_whole(frame, attached, parts, wanted, shown, value):
            return
        if claim.count > 1:
            unmet(frame, attached, f"{claim.count} shapes for {len(parts)} values")
            return
        chosen = [part for part in wanted if _may_be_tensor(frame, part)] or wanted
    _meet_each(frame, attached, chosen, shown)


def _parts_beside(attached: Attached, target: nodes.Sequence) -> list[nodes.Expr]:
    """The targets that a claim may tell of: those of its line, and as far down as it tells more shapes than these."""
    parts: list[nodes.Expr] = [part for part in target.items if not isinstance(part, nodes.Starred)]
    if attached.place is Place.INSIDE:
        parts = [part for part in parts if part.at[2] == attached.at[0]]
    return list(_leaves(parts)) if attached.claim.count > len(parts) else parts


def _one_of(claim: Claim, targets: list[nodes.Expr]) -> list[nodes.Expr]:
    """The target that one of several shapes is told of, if there are as many of them."""
    return [targets[claim.index]] if claim.count == len(targets) > 1 else []


def _meet_whole(
    frame: Frame,
    attached: Attached,
    parts: Sequence[nodes.Expr],
    wanted: Sequence[nodes.Expr],
    shown: nodes.Expr | None,
    value: Value,
) -> bool:
    """Meet a claim with what is taken apart, where it may tell of that; whether it may."""
    claim = attached.claim
    if claim.count == 1 and _is_tensor(frame, value) and claim.role is not Role.ELEMENT:
        either = [value, *(evaluated_aside(frame, part) for part in wanted)]  # a row taken apart, or each part of it
    elif (row := _sizes_taken_apart(frame, attached, parts, value)) is not None:
        note_claim(frame, attached, [Given(row)], text_of(shown))
        return True
    elif claim.count == 1 and (whole := _taken_apart(frame, shown)) is not None:
        either = [*(evaluated_aside(frame, part) for part in wanted), whole]
    else:
        return False
    note_claim(frame, attached, [one for each in either for one in givens_of(frame, each)], text_of(shown), any_of=True)
    return True


def _meet_each(frame: Frame, attached: Attached, chosen: Sequence[nodes.Expr], shown: nodes.Expr | None) -> None:
    values = [frame.world.settle(evaluated_aside(frame, part)) for part in chosen]
    is_of_all = len(chosen) > 1 and attached.claim.count == 1
    if is_of_all and _is_of_a_layer(frame, shown) and all(map(_is_known, values)):
        given = [one for each in values for one in givens_of(frame, each) if one.why_unknown != NO_TENSOR]
        note_claim(frame, attached, given, text_of(shown), any_of=True)  # `y, h = self.rnn(x)` gives unlike things
        return
    is_told = any(isinstance(one, Tensor) and one.shape.known for one in values)
    for number, (part, one) in enumerate(zip(chosen, values, strict=True)):
        if is_told and isinstance(one, Unknown):  # one shape for both is not said of what may be no tensor
            note_claim(frame, attached, givens_of(frame, one), text_of(part), part=number)
        else:
            meet_value(frame, attached, one, text_of(part), target=part, part=number)


def _leaves(targets: Sequence[nodes.Expr]) -> Iterator[nodes.Expr]:
    """The targets one by one, those of a row within a row, too: `out, (h, c)`."""
    for target in targets:
        if isinstance(target, nodes.Sequence):
            yield from _leaves(target.items)
        elif not isinstance(target, nodes.Starred):
            yield target


def _may_name_each(claim: Claim, targets: int) -> bool:
    """Whether words without brackets may tell something of each target: `a, b, c = ...  # N, CA, C`."""
    return any(len(one.items) == targets and one.text[:1] not in ("(", "[", "{") for one in claim.shapes)


_BEFORE = re.compile(r"#+\s*(\w+(?:(?:\s*[,/&]\s*|\s+and\s+)\w+)*)\s*(?:[-=]+>|→)\s*$")


def _named_before(attached: Attached, targets: Sequence[nodes.Expr]) -> list[nodes.Expr]:
    """The targets that a comment names before its shape, where it names nothing else: `# key, value --> (B, N, D)`."""
    match = _BEFORE.match(attached.text[: attached.claim.start])
    names = re.split(r"\W+(?:and\s+)?|\s+and\s+", match[1].lower()) if match else []
    found = [part for part in targets if text_of(part).lower() in names]
    return found if len(found) == len(names) else []


def _is_tensor(frame: Frame, value: Value) -> bool:
    """Whether a value is a tensor, or one of several."""
    return all(isinstance(one, Tensor) for one in alternatives(frame.world.settle(value)))


def _may_be_tensor(frame: Frame, target: nodes.Expr) -> bool:
    """Whether what a target was bound to may be a tensor; a size, a row of sizes or a string is none."""
    value = evaluated_aside(frame, target)
    return any(isinstance(one, (Tensor, Unknown, SizesOf)) for one in alternatives(value))


def _sizes_taken_apart(frame: Frame, attached: Attached, targets: Sequence[nodes.Expr], row: Value) -> Shape | None:
    """The sizes that a caller gives in a row, and a comment names one by one beside their unpacking.

    `self.c, self.h, self.w = input_shape  # (C, H, W)`: what is unpacked goes by the name of a shape, or each of the
    targets by the letter that it has in the comment. Else they may be tensors of so many dims.
    """
    claim, row = attached.claim, frame.world.settle(row)
    if claim.count != 1 or claim.role is not Role.RESULT or not isinstance(row, Unknown) or len(targets) < 2:
        return None
    items = claim.shapes[0].items if len(claim.shapes) == 1 else ()
    names = [item.text.casefold() if isinstance(item, Name) else "" for item in items]
    bound = [text_of(target).casefold() for target in targets]
    is_told = len(names) == len(bound) and all(
        name and (name == own or own.endswith((f"_{name}", f".{name}"))) for name, own in zip(names, bound, strict=True)
    )
    is_row = row.of_sizes and not row.free
    if len(items) != len(targets) or not (is_told or is_row or is_called_a_row(row.origin)):
        return None
    values = [frame.world.settle(evaluated_aside(frame, target)) for target in targets]
    sizes = [size_of(frame.world, one) if isinstance(one, Unknown) else one for one in values]
    known = [size for size in sizes if isinstance(size, Dim)]
    return Shape(tuple(known)) if len(known) == len(targets) else None


def _taken_apart(frame: Frame, shown: nodes.Expr | None) -> Value:
    """The tensor that is taken apart into targets, of which a comment may tell: `q, k = x.unbind(1)  # (b, 2, t)`."""
    if not isinstance(shown, nodes.Call) or not isinstance(shown.func, nodes.Attribute) or shown.func.attr != "unbind":
        return None
    whole = value_of(frame, shown.func.value)
    return whole if isinstance(frame.world.settle(whole), Tensor) else None


def _is_of_a_layer(frame: Frame, shown: nodes.Expr | None) -> bool:
    """Whether a value is what a layer of torch.nn gives, or one of several of which nobody knows which it is."""
    function = value_of(frame, shown.func) if isinstance(shown, nodes.Call) else None
    return function is not None and all(isinstance(one, Layer) for one in alternatives(frame.world.settle(function)))


def _is_known(value: Value) -> bool:
    return all(one.shape.known if isinstance(one, Tensor) else type(one) is tuple for one in alternatives(value))
