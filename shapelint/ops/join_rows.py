"""cat and stack of as many tensors as a loop made: of each it is known what it is like, of their number a size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shapelint.dims import Dim, Symbol, const
from shapelint.ops.dtypes import promoted
from shapelint.ops.needs import CannotRun, Trouble, current, index_of, need_equal
from shapelint.ops.rows import Many, Row
from shapelint.ops.tensor import Tensor
from shapelint.shapes import RankNotKnown, Shape, first_cause


@dataclass(frozen=True, slots=True)
class _Part:
    """A tensor that stands in a row as often as `times` says, None where that is not known."""

    tensor: Tensor
    times: Dim | None
    varying: frozenset[Symbol]
    last: tuple[Dim | None, ...] = ()  # sizes of the last one

    @property
    def is_sure(self) -> bool:
        """Whether it surely stands there."""
        least = None if self.times is None else current().facts.lower(self.times)
        return least is not None and least > 0

    def own(self, size: Dim) -> bool:
        """Whether each time has its own such size."""
        return not size.symbols.isdisjoint(self.varying)

    def may_be_alike(self, size: Dim) -> bool:
        """Whether each time has the same such size, or may, as a caller gives it: so it is where they are joined."""
        return not self.own(size) or all(symbol.free for symbol in size.symbols)


def _parts(row: Row) -> Iterator[_Part]:
    for part in row.parts:
        if isinstance(part, Many):
            for tensor in part.group:
                yield _Part(current().settle(tensor), part.count, part.varying, part.last)
        else:
            yield _Part(current().settle(part), const(1), frozenset())


def _shared(parts: list[_Part], leave: int | None = None) -> list[Dim]:
    """The sizes that all of these tensors have, as they are joined; that at `leave` may be any."""
    rank = parts[0].tensor.rank
    sure = [part for part in parts if part.is_sure] or (parts if len(parts) == 1 else [])
    for part in sure:
        if part.tensor.rank != rank:
            raise CannotRun(f"tensors of {rank} and {part.tensor.rank} dims", Trouble.JOIN)
    if any(part.tensor.rank != rank for part in parts):
        raise RankNotKnown("the number of dims is not known")
    sizes = []
    for at in range(rank):
        known = [part.tensor.shape[at] for part in sure if not part.own(part.tensor.shape[at])]
        everywhere = {part.tensor.shape[at] for part in parts}
        if at == leave:
            sizes.append(current().fresh("_"))
        elif known:
            for other in known[1:]:
                need_equal(known[0], other, f"dim {at} of {parts[0].tensor.shape}", "that of another", Trouble.JOIN)
            sizes.append(known[0])
        elif len(everywhere) == 1 and all(part.may_be_alike(part.tensor.shape[at]) for part in parts):
            sizes.append(everywhere.pop())
        elif len(parts) == 1 and len(parts[0].last) == rank and (last := parts[0].last[at]) is not None:
            sizes.append(last)
        else:
            sizes.append(current().fresh("_"))
    return sizes


def cat_row(row: Row, dim: int) -> Tensor:
    """n times (*a, s, *b) -> (*a, n*s, *b); a size of its own along `dim` where each has its own."""
    parts = [part for part in _parts(row) if not (part.tensor.shape.known and part.tensor.shape.dims == (const(0),))]
    if not parts or any(not part.tensor.shape.known for part in parts):
        return _made(parts, _partly_known(parts, dim))
    if any(part.tensor.rank == 0 for part in parts):
        raise CannotRun("a tensor of 0 dims cannot be joined by cat", Trouble.JOIN)
    at = index_of(dim, parts[0].tensor.rank)
    sizes = _shared(parts, at)
    total: Dim | None = const(0)
    for part in parts:
        size = part.tensor.shape[at]
        plain = part.times is not None and not part.own(size)
        total = total + part.times * size if plain and total is not None and part.times is not None else None
    if total is not None:
        sizes[at] = total
    return _made(parts, Shape(tuple(sizes)))


def _partly_known(parts: list[_Part], dim: int) -> Shape:
    """The dims of what is joined where they are not all known: those of a tensor that is, except along `dim`."""
    model = next((part for part in parts if part.tensor.shape.known and part.is_sure), None)
    if model is None:
        return _unknown_made_of(parts)
    sizes = list(model.tensor.shape.dims)
    sizes[index_of(dim, len(sizes))] = current().fresh("_")
    return Shape(tuple(current().fresh("_") if model.own(size) else size for size in sizes))


def stack_row(row: Row, dim: int) -> Tensor:
    """n times (*a, *b) -> (*a, n, *b)."""
    parts = _as_one_cut(list(_parts(row)))
    total: Dim | None = const(0)
    for part in parts:
        total = total + part.times if total is not None and part.times is not None else None
    count = current().fresh("_") if total is None else total
    if any(not part.tensor.shape.known for part in parts):
        shapes = {part.tensor.shape for part in parts}
        seen = shapes.pop() if len(shapes) == 1 else None
        if dim == 0 and seen is not None and not any(map(parts[0].own, seen.seen())):
            return _made(parts, Shape((count, *seen.front), seen.run, seen.back))
        unseen = _unknown_made_of(parts)
        return _made(parts, Shape((count,), unseen.run) if dim == 0 else unseen)
    sizes = _shared(parts)
    at = index_of(dim, len(sizes) + 1)
    return _made(parts, Shape((*sizes[:at], count, *sizes[at:])))


def pad_row(row: Row, *, batch_first: bool) -> Tensor:
    """n times (l, *b), of unlike l -> (n, longest, *b), or (longest, n, *b)."""
    parts = list(_parts(row))
    totals = [part.times for part in parts if part.times is not None]
    count = sum(totals, const(0)) if len(totals) == len(parts) else current().fresh("_")
    if any(not part.tensor.shape.known for part in parts):
        front = (count, current().fresh("longest"))
        return _made(parts, Shape(front if batch_first else front[::-1], _unknown_made_of(parts).run))
    if any(part.tensor.rank == 0 for part in parts):
        raise CannotRun("a sequence of no dims", Trouble.JOIN)
    sizes = _shared(parts, 0)
    lengths = {part.tensor.shape[0] for part in parts}
    is_one = len(lengths) == 1 and not any(part.own(size) for part in parts for size in lengths)
    longest = lengths.pop() if is_one else current().fresh("longest")
    return _made(parts, Shape((*((count, longest) if batch_first else (longest, count)), *sizes[1:])))


def _as_one_cut(parts: list[_Part]) -> list[_Part]:
    """The parts; pieces of one size and a last one of what was left are all alike, since they are stacked.

    So `stack(split(x, D // n, -1))` needs `D // n` to divide D.
    """
    if len(parts) != 2 or parts[0].times is None or parts[0].is_sure or parts[1].times is not const(1):
        return parts
    first, last = (part.tensor.shape for part in parts)
    if not first.known or not last.known or len(first.dims) != len(last.dims):
        return parts
    differing = [at for at, (a, b) in enumerate(zip(first.dims, last.dims, strict=True)) if a is not b]
    if len(differing) != 1:
        return parts
    each, whole = first.dims[differing[0]], parts[0].times * first.dims[differing[0]] + last.dims[differing[0]]
    current().assume_divides(each, whole)
    return [_Part(parts[0].tensor, whole // each, frozenset())]


def _unknown_made_of(parts: list[_Part]) -> Shape:
    shapes = [part.tensor.shape for part in parts]
    return Shape.unknown(given=all(shape.given for shape in shapes), after=first_cause(shapes))


def _made(parts: list[_Part], shape: Shape) -> Tensor:
    device = next((part.tensor.device for part in parts if part.tensor.device), None)
    return Tensor(shape, None, promoted(*(part.tensor for part in parts)) if parts else None, device)
