"""Meeting what a comment says of a part of a statement: its input, an operand, a link of its chain."""

from __future__ import annotations

from collections.abc import Sequence

from shapelint.dims import Dim, const
from shapelint.interp.claims.claimed_values import meet_value
from shapelint.interp.claims.code_names import size_named
from shapelint.interp.claims.givens import givens_of
from shapelint.interp.claims.held_against import as_one
from shapelint.interp.claims.noted import note_claim, regroups, unmet
from shapelint.interp.claims.subjects import (
    arguments_in_order,
    before_spreading,
    inputs,
    is_a_product,
    links,
    operands,
    products_within,
    value_of,
)
from shapelint.interp.state.events import Given
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.method_names import CASTS
from shapelint.interp.state.values import Choice, Value
from shapelint.notation.model import Claim, DimSpec, Name, Num, Rest, Role
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes
from shapelint.program.nodes import OWN_LINE, Attached
from shapelint.program.within import all_parts
from shapelint.program.written import targets_of, text_of


def meet_parts(frame: Frame, attached: Attached, expr: nodes.Expr | None) -> None:
    """A claim on the input, an operand or a link of the statement's expression."""
    claim = attached.claim
    found: list[nodes.Expr] = []
    if expr is not None:
        if claim.role is Role.OPERAND:
            parts = operands(frame, expr, claim.count)
            if "@" in attached.text and isinstance(expr, nodes.Binary) and expr.op != "@":
                parts = next(products_within(frame, expr, claim.count), parts)  # `c * outer(a, b)  # (N, 1) @ (1, M)`
            parts = _of_all_letters(frame, attached, expr, parts)
            found = [part for one in parts[claim.index : claim.index + 1] for part in before_spreading(one)]
            found += _before_regrouping(frame, claim, found)
        else:
            found = links(frame, expr)
            if claim.role is Role.INPUT:
                found = inputs(frame, expr) if claim.count == 1 else arguments_in_order(frame, expr, claim.count)
                found = found[claim.index : claim.index + 1] if claim.count > 1 else found
                if isinstance(frame.statement, nodes.AugAssign) and attached.about is None:
                    found += [frame.statement.value, *inputs(frame, frame.statement.value)]
            if claim.role is Role.INPUT and claim.count == 1:
                meant = later_step_meant(frame, attached, expr, found)
                found = [meant] if meant is not None else [*found, *_spread_beside(frame, claim, expr, found)]
                if not any(_may_be_of(frame, claim, part) for part in found):
                    found += _later_arguments(frame, expr)
    if claim.role is Role.INPUT and _is_of_the_line_above(frame, attached):
        unmet(frame, attached, "it may speak of the statement above")
        return
    if len(found) == 1 and expr is not None and _is_kept(frame, attached, expr, found[0]):
        unmet(frame, attached, "it may speak of what an unknown function is given")
        return
    if not found:
        unmet(frame, attached, f"{claim.role.value} {NOT_FOUND}")
        return
    if len(found) == 1 and _is_an_item(frame, attached, found[0]):
        unmet(frame, attached, "it may speak of what an item is taken out of")
        return
    if len(found) == 1:
        bound_anew = frame.statement is not None and text_of(found[0]) in targets_of(frame.statement)
        target = None if bound_anew else found[0]
        meet_value(frame, attached, value_of(frame, found[0]), text_of(found[0]), target=target)
        return
    candidates = [as_one(givens_of(frame, value_of(frame, part))) for part in found]
    lies = "@" in attached.text and any(_is_a_vector_in_a_row(claim, one) for one in candidates)
    doubt = "it may tell how a vector lies" if lies else ""
    note_claim(frame, attached, candidates, claim.role.value, any_of=True, doubt=doubt)


def _may_be_of(frame: Frame, claim: Claim, part: nodes.Expr) -> bool:
    """Whether a value has as many dims as a claim says, as far as both are known."""
    ranks = {len(shape.items) for shape in claim.shapes if not any(isinstance(item, Rest) for item in shape.items)}
    told = givens_of(frame, value_of(frame, part))
    known = [one.shape.rank for one in told if one.shape is not None and one.shape.known]
    return len(ranks) < len(claim.shapes) or len(known) < len(told) or not ranks.isdisjoint(known)


