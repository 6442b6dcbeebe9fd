"""One dim of a tensor, found by its index: its size, and the shape with other sizes in its place."""

from __future__ import annotations

from shapelint.dims import Dim, symbol
from shapelint.ops.needs import current, index_of, number, seeing
from shapelint.ops.signature import Ints, Values
from shapelint.ops.tensor import ONE, Tensor
from shapelint.shapes import RankNotKnown, Run, Shape


def found(input: Tensor, dim: int, what: str = "dim") -> tuple[Tensor, int]:
    """The tensor with this dim seen, and where it is: from the end only where the number of dims is not known.

    Raises CannotRun where there is no such dim, NotKnown where it lies in an unknown run.
    """
    if not input.shape.known and dim < 0:
        input = seeing(input, -dim)
    if input.shape.known:
        return input, index_of(dim, input.rank, what)
    if dim < 0 or dim < len(input.shape.front):
        return input, dim
    raise RankNotKnown("the number of dims is not known")


def size_at(input: Tensor, dim: int, what: str = "dim") -> Dim:
    """The size of a dim; a scalar has one dim of size 1."""
    input, at = found(input, dim, what)
    return ONE if input.shape.known and input.rank == 0 else input.shape[at]


def replaced(shape: Shape, at: int, *sizes: Dim) -> Shape:
    """The shape with these sizes in the place of the dim at `at`, as `found` gives it."""
    if at >= 0:
        return Shape((*shape.front[:at], *sizes, *shape.front[at + 1 :]), shape.run, shape.back)
    at += len(shape.back)
    return Shape(shape.front, shape.run, (*shape.back[:at], *sizes, *shape.back[at + 1 :]))


def of_rank(input: Tensor, rank: int, names: tuple[str, ...] = ()) -> Tensor:
    """The tensor with all dims seen, of which an operator needs just so many; CannotRun is left to the caller.

    Where they lie in an unknown run, fresh sizes of these names stand in.
    """
    input = current().settle(input)
    shape = input.shape
    missing = rank - shape.least_rank
    if shape.run is None or missing < 0:
        return input
    at = len(shape.front)
    free = shape.run.given  # as a caller chooses them
    other = "_" if free else "n"  # a size that nobody chooses is no example of one without a name
    sizes = tuple(
        current().fresh(names[i] if i < len(names) else other, free=free, minimum=1) for i in range(at, at + missing)
    )
    current().fill(shape.run, Shape(sizes))
    return Tensor(shape.replace_run(Shape(sizes)), None, input.dtype, input.device)


def ends_seen(
    input: Tensor, before: int, after: int, names: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
) -> Tensor:
    """The tensor with `before` dims seen in front and `after` others at its end, all of which it must have.

    Where they lie in an unknown run, fresh sizes of these names stand in. CannotRun is left to the caller.
    """
    input = current().settle(input)
    shape = input.shape
    if shape.run is None:
        return input
    ahead, behind = before - len(shape.front), after - len(shape.back)
    if ahead <= 0 and behind <= 0:
        return input
    if ahead < 0 or behind < 0:
        raise RankNotKnown("the number of dims is not known")  # dims seen at one end may be those at the other
    front = tuple(_fresh(names[0], at) for at in range(len(shape.front), before))
    back = tuple(_fresh(names[1], at) for at in range(behind))
    rest = shape.run.rest()
    current().fill(shape.run, Shape(front, rest, back))
    return Tensor(Shape(shape.front + front, rest, back + shape.back), None, input.dtype, input.device)


def _fresh(names: tuple[str, ...], at: int) -> Dim:
    return current().fresh(names[at] if at < len(names) else "_", minimum=1)


def elements_of(run: Run) -> Dim:
    """How many elements the dims of an unknown run hold together: one size for the same run."""
    return symbol("n" if run.serial else f"n_{run.name}", scope=run.serial + (1 << 41), free=False, minimum=1)


def known_dim(dim: Values) -> int | None:
    """The number that an argument `dim` is, None where that is not known."""
    return number(dim) if isinstance(dim, (int, Dim)) else None


def check_dim(input: Tensor, dim: Values, what: str = "dim") -> None:
    """There must be such a dim, which itself has no influence on the shape. Raises CannotRun."""
    at = known_dim(dim)
    if at is not None and input.shape.known:
        index_of(at, input.rank, what)


def all_found(input: Tensor, dims: Ints, what: str = "dim") -> tuple[Tensor, list[int]]:
    """Several dims, each as `found` gives it."""
    places = []
    for dim in (min(dims, default=0), *dims):
        input, at = found(input, dim, what)
        places.append(at)
    return input, places[1:]
