"""Meeting a claim with the value of its statement: with what it is bound to, or with what a call takes in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from shapelint.dims import Dim
from shapelint.interp.claims.claimed_parts import product_within
from shapelint.interp.claims.claimed_targets import meet_targets
from shapelint.interp.claims.claimed_values import counts, meet_value
from shapelint.interp.claims.givens import NO_TENSOR, givens_of
from shapelint.interp.claims.noted import note_claim, unmet
from shapelint.interp.claims.spoken_of import OF_WHAT_IS_MADE, gets_a_dim, tells_use_of_numbers
from shapelint.interp.claims.subjects import evaluated_aside, value_of
from shapelint.interp.objects.rows import items_of
from shapelint.interp.paths.join import alternatives
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import DictObject, ListObject, Ref, Value
from shapelint.notation.model import Anything, Claim, Name, Num, Role
from shapelint.ops.rows import SizesOf
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes
from shapelint.program.nodes import Attached, Place
from shapelint.program.within import all_parts
from shapelint.program.written import targets_of, text_of, value_expr


def meet_result(frame: Frame, statement: nodes.Stmt, attached: Attached, value: Value) -> Value:
    """A claim on the value of the statement, or on one or each of the targets that it is unpacked into."""
    claim, shown = attached.claim, value_expr(statement)
    target = statement.targets[0] if isinstance(statement, nodes.Assign) else None
    if _meet_within(frame, attached, shown, value):
        return value
    if isinstance(target, nodes.Sequence) and not is_row_of_sizes(frame, value):
        meet_targets(frame, attached, target, shown, value)
    elif (taken := _taken_in(frame, statement, value)) and claim.count in (1, len(taken)):
        _meet_taken_in(frame, attached, taken)
    elif claim.count > 1:
        _meet_item(frame, attached, value)
    elif isinstance(target, nodes.Subscript) and isinstance(value_of(frame, target.value), Tensor):
        _meet_written(frame, attached, target, value)
    elif is_row_of_sizes(frame, value) and has_input(statement, attached):
        unmet(frame, attached, OF_WHAT_IS_MADE)
    else:
        return _meet_one(frame, statement, attached, value)
    return value


def _meet_within(frame: Frame, attached: Attached, shown: nodes.Expr | None, value: Value) -> bool:
    """Meet a claim with a part of the value's expression that it tells of, or with nothing; whether it is so."""
    if (call := _called_before(attached, shown)) is not None:
        meet_value(frame, attached, value_of(frame, call), text_of(call))
    elif (asked := _asked_for_some_sizes(attached, shown, value)) is not None:
        meet_value(frame, attached, value_of(frame, asked), text_of(asked), target=asked)
    elif isinstance(shown, nodes.Sequence) and _names_values(frame, attached.claim):
        unmet(frame, attached, "it may name what is in there")
    elif tells_use_of_numbers(shown, attached.claim):
        unmet(frame, attached, OF_WHAT_IS_MADE)
    elif isinstance(shown, nodes.Sequence) and _is_of_one_of_them(attached.claim, shown):
        unmet(frame, attached, ONE_OF_THEM)
    else:
        return False
    return True


ONE_OF_THEM = "it may speak of one of the values"


def _meet_taken_in(frame: Frame, attached: Attached, taken: Sequence[nodes.Expr]) -> None:
    if len(taken) > 1 and attached.claim.count == 1:
        unmet(frame, attached, ONE_OF_THEM)
    else:
        part = taken[attached.claim.index]
        meet_value(frame, attached, value_of(frame, part), text_of(part))


def _meet_item(frame: Frame, attached: Attached, value: Value) -> None:
    """Meet one of several claims with its item of a value that has as many."""
    claim = attached.claim
    items, _ = items_of(frame, value) if not isinstance(value, Tensor) else (None, None)
    if items is None or len(items) != claim.count:
        unmet(frame, attached, f"{claim.count} shapes for one value")
    else:
        meet_value(frame, attached, items[claim.index], f"item {claim.index}")


def _meet_one(frame: Frame, statement: nodes.Stmt, attached: Attached, value: Value) -> Value:
    """Meet a claim with the value of the statement; that, perhaps believed."""
    shown, target = value_expr(statement), statement.targets[0] if isinstance(statement, nodes.Assign) else None
    if isinstance(statement, nodes.AugAssign):
        target = statement.target
    about = "the result" if isinstance(statement, nodes.Return) else text_of(shown if target is None else target)
    if _is_of_last_operand(frame, attached, shown, value):
        unmet(frame, attached, "it may speak of the operand beside it")
        return value
    product = product_within(frame, attached, shown)
    if product is not None:
        note_claim(frame, attached, [*givens_of(frame, value), *givens_of(frame, product)], about, any_of=True)
        return value
    return meet_value(frame, attached, value, about, target=target)


