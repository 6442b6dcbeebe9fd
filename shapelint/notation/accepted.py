"""Whether shapes in a comment are claims by what stands before and behind them: words, signs, brackets."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shapelint.notation.candidate import Candidate
from shapelint.notation.claims import Link
from shapelint.notation.forms import TOLD_OF_DIMS
from shapelint.notation.leads import Lead
from shapelint.notation.model import Binary, Name, Num, Rest
from shapelint.notation.plausibility import plausible

_CODE_TAIL = re.compile(
    r"^(?:\s*(?:=(?!=)\s*(?!\()|:\s*$)|\.\w+\(|\.m?[TH]\b|\[|\(|'|\s*(?:@|\*|\+|-\s*\d)|\s*(?:->|=>|→)\s*(?!.{0,12}contiguous)(?!(?:a\s+)?scalar)[\w(\[])"
)
_TAIL_REFUSES = re.compile(
    r"^\s*(?:modes?|cases?|pairs?(?!\s+(?:represent|embed|feat|tensor|mask|activ|bias|logit|track|state)\w*)|order|coordinates?|tuples?|kernels?|version|branch|path|only|entry|entries|keys?|args?|items?|list\b|as\s+(?:the\s+)?(?:first|last|leading|trailing))\b",
    re.IGNORECASE,
)


def accepted(
    body: str, run: list[Link], tail: str, only: bool, trailing: bool, docstring: bool, of_tensor: bool = False
) -> bool:
    """Whether a run of shapes in `body` is a claim; `tail` is what stands behind it, up to the next run."""
    first = run[0]
    if (_CODE_TAIL.match(tail) and run[-1].found.form != "scalar") or _TAIL_REFUSES.match(tail):
        return False
    if run[-1].found.row.style == "space" and tail.lstrip().startswith("("):
        return False
    before = body[: first.found.start]
    if first.found.form == "x" and (_GOES_BEFORE.search(before) or _GOES_ON_BELOW.match(tail)):
        return False
    if run[-1].kind == "arrow" and _LATER.match(tail):
        return False
    if len(first.found.row.items) == 1 and before.rstrip().endswith(("[", "(")) and _GOES_ON_WITHIN.match(tail):
        return False
    if _is_of_axes_put_together(run, before) or _are_axes(run, before):
        return False
    if _is_before_flattening(run[-1].found, before if docstring and len(run) == 1 else "", tail):
        return False
    if _is_cut_short(before, tail) or _goes_on(run[-1].found, tail) or (_COUNTED.search(before) and _NOUN.match(tail)):
        return False
    if first.found.opened == "[" and tail.startswith("]") and "[" not in body[: first.found.start]:
        return False
    if not trailing and first.kind in ("start", "prose") and _is_prose(first.lead, tail):
        return False
    if first.lead.demand and not docstring and not _is_met(first.lead, tail, trailing):
        return False
    if docstring and first.kind == "start" and not first.lead.shape and _is_of_a_thing(before, tail):
        return False
    linked = any(link.kind in ("arrow", "operator", "to", "or", "slash") for link in run[1:]) or first.arrow
    whole = only and not first.lead.words and not tail.strip(" .;,:)]!")
    listed = len(run) > 1
    begins = not first.lead.words and not first.lead.signal
    if (
        first.lead.article
        and not trailing
        and not docstring
        and not re.match(r"\s*(?:$|[a-z]*\s*(?:tensor|matrix|array)|[.,;:(\u2013—-])", tail)
    ):
        return False
    of_dims = first.lead.shape or TOLD_OF_DIMS.search(before) is not None
    if not of_dims and _is_doubtful(run, whole and trailing):
        return False
    if len(run) > 1 and all(len(link.found.row.items) == 1 and "," not in link.found.text for link in run):
        return False
    for link in run:
        if link.kind == "equals" and all(isinstance(item, Num) for item in link.found.row.items):
            continue
        lead = link.lead if link.lead.signal else first.lead
        alone = whole or (begins and not tail[:1].isalnum() and (linked or _gloss_like(tail)))
        words = body[: link.found.start]
        told = of_tensor or (docstring and _OF_A_TENSOR.search(words) is not None)
        if not plausible(link.found, lead, words, alone or (whole and listed), linked, trailing, told):
            return False
    return True


_GOES_BEFORE = re.compile(r"[)\]\w]\s+[xX\u00d7]\s*$")  # `3 (kinds) x `: the row begins there


def is_arithmetic(run: Sequence[Link]) -> bool:
    """Whether rows of numbers are added up item by item, `(4, 9) + (5, 12) = (9, 21)`: values, and no sizes."""
    if len(run) < 3 or run[-1].kind != "equals" or any(link.kind != "operator" for link in run[1:-1]):
        return False
    rows = [[item.value for item in link.found.row.items if isinstance(item, Num)] for link in run]
    if any(
        len(row) != len(link.found.row.items) or len(row) != len(rows[0]) for row, link in zip(rows, run, strict=True)
    ):
        return False
    return [sum(column) for column in zip(*rows[:-1], strict=True)] == rows[-1]


_GOES_ON_WITHIN = re.compile(r"[^\[\](]*\w\s*[\])]")  # `[(batch,) channels]`: dims of a row that need not be there
_GOES_ON_BELOW = re.compile(r"\s*[x\u00d7*]\s*$")  # `1 x h x w x`, whose last dim stands in the next line
_LATER = re.compile(r"\s*(?:(?:further\s+)?below|later|afterwards|in\s+the\s+next\s+(?:line|step))\b", re.IGNORECASE)

_PUT_TOGETHER = re.compile(r"\b(?:flatten|merge|combine|collapse|fold)(?:s|ed|ing)?\s*$", re.IGNORECASE)


def _is_of_axes_put_together(run: Sequence[Link], before: str) -> bool:
    """Whether a row names axes that become one, of a tensor that has more of them: `Flatten (C, L) -> [C*L, H, W]`."""
    if len(run) != 2 or run[1].kind != "arrow" or not _PUT_TOGETHER.search(before):
        return False
    return len(run[1].found.row.items) >= len(run[0].found.row.items)


_AXES_BEFORE = re.compile(
    r"(?:^[\s#]*|\b(?:over|along|across|on|in|reduc\w+|sum\w*|mean|averag\w+|flip\w*|norm)\s+(?:the\s+)?)(?:dim|dimension|ax[ei])s?\s*$",
    re.IGNORECASE,
)


def _are_axes(run: Sequence[Link], before: str) -> bool:
    """Whether numbers tell which axes are meant: `mean over dims (2, 3, 4)`."""
    items = run[0].found.row.items
    return len(run) == 1 and all(isinstance(item, Num) for item in items) and _AXES_BEFORE.search(before) is not None


_OF_A_TENSOR = re.compile(
    r"\b(?:tensor|array|matrix)\s+(?:of|with|containing|that\s+holds)\s[^.;:,(\[]*$", re.IGNORECASE
)
_FLATTENED_BEFORE = re.compile(
    r"\bflat(?:ten)?(?:t?ed)?\s+(?:tensor|array|shape|view|form)s?\b[^.;]{0,20}$", re.IGNORECASE
)
_FLATTENED_BEHIND = re.compile(r"\s*,?\s*(?:but\s+|then\s+)?flattened\b", re.IGNORECASE)


def _is_before_flattening(found: Candidate, words: str, tail: str) -> bool:
    """Whether a shape is the one that a flat tensor had: "flattened tensor (B, T, U, V)", "(B, T, U), flattened".

    A shape with a product in it is that of the flat tensor itself.
    """
    if any(isinstance(item, Binary) and item.op == "*" for item in found.row.items) or len(found.row.items) < 2:
        return False
    if _FLATTENED_BEHIND.match(tail):
        return True
    return len(found.row.items) > 2 and _FLATTENED_BEFORE.search(words) is not None


# `one multi-channel (C, H, W) mask`: what one of several things has, or a thing before it was put among others.
_COUNTED = re.compile(
    r"(?:^[\s#]*|[,;:]\s*)(?:one|two|three|four|several|many|single|multiple)(?:\s+[\w-]+){0,2}\s*$", re.IGNORECASE
)
_NOUN = re.compile(r"\s*(?!tensors?\b|arrays?\b|matri)[A-Za-z]{3,}\s*$")


def _is_of_a_thing(before: str, tail: str) -> bool:
    """Whether a sentence speaks of a thing that has the shape: `the response of the (B, C, D, H, W) stack`."""
    return _OF_A_THING.search(before) is not None and _THING.match(tail) is not None


_OF_A_THING = re.compile(r"\b(?:of|from|in|on|for|over|to) (?:the|an?|each|its)\s*$")
_THING = re.compile(
    r"\s+(?!(?:(?:[a-z]+\s+)?(?:tensors?|arrays?)|matri\w+|where|with|if|and|or|when|in|for|containing)\b)[a-z]"
)


def _is_met(lead: Lead, tail: str, trailing: bool) -> bool:
    """Whether what a value should be is told of one that the code makes there, and not of what it takes or lacks."""
    return (trailing or lead.role is not None or lead.signal in ("named", "shape")) and _BUT.search(tail) is None


_BUT = re.compile(r"\b(?:but|instead|however|not|otherwise|for|to|in order|so that)\b", re.IGNORECASE)


def _is_cut_short(before: str, tail: str) -> bool:
    """Whether a dim and a bracket that closes nothing stand behind a shape: `(B, N), M)` lacks its beginning."""
    return re.match(r"\s*,\s*[\w.']+\s*[)\]]", tail) is not None and not any(
        before.count(opening) > before.count(closing) for opening, closing in ("()", "[]")
    )


_FURTHER = re.compile(r"\s*,\s*(?P<name>[A-Z]\w?)\s*(?:=\s*\w+\s*)?,\s*[A-Z]")


def _goes_on(found: Candidate, tail: str) -> bool:
    """Whether further dims stand behind a bare product, which is one dim then: `N x K, C=1, T, F=81`."""
    further = _FURTHER.match(tail) if found.form == "x" else None
    return further is not None and Name(further["name"]) not in found.row.items


def _is_doubtful(run: list[Link], certain: bool) -> bool:
    """Whether no dim of any shape is surely one, and some only may be."""
    if any(2 in link.found.strengths or link.found.form == "scalar" for link in run):
        return False
    if certain and any(isinstance(item, Rest) for item in run[0].found.row.items):
        return False
    return any(1 in link.found.strengths for link in run)


def _is_prose(lead: Lead, tail: str) -> bool:
    """A long sentence on a line of its own that only mentions a shape in passing."""
    if lead.shape or lead.signal == "named":
        return False
    after = len(re.findall(r"[^\W\d_]{2,}", tail))
    glued_on = bool(re.match(r"\s*[a-z]", tail))
    return (glued_on and after > 7) or (lead.words > 3 and lead.words + after > 10)


def _gloss_like(tail: str) -> bool:
    return bool(re.match(r"\s*(?:$|[,;:.(\u2013—#-]|where\b|with\b|in\b|after\b|for\b|\w+)", tail))
