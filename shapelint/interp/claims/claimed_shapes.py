"""The shape that a claim means: its names given their meaning, letters met for the first time the size given there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import reduce

from shapelint.dims import Dim, Symbol, const, symbol
from shapelint.interp.claims.code_names import size_named
from shapelint.interp.claims.meant_sizes import divided_as, found_in, means_it, solved_for, with_equal, with_initials
from shapelint.interp.claims.names import Reading, Unresolved, forget_letters, is_firm, is_fresh, left_open, resolve
from shapelint.interp.paths.idle_letters import let_stand
from shapelint.interp.state.apart import OF_A_ROW, is_one_name
from shapelint.interp.state.events import ClaimedDim, ClaimedShape
from shapelint.interp.state.machine import Frame
from shapelint.notation.model import Anything, Binary, DimSpec, Name, OneOf, Rest, ShapeSpec
from shapelint.ops.needs import Context
from shapelint.program import nodes
from shapelint.shapes import Run, Shape


def claimed(frame: Frame, spec: ShapeSpec, given: Shape | None) -> ClaimedShape:
    """A shape of a claim with the meaning of its names. Letters met for the first time take the size that is given."""
    rest = next((i for i, item in enumerate(spec.items) if isinstance(item, Rest)), None)
    pairing = _pairing(spec, given, rest)
    if spec.is_layout:
        return ClaimedShape(spec, _axes(frame, spec, pairing))
    before = dict(frame.letters.bound)
    if pairing is not None:
        _take_exchanged(frame, spec, pairing)
        _take_repeated(frame, spec, pairing)
    found: dict[int, ClaimedDim] = {}
    met = pairing or {}
    for position, item in sorted(enumerate(spec.items), key=lambda pair: not isinstance(pair[1], Name)):
        if not isinstance(item, Rest):  # `M` of `H//M, M` is what stands there by itself
            found[position] = _claimed_dim(frame, item, met.get(position), met.values())
    renewed = _set_anew(found.values(), pairing)
    dims = [_as_made(found[position], renewed) if renewed else found[position] for position in sorted(found)]
    if given is not None and pairing is None:
        forget_letters(frame, before)  # a claim of another rank defines no letter
    elif pairing is not None:
        _forget_exchanged(frame, spec, dims, pairing)
    return ClaimedShape(spec, tuple(_told_apart(frame, dims)), rest)


def _set_anew(dims: Iterable[ClaimedDim], pairing: dict[int, Dim] | None) -> dict[Symbol, Dim]:
    """The attributes that methods set anew, each with the size of the same name that the value at hand has of it.

    What a layer was made with is the parameter `h` of the constructor, and not what `self.h` may be by now: who
    writes `h` beside what that layer makes means the former.
    """
    given = {one for size in (pairing or {}).values() for one in size.symbols}
    said = {one for dim in dims if dim.size is not None for one in dim.size.symbols}
    by_name = {f"self.{one.name}": one for one in given - said if one.free}
    return {one: by_name[one.name].dim for one in said - given if one.name in by_name}


def _as_made(dim: ClaimedDim, renewed: dict[Symbol, Dim]) -> ClaimedDim:
    is_of_code = dim.size is not None and dim.fresh is None and dim.letter is None
    return replace(dim, size=dim.size.subs(renewed)) if is_of_code and dim.size is not None else dim


def _told_apart(frame: Frame, dims: list[ClaimedDim]) -> Iterator[ClaimedDim]:
    """The dims of a claim; a letter of comments for a size that the code's own name stands for beside it means another.

    Who writes `(bs, n, N, N)` where the docstring calls the batch N does not mean the batch by N there.
    """
    named = [one.size for one in dims if one.size is not None and one.fresh is None and one.letter is None]
    facts = frame.world.facts
    for one in dims:
        said = one.size if one.by_comments and one.size is not None and one.size.as_symbol is not None else None
        if said is not None and any(facts.is_equal(said, other) for other in named):
            one = ClaimedDim(None, None, one.letter, unresolved=True)
        yield one


def _forget_exchanged(frame: Frame, spec: ShapeSpec, dims: list[ClaimedDim], pairing: dict[int, Dim]) -> None:
    """Forget letters that met the size of a name which stands at a wrong place in the same claim.

    `(B, T, d)` beside (B, d, T) has the dims in another order; d is not T in what follows.
    """
    places = [place for place, item in enumerate(spec.items) if not isinstance(item, Rest)]
    facts = frame.world.facts
    told = [
        dim.size
        for place, dim in zip(places, dims, strict=True)
        if dim.fresh is None
        and dim.size is not None
        and place in pairing
        and not facts.is_equal(dim.size, pairing[place])
    ]
    for place, dim in zip(places, dims, strict=True):
        if dim.fresh is not None and pairing.get(place) in told:
            frame.letters.bound.pop(dim.fresh, None)


def _axes(frame: Frame, spec: ShapeSpec, pairing: dict[int, Dim] | None) -> tuple[ClaimedDim, ...]:
    """The dims of a layout's word, each of which may have any size, unless another axis has its own.

    The size of an axis is what it had at the last word of this kind, else that of its name in the code.
    """
    letters = [item.text for item in spec.items if isinstance(item, Name)]
    if pairing is None:
        return tuple(ClaimedDim(None, letter) for letter in letters)
    sizes = {letter: frame.letters.axes.get(letter) or size_named(frame, letter) for letter in letters}
    named = [(sizes[letter], pairing.get(place)) for place, letter in enumerate(letters)]
    if any(own is not None and own.value is None and own is not at and own in pairing.values() for own, at in named):
        return tuple(ClaimedDim(sizes[letter]) for letter in letters)
    frame.letters.axes.update({letters[place]: size for place, size in pairing.items()})
    return tuple(
        ClaimedDim(size, None if size is sizes[letter] else letter)
        for letter, size in ((letter, pairing.get(place)) for place, letter in enumerate(letters))
    )


def _take_exchanged(frame: Frame, spec: ShapeSpec, pairing: dict[int, Dim]) -> None:
    """Take letters for the ints that they are short for, where one stands in the place of another.

    `# (C_in, C_out)` beside the sizes (c_out, c_in), or `# (W, H)` beside (height, width), is another order, and
    defines nothing the other way round.
    """
    names = [item.text for item in spec.items if isinstance(item, Name)]
    for position, item in enumerate(spec.items):
        given = pairing.get(position)
        if not isinstance(item, Name) or given is None or given.as_symbol is None:
            continue
        found = given.as_symbol.name
        if found in names or is_one_name(item.text, found) or not any(is_one_name(name, found) for name in names):
            continue
        alike = [name for name in frame.env if is_one_name(name, item.text) and name != item.text]
        known = size_named(frame, alike[0]) if len(alike) == 1 else None
        if known is not None and is_fresh(frame, item.text) and known in pairing.values():
            frame.letters.bound[item.text] = known


def _take_repeated(frame: Frame, spec: ShapeSpec, pairing: dict[int, Dim]) -> None:
    """Take a letter that stands twice for the size that is no number: `(B, H, H)` beside (B, 1, h) says h twice."""
    places: dict[str, list[Dim]] = {}
    for position, item in enumerate(spec.items):
        if isinstance(item, Name) and position in pairing:
            places.setdefault(item.text, []).append(pairing[position])
    for name, sizes in places.items():
        chosen = [size for size in sizes if size.value is None]
        if chosen and len(chosen) < len(sizes) and is_fresh(frame, name):
            frame.letters.bound[name] = frame.world.give_name(chosen[0], name)


def _pairing(spec: ShapeSpec, given: Shape | None, rest: int | None) -> dict[int, Dim] | None:
    """Which size stands against each item of the claim, None where the numbers of dims do not fit."""
    if given is None:
        return None
    count = len(spec.items)
    if rest is None:
        if given.known and given.rank != count:
            return None
        front = {i: size for i, size in enumerate(given.front) if i < count}
        back = {count - 1 - i: size for i, size in enumerate(reversed(given.back)) if i < count}
        return {**back, **front}
    if given.known and given.rank < count - 1:
        return None
    lead = dict(enumerate(given.front[:rest]))
    tail = given.back if given.run is not None else given.front
    after = count - rest - 1
    return {**lead, **{count - 1 - i: tail[-1 - i] for i in range(min(after, len(tail)))}}


def _has_its_own(frame: Frame, letter: Dim, given: Dim, row: Collection[Dim]) -> bool:
    """Whether a value has a letter's size as another dim, and one row of a comment told it and this size apart."""
    groups = frame.evidence.groups
    shared = groups.get(letter, set()) & groups.get(given, set())
    return letter in row and (given is not letter or any(place.startswith(OF_A_ROW) for place in shared))