def _is_of_last_operand(frame: Frame, attached: Attached, shown: nodes.Expr | None, value: Value) -> bool:
    """Whether a comment writes a 1 where the operand beside it has just got a dim, which the whole has for another
    size: `x + move.unsqueeze(1)  # (B, 1, D)`."""
    claim, operand = attached.claim, shown.right if isinstance(shown, nodes.Binary) else None
    if operand is None or attached.place is not Place.TRAILING or gets_a_dim(operand) is None or len(claim.shapes) > 1:
        return False
    part = frame.world.settle(value_of(frame, operand))
    items = claim.shapes[0].items if claim.role is Role.RESULT and claim.count == 1 else ()
    if not isinstance(part, Tensor) or not isinstance(value, Tensor) or not part.shape.known or not value.shape.known:
        return False
    if not part.rank == value.rank == len(items):
        return False
    rows = list(zip(items, part.shape.dims, value.shape.dims, strict=True))
    return all((isinstance(item, Num) and item.value == 1) == (own.value == 1) for item, own, _ in rows) and any(
        own.value == 1 and whole.value != 1 for _, own, whole in rows
    )


def _asked_for_some_sizes(attached: Attached, shown: nodes.Expr | None, value: Value) -> nodes.Expr | None:
    """The tensor of which some sizes are taken, where the comment tells another number of them: it tells its shape.

    `B, T = x.shape[:2]  # (B, T, C)`, and `B = x.shape[0]` or `B = x.size(0)` beside the same. Without brackets,
    `n = x.shape[0]  # H x W`, it tells what that size is.
    """
    if attached.claim.role is not Role.RESULT or attached.claim.count > 1:
        return None
    if isinstance(value, Dim) and not any(spec.text.startswith(("(", "[")) for spec in attached.claim.shapes):
        return None
    ranks = {len(spec.items) for spec in attached.claim.shapes}
    taken = len(value) if type(value) is tuple else 1 if isinstance(value, Dim) else None
    whole = _whose_sizes(shown)
    return whole if taken is not None and taken not in ranks else None


def _whose_sizes(shown: nodes.Expr | None) -> nodes.Expr | None:
    """What an expression takes some sizes of: `x` of `x.shape[:2]`, `x.size(0)`."""
    of_it = shown.value if isinstance(shown, nodes.Subscript) else shown
    if isinstance(of_it, nodes.Call) and isinstance(of_it.func, nodes.Attribute) and of_it.func.attr == "size":
        return of_it.func.value if bool(of_it.args) is (of_it is shown) else None
    is_shape = isinstance(of_it, nodes.Attribute) and of_it.attr == "shape" and of_it is not shown
    return of_it.value if is_shape and isinstance(of_it, nodes.Attribute) else None


def _names_values(frame: Frame, claim: Claim) -> bool:
    """Whether a row is one of names of the code, none of which is a size: `return [a, b]  # [images, labels]`."""
    items = [item for shape in claim.shapes for item in shape.items]
    names = [item.text for item in items if isinstance(item, Name)]
    values = [frame.world.settle(frame.env.get(name)) for name in names]
    return len(items) > 1 and len(values) == len(items) and all(_is_no_size(frame, value) for value in values)


def _is_of_one_of_them(claim: Claim, values: nodes.Sequence) -> bool:
    """Whether a claim beside several values may be on one: each item of a row, or `return x, h, c  # _, _, L, B, D`."""
    return (claim.role is Role.ELEMENT and values.kind == "tuple") or any(
        spec.text[:1] not in ("(", "[") and Anything("_") in spec.items for spec in claim.shapes
    )


def _is_no_size(frame: Frame, value: Value) -> bool:
    if isinstance(value, Ref):
        return isinstance(frame.world.heap.get(value.id), (ListObject, DictObject))
    return any(isinstance(one, Tensor) and one.shape.least_rank > 0 for one in alternatives(value))


