"""Whether a candidate is a shape: its own dims weighed with the words before it and what it is linked to."""

from __future__ import annotations

import re

from shapelint.notation.candidate import Candidate
from shapelint.notation.forms import (
    begins_like_a_batch,
    bracketed_fits,
    crossed_fits,
    listed_fits,
    single_fits,
    spaced_fits,
)
from shapelint.notation.leads import Lead
from shapelint.notation.model import Anything, Binary, DimSpec, Name, Num, Rest
from shapelint.notation.vocabulary import (
    COORDINATES,
    OBJECT_WORDS,
    PROSE_WORDS,
    RECORD_WORDS,
    SIDES,
    SPECIAL_TOKENS,
    TYPE_WORDS,
    VALUE_WORDS,
    is_mixed,
)


def plausible(
    found: Candidate, lead: Lead, before: str, whole: bool, linked: bool, trailing: bool, of_tensor: bool = False
) -> bool:
    """Whether a candidate is a shape, given the words before it, whether it is alone, and whether arrows link it.

    One sure dim is enough for a row within a text that is known to describe a tensor (`of_tensor`).
    """
    items = found.row.items
    if found.form == "scalar":
        return True
    shape_said = lead.shape or bool(found.holder)
    if not items:
        return lead.shape or (whole and found.text == "()" and not before.strip(" #"))
    if _is_of_another_kind(found, lead, before, shape_said):
        return False
    if len(items) == 2 and items[1] == Anything("None") and not shape_said and "_" in found.text:
        return "batch" in found.text.lower()  # `(attn_output, None)`: two results, of which the second is none
    if _is_told_otherwise(found, lead, shape_said):
        return False
    names = [item.text for item in items if isinstance(item, Name)]
    lower = [name.lower() for name in names]
    if any(name in SPECIAL_TOKENS for name in names):
        return False
    if len(names) == len(items) > 3 and "".join(names) in "abcdefgh" and not shape_said:
        return False  # `[a, b, c, d]` are some values one after the other
    dims = [item for item in items if not isinstance(item, Rest)]
    if len(names) == len(dims) and not shape_said and _are_levels(names, found.opened):
        return False
    height_width = names == ["H", "W"] and whole and trailing and (found.opened != "" or found.form == "x")
    if names and not _names_fit(found, names, lower, before, shape_said or linked or height_width):
        return False
    certain = (whole and trailing) or lead.signal in ("named", "shape")
    if isinstance(items[0], Rest) and certain and all(isinstance(item, (Num, Rest)) for item in items):
        return len(items) > 1 or found.text.endswith(",)")
    if not any(not isinstance(item, (Num, Anything, Rest)) for item in items):
        return _numbers_fit(found, lead, before, whole, linked, trailing, shape_said)
    if _is_progression(items) or (
        found.opened == "[" and len(items) == 2 and _INTERVAL.search(before) and not shape_said
    ):
        return False
    if _holds_words(found, lead, linked, shape_said):
        return False
    sure = found.strengths.count(2)
    counted = _COUNTED.search(before) is not None and sure == len(items)
    if lead.element and found.row.style == "comma" and not (lead.subjects or counted or _like_dims(items, names)):
        return False
    if len(items) == 1:
        return single_fits(found, lead, before, trailing, whole, linked, shape_said, sure)
    if found.row.style in ("x", "glued"):
        return crossed_fits(found, lead, whole, linked, shape_said, sure)
    if found.row.style == "space":
        return spaced_fits(found, lead, before, trailing, whole, linked, shape_said)
    if found.form == "comma":
        return listed_fits(found, before, whole, linked, trailing, names)
    return bracketed_fits(found, lead, before, whole, linked, trailing, of_tensor, shape_said)


