"""A letter of the code that the comments of a function write again and again for another size: a label of the axis."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from shapelint.checks.model import Verdict
from shapelint.checks.verdicts.judged import Judged
from shapelint.checks.verdicts.matching import Problem
from shapelint.dims import Dim, Symbol
from shapelint.interp.claims.names import names_in
from shapelint.interp.state.events import ClaimedDim, ClaimMet
from shapelint.notation.model import Binary, Name, Num, Role
from shapelint.program.nodes import Place

NO_SLIP = 3
"""With so many comments that are wrong in nothing but one letter, their author means something else by it."""


def with_labels(judged: Sequence[Judged]) -> list[Judged]:
    """The verdicts of a function's claims, with those that such a letter alone makes wrong left open: it is told once.

    The code has `B, C, T = x.shape`, and `C` goes on meaning "the channels", of whatever tensor.
    """
    judged = _with_arrows_of_labels(_with_batches_left_out(judged))
    letters = Counter(letter for one in judged if (letter := _only_wrong_letter(one)) is not None)
    parts = Counter(meant for one in judged if (meant := _letter_divided(one)) is not None)
    labels = {letter for letter, count in letters.items() if count >= NO_SLIP}
    labels |= {letter for (letter, _), count in parts.items() if count >= NO_SLIP}
    return [_as_label(one, labels) for one in judged] if labels else list(judged)


def with_labels_of_a_file(functions: Sequence[list[Judged]]) -> list[list[Judged]]:
    """The same for a letter that stands alone wrong in comments of so many functions of a file: told in the first.

    `N` of a class's comments is the whole row of its states as well as the half of it that the code keeps.
    """
    wrong: dict[str, set[int]] = {}
    for place, judged in enumerate(functions):
        for one in judged:
            if (letter := _only_wrong_letter(one)) is not None:
                wrong.setdefault(letter, set()).add(place)
    labels = {letter for letter, places in wrong.items() if len(places) >= NO_SLIP}
    if not labels:
        return list(functions)
    found: list[list[Judged]] = []
    told: set[str] = set()
    for judged in functions:
        now = [_as_label(one, labels) for one in judged]
        found.append([replace(one, letter=None) if one.letter in labels & told else one for one in now])
        told |= {one.letter for one in now if one.letter is not None}
    return found


def _with_batches_left_out(judged: Sequence[Judged]) -> list[Judged]:
    """The verdicts of a function's claims, open where each of its comments tells of one item and leaves out the batch.

    `C x H x W` over the first line, `C*r**2 x H//r x W//r` over the next: none has as many dims as the code gives. One
    is enough if it is the numbers of a picture, `64x64x4`.
    """
    said = [one for one in judged if one.match is not None and _is_of_code(one)]
    lacking = [one for one in said if _lacks_the_first(one)]
    others = [one for one in said if one.verdict is Verdict.PROVED]
    if others or (len(lacking) < NO_SLIP and not all(map(_is_of_a_picture, lacking))):
        return list(judged)
    reason = "the comments of this function may leave out the batch"
    return [replace(one, verdict=Verdict.OPEN, reason=reason, witness={}) if one in lacking else one for one in judged]


def _with_arrows_of_labels(judged: Sequence[Judged]) -> list[Judged]:
    """The verdicts of a function's claims, open for an arrow that is right if its letters name axes and no sizes.

    `(B, C, H, W) -> (B, H*W, C)` tells what becomes of the channels and the two sides, be they still as many as those
    of the picture that the code took its letters from.
    """
    arrows: dict[int, list[Judged]] = {}
    for one in judged:
        if _is_of_code(one) and _role_of(one) in (Role.INPUT, Role.LINK, Role.RESULT):
            arrows.setdefault(one.attached.at[0], []).append(one)
    excused = [one for arrow in arrows.values() if len(arrow) > 1 and _is_of_labels(arrow) for one in arrow]
    reason = "its letters may name the axes"
    return [
        replace(one, verdict=Verdict.OPEN, reason=reason, letter=None, witness={})
        if one.verdict is Verdict.REFUTED and any(one is other for other in excused)
        else one
        for one in judged
    ]


def _is_of_labels(arrow: Sequence[Judged]) -> bool:
    """Whether all shapes of an arrow fit once each letter stands for what the first of them meets in its place."""
    if _role_of(arrow[0]) is not Role.INPUT or not any(map(_is_wrong_in_dims, arrow)):
        return False
    meant: dict[Symbol, Dim] = {}
    for one in arrow:
        match = one.match
        if match is None or match.shape is None or match.given is None or not match.given.known:
            return False
        sizes = [dim.size for dim in match.shape.dims]
        if match.shape.rest is not None or len(sizes) != match.given.rank or not isinstance(one.event, ClaimMet):
            return False
        for own, item, size in zip(sizes, match.shape.spec.items, match.given.dims, strict=True):
            if own is None:
                return False
            said = own.subs({symbol: meant[symbol] for symbol in meant if symbol.name in names_in(item)})
            if said is size or one.event.facts.is_equal(said, size):
                continue
            is_letter = isinstance(item, Name) and len(item.text) == 1 and own.as_symbol is not None
            if one is not arrow[0] or not is_letter or own.as_symbol is None or own.as_symbol in meant:
                return False
            meant[own.as_symbol] = size
    letters = {dim.size.as_symbol for one in arrow for dim in _dims_of(one) if dim.size is not None}
    return bool(meant) and all(size.symbols.isdisjoint(letters - {letter}) for letter, size in meant.items())


def _role_of(claim: Judged) -> Role | None:
    return claim.event.attached.claim.role if isinstance(claim.event, ClaimMet) else None


def _dims_of(claim: Judged) -> Sequence[ClaimedDim]:
    return claim.match.shape.dims if claim.match is not None and claim.match.shape is not None else ()


def _lacks_the_first(claim: Judged) -> bool:
    """Whether a claim is refuted for having one dim less than the code gives."""
    match = claim.match
    if claim.verdict is not Verdict.REFUTED or match is None or match.problem is not Problem.RANK:
        return False
    if match.shape is None or match.shape.rest is not None or match.given is None or not match.given.known:
        return False
    return len(match.shape.dims) > 1 and match.given.rank == len(match.shape.dims) + 1


def _is_of_a_picture(claim: Judged) -> bool:
    """Whether a claim is a row of numbers with crosses between them."""
    spec = claim.match.shape.spec if claim.match is not None and claim.match.shape is not None else None
    return spec is not None and "," not in spec.text and all(isinstance(item, Num) for item in spec.items)


def _is_of_code(claim: Judged) -> bool:
    return claim.attached.place not in (Place.DOCSTRING, Place.PARAMETER, Place.ANNOTATION)


def _only_wrong_letter(claim: Judged) -> str | None:
    """The single letter in a comment of the code that is all that is wrong in it; or a name of which that of the size
    is a longer one, `targets` of `targets_by_class`."""
    match = claim.match
    if not _is_wrong_in_dims(claim) or match is None or match.shape is None or len(match.wrong) != 1:
        return None
    place, size = match.wrong[0]
    if match.shape.said_again(place):
        return None  # there it is another size than in the same comment
    item = match.shape.spec.items[place]
    longer = size.as_symbol.name if size.as_symbol is not None else ""
    is_label = isinstance(item, Name) and (len(item.text) == 1 or longer.startswith(f"{item.text}_"))
    return item.text if is_label and isinstance(item, Name) else None


def _letter_divided(claim: Judged) -> tuple[str, Dim] | None:
    """The letter of which a claim says a part, `F / 2`, where that alone is wrong, and the size of which it is right.

    `F/2`, `F/4` and `F/8` of 128, 64 and 32 are of 256, whatever F was before.
    """
    match = claim.match
    if not _is_wrong_in_dims(claim) or match is None or match.shape is None or len(match.wrong) != 1:
        return None
    place, size = match.wrong[0]
    item = match.shape.spec.items[place]
    if not isinstance(item, Binary) or item.op not in ("/", "//"):
        return None
    letter, divisor = item.left, item.right
    if not isinstance(letter, Name) or len(letter.text) > 1 or not isinstance(divisor, Num):
        return None
    return letter.text, size * divisor.value


def _is_wrong_in_dims(claim: Judged) -> bool:
    in_code = _is_of_code(claim)
    by_dims = claim.match is not None and claim.match.problem is Problem.DIMS
    return claim.verdict is Verdict.REFUTED and in_code and by_dims and isinstance(claim.event, ClaimMet)


def _as_label(claim: Judged, labels: set[str]) -> Judged:
    match = claim.match
    if not _is_wrong_in_dims(claim) or match is None or match.shape is None:
        return claim
    items = [match.shape.spec.items[place] for place, _ in match.wrong]
    if any(match.shape.said_again(place) for place, _ in match.wrong) or not all(
        labels.intersection(names_in(item)) for item in items
    ):
        return claim
    letter = _only_wrong_letter(claim)
    named = letter if letter is not None else min(labels.intersection(*map(names_in, items)), default=min(labels))
    reason = f"{'the letter ' if len(named) == 1 else ''}{named} stands for two sizes in the comments of this function"
    return replace(claim, verdict=Verdict.OPEN, reason=reason, letter=letter, witness={})