def _meet_written(frame: Frame, attached: Attached, target: nodes.Subscript, value: Value) -> None:
    """A shape beside `x[places] = value`: that of the places, of the value, or of the whole tensor.

    Beside a number that is put there the words may be of anything.
    """
    values = (evaluated_aside(frame, target), value, value_of(frame, target.value))
    if attached.claim.tentative and not counts(frame, attached, value):
        return
    given = [one for each in values for one in givens_of(frame, each) if one.why_unknown != NO_TENSOR]
    doubt = "" if isinstance(frame.world.settle(value), Tensor) else "it may speak of what is set"
    note_claim(frame, attached, given, text_of(target), any_of=True, doubt=doubt)


_CALL_BEFORE = re.compile(r"#+\s*(?:[\w.]+\.)?(\w+)(?:\(\))?\s*(?:[-=]+>|→)\s*$")


def _called_before(attached: Attached, shown: nodes.Expr | None) -> nodes.Call | None:
    """The call within a statement's value that a comment names before its shape: `# get_batch -> (T, H, W, C)`."""
    match = _CALL_BEFORE.match(attached.text[: attached.claim.start])
    if match is None or shown is None:
        return None
    calls = [part for part in all_parts([shown]) if isinstance(part, nodes.Call) and part is not shown]
    found = [call for call in calls if text_of(call.func).rsplit(".", 1)[-1] == match[1]]
    return found[0] if len(found) == 1 else None


def lists_targets(statement: nodes.Stmt, attached: Attached) -> bool:
    """Whether what looks like a shape before an arrow is a list of what the statement binds: `# q, k, v -> (B, D)`."""
    items = attached.claim.shapes[0].items if len(attached.claim.shapes) == 1 else ()
    is_bare = bool(items) and attached.claim.shapes[0].text[:1].isalpha()
    return is_bare and targets_of(statement) >= {item.text if isinstance(item, Name) else "" for item in items}


def _taken_in(frame: Frame, statement: nodes.Stmt, value: Value) -> list[nodes.Expr]:
    """What a call by itself that gives nothing takes in: `print(x.shape)  # (B, T)`, `rows.append(x[0])  # (B, T)`.

    Shapes are meant before tensors, of which it is one.
    """
    call = statement.value if isinstance(statement, nodes.Expression) else None
    if not isinstance(call, nodes.Call) or frame.world.settle(value) is not None:
        return []
    values = [part for argument in call.args for part in _shown(argument.value)]
    shapes = [part for part in values if _is_shape(part)]
    if shapes:
        return shapes
    found = [part for part in values if _is_perhaps_a_tensor(frame.world.settle(value_of(frame, part)))]
    return found if len(found) == 1 else []


def shape_shown(frame: Frame, statement: nodes.Stmt, value: Value) -> Value:
    """What a statement leaves for a comment below it to tell of: its value, or the one shape that it prints."""
    shapes = [part for part in _taken_in(frame, statement, value) if _is_shape(part)]
    return value_of(frame, shapes[0]) if len(shapes) == 1 else value


def _is_perhaps_a_tensor(value: Value) -> bool:
    return any(isinstance(one, (Tensor, Unknown)) for one in alternatives(value))


def _shown(expr: nodes.Expr) -> Iterator[nodes.Expr]:
    """A value that is printed, and those within a text: `f"{x.shape}"`."""
    if isinstance(expr, nodes.FString):
        for part in expr.parts:
            yield from _shown(part)
    else:
        yield expr


def _is_shape(expr: nodes.Expr) -> bool:
    """Whether an expression is written as the shape of something: `x.shape`, `x.size()`, `tuple(x.shape)`."""
    if isinstance(expr, nodes.Call):
        if isinstance(expr.func, nodes.Name) and expr.func.id in ("tuple", "list", "str") and len(expr.args) == 1:
            return _is_shape(expr.args[0].value)
        return isinstance(expr.func, nodes.Attribute) and expr.func.attr == "size" and not expr.args
    return isinstance(expr, nodes.Attribute) and expr.attr == "shape"


def has_input(statement: nodes.Stmt, attached: Attached) -> bool:
    """Whether the comment says what something is made from, too: `(B, T, D) -> (B, T, H, K)`."""
    return any(one.text == attached.text and one.claim.role is Role.INPUT for one in statement.notes.claims)


def is_row_of_sizes(frame: Frame, value: Value) -> bool:
    """Whether a value is the shape of something, or a tuple of sizes."""
    value = frame.world.settle(value)
    return isinstance(value, SizesOf) or (type(value) is tuple and all(isinstance(item, Dim) for item in value))
