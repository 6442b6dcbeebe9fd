"""What the names in a claim mean at its point of the program: sizes of the code, or letters that comments define."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from shapelint.dims import Dim, const, floor_div, maximum, minimum, symbol
from shapelint.interp.claims.code_names import size_named
from shapelint.interp.state.events import Given
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.world import World
from shapelint.notation.model import Binary, Call, DimSpec, Name, Num, Rest
from shapelint.ops.needs import Context
from shapelint.program.nodes import AttachedDefinition


class Unresolved(Exception):
    """A dim of a claim that has no meaning here."""


@dataclass(slots=True)
class Reading:
    """The names met while one dim is given a meaning."""

    fresh: list[str] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    exact: list[tuple[Dim, Dim]] = field(default_factory=list)
    joined: bool = False  # whether it is letters of which the product is written as a word: `HW`


def define(frame: Frame, attached: AttachedDefinition) -> tuple[Dim, Dim, tuple[tuple[Dim, Dim], ...]] | None:
    """Take in `name = value`; the two sides where the code knows both, so that they can be compared."""
    definition = attached.definition
    known = size_named(frame, definition.name)
    if known is None:
        frame.letters.defined[definition.name] = attached
        return None
    reading = Reading()
    try:
        value = resolve(frame, definition.value, reading)
    except Unresolved:
        return None
    if reading.fresh and not reading.letters:  # `size = heads * dim` of two letters: one tells the other
        told = frame.world.facts.equal(known, value)
        frame.letters.solved.update(reading.fresh)
        frame.world.facts = frame.world.facts if told.contradictory else told
        return None
    sure = not reading.fresh and all(is_firm(frame, letter) for letter in reading.letters)
    return (known, value, tuple(reading.exact)) if sure else None


def resolve(frame: Frame, spec: DimSpec, reading: Reading) -> Dim:
    """The size that a dim of a claim means; names without a meaning become letters of their own."""
    if isinstance(spec, Num):
        return const(spec.value)
    if isinstance(spec, Name):
        return _resolve_name(frame, spec.text, reading)
    if isinstance(spec, Binary):
        _take_from_constructor(frame, spec)
        with_number = spec.op == "+" and (isinstance(spec.left, Num) or isinstance(spec.right, Num))
        left, right = (
            _resolve_name(frame, side.text, reading, least=0)
            if with_number and isinstance(side, Name)
            else resolve(frame, side, reading)
            for side in (spec.left, spec.right)
        )
        return _calculated(spec.op, left, right, reading)
    if isinstance(spec, Call):
        arguments = [resolve(frame, argument, reading) for argument in spec.arguments]
        if spec.function in ("max", "min") and arguments:
            return maximum(*arguments) if spec.function == "max" else minimum(*arguments)
        if spec.function in ("floor", "int", "round") and len(arguments) == 1:
            return arguments[0]
    raise Unresolved(f"{spec}")


def _take_from_constructor(frame: Frame, spec: Binary) -> None:
    """Take two words that stand as a product for what the comments of `__init__` call so: `Wh*Ww` of a window.

    A letter, or a word by itself, may have another meaning in each method.
    """
    sides = [side.text for side in (spec.left, spec.right) if isinstance(side, Name)]
    known = frame.letters.of_constructor
    if spec.op == "*" and len(sides) == 2 and all(one in known and is_fresh(frame, one) for one in sides):
        frame.letters.bound.update({one: known[one] for one in sides})


def _calculated(op: str, left: Dim, right: Dim, reading: Reading) -> Dim:
    if op == "+":
        return left + right
    if op == "-":
        return left - right
    if op == "*":
        return left * right
    if op in ("/", "//") and right.value != 0:
        if op == "/" or right.value is None or right.value > 0:
            reading.exact.append((right, left))
        return floor_div(left, right)
    if op == "%" and right.value != 0:
        return left % right
    if op == "**" and right.value is not None and 0 <= right.value <= 8:
        return left**right.value
    raise Unresolved(op)


def _resolve_name(frame: Frame, name: str, reading: Reading, *, least: int = 1) -> Dim:
    """The size that a name means; one that is new here is no less than `least`: in `3 + C` there may be no C."""
    defined = letter_definition(frame, name)
    if defined is not None:
        reading.letters.append(name)
        return defined
    known = size_named(frame, name)
    if known is not None:
        return known
    scope: Frame | None = frame
    while scope is not None:
        if name in scope.letters.bound:
            reading.letters.append(name)
            return scope.letters.bound[name]
        scope = scope.parent
    if len(name) > 1 and name.isalpha() and name.isupper():
        split = _letters_of(frame, name)
        if split is not None:
            reading.joined = True
            return split
    reading.fresh.append(name)
    size = symbol(name, scope=next(Context.serial), minimum=least)
    frame.letters.bound[name] = size
    return size


def meaning_of(frame: Frame, name: str) -> Dim | None:
    """The size that a name means by the code or by an earlier comment; None of a letter that is new here."""
    known = size_named(frame, name)
    scope: Frame | None = frame
    while known is None and scope is not None:
        known = scope.letters.bound.get(name)
        scope = scope.parent
    return known


def _letters_of(frame: Frame, word: str) -> Dim | None:
    """`HW` as the product of H and W, where both have a meaning."""
    size = const(1)
    for letter in word:
        known = meaning_of(frame, letter)
        if known is None:
            return None
        size = size * known
    return size


def letter_definition(frame: Frame, name: str) -> Dim | None:
    """The size that a where-clause or docstring defines for a letter, None where none does."""
    scope: Frame | None = frame
    while scope is not None:
        attached = scope.letters.defined.pop(name, None)
        if attached is not None:
            reading = Reading()
            if isinstance(attached.definition.value, Name) and is_fresh(frame, attached.definition.value.text):
                return None  # two names of the comments for one size: neither has a meaning yet
            try:
                size = resolve(frame, attached.definition.value, reading)
            except Unresolved:
                return None
            scope.letters.bound[name] = size
            if not reading.fresh and all(is_firm(frame, letter) for letter in reading.letters):
                scope.letters.firm.add(name)
            return size
        if name in scope.letters.firm:
            return scope.letters.bound[name]
        scope = scope.parent
    return None


def is_fresh(frame: Frame, name: str) -> bool:
    """Whether neither the code nor an earlier comment gives a name a meaning."""
    if size_named(frame, name) is not None:
        return False
    scope: Frame | None = frame
    while scope is not None:
        if name in scope.letters.bound or name in scope.letters.defined:
            return False
        scope = scope.parent
    return True


def left_open(name: str = "_") -> Dim:
    """A size that is one of several, and no one chooses which."""
    return symbol(name, scope=next(Context.serial), free=False)


def is_firm(frame: Frame, letter: str) -> bool:
    """Whether a definition, with nothing in it that comments define, gives a letter its meaning."""
    scope: Frame | None = frame
    while scope is not None:
        if letter in scope.letters.firm:
            return True
        scope = scope.parent
    return False


def names_in(spec: DimSpec | Rest) -> list[str]:
    """The names in a dim of a claim."""
    if isinstance(spec, Name):
        return [spec.text]
    if isinstance(spec, Binary):
        return names_in(spec.left) + names_in(spec.right)
    if isinstance(spec, Call):
        return [name for argument in spec.arguments for name in names_in(argument)]
    return []


def forget_letters(frame: Frame, before: dict[str, Dim]) -> None:
    """Forget the letters that were bound since, but for those that a definition gives their meaning."""
    bound, firm = frame.letters.bound, frame.letters.firm
    frame.letters.bound = {**before, **{name: size for name, size in bound.items() if name in firm}}


def speak_of_items(frame: Frame, givens: Sequence[Given], *, each: bool) -> None:
    """Let the letters of a list's items speak of all of them beside what has their sizes, and else of what is there.

    What is stacked of the items has their sizes; one that is taken out of the list has sizes of its own, and so has
    `each` item of a list that is told of.
    """
    of_items, bound = frame.letters.of_items, frame.letters.bound
    if not of_items:
        return
    met = {size for given in givens if given.shape is not None for size in given.shape.seen()}
    of_all = not met.isdisjoint(of_items.values())
    for name, size in of_items.items():
        if of_all:
            bound[name] = size
        elif each or bound.get(name) is size:
            bound.pop(name, None)


def part_letters(frame: Frame, before: dict[str, Dim]) -> dict[str, Dim]:
    """Forget the letters bound in one branch, which the other may use for something else; those letters."""
    bound, firm = frame.letters.bound, frame.letters.firm
    gone = {name: size for name, size in bound.items() if name not in before and name not in firm}
    for name in gone:
        del bound[name]
    return gone


def join_letters(frame: Frame, gone: dict[str, Dim], worlds: Sequence[World] = ()) -> None:
    """Take up again the letters of the other branch; one that stands for another size in each is either of the two.

    Which of them it is, is known with the values of each of the `worlds` that the branches end in.
    """
    bound = frame.letters.bound
    for name, size in gone.items():
        other = bound.setdefault(name, size)
        if other is size:
            continue
        bound[name] = left_open(name)
        for world, its in zip(worlds, (size, other), strict=False):
            frame.letters.of_branches.setdefault(bound[name], []).append((world.facts, its))
            world.facts = world.facts.equal(bound[name], its)