def _is_of_another_kind(found: Candidate, lead: Lead, before: str, shape_said: bool) -> bool:
    """Whether what stands around a row, or all that it holds, tells that it is a layout, a choice, values."""
    items = found.row.items
    if found.form == "bracket" and (found.rest.startswith(("[", "(", ":(")) or before.endswith("):")):
        return True  # `(M, N):(1, M)` is a layout, its strides with it
    if before.endswith("% ") or (_CHOICE.search(before) and not shape_said):
        return True
    if len(found.row.definitions) >= len(items) and not (shape_said and lead.words == 0):
        return True
    if _LISTED.search(before) and any(isinstance(item, Name) and _NUMBERED_WORD.match(item.text) for item in items):
        return True  # `inputs = [input, batch1, batch2]` holds several tensors
    return any(isinstance(item, Num) and item.value == 0 for item in items) and not shape_said


_LISTED = re.compile(r"\b(?:inputs|outputs|arguments|args)\s*=\s*$", re.IGNORECASE)
_NUMBERED_WORD = re.compile(r"[a-z]{3,}_?\d$")


def _is_told_otherwise(found: Candidate, lead: Lead, shape_said: bool) -> bool:
    """Whether the words before a row tell of an amount, an axis or values, or it holds factors alone."""
    items, strengths = found.row.items, found.strengths
    if all(_is_scale(item) for item in items):
        return True
    if any(_has_factor_zero(item) for item in items):  # so many zeros: `[1, 0*R, 2]`
        return True
    if lead.refused and not (shape_said and lead.words == 0):
        return True
    counts = strengths[0] == 2 or (isinstance(items[0], Num) and items[0].value > 1)
    counts = counts and lead.signal == "named" and not lead.equals and len(items) > 1
    counts = counts and 2 in strengths and {2, 3}.issuperset(strengths)  # `coord: (N, 3)`, `index: (2, E)`
    few = strengths.count(2) < min(2, len(items)) or 0 in strengths
    if lead.amount and not shape_said and few and not counts:
        return True
    return lead.axis and not (len(items) > 2 and strengths.count(2) > 1 and set(strengths) <= {2, 3})


def _holds_words(found: Candidate, lead: Lead, linked: bool, shape_said: bool) -> bool:
    """Whether too many items are words that hardly name a dim."""
    strengths = found.strengths
    sure, weak, bad = strengths.count(2), strengths.count(1), strengths.count(0)
    if bad and lead.signal == "named" and (lead.equals or bad * 2 > sure) and not shape_said:
        return True
    if bad and not (shape_said or linked or lead.signal == "named") and (bad >= sure or strengths[0] == 0):
        return True
    return bad > 0 and bad + weak > 1 and sure == 0 and not shape_said


def _is_scale(item: DimSpec | Rest) -> bool:
    """Whether a quotient is of a size as it was and as it is, `w/w_new`: by how much it is scaled, and no size."""
    if not isinstance(item, Binary) or item.op != "/":
        return False
    sides = item.left, item.right
    names = sorted((side.text for side in sides if isinstance(side, Name)), key=len)
    return len(names) == 2 and names[1].startswith(f"{names[0]}_")


def _has_factor_zero(item: DimSpec | Rest) -> bool:
    if not isinstance(item, Binary) or item.op != "*":
        return False
    return any(
        (isinstance(side, Num) and side.value == 0) or _has_factor_zero(side) for side in (item.left, item.right)
    )


_GOES_ON = re.compile(r"\s*(?:must|is|are|was|has|have|should|can|cannot|will|would|does|means?|always|never)\b")
"""The verb of a sentence about the numbers themselves: `(1, 1) must be 1.0`."""
_COUNTED = re.compile(r"(?:^|[#:,(\[])\s*\d+\s*(?:[x\u00d7*]|times)\s*$")
"""The number of the tensors, before their shape: `2 * (HW, dim)`."""
_CHOICE = re.compile(
    r"\b(?:only|exactly|specify|choose|select|set|give|any|either|at\s+(?:least|most))(?:\s+one)?\s+of\s*$", re.I
)
"""Words before things of which one is to be chosen: `only one of [n_sample, n_episode]`."""
_INTERVAL = re.compile(r"\b(?:in|range|interval|within|from|between)\s*$", re.IGNORECASE)


def is_interval(found: Candidate, body: str) -> bool:
    """Whether two numbers are the ends of a range: `values in the range [0, 1]`."""
    numbers = len(found.row.items) == 2 and all(isinstance(item, Num) for item in found.row.items)
    return numbers and bool(_INTERVAL.search(body[: found.start].rstrip("([ ")))


