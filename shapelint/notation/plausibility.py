"""Whether a candidate is a shape: its own dims weighed with the words before it and what it is linked to."""

from __future__ import annotations

import re

from shapelint.notation.candidates import Candidate
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
    is_letter,
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
    if found.form == "bracket" and (found.rest.startswith(("[", "(", ":(")) or before.endswith("):")):
        return False  # `(M, N):(1, M)` is a layout, its strides with it
    if before.endswith("% ") or (_CHOICE.search(before) and not shape_said):
        return False
    if len(found.row.definitions) >= len(items) and not (shape_said and lead.words == 0):
        return False
    if any(isinstance(item, Num) and item.value == 0 for item in items) and not shape_said:
        return False
    if any(_has_factor_zero(item) for item in items):  # so many zeros: `[1, 0*R, 2]`
        return False
    if lead.refused and not (shape_said and lead.words == 0):
        return False
    counts = found.strengths[0] == 2 or (isinstance(items[0], Num) and items[0].value > 1)
    counts = counts and lead.signal == "named" and not lead.equals and len(items) > 1
    counts = counts and 2 in found.strengths and {2, 3}.issuperset(found.strengths)  # `coord: (N, 3)`, `index: (2, E)`
    few = found.strengths.count(2) < min(2, len(items)) or 0 in found.strengths
    if lead.amount and not shape_said and few and not counts:
        return False
    if lead.axis and not (len(items) > 2 and found.strengths.count(2) > 1 and set(found.strengths) <= {2, 3}):
        return False
    names = [item.text for item in items if isinstance(item, Name)]
    lower = [name.lower() for name in names]
    if any(name in SPECIAL_TOKENS for name in names):
        return False
    if len(names) == len(items) > 3 and "".join(names) in "abcdefgh" and not shape_said:
        return False  # `[a, b, c, d]` are some values one after the other
    if len(names) == len(items) and not shape_said and _are_levels(names, found.opened):
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
    strengths = found.strengths
    sure = strengths.count(2)
    weak = strengths.count(1)
    bad = strengths.count(0)
    if bad and lead.signal == "named" and (lead.equals or bad * 2 > sure) and not shape_said:
        return False
    if bad and not (shape_said or linked or lead.signal == "named") and (bad >= sure or strengths[0] == 0):
        return False
    if bad and bad + weak > 1 and sure == 0 and not shape_said:
        return False
    counted = _COUNTED.search(before) is not None and strengths.count(2) == len(items)
    if lead.element and found.row.style == "comma" and not (lead.subjects or counted or _like_dims(items, names)):
        return False
    if len(items) == 1:
        return _single_fits(found, lead, before, trailing, whole, linked, shape_said, sure)
    if found.row.style in ("x", "glued"):
        return _crossed_fits(found, lead, whole, linked, shape_said, sure)
    if found.row.style == "space":
        return _spaced_fits(found, lead, before, trailing, whole, linked, shape_said)
    if found.form == "comma" and len(names) == len(items) and all(name[-1:].isdigit() for name in names):
        return False  # columns, `A0, A11, A2`
    if (
        found.form == "comma"
        and TOLD_OF_DIMS.search(before)
        and bad == 0
        and (len(items) > 2 or begins_like_a_batch(items))
    ):
        return sure > 0 or strengths.count(3) > 0
    if found.form == "comma" and not trailing and not linked and not begins_like_a_batch(items):
        return False
    if found.form == "comma" and weak * (1 if trailing else 2) > (0 if strengths[0] == 1 else sure):
        return False
    if found.form == "comma":
        has_product = any(isinstance(item, Binary) and item.op == "*" for item in items)
        is_row = sure >= 2 or len(items) > 2 or (whole and trailing and has_product)
        return sure == len(items) - strengths.count(3) - weak and sure >= 1 and is_row and bad == 0
    if whole or linked or shape_said or lead.signal == "named":
        numbered = shape_said and not lead.words and any(isinstance(item, Num) for item in items)
        return sure > 0 or (bad == 0 and (shape_said or linked)) or (numbered and bad < 2)
    if trailing and not found.rest.strip() and lead.words <= 3 and sure and bad == weak == 0 and found.opened:
        return True
    if of_tensor and found.opened and found.row.style == "comma" and sure and not bad:
        return lead.words <= 14
    first = next((value for value in strengths if value != 3), 3)
    closes = before.rstrip().endswith(",") and not found.rest.strip(" .") and found.opened != ""
    if closes and strengths[0] == 2 and bad == weak == 0 and begins_like_a_batch(items):
        return lead.words <= 14
    if first == 2 and sure >= 2 and bad == 0:
        return lead.words <= 14 or len(items) > 2
    return sure >= 2 and bad == 0 and len(items) > 2 and lead.words <= 8


TOLD_OF_DIMS = re.compile(r"^[\s#]*(?:shape|dims|dimensions)\s*[:=]\s*$")
"""What says by itself that a row is one of dims, be they called as they may: `dims: batch, quantiles, 1`."""


def _has_factor_zero(item: DimSpec | Rest) -> bool:
    if not isinstance(item, Binary) or item.op != "*":
        return False
    return any(
        (isinstance(side, Num) and side.value == 0) or _has_factor_zero(side) for side in (item.left, item.right)
    )