def _claimed_dim(frame: Frame, spec: DimSpec, given: Dim | None, row: Collection[Dim] = ()) -> ClaimedDim:
    if isinstance(spec, Anything):
        return ClaimedDim(None)
    if isinstance(spec, OneOf):
        choices = [_claimed_dim(frame, one, None) for one in spec.choices]
        if any(one.size is None or one.fresh is not None for one in choices):
            return ClaimedDim(None, unresolved=True)  # which of them it is told of, and so what that stands for
        return ClaimedDim(None, choices=tuple(one.size for one in choices if one.size is not None))
    reading = Reading()
    try:
        size = resolve(frame, spec, reading)
    except Unresolved:
        return ClaimedDim(None, unresolved=True)
    letter = reading.letters[0] if reading.letters else None
    if not reading.fresh:
        bare = isinstance(spec, Name)
        firm = all(is_firm(frame, one) or not (bare or one in frame.letters.solved) for one in reading.letters)
        defined = any(is_firm(frame, one) for one in reading.letters)
        own = bool(reading.letters) and not defined and all(one.name in reading.letters for one in size.symbols)
        if own and isinstance(spec, Name) and given is not None and spec.text in frame.letters.solved:
            facts = frame.world.facts
            told = facts.equal(size, given)
            others = [frame.letters.bound.get(one) for one in frame.letters.factors - {spec.text}]
            is_part = any(one is not None and told.is_equal(one, const(1)) for one in others)  # H of `H*W`
            is_so = facts.equality(size, given)
            if is_so:
                frame.letters.solved.discard(spec.text)
            elif not is_part and is_so is None and not told.contradictory:
                frame.world.facts = told  # one of several in `(B, h + 2*d)`, of which nothing else was known
                frame.letters.solved.discard(spec.text)
                return ClaimedDim(size, spec.text, letter)
        if own and isinstance(spec, Name) and given is not None and not _has_its_own(frame, size, given, row):
            let_stand(frame.world, size, given)
        if isinstance(spec, Name) and given is not None and means_it(frame, spec.text, size, given, own=own):
            frame.world.facts = with_equal(frame.world.facts, size, given)
        elif own and given is not None:
            frame.world.facts = with_initials(frame.world.facts, size, given)
        elif isinstance(spec, Binary) and given is not None and _is_unpacked_here(frame, given, size):
            frame.world.facts = with_equal(frame.world.facts, size, given)
        exact = tuple(reading.exact)
        return ClaimedDim(size, None, letter, exact, firm=firm, by_comments=own, joined=reading.joined)
    if given is not None:
        if isinstance(spec, Name):
            size = frame.world.give_name(given, spec.text)
            frame.letters.bound[spec.text] = size
            return ClaimedDim(size, spec.text, letter, ())
        is_left_open = given.as_symbol is not None and not given.as_symbol.free
        is_one = given.as_symbol is not None and given.as_symbol.name != "_"  # and not one of several
        is_product = is_left_open and is_one and _is_any_product(frame, size, reading)
        if is_product:
            frame.letters.factors.update(reading.fresh)
        if is_left_open and not is_product:
            for name in reading.fresh:
                frame.letters.bound[name] = left_open(name)
            return ClaimedDim(None, reading.fresh[0], letter, unresolved=True)
        frame.letters.solved.update(reading.fresh)
        if len(reading.fresh) == 1:
            unknown = frame.letters.bound[reading.fresh[0]]
            solved = solved_for(unknown, size, given)
            solved = solved if solved is not None else found_in(frame.world.facts, unknown, size, given)
            whole = divided_as(unknown, size, given) if solved is None and reading.exact else None
            if whole is not None:  # `H/2` beside (_+1)//2: H is what is divided there, and comes out
                frame.letters.bound[reading.fresh[0]] = frame.world.give_name(whole, reading.fresh[0])
                return _claimed_dim(frame, spec, given)
            if solved is not None:
                frame.letters.bound[reading.fresh[0]] = solved
                return ClaimedDim(given, reading.fresh[0], letter, tuple(reading.exact))
            if reduce(lambda facts, one: facts.divides(*one), reading.exact, frame.world.facts).equality(size, given):
                return ClaimedDim(size, reading.fresh[0], letter, tuple(reading.exact))  # `T//r * r`, which comes out
            is_shared = not given.symbols.isdisjoint(size.symbols - unknown.symbols)
            if is_shared and not frame.world.facts.equal(size, given).contradictory:
                # it comes out for some of these alone
                frame.letters.bound[reading.fresh[0]] = left_open(reading.fresh[0])
                return ClaimedDim(None, None, letter, unresolved=True)
        frame.world.give_size(given, size)
        frame.world.facts = with_equal(frame.world.facts, size, given)
    return ClaimedDim(size, reading.fresh[0], letter, tuple(reading.exact))


