"""Holds a recorded shape against a claim: it fits, it does not, or that cannot be told, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from shapelint.dynamic.meaning import Lookup, MeaninglessError, Rounded, UnboundError, number_of, solved_for
from shapelint.notation.model import Anything, DimSpec, Name, Num, OneOf, Rest, ShapeSpec


class Fit(str, Enum):
    """How a recorded value fits a claim."""

    RIGHT = "right"
    WRONG = "wrong"
    LABEL = "label"  # a letter that only comments define stands for two sizes
    EXAMPLE = "example"  # only numbers differ, which may be an example's
    UNDECIDED = "undecided"


class Trouble(str, Enum):
    """In what way a recorded value does not fit."""

    RANK = "rank"
    DIMS = "dims"
    ORDER = "order"
    LAYOUT = "layout"
    NO_ERROR = "no error"
    EQUALITY = "equality"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer for one value. `wrong` holds (position, size that is claimed, None where it has no number).

    `binds` are the letters that get their size here; `waiting` means that other letters may yet be bound.
    """

    fit: Fit
    reason: str = ""
    trouble: Trouble | None = None
    wrong: tuple[tuple[int, int | None], ...] = ()
    binds: tuple[tuple[str, int], ...] = ()
    letter: str = ""
    shape: str = ""
    waiting: bool = False
    rounded: bool = False


@dataclass(slots=True)
class Letters:
    """What the letters of the comments stand for in one call: each with the claim that gave it its size."""

    sizes: dict[str, tuple[int, int]] = field(default_factory=dict)
    firm: set[str] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)  # seen to stand for an axis, whatever its size

    def size(self, name: str) -> int | None:
        """The size of a letter."""
        found = self.sizes.get(name)
        return None if found is None else found[0]


def fit_of(
    shapes: Sequence[ShapeSpec], actual: tuple[int, ...], known: Lookup, letters: Letters, who: int, last: bool = False
) -> Outcome:
    """How a value's shape fits the alternatives of a claim. `known` gives the sizes that the code has names for.

    `who` is the claim's number: a letter that it bound itself, in an earlier turn of a loop, it may bind anew.
    With `last` no more letters will be bound.
    """
    best: Outcome | None = None
    order = (Fit.RIGHT, Fit.UNDECIDED, Fit.LABEL, Fit.EXAMPLE, Fit.WRONG)
    for spec in shapes:
        one = replace(_fit(spec, actual, known, letters, who, last), shape=spec.text)
        if best is None or order.index(one.fit) < order.index(best.fit):
            best = one
    return best or Outcome(Fit.RIGHT)


def _fit(spec: ShapeSpec, actual: tuple[int, ...], known: Lookup, letters: Letters, who: int, last: bool) -> Outcome:
    pairs = _paired(spec, actual)
    if pairs is None:
        return Outcome(Fit.WRONG, trouble=Trouble.RANK)
    binds: dict[str, int] = {}
    used: dict[int, str] = {}
    later: list[tuple[int, DimSpec, int, str]] = []
    wrong: list[tuple[int, int | None]] = []
    rounded = Rounded()
    numbers = 0

    def size_of(name: str) -> int | None:
        found = known(name)
        if found is None:
            found = binds.get(name)
        if found is None:
            bound = letters.sizes.get(name)
            found = bound[0] if bound is not None and bound[1] != who else None
        if found is None and len(name) > 1 and name.isalpha() and name.isupper():
            found = _product_of(name, size_of)
        return found

    for position, item, size in pairs:
        if isinstance(item, Anything):
            continue
        if isinstance(item, OneOf):
            answer = _one_of(item, size, size_of)
            if answer is None:
                later.append((position, item, size, "a choice"))
            elif not answer:
                wrong.append((position, None))
            continue
        if isinstance(item, Name) and size_of(item.text) is None:
            binds[item.text] = size
            continue
        try:
            before = len(rounded.divisions)
            said = number_of(item, size_of, rounded)
        except UnboundError as error:
            later.append((position, item, size, error.name))
            continue
        except MeaninglessError:
            return Outcome(Fit.UNDECIDED, "a dim of the comment cannot be evaluated")
        if said == size:
            del rounded.divisions[before:]
            continue
        if isinstance(item, Name) and known(item.text) is None:
            used[position] = item.text
        numbers += isinstance(item, Num)
        wrong.append((position, said))
    unresolved = "" if not later else _resolve(later, wrong, binds, size_of, last)
    if not wrong:
        if unresolved:
            return Outcome(Fit.UNDECIDED, unresolved, binds=tuple(binds.items()), waiting=not last)
        return Outcome(Fit.RIGHT, binds=tuple(binds.items()))
    if rounded.divisions:
        reason = f"{rounded.divisions[0]} is not whole"
        return Outcome(Fit.UNDECIDED, reason, wrong=tuple(wrong), binds=tuple(binds.items()), rounded=True)
    if numbers == len(wrong):
        return Outcome(Fit.EXAMPLE, "only its numbers differ", Trouble.DIMS, tuple(wrong), tuple(binds.items()))
    label = _label(wrong, used, pairs, size_of, letters)
    if label:
        return Outcome(Fit.LABEL, "", Trouble.DIMS, tuple(wrong), tuple(binds.items()), label)
    trouble = Trouble.ORDER if _permuted(pairs, size_of) else Trouble.DIMS
    return Outcome(Fit.WRONG, "", trouble, tuple(wrong), tuple(binds.items()))