_GLUED_LAYOUT = re.compile(r"[BNTSLCDEHWKMFPQG]{2,5}")
_GOES_ON = re.compile(r"\s*(?:must|is|are|was|has|have|should|can|cannot|will|would|does|means?|always|never)\b")
"""The verb of a sentence about the numbers themselves: `(1, 1) must be 1.0`."""
_DANGLING = re.compile(r"\s*[xX\u00d7](?:\s+\S|_\w)")  # a dim that could not be read: `B x T x #words`, `x_fin`
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
    """Whether names are those of several tensors, level by level: `[C3, C4, C5]`, `[f1, f2, f3]`."""
    found = [_NUMBERED.match(name) for name in names]
    if len(names) < 3 or not all(found):
        return False
    stems = {one[1] for one in found if one}
    numbers = [int(one[2]) for one in found if one]
    if len(stems) > 1 or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return False
    return numbers[0] > 1 or (opened == "[" and stems <= set("CPFSXcpfsx"))


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


def begins_like_a_batch(items: tuple[DimSpec | Rest, ...]) -> bool:
    """Whether a row begins with what a batch, a time or channels are mostly called."""
    first = items[0]
    if not isinstance(first, Name):
        return any(isinstance(item, Name) for item in items)
    return first.text in ("B", "b", "N", "n", "bs", "bsz", "T", "L", "C") or first.text.lower().startswith(
        ("batch", "num", "n_")
    )


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


def _single_fits(
    found: Candidate, lead: Lead, before: str, trailing: bool, whole: bool, linked: bool, told: bool, sure: int
) -> bool:
    whole = whole and not found.rest.strip(" .,;:")
    if isinstance(found.row.items[0], (Rest, Anything)):
        return False
    comma = found.text.endswith((",)", ", )", ",]"))
    only = found.row.items[0]
    if isinstance(only, Name) and found.opened == "[" and not comma and _GLUED_LAYOUT.fullmatch(only.text):
        return False  # `[BN]` is one dim to some and two to others
    if (
        comma
        and not whole
        and not told
        and not linked
        and lead.signal != "named"
        and (lead.words > 3 or "," in before or (found.rest.strip(" .") and not trailing))
    ):
        return False
    if comma or told:
        return sure == 1 or (comma and whole)
    name = found.row.items[0].text if isinstance(found.row.items[0], Name) else ""
    flat = linked and isinstance(only, Binary) and only.op == "*" and not found.rest.lstrip()[:1].isalnum()
    if found.opened == "(" and not name and not flat:
        return False
    if " " in name:
        return lead.signal in ("named", "shape") and sure == 1
    if name.isupper() and len(name) > 1 and lead.signal != "named" and (found.opened == "(" or not trailing):
        return False
    if not trailing and len(name) > 1 and not linked and lead.signal != "named":
        return False
    short = len(name) == 1 and name.isupper()
    if found.opened == "(" and not linked:
        return sure == 1 and (short or not name) and whole
    return sure == 1 and (whole or linked or lead.signal == "named") and (found.opened == "[" or linked)


def _spaced_fits(
    found: Candidate, lead: Lead, before: str, trailing: bool, whole: bool, linked: bool, told: bool
) -> bool:
    if not (linked or told or lead.signal == "named") and not any(
        isinstance(item, Name) and is_letter(item.text) for item in found.row.items
    ):
        return False
    calculated = whole and any(isinstance(item, Binary) for item in found.row.items)
    if found.opened == "[" and len(found.row.items) == 2 and not told and not calculated:
        return False
    if (
        not found.opened
        and len(found.row.items) == 2
        and all(isinstance(item, (Name, Num)) for item in found.row.items)
    ):
        return False
    if not trailing and found.opened and not (whole or linked or told or lead.signal == "named"):
        return False
    return (
        whole
        or linked
        or told
        or lead.signal == "named"
        or (found.opened == "(" and lead.words <= 2 and "," not in before)
    )


def _is_share(found: Candidate) -> bool:
    """Whether a row is rather divided as a whole by what stands behind it: `C x C / HW`."""
    *others, last = found.row.items
    if not isinstance(last, Binary) or last.op != "/" or not isinstance(last.right, Name) or last.left not in others:
        return False
    return found.row.style == "x" and not found.opened and " / " in found.text


def _crossed_fits(found: Candidate, lead: Lead, whole: bool, linked: bool, told: bool, sure: int) -> bool:
    if _DANGLING.match(found.rest) or _is_share(found):
        return False
    if len(found.row.items) == 2 and isinstance(found.row.items[0], Num) and not told and not found.opened:
        return False
    capital = any(isinstance(item, Name) and item.text[:1].isupper() for item in found.row.items)
    whole = whole and (len(found.row.items) > 2 or not found.rest.strip(" .,;:)]"))
    if whole or linked or told or lead.signal == "named":
        return bool(sure)
    if found.opened and not found.rest.strip(" .)") and lead.words <= 4:
        return sure > 0
    if found.row.style == "x":
        return sure >= 2 or (sure > 0 and len(found.row.items) > 2)
    return sure >= 2 and capital and len(found.row.items) > 2