def _later_arguments(frame: Frame, expr: nodes.Expr) -> list[nodes.Expr]:
    """What a call takes after its first tensor: `bmm(p, x)  # (B, T, C) -> (B, C)` may tell of `x`."""
    args = [one.value for one in expr.args] if isinstance(expr, nodes.Call) else []
    return [one for one in args if isinstance(frame.world.settle(value_of(frame, one)), (Tensor, Unknown, Choice))][1:]


def _spread_beside(frame: Frame, claim: Claim, expr: nodes.Expr, found: Sequence[nodes.Expr]) -> list[nodes.Expr]:
    """The operand that is spread over an input of more dims than an arrow begins with: `x + bias  # (C,) -> (B, C)`."""
    if isinstance(expr, nodes.Call) and isinstance(expr.func, nodes.Attribute) and len(expr.args) == 1:
        sides = [expr.func.value, expr.args[0].value] if expr.func.attr.rstrip("_") in _SPREADING else []
    else:
        sides = [expr.left, expr.right] if isinstance(expr, nodes.Binary) and expr.op != "@" else []
    values = [frame.world.settle(value_of(frame, part)) for part in found]
    most = max(len(shape.items) for shape in claim.shapes)
    if not all(isinstance(one, Tensor) and one.shape.known and one.rank > most for one in values):
        return []
    return [side for side in sides if not any(side is part for part in found)]


_SPREADING = frozenset("add sub mul div maximum minimum pow logical_and logical_or where".split())


def _is_a_vector_in_a_row(claim: Claim, given: Given) -> bool:
    """Whether an operand of one dim is told to be a matrix of one row or column: `outer(a, b)  # (N, 1) @ (1, M)`."""
    ranks = {len(shape.items) for shape in claim.shapes}
    ones = any(isinstance(item, Num) and item.value == 1 for shape in claim.shapes for item in shape.items)
    return ones and ranks == {2} and given.shape is not None and given.shape.known and given.shape.rank == 1


NOT_FOUND = "could not be found in the statement"


def later_step_meant(
    frame: Frame, attached: Attached, expr: nodes.Expr, found: Sequence[nodes.Expr]
) -> nodes.Expr | None:
    """What the last steps take, where an arrow tells truly of these alone, which only lay out what is there.

    `(B, C, H, W) -> (B, H, W, C)` of `proj(x).permute(0, 2, 3, 1)` is no word on what `proj` makes of the channels.
    """
    claims = frame.statement.notes.claims if frame.statement is not None else ()
    made = [one.claim for one in claims if one.text == attached.text and one.claim.role is Role.RESULT]
    if len(found) < 2 or len(made) != 1 or len(made[0].shapes) != 1 or len(attached.claim.shapes) != 1:
        return None
    if made[0].shapes[0].items == attached.claim.shapes[0].items:
        return None
    said = (attached.claim, made[0])
    if not _is_known(frame, found[0]) or _agree(frame, said, (found[0], expr)):
        return None
    step: nodes.Expr = expr
    last: list[nodes.Expr] = []
    while isinstance(step, nodes.Call) and isinstance(step.func, nodes.Attribute) and step.func.attr in LAYING_OUT:
        step = step.func.value
        last.append(step)
    return next((part for part in reversed(last) if part is not found[0] and _agree(frame, said, (part, expr))), None)


def _is_kept(frame: Frame, attached: Attached, expr: nodes.Expr, part: nodes.Expr) -> bool:
    """Whether what is found left of an arrow has the shape of the result, which is told to be another one.

    `f(x).exp()  # (B, T, C) -> (B, T)` of an unknown function speaks of what that takes.
    """
    claims = frame.statement.notes.claims if frame.statement is not None else ()
    made = [one.claim for one in claims if one.text == attached.text and one.claim.role is Role.RESULT]
    if not isinstance(expr, nodes.Call) or not isinstance(expr.func, nodes.Attribute) or expr.func.value is not part:
        return False
    rank = len(attached.claim.shapes[0].items)
    return len(made) == 1 and expr.func.attr in KEEPS and len(made[0].shapes[0].items) != rank