def _is_progression(items: tuple[DimSpec | Rest, ...]) -> bool:
    """`[t, t-1, ..., t-n]`, both neighbours of the gap written with the same name; `[1, 2, 3, ..., n]`; `[t, t+1]`;
    `(T-1, T-2)`."""
    if len(items) == 2 and all(isinstance(one, Binary) and one.op == "-" for one in items):
        one, other = items
        assert isinstance(one, Binary) and isinstance(other, Binary)
        if one.left == other.left and one.right == Num(1) and other.right == Num(2):
            return True
    if len(items) == 2 and isinstance(items[1], Binary) and items[1].op == "+" and items[1].right == Num(1):
        first = items[0]
        if isinstance(first, Name) and first == items[1].left and len(first.text) == 1 and first.text.islower():
            return True
    for index, item in enumerate(items[1:-1], 1):
        if (
            isinstance(item, Rest)
            and isinstance(items[-1], Binary)
            and names_in(items[index - 1]) & names_in(items[-1])
        ):
            return True
    for index, item in enumerate(items[1:-1], 1):
        one, last = items[index - 1], items[-1]
        if isinstance(item, Rest) and isinstance(one, Name) and isinstance(last, Name) and is_numbered(one, last):
            return True
    numbers = [item.value if isinstance(item, Num) else None for item in items[:2]]
    if numbers in ([0, 1], [1, 2]) and any(isinstance(item, Rest) for item in items[2:-1]):
        return True
    named = [names_in(item) for item in items if names_in(item)]
    has_rest = any(isinstance(item, Rest) for item in items)
    return has_rest and len(named) > 2 and all(names == named[0] for names in named)


def is_numbered(one: Name, last: Name) -> bool:
    """`w1` and `wt`, or `x0` and `x9`."""
    return one.text[:-1] == last.text[:-1] and one.text[-1:].isdigit() and one.text != last.text


_NUMBERED = re.compile(r"([A-Za-z]+?)_?(\d)$")


def _are_levels(names: list[str], opened: str) -> bool:
    """Whether names are those of several tensors, level by level: `[C3, C4, C5]`, `[f1, f2, f3]`; or of what a row
    holds, `[e0, e1, e2]`."""
    found = [_NUMBERED.match(name) for name in names]
    if len(names) < 3 or not all(found):
        return False
    stems = {one[1] for one in found if one}
    numbers = [int(one[2]) for one in found if one]
    if len(stems) > 1 or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return False
    return numbers[0] > 1 or (opened == "[" and (numbers[0] == 0 or stems <= set("CPFSXcpfsx")))


def names_in(item: DimSpec | Rest) -> frozenset[str]:
    """The names in a dim."""
    match item:
        case Name(text):
            return frozenset(text.split("-"))
        case Binary(_, left, right):
            return names_in(left) | names_in(right)
    return frozenset()


def _like_dims(items: tuple[DimSpec | Rest, ...], names: list[str]) -> bool:
    """A list of `(text, token)` holds records; that of `(B, T)` or `(batch, 2)` tensors."""
    return len(names) < len(items) or begins_like_a_batch(items) or any(len(name) == 1 for name in names)


def _is_extent_pair(one: str, other: str) -> bool:
    """`n_h, n_w`: the height and width of one thing."""
    if {one[:3], other[:3]} == {"min", "max"}:
        return True
    return one[:-1] == other[:-1] and one[-1:] + other[-1:] in ("hw", "wh") and one[:-1] not in ("", "t")


_EXTENTS = frozenset(["h", "w", "d", "height", "width", "depth"])


def _are_values(names: list[str], plain: bool) -> bool:
    """Whether names tell what a row holds, `w_scale, h_scale`, or one of them that it holds records."""
    ends = [name.rpartition("_")[2] for name in names if "_" in name and not name.startswith(("n_", "num_", "d_"))]
    return any(end in RECORD_WORDS for end in ends) or (
        plain and len(ends) == len(names) and all(end in VALUE_WORDS for end in ends)
    )


