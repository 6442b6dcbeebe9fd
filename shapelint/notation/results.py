"""What a docstring says of results: the parts of a tuple in order, those of a dict by name, one in several cases."""

from __future__ import annotations

import re
from dataclasses import replace

from shapelint.notation.cases import Cases, is_list_of_cases, shapes_of_cases
from shapelint.notation.model import Claim, Role
from shapelint.notation.plain import body_of
from shapelint.notation.sections import Entry

CONDITION = re.compile(r"[`\s,)]*(?:(?:if|when|unless|or|otherwise)\b|\(?may\s+(?:also|include|have|contain)\b)")
"""What follows a shape that is said of one case."""
_OR_ANOTHER = re.compile(r"[^.;(\[]*\bor\b[^.;(\[]*[(\[][^()\[\]]*,")  # "(3, 3) for one angle or (*, 3, 3) for several"

_TYPES = frozenset(
    "tensor array ndarray dict dictionary list tuple optional union int float bool str any sequence iterable none"
    " variable floattensor longtensor booltensor complextensor output outputs result results a the each".split()
)


_ROW_TYPES = frozenset(("tuple", "list", "sequence"))


def of_results(found: list[tuple[Entry, list[Claim]]]) -> list[Claim]:
    """The claims of a `Returns:` section, whose entries are the parts of a tuple in order, or of a dict by their names.

    Where a part of it stands in a list, the lines around the list are prose, unless each begins with a type, of which
    one is that of a tuple whose parts are listed.
    """
    if len(found) > 1 and _is_head(*found[0]):
        found = found[1:]
    listed = [pair for pair in found if pair[0].bulleted]
    others = [pair for pair in found if not pair[0].bulleted]
    if listed and len(others) > 1 and all(entry.names and _item_name(entry) is None for entry, _ in others):
        rows = [place for place, (entry, _) in enumerate(others) if entry.names[0].lower() in _ROW_TYPES]
        inner = _in_order(listed) if len(rows) == 1 else []
        return _in_order(others) + [replace(claim, within=(rows[0], len(others))) for claim in inner]
    stated = [pair for pair in found if pair[1]]
    items = listed or (found if all(entry.names for entry, _ in found) else stated)
    if len(items) < 2 and not listed:
        return _of_one_result(*stated[0]) if stated else []
    return _in_order(items)


def _is_head(entry: Entry, claims: list[Claim]) -> bool:
    """Whether an entry only says that a row of results follows: `(tuple): tuple containing:`."""
    return not claims and not entry.bulleted and [name.lower() for name in entry.names] in (["tuple"], ["list"])


def is_in_order(text: str, found: list[tuple[Entry, list[Claim]]]) -> bool:
    """Whether each entry that tells of a shape is one part of the result, and none of them a pair of such parts."""
    stated = [entry for entry, claims in found if claims and not entry.bulleted]
    return len(stated) < 2 or not any(_PARTS.match(text, entry.start, entry.end) for entry in stated)


_PARTS = re.compile(r"\s*(?:an?\s+)?(?:pairs?|tuples?|triples?|two|three)\s+of\b(?!.*[:(\[])", re.IGNORECASE)


def _in_order(items: list[tuple[Entry, list[Claim]]]) -> list[Claim]:
    """The claims of entries that are the parts of one result in order."""
    return [
        replace(
            claims[0],
            role=Role.ELEMENT if claims[0].role is Role.ELEMENT else Role.RESULT,
            subject=None,
            index=index,
            count=len(items),
            item=_item_name(entry),
        )
        for index, (entry, claims) in enumerate(items)
        if claims and claims[0].count == 1 and claims[0].role in (Role.RESULT, Role.INPUT, Role.ELEMENT)
    ]


def in_cases(text: str, found: list[tuple[Entry, list[Claim]]]) -> Claim | None:
    """The claim of a section whose entries tell one result in several cases, None of any other."""
    told = [claim for _, claims in found for claim in claims]
    if not told or len(found) < 2 or any(entry.names for entry, _ in found[1:]):
        return None
    heads = [text[entry.start : claims[0].start] for entry, claims in found if entry.bulleted and claims]
    if any(claim.role is not Role.RESULT for claim in told) or (heads and not is_list_of_cases(heads)):
        return None
    first = found[0][0]
    cases = shapes_of_cases(body_of(text, first.start, found[-1][0].end), bool(heads))
    return None if cases is None else _one_of(told[0], cases, first, text[first.start : found[-1][0].end])


def with_cases(text: str, entry: Entry, claims: list[Claim]) -> list[Claim]:
    """The claims of one entry of a result: its shapes in several cases as alternatives; that of one need not hold."""
    if claims and all(claim.role is Role.RESULT for claim in claims):
        cases = shapes_of_cases(body_of(text, entry.start, entry.end))
        if cases is not None:
            return [_one_of(claims[0], cases, entry, text[entry.start : entry.end])]
    return [replace(claim, conditional=_is_said_of_a_case(text, claim)) for claim in claims]


def _one_of(claim: Claim, cases: Cases, entry: Entry, told: str) -> Claim:
    """A claim with the shapes of all cases; a text that tells the usual ones does not tell all."""
    shapes, start, end = cases
    begin = entry.start
    usual = _USUALLY.search(told) is not None
    whole = replace(claim, shapes=shapes, start=begin + start, end=begin + end, conditional=usual)
    return replace(whole, subject=None, index=0, count=1, item=_item_name(entry))


_USUALLY = re.compile(r"\b(?:usually|typically|often|commonly)\b", re.IGNORECASE)


def _is_said_of_a_case(text: str, claim: Claim) -> bool:
    if _OTHERWISE.search(text, max(0, claim.start - 80), claim.start):
        return True
    return (CONDITION.match(text, claim.end) or _OR_ANOTHER.match(text, claim.end)) is not None


_OTHERWISE = re.compile(r"\b(?:otherwise|else)\b[^.;]*$", re.IGNORECASE)


def _of_one_result(entry: Entry, claims: list[Claim]) -> list[Claim]:
    several = [claim for claim in claims if claim.count > 1 and claim.role is Role.RESULT]
    if several:
        return [replace(claim, subject=None) for claim in several]
    return [
        replace(claim, subject=None, item=_item_name(entry))
        for claim in claims
        if claim.role in (Role.RESULT, Role.ELEMENT)
    ][:1]


def _item_name(entry: Entry) -> str | None:
    """The name under which an entry speaks of a part of the result, None where it only gives its type."""
    name = entry.names[0] if len(entry.names) == 1 else ""
    return name if name.isidentifier() and name.lower() not in _TYPES else None