def _resolve(
    later: list[tuple[int, DimSpec, int, str]],
    wrong: list[tuple[int, int | None]],
    binds: dict[str, int],
    size_of: Lookup,
    last: bool,
) -> str:
    """Dims with a letter that was not bound when they were met; why one of them is still open, else ""."""
    reason = ""
    for position, item, size, _ in later:
        try:
            said = number_of(item, size_of)
            if said != size:
                wrong.append((position, said))
            continue
        except MeaninglessError:
            reason = "a dim of the comment cannot be evaluated"
            continue
        except UnboundError as error:
            name = error.name
        solved = solved_for(item, name, size, size_of) if last else None
        if solved is not None:
            binds[name] = solved
        else:
            reason = f"nothing says what {name} is"
    return reason


def _product_of(word: str, size_of: Lookup) -> int | None:
    """`HW` as the product of H and W, where both have a size."""
    size = 1
    for letter in word:
        one = size_of(letter)
        if one is None:
            return None
        size *= one
    return size


def _one_of(item: OneOf, size: int, size_of: Lookup) -> bool | None:
    answer: bool | None = False
    for choice in item.choices:
        try:
            if isinstance(choice, Anything) or number_of(choice, size_of) == size:
                return True
        except (UnboundError, MeaninglessError):
            answer = None
    return answer


def _paired(spec: ShapeSpec, actual: tuple[int, ...]) -> list[tuple[int, DimSpec, int]] | None:
    """Each claimed dim with its position and the size that stands there, None where the numbers of dims differ."""
    rest = next((i for i, item in enumerate(spec.items) if isinstance(item, Rest)), None)
    dims = [item for item in spec.items if not isinstance(item, Rest)]
    if rest is None:
        return [(i, dim, actual[i]) for i, dim in enumerate(dims)] if len(dims) == len(actual) else None
    if len(actual) < len(dims):
        return None
    front = [(i, dim, actual[i]) for i, dim in enumerate(dims[:rest])]
    offset = len(actual) - len(dims)
    return front + [(rest + offset + i, dim, actual[rest + offset + i]) for i, dim in enumerate(dims[rest:])]


def _label(
    wrong: list[tuple[int, int | None]],
    used: dict[int, str],
    pairs: list[tuple[int, DimSpec, int]],
    size_of: Lookup,
    letters: Letters,
) -> str:
    """The letter that only comments define and that was written for the axis, not for the size; "" for a mistake."""
    if all(used.get(position) in letters.labels for position, _ in wrong):
        return used[wrong[0][0]]
    for position, said in wrong:
        if position not in used or used[position] in letters.firm:
            return ""
        size = next(size for at, _, size in pairs if at == position)
        for other, item, _ in pairs:
            if other != position and isinstance(item, Name) and size_of(item.text) in (said, size):
                return ""
    return used[wrong[0][0]]


def _permuted(pairs: list[tuple[int, DimSpec, int]], size_of: Lookup) -> bool:
    """Whether the claimed sizes are the given ones in another order."""
    try:
        return sorted(number_of(item, size_of) for _, item, _ in pairs) == sorted(size for _, _, size in pairs)
    except (UnboundError, MeaninglessError):
        return False