def _are_parts(text: str, count: int) -> bool:
    """Whether the items of a row are names of what is joined, with their numbers: `(RxA1, RyA1, RxB2, RyB2)`.

    An x between capitals is no product where another letter stands there, too.
    """
    words = re.findall(r"\w+", text)
    stems = [found[1] if (found := _NUMBERED.match(word)) is not None else "" for word in words]
    are_mixed = all(re.search("[a-z][A-Z]", stem) for stem in stems)
    return len(words) == count > 3 and are_mixed and any(re.search("[a-wyz][A-Z]", stem) for stem in stems)


_A_DTYPE = re.compile(r"b?(?:float|complex|u?int)(?:8|16|32|64|128)")


def _names_fit(found: Candidate, names: list[str], lower: list[str], before: str, told: bool) -> bool:
    if any(name.endswith(("Error", "Exception", "Warning")) for name in names):
        return False
    plain = not isinstance(found.row.items[0], Rest) and all(
        isinstance(item, (Name, Num, Anything, Rest)) for item in found.row.items
    )
    capitals = all(len(name) == 1 and name.isupper() and name not in "XYUVIJ" for name in names)
    excused = capitals or (told and (len(names) < len(found.row.items) or (len(names) == 1 and names[0].isupper())))
    if plain and not excused and all(name in COORDINATES for name in lower):
        return False
    if (
        lower in (["h", "w"], ["w", "h"], ["height", "width"], ["width", "height"], ["rows", "cols"])
        and len(found.row.items) == 2
    ) and not told:
        return False
    if len(names) == 2 == len(found.row.items) and not told and _is_extent_pair(*lower):
        return False
    if len(names) == 3 == len(found.row.items) and set(lower) <= _EXTENTS and re.search(r"\bsizes?\b", before):
        return False
    if (
        len(names) > 1
        and len({name.rstrip("0123456789") for name in names}) == 1
        and len(names[0].rstrip("0123456789")) > 2
    ) and len(set(names)) == len(names) == len(found.row.items):
        return False
    if any(name in TYPE_WORDS or _A_DTYPE.fullmatch(name) for name in lower):
        return False
    if len(names) == len(found.row.items) and _are_values(lower, plain):
        return False
    if _are_parts(found.text, len(found.row.items)):
        return False
    if sorted(lower) in (["k", "q", "v"], ["k", "v"], ["k", "q"], ["q", "v"]) and not told:
        return False
    things = [name for name in lower if name in OBJECT_WORDS]
    if len(things) > 1 and len(things) * 2 > len(lower) and not told:
        return False
    if tuple(lower) in SIDES and not told and len(lower) == len(found.row.items):
        return False
    words = [name.lower() for name in names if not is_mixed(name)]
    return not any(word in PROSE_WORDS and word not in COORDINATES and len(word) > 1 for word in words)


def _numbers_fit(
    found: Candidate, lead: Lead, before: str, whole: bool, linked: bool, trailing: bool, told: bool
) -> bool:
    numbers = [item.value for item in found.row.items if isinstance(item, Num)]
    if ('"' in before or _GOES_ON.match(found.rest)) and not told:
        return False
    if found.form in ("x", "glued") and len(numbers) > 2 and ((whole and trailing) or lead.signal == "named"):
        return True
    if found.form in ("x", "glued"):
        return (told or found.opened != "") and len(numbers) > 1
    if found.holder or (told and lead.words <= 2):
        return bool(numbers)
    if len(numbers) != len(found.row.items):
        return linked and bool(numbers) and not isinstance(found.row.items[0], Anything)
    if len(numbers) < 2 and not (found.text.endswith(",)") and ((whole and trailing) or lead.signal == "named")):
        return False
    if 0 in numbers or (len(numbers) > 1 and numbers[0] < 2 and numbers == list(range(1, len(numbers) + 1))):
        return False
    if len(numbers) > 2 and sorted(numbers) == list(range(1, len(numbers) + 1)):
        return False
    if lead.signal == "named":
        return (max(numbers) > 4 or len(numbers) == 1) and not lead.equals
    return (whole and trailing and found.form == "bracket" and found.opened == "(") or linked
