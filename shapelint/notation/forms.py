"""Whether a row is a shape, by the form in which it is written: one dim, `B x C`, `B C`, `B, C`, in brackets."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shapelint.notation.candidate import Candidate
from shapelint.notation.leads import Lead
from shapelint.notation.model import Anything, Binary, DimSpec, Name, Num, Rest
from shapelint.notation.vocabulary import is_letter, strength

TOLD_OF_DIMS = re.compile(r"^[\s#]*(?:shape|dims|dimensions)\s*[:=]\s*$")
"""What says by itself that a row is one of dims, be they called as they may: `dims: batch, quantiles, 1`."""

_GLUED_LAYOUT = re.compile(r"[BNTSLCDEHWKMFPQG]{2,5}")
_DANGLING = re.compile(r"\s*[xX\u00d7](?:\s+\S|_\w)")  # a dim that could not be read: `B x T x #words`, `x_fin`


def single_fits(
    found: Candidate, lead: Lead, before: str, trailing: bool, whole: bool, linked: bool, told: bool, sure: int
) -> bool:
    """Whether one dim by itself, `(B,)` or `[N]`, is a shape."""
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
    is_product = isinstance(only, Binary) and only.op == "*"
    alone = trailing and whole and _is_of_sizes(only)
    flat = is_product and (linked or alone) and not found.rest.lstrip()[:1].isalnum()
    if found.opened == "(" and not name and not flat:
        return False
    named = lead.signal == "named" or (lead.equals and lead.role is not None)  # `input = [batch size]`
    if " " in name:
        return (named or lead.signal == "shape") and sure == 1
    if name.isupper() and len(name) > 1 and lead.signal != "named" and (found.opened == "(" or not trailing):
        return False
    if not trailing and len(name) > 1 and not linked and not named:
        return False
    short = len(name) == 1 and name.isupper()
    counted = trailing and "_" in name.strip("_")  # `(T_in)`, `(n_boxes)`: no words of prose
    if found.opened == "(" and not linked:
        return sure == 1 and (short or counted or not name) and whole
    return sure == 1 and (whole or linked or lead.signal == "named") and (found.opened == "[" or linked)


def _is_of_sizes(item: DimSpec | Rest) -> bool:
    """Whether a product is of nothing but what surely names sizes: `(B*T)`, and not `(weight * mean)`."""
    if isinstance(item, Binary):
        return item.op == "*" and _is_of_sizes(item.left) and _is_of_sizes(item.right)
    return isinstance(item, Name) and strength(item) == 2


def crossed_fits(found: Candidate, lead: Lead, whole: bool, linked: bool, told: bool, sure: int) -> bool:
    """Whether a row with crosses, `B x C`, or one that is written together, `NCHW`, is a shape."""
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


def _is_share(found: Candidate) -> bool:
    """Whether a row is rather divided as a whole by what stands behind it: `C x C / HW`."""
    *others, last = found.row.items
    if not isinstance(last, Binary) or last.op != "/" or not isinstance(last.right, Name) or last.left not in others:
        return False
    return found.row.style == "x" and not found.opened and " / " in found.text


def spaced_fits(
    found: Candidate, lead: Lead, before: str, trailing: bool, whole: bool, linked: bool, told: bool
) -> bool:
    """Whether a row with nothing but spaces between its dims, `B C H W`, is a shape."""
    if not (linked or told or lead.signal == "named") and not any(
        isinstance(item, Name) and is_letter(item.text) for item in found.row.items
    ):
        return False
    calculated = whole and any(isinstance(item, Binary) for item in found.row.items)
    if found.opened == "[" and len(found.row.items) == 2 and not told and not calculated:
        return False
    if not found.opened and len(found.row.items) == 2:
        is_of_names = all(isinstance(item, (Name, Num)) for item in found.row.items)
        if is_of_names or not (linked or told or lead.signal == "named"):
            return False  # `3D B`, `2a x`: two words of whatever kind
    if not trailing and found.opened and not (whole or linked or told or lead.signal == "named"):
        return False
    return (
        whole
        or linked
        or told
        or lead.signal == "named"
        or (found.opened == "(" and lead.words <= 2 and "," not in before)
    )


def listed_fits(found: Candidate, before: str, whole: bool, linked: bool, trailing: bool, names: Sequence[str]) -> bool:
    """Whether a row without brackets, `B, C, H, W`, is a shape."""
    items, strengths = found.row.items, found.strengths
    sure, weak, bad = strengths.count(2), strengths.count(1), strengths.count(0)
    if len(names) == len(items) and all(name[-1:].isdigit() for name in names):
        return False  # columns, `A0, A11, A2`
    if len(items) == 2 and found.text.rstrip().endswith(","):
        return False  # it is broken off, `bsz, length,`
    if TOLD_OF_DIMS.search(before) and bad == 0 and (len(items) > 2 or begins_like_a_batch(items)):
        return sure > 0 or strengths.count(3) > 0
    if not trailing and not linked and not begins_like_a_batch(items):
        return False
    if weak * (1 if trailing else 2) > (0 if strengths[0] == 1 else sure):
        return False
    has_product = any(isinstance(item, Binary) and item.op == "*" for item in items)
    is_row = sure >= 2 or len(items) > 2 or (whole and trailing and has_product)
    return sure == len(items) - strengths.count(3) - weak and sure >= 1 and is_row and bad == 0


def bracketed_fits(
    found: Candidate,
    lead: Lead,
    before: str,
    whole: bool,
    linked: bool,
    trailing: bool,
    of_tensor: bool,
    shape_said: bool,
) -> bool:
    """Whether a row in brackets, `(B, C, H, W)`, is a shape."""
    items, strengths = found.row.items, found.strengths
    sure, weak, bad = strengths.count(2), strengths.count(1), strengths.count(0)
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


def begins_like_a_batch(items: tuple[DimSpec | Rest, ...]) -> bool:
    """Whether a row begins with what a batch, a time or channels are mostly called."""
    first = items[0]
    if not isinstance(first, Name):
        return any(isinstance(item, Name) for item in items)
    return first.text in ("B", "b", "N", "n", "bs", "bsz", "T", "L", "C") or first.text.lower().startswith(
        ("batch", "num", "n_")
    )
