"""Meeting a claim with the value of its statement: with one target, each of several, or what a call takes in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from shapelint.dims import Dim
from shapelint.interp.claims.claimed_parts import product_within
from shapelint.interp.claims.claimed_values import counts, meet_value
from shapelint.interp.claims.givens import NO_TENSOR, givens_of
from shapelint.interp.claims.noted import note_claim, unmet
from shapelint.interp.claims.subjects import evaluated_aside, value_of
from shapelint.interp.objects.rows import items_of
from shapelint.interp.paths.join import alternatives
from shapelint.interp.state.asked import is_called_a_row
from shapelint.interp.state.events import Given
from shapelint.interp.state.ground import size_of
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import DictObject, Layer, ListObject, Ref, Value
from shapelint.notation.model import Claim, Name, Num, Role
from shapelint.ops.rows import SizesOf
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes
from shapelint.program.nodes import Attached, Place
from shapelint.program.within import all_parts
from shapelint.program.written import targets_of, text_of, value_expr
from shapelint.shapes import Shape


def meet_result(frame: Frame, statement: nodes.Stmt, attached: Attached, value: Value) -> Value:
    """A claim on the value of the statement, or on one or each of the targets that it is unpacked into."""
    claim = attached.claim
    target = statement.targets[0] if isinstance(statement, nodes.Assign) else None
    shown = value_expr(statement)
    if (call := _called_before(attached, shown)) is not None:
        meet_value(frame, attached, value_of(frame, call), text_of(call))
        return value
    if (asked := _asked_for_some_sizes(attached, shown, value)) is not None:
        meet_value(frame, attached, value_of(frame, asked), text_of(asked), target=asked)
        return value
    if isinstance(shown, nodes.Sequence) and _names_values(frame, claim):
        unmet(frame, attached, "it may name what is in there")
        return value
    if claim.role is Role.ELEMENT and isinstance(shown, nodes.Sequence) and shown.kind == "tuple":
        unmet(frame, attached, "it may speak of one of the values")
        return value
    if isinstance(target, nodes.Sequence) and not _is_row_of_sizes(frame, value):
        parts: list[nodes.Expr] = [part for part in target.items if not isinstance(part, nodes.Starred)]
        if attached.place is Place.INSIDE:
            parts = [part for part in parts if part.at[2] == attached.at[0]]
            if not parts:
                unmet(frame, attached, "the comment stands at no value")
                return value
        if claim.count > len(parts):
            parts = list(_leaves(parts))
        wanted = [p for p in parts if not (isinstance(p, nodes.Name) and p.id == "_")]
        if claim.count == 1 and _may_name_each(claim, len(parts)):
            frame.doubted.add(id(attached))
        chosen: Sequence[nodes.Expr]
        if named := _named_before(attached, wanted):
            chosen = named
        elif claim.count == len(parts) > 1:
            chosen = [parts[claim.index]]
        elif claim.count == len(wanted) > 1:
            chosen = [wanted[claim.index]]
        elif claim.count == 1 and _is_tensor(frame, value) and claim.role is not Role.ELEMENT:
            given = [
                one
                for each in (value, *(evaluated_aside(frame, part) for part in wanted))
                for one in givens_of(frame, each)
            ]
            note_claim(frame, attached, given, text_of(shown), any_of=True)  # a row taken apart, or each part of it
            return value
        elif (row := _sizes_taken_apart(frame, attached, parts, value)) is not None:
            note_claim(frame, attached, [Given(row)], text_of(shown))
            return value
        elif claim.count == 1 and (whole := _taken_apart(frame, shown)) is not None:
            given = [one for part in wanted for one in givens_of(frame, evaluated_aside(frame, part))]
            note_claim(frame, attached, [*given, *givens_of(frame, whole)], text_of(shown), any_of=True)
            return value
        elif claim.count == 1:
            chosen = [part for part in wanted if _may_be_tensor(frame, part)] or wanted
        else:
            unmet(frame, attached, f"{claim.count} shapes for {len(parts)} values")
            return value
        values = [frame.world.settle(evaluated_aside(frame, part)) for part in chosen]
        if len(chosen) > 1 and claim.count == 1 and _is_of_a_layer(frame, shown) and all(map(_is_known, values)):
            given = [one for each in values for one in givens_of(frame, each) if one.why_unknown != NO_TENSOR]
            note_claim(frame, attached, given, text_of(shown), any_of=True)  # `y, h = self.rnn(x)` gives unlike things
            return value
        is_told = any(isinstance(one, Tensor) and one.shape.known for one in values)
        for number, (part, one) in enumerate(zip(chosen, values, strict=True)):
            if is_told and isinstance(one, Unknown):  # one shape for both is not said of what may be no tensor
                note_claim(frame, attached, givens_of(frame, one), text_of(part), part=number)
            else:
                meet_value(frame, attached, one, text_of(part), target=part, part=number)
        return value
    taken = _taken_in(frame, statement, value)
    if taken and claim.count in (1, len(taken)):
        if len(taken) > 1 and claim.count == 1:
            unmet(frame, attached, "it may speak of one of the values")
        else:
            meet_value(frame, attached, value_of(frame, taken[claim.index]), text_of(taken[claim.index]))
        return value
    if claim.count > 1:
        items, _ = items_of(frame, value) if not isinstance(value, Tensor) else (None, None)
        if items is None or len(items) != claim.count:
            unmet(frame, attached, f"{claim.count} shapes for one value")
            return value
        meet_value(frame, attached, items[claim.index], f"item {claim.index}")
        return value
    if isinstance(target, nodes.Subscript) and isinstance(value_of(frame, target.value), Tensor):
        _meet_written(frame, attached, target, value)
        return value
    if _is_row_of_sizes(frame, value) and _has_input(statement, attached):
        unmet(frame, attached, "it may speak of what is made with these sizes")
        return value
    about = text_of(target) if target is not None else text_of(value_expr(statement))
    if isinstance(statement, nodes.Return):
        about = "the result"
    if isinstance(statement, nodes.AugAssign):
        target, about = statement.target, text_of(statement.target)
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
    if operand is None or attached.place is not Place.TRAILING or not _gets_a_dim(operand) or len(claim.shapes) > 1:
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


def _gets_a_dim(expr: nodes.Expr) -> bool:
    """Whether something is given a dim of 1: `x.unsqueeze(1)`, `x[:, None]`."""
    if isinstance(expr, nodes.Subscript):
        places = expr.index.items if isinstance(expr.index, nodes.Sequence) else (expr.index,)
        return any(isinstance(place, nodes.Constant) and place.value is None for place in places)
    return isinstance(expr, nodes.Call) and isinstance(expr.func, nodes.Attribute) and expr.func.attr == "unsqueeze"


def _asked_for_some_sizes(attached: Attached, shown: nodes.Expr | None, value: Value) -> nodes.Expr | None:
    """The tensor of which some sizes are taken, where the comment tells another number of them: it tells its shape.

    `B, T = x.shape[:2]  # (B, T, C)`
    """
    if attached.claim.role is not Role.RESULT or attached.claim.count > 1 or not isinstance(shown, nodes.Subscript):
        return None
    ranks = {len(spec.items) for spec in attached.claim.shapes}
    of_it = shown.value
    if isinstance(of_it, nodes.Call) and isinstance(of_it.func, nodes.Attribute) and of_it.func.attr == "size":
        whole = of_it.func.value if not of_it.args else None
    else:
        whole = of_it.value if isinstance(of_it, nodes.Attribute) and of_it.attr == "shape" else None
    taken = len(value) if type(value) is tuple else None
    return whole if whole is not None and taken is not None and taken not in ranks else None


def _leaves(targets: Sequence[nodes.Expr]) -> Iterator[nodes.Expr]:
    """The targets one by one, those of a row within a row, too: `out, (h, c)`."""
    for target in targets:
        if isinstance(target, nodes.Sequence):
            yield from _leaves(target.items)
        elif not isinstance(target, nodes.Starred):
            yield target


def _names_values(frame: Frame, claim: Claim) -> bool:
    """Whether a row is one of names of the code, none of which is a size: `return [a, b]  # [images, labels]`."""
    items = [item for shape in claim.shapes for item in shape.items]
    names = [item.text for item in items if isinstance(item, Name)]
    values = [frame.world.settle(frame.env.get(name)) for name in names]
    return len(items) > 1 and len(values) == len(items) and all(_is_no_size(frame, value) for value in values)


def _is_no_size(frame: Frame, value: Value) -> bool:
    if isinstance(value, Ref):
        return isinstance(frame.world.heap.get(value.id), (ListObject, DictObject))
    return any(isinstance(one, Tensor) and one.shape.least_rank > 0 for one in alternatives(value))


def _is_of_a_layer(frame: Frame, shown: nodes.Expr | None) -> bool:
    """Whether a value is what a layer of torch.nn gives, or one of several of which nobody knows which it is."""
    function = value_of(frame, shown.func) if isinstance(shown, nodes.Call) else None
    return function is not None and all(isinstance(one, Layer) for one in alternatives(frame.world.settle(function)))


def _is_known(value: Value) -> bool:
    return all(one.shape.known if isinstance(one, Tensor) else type(one) is tuple for one in alternatives(value))


def _may_name_each(claim: Claim, targets: int) -> bool:
    """Whether words without brackets may tell something of each target: `a, b, c = ...  # N, CA, C`."""
    return any(len(one.items) == targets and one.text[:1] not in ("(", "[", "{") for one in claim.shapes)


def _is_tensor(frame: Frame, value: Value) -> bool:
    """Whether a value is a tensor, or one of several."""
    return all(isinstance(one, Tensor) for one in alternatives(frame.world.settle(value)))


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


_BEFORE = re.compile(r"#+\s*(\w+(?:(?:\s*[,/&]\s*|\s+and\s+)\w+)*)\s*(?:[-=]+>|→)\s*$")


def _named_before(attached: Attached, targets: Sequence[nodes.Expr]) -> list[nodes.Expr]:
    """The targets that a comment names before its shape, where it names nothing else: `# key, value --> (B, N, D)`."""
    match = _BEFORE.match(attached.text[: attached.claim.start])
    names = re.split(r"\W+(?:and\s+)?|\s+and\s+", match[1].lower()) if match else []
    found = [part for part in targets if text_of(part).lower() in names]
    return found if len(found) == len(names) else []


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


def _has_input(statement: nodes.Stmt, attached: Attached) -> bool:
    """Whether the comment says what something is made from, too: `(B, T, D) -> (B, T, H, K)`."""
    return any(one.text == attached.text and one.claim.role is Role.INPUT for one in statement.notes.claims)


def _may_be_tensor(frame: Frame, target: nodes.Expr) -> bool:
    """Whether what a target was bound to may be a tensor; a size, a row of sizes or a string is none."""
    value = evaluated_aside(frame, target)
    return any(isinstance(one, (Tensor, Unknown, SizesOf)) for one in alternatives(value))


def _is_row_of_sizes(frame: Frame, value: Value) -> bool:
    value = frame.world.settle(value)
    return isinstance(value, SizesOf) or (type(value) is tuple and all(isinstance(item, Dim) for item in value))