def _is_unpacked_here(frame: Frame, given: Dim, said: Dim) -> bool:
    """Whether the statement unpacks a size of a caller, `B, S, n = x.shape  # (B, S, 2*S)`: what is said of it is what
    a caller has to give."""
    statement, one = frame.statement, given.as_symbol
    if not isinstance(statement, nodes.Assign) or one is None or not one.free or one in said.symbols:
        return False
    rows = [target.items for target in statement.targets if isinstance(target, nodes.Sequence)]
    names = {item.id for row in rows for item in row if isinstance(item, nodes.Name)}
    return one.name in names and frame.world.facts.equality(said, given) is None


def _is_any_product(frame: Frame, size: Dim, reading: Reading) -> bool:
    """Whether a size is the product of letters that nothing else defines, as `H*W`: any number can be that."""
    ((monomial, factor), *others) = size.terms.items()
    letters = {frame.letters.bound[name].as_symbol for name in reading.fresh}
    return not others and factor == 1 and len(monomial) == len(letters) and set(monomial) == letters


def believed_shape(frame: Frame, shape: ClaimedShape, *, given: bool = False) -> Shape:
    """The shape that a claim gives to a value of which nothing is known, `given` where a caller gives the value."""
    items = [item for item in shape.spec.items if not isinstance(item, Rest)]
    sizes = [
        dim.size if dim.size is not None else _any_size(frame, item)
        for dim, item in zip(shape.dims, items, strict=True)
    ]
    if shape.rest is None:
        return Shape(tuple(sizes))
    name = next((item.name for item in shape.spec.items if isinstance(item, Rest) and item.name), "")
    run = Run.fresh(name, given=given)
    if name:
        run = replace(run, row=True)
        run = frame.letters.runs.setdefault(name, run) if given else run  # `(B, *dims)` of two inputs, as a letter is
    return Shape(tuple(sizes[: shape.rest]), run, tuple(sizes[shape.rest :]))


def _any_size(frame: Frame, said: DimSpec) -> Dim:
    """A size that a claim leaves open; `#batch` is one size for all inputs of a function of which it is said."""
    fresh = symbol("_", scope=next(Context.serial), free=True)
    if not isinstance(said, Anything) or not said.counted:
        return fresh
    return frame.letters.counted.setdefault(said.counted, fresh)