def _is_an_item(frame: Frame, attached: Attached, part: nodes.Expr) -> bool:
    """Whether what is found left of an arrow, which loses dims, is an item by its number of something unknown.

    `kept[0].amax(-1)  # (1, N, 2) -> (N,)` counts the dim of the item, too.
    """
    if attached.claim.role is not Role.INPUT or not isinstance(part, nodes.Subscript):
        return False
    if not isinstance(part.index, nodes.Constant) or not isinstance(part.index.value, int):
        return False
    claims = frame.statement.notes.claims if frame.statement is not None else ()
    made = [one.claim for one in claims if one.text == attached.text and one.claim.role is Role.RESULT]
    fewer = len(made) == 1 and len(made[0].shapes[0].items) < len(attached.claim.shapes[0].items)
    return fewer and not _is_known(frame, part)


KEEPS = CASTS | frozenset("exp log sqrt abs neg sigmoid softmax log_softmax relu tanh clamp square".split())
"""Methods that give what they are called of the shape that it has."""


def _is_of_the_line_above(frame: Frame, attached: Attached) -> bool:
    """Whether an arrow over a statement leads to what the one above it has made already."""
    claims = frame.statement.notes.claims if frame.statement is not None else ()
    made = [one.claim for one in claims if one.text == attached.text and one.claim.role is Role.RESULT]
    above = frame.world.settle(frame.previous)
    if attached.place not in OWN_LINE or attached.apart or len(made) != 1 or not isinstance(above, Tensor):
        return False
    items = made[0].shapes[0].items
    return items != attached.claim.shapes[0].items and _is_of(frame, above, items)


def is_of_the_next_step(frame: Frame, attached: Attached, value: Value, expr: nodes.Expr | None) -> bool:
    """Whether an arrow beside a statement leads on from what that has made, and not from what it is made from.

    So `# (B, N, D) -> (B*N, D)` beside `x = x.transpose(1, 2)` over a line that flattens x.
    """
    claims = frame.statement.notes.claims if frame.statement is not None else ()
    before = [one.claim for one in claims if one.text == attached.text and one.claim.role is Role.INPUT]
    taken = inputs(frame, expr) if expr is not None and len(before) == 1 else []
    if attached.place in OWN_LINE or not taken or before[0].shapes[0].items == attached.claim.shapes[0].items:
        return False
    items = before[0].shapes[0].items
    return _is_of(frame, value, items) and not _is_of(frame, value_of(frame, taken[0]), items)


def _is_of(frame: Frame, value: Value, items: Sequence[DimSpec | Rest]) -> bool:
    """Whether a value is surely of the shape that is said, as all its names are known."""
    value = frame.world.settle(value)
    if not isinstance(value, Tensor) or not value.shape.known or value.rank != len(items):
        return False
    names = [_size_meant(frame, item) for item in items]
    sizes = frame.world.settle_shape(value.shape).dims
    return all(
        name is not None and frame.world.facts.is_equal(name, size) for name, size in zip(names, sizes, strict=True)
    )


def _size_meant(frame: Frame, item: DimSpec | Rest) -> Dim | None:
    if isinstance(item, Num):
        return const(item.value)
    return size_named(frame, item.text) or frame.letters.bound.get(item.text) if isinstance(item, Name) else None


def product_within(frame: Frame, attached: Attached, expr: nodes.Expr | None) -> Value:
    """The product that `(A) @ (B) -> (C)` tells of, where more is done with it: `(q @ k.unsqueeze(-1)).squeeze(-1)`.

    None where it is the whole expression, or of unknown shape: what is said of the result may be of either.
    """
    claims = frame.statement.notes.claims if frame.statement is not None else ()
    said = next((one for one in claims if one.text == attached.text and one.claim.role is Role.OPERAND), None)
    if said is None or expr is None or attached.claim.role is not Role.RESULT:
        return None
    parts = _of_all_letters(frame, said, expr, operands(frame, expr, said.claim.count))
    around = [one for one in all_parts([expr]) if is_a_product(one) and _holds(one, parts)] if parts else []
    smallest = min(around, key=lambda one: sum(1 for _ in all_parts([one])), default=expr)
    value = frame.world.settle(value_of(frame, smallest)) if smallest is not expr else None
    return value if isinstance(value, Tensor) and value.shape.known else None


