"""Elementwise operations that spread a tensor over another one otherwise than was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shapelint.dims import const
from shapelint.interp.state.events import Found, Needed
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.provenance import called, last_given, parts_of, written
from shapelint.interp.state.reductions import reduction_of
from shapelint.ops.tensor import PERHAPS_ARRAYS, Tensor
from shapelint.program import nodes
from shapelint.shapes import Shape, broadcast

if TYPE_CHECKING:
    from shapelint.interp.state.suspicions import Applied


def row_and_column(applied: Applied) -> Found | None:
    """A column (B, 1) beside a row (B,), of which neither was made one on purpose."""
    tensors = applied.known(0, "input"), applied.known(1, "other")
    if tensors[0] is None or tensors[1] is None or {tensors[0].rank, tensors[1].rank} != {1, 2}:
        return None
    at = 0 if tensors[0].rank == 2 else 1
    column, row = tensors[at], tensors[1 - at]
    assert column is not None and row is not None
    facts = applied.frame.world.facts
    size = row.shape[0]
    if facts.value_of(column.shape[1]) != 1 or facts.value_of(size) == 1:
        return None
    if not facts.is_equal(column.shape[0], size) or not _by_accident(applied, at):
        return None
    reason = f"{tensors[0].shape} and {tensors[1].shape} make a matrix {Shape((size, size))} here"
    return reason, (size, const(1)), ()


ON_PURPOSE = frozenset(
    "unsqueeze view reshape expand expand_as repeat arange linspace meshgrid rearrange T mT transpose t column_stack"
    " reshape_as view_as unflatten broadcast_to".split()
)


def _by_accident(applied: Applied, position: int) -> bool:
    """Whether nothing in what an operand was made from shows that it was to have a dim of 1."""
    operand = applied.operand(position)
    if operand is None or applied.frame.function is None:
        return False
    for expr in written(applied.frame, operand, through_calls=True):
        if isinstance(expr, nodes.Attribute):
            return False
        for part in parts_of(expr):
            if called(part) in ON_PURPOSE or (isinstance(part, nodes.Attribute) and part.attr in ON_PURPOSE):
                return False
            if isinstance(part, nodes.Call) and any((arg.keyword or "").startswith("keepdim") for arg in part.args):
                return False
            if isinstance(part, nodes.Subscript) and isinstance(part.index, nodes.Sequence):
                return False
    return True


def reduced_against_itself(applied: Applied) -> Found | None:
    """A tensor beside its own sums along a dim other than the first, which was not kept: `x / x.sum(1)`.

    The sums have the dims before it, and are laid against those behind the first, whatever the sizes are.
    """
    is_told = any(isinstance(one, Needed) and one.blame is applied.node and one.apart for one in applied.frame.failures)
    if is_told or applied.frame.name.startswith("test"):
        return None
    for position in (0, 1):
        part, whole = (applied.value(at, "input", "other") for at in (position, 1 - position))
        exprs = applied.operand(position), applied.operand(1 - position)
        if not isinstance(part, Tensor) or not isinstance(whole, Tensor) or None in exprs:
            continue
        if whole.shape.known and (not part.shape.known or part.rank != whole.rank - 1):
            continue
        reduction = reduction_of(applied.frame, exprs[0])
        if reduction is None or not _is_the_same(applied.frame, reduction.subject, exprs[1]):
            continue
        is_askew = _is_laid_askew(part, whole, reduction.dim, applied)
        if is_askew and not _is_laid_both_ways(applied, exprs[0], part, whole):
            what = f"{reduction.name} over dim {reduction.dim} without keepdim=True"
            return f"{part.shape} is the {what} of {whole.shape}, and laid against its last dims", None, (KEEPING,)
    return None


KEEPING = "keepdim=True leaves a dim of 1 where it was, so that each is laid against its own"


def _is_laid_askew(part: Tensor, whole: Tensor, dim: int, applied: Applied) -> bool:
    """Whether what is left after a dim is gone meets other dims of the whole than its own."""
    shape, rest = whole.shape, part.shape
    if not shape.known:
        is_array = whole.device in PERHAPS_ARRAYS
        return dim > 0 and not is_array and not rest.known and len(rest.front) <= dim
    if not -shape.rank <= dim < shape.rank or dim % shape.rank == 0:
        return False
    facts = applied.frame.world.facts
    return all(facts.value_of(size) != 1 for size in (*rest.dims, *shape.dims))


def _is_laid_both_ways(applied: Applied, expr: nodes.Expr | None, part: Tensor, whole: Tensor) -> bool:
    """Whether sums may be laid against columns on purpose: against rows they are, too, `s - shift - shift[:, None]`.

    Of a square matrix anything may be that is no division.
    """
    facts, rest = applied.frame.world.facts, whole.shape.dims[1:] if whole.shape.known else ()
    is_square = bool(rest) and all(facts.is_equal(a, b) for a, b in zip(part.shape.dims, rest, strict=True))
    if is_square and not (isinstance(applied.node, nodes.Binary) and applied.node.op == "/"):
        return True
    body = applied.frame.function.node.body if applied.frame.function is not None else ()
    return isinstance(expr, nodes.Name) and any(
        isinstance(one, nodes.Subscript) and isinstance(one.value, nodes.Name) and one.value.id == expr.id
        for one in parts_of(body)
    )


def _is_the_same(frame: Frame, subject: nodes.Expr, other: nodes.Expr | None) -> bool:
    """Whether two names are of one value: none was given to the name in between."""
    if not isinstance(subject, nodes.Name) or not isinstance(other, nodes.Name) or subject.id != other.id:
        return False
    return last_given(frame, subject) is last_given(frame, other)


def first_against_last(applied: Applied) -> Found | None:
    """A tensor with the first dims of another one that is laid against its last: (B, C) against (B, C, H, W).

    It runs only where these are as many, which nothing says.
    """
    tensors = applied.known(0, "input"), applied.known(1, "other")
    if tensors[0] is None or tensors[1] is None:
        return None
    part, whole = sorted((tensor.shape for tensor in tensors if tensor is not None), key=lambda shape: shape.rank)
    asked = [one for one in applied.frame.failures if isinstance(one, Needed) and one.blame is applied.node]
    if not 2 <= part.rank < whole.rank or not asked or any(need.apart is not None for need in asked):
        return None
    facts, first, last = asked[0].before, whole.dims[: part.rank], whole.dims[-part.rank :]
    has_first = all(facts.is_equal(mine, one) for mine, one in zip(part.dims, first, strict=True))
    if not has_first or first[0].value is not None or any(facts.value_of(size) == 1 for size in (*part.dims, *last)):
        return None
    reason = f"{part} has the first dims of {whole} and is laid against its last"
    return reason, None, ("unsqueeze() or keepdim=True puts dims of 1 behind its own",)


def spread_loss(applied: Applied) -> Found | None:
    """A loss whose two tensors both grow when they are broadcast."""
    input, target = applied.known(0, "input"), applied.known(1, "target")
    if input is None or target is None:
        return None
    facts = applied.frame.world.facts
    together = broadcast(input.shape, target.shape, facts)
    if together.conflict is not None or not (
        _grows(input, together.shape, applied) and _grows(target, together.shape, applied)
    ):
        return None
    reason = f"the loss of {input.shape} against {target.shape} is taken over {together.shape}"
    size = next(size for size in together.shape.dims if facts.value_of(size) != 1)
    return reason, (size, const(1)), ("each element is compared with those of other rows, too",)


def _grows(tensor: Tensor, shape: Shape, applied: Applied) -> bool:
    facts = applied.frame.world.facts
    lead = shape.rank - tensor.rank
    sizes = zip(shape.dims[lead:], tensor.shape.dims, strict=True)
    grown = any(facts.value_of(old) == 1 and facts.value_of(new) != 1 for new, old in sizes)
    return grown or any(facts.value_of(size) != 1 for size in shape.dims[:lead])