def _holds(whole: nodes.Expr, parts: Sequence[nodes.Expr]) -> bool:
    within = {id(one) for one in all_parts([whole])}
    return all(id(part) in within for part in parts)


def _before_regrouping(frame: Frame, claim: Claim, found: Sequence[nodes.Expr]) -> list[nodes.Expr]:
    """What an operand is before it gets the number of dims that a product takes, where the comment says another:
    `masks @ protos.view(k, -1)  # (n, k) @ (k, h, w) -> (n, h, w)`."""
    part = found[0] if len(found) == 1 else None
    if not isinstance(part, nodes.Call) or not isinstance(part.func, nodes.Attribute) or not regroups(part):
        return []
    value = frame.world.settle(value_of(frame, part))
    is_other = isinstance(value, Tensor) and value.shape.known
    is_other = is_other and all(value.rank != len(shape.items) for shape in claim.shapes)
    return [part.func.value] if is_other else []


TURNING = frozenset("permute transpose swapaxes swapdims movedim moveaxis t".split())
LAYING_OUT = TURNING | frozenset("contiguous view reshape flatten unflatten squeeze unsqueeze".split())


def _of_all_letters(frame: Frame, attached: Attached, expr: nodes.Expr, parts: list[nodes.Expr]) -> list[nodes.Expr]:
    """The outermost operands, or other ones, where only for those the letters of all claims agree; none if unsure.

    Others are those before their dims are put in another order, or what a product further in takes:
    `a = q.permute(0, 2, 1, 3) @ k.permute(0, 2, 3, 1)  # (N, T, H, D) x (N, S, H, D) -> (N, H, T, S)`,
    `a = u * (p @ v)  # (N, T, T) x (N, T, D) -> (N, T, D)`
    """
    claims = frame.statement.notes.claims if frame.statement is not None else ()
    said = [one.claim for one in claims if one.text == attached.text and one.claim.role is Role.OPERAND]
    if len(said) != len(parts) or any(len(claim.shapes) != 1 for claim in said):
        return parts
    said.sort(key=lambda claim: claim.index)
    if _agree(frame, said, parts):
        return parts
    turned = [_source_of(part) for part in parts]
    others = [turned] if all(part is not source for part, source in zip(parts, turned, strict=True)) else []
    others += products_within(frame, expr, len(parts))
    agreeing = next((one for one in others if _agree(frame, said, one)), None)
    if agreeing is not None:
        return agreeing
    unsure = any(not _is_known(frame, part) for one in others for part in one if all(part is not p for p in parts))
    return [] if unsure else parts


def _is_known(frame: Frame, part: nodes.Expr) -> bool:
    value = frame.world.settle(value_of(frame, part))
    return isinstance(value, Tensor) and value.shape.known


def _source_of(part: nodes.Expr) -> nodes.Expr:
    if isinstance(part, nodes.Call) and isinstance(part.func, nodes.Attribute) and part.func.attr in TURNING:
        return part.func.value
    return part


def _agree(frame: Frame, said: Sequence[Claim], parts: Sequence[nodes.Expr]) -> bool:
    """Whether each letter of several claims, each of one part of the statement, is one size in all of them."""
    sizes: dict[str, Dim] = {}
    for claim, part in zip(said, parts, strict=True):
        value = frame.world.settle(value_of(frame, part))
        items = claim.shapes[0].items
        if not isinstance(value, Tensor) or not value.shape.known or value.rank != len(items):
            return False
        for item, size in zip(items, frame.world.settle_shape(value.shape).dims, strict=True):
            if not isinstance(item, Name):
                continue
            known = _size_meant(frame, item) or sizes.get(item.text)
            if known is not None and not frame.world.facts.is_equal(known, size):
                return False
            sizes[item.text] = size
    return True
