"""Shapes and the signs between them -> claims: arrows, operands, lists, alternatives, and what each one speaks of."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from shapelint.notation.candidate import Candidate
from shapelint.notation.leads import Lead
from shapelint.notation.model import Binary, Claim, Definition, DimSpec, Name, Num, Rest, Role, ShapeSpec
from shapelint.notation.plausibility import is_numbered
from shapelint.notation.vocabulary import LISTS


@dataclass(frozen=True, slots=True)
class Link:
    """A shape of a comment, how it hangs on the one before (`kind`), and the words between the two.

    `kind` is start, arrow, back, to, or, slash, equals, operator, list; prose, adjacent or broken begin a new run.
    """

    found: Candidate
    kind: str
    lead: Lead
    arrow: bool


@dataclass(slots=True)
class _Value:
    """One tensor: the shapes it may have, and the words before the first of them."""

    candidates: list[Candidate]
    lead: Lead


@dataclass(slots=True)
class _Group:
    """What stands between two arrows: operands or several values, and a result after `=`."""

    values: list[_Value]
    operators: bool = False
    result: _Value | None = None


def claims_of(run: list[Link]) -> tuple[list[Claim], list[Definition]]:
    """The claims of one run of shapes, and the sizes defined by `d=64` in a shape or by `(B, T) = (2, 8)`."""
    claims: list[Claim] = []
    definitions: list[Definition] = []
    for chain in _chains(run):
        groups = _groups(chain, definitions)
        claims.extend(_claims_of_chain(groups, chain[0]))
    for link in run:
        if link.kind == "equals":
            continue  # `[E, r, N] = [E, K=r, J=N]` tells what an operation calls the dims of this one tensor
        for name, value, start, end in link.found.row.definitions:
            definitions.append(Definition(name, value, start, end, attached=True))
    return claims, definitions


def _chains(run: list[Link]) -> list[list[Link]]:
    """`q: A -> B, k: C -> D` are two chains; `A, B -> C` is one."""
    pieces: list[list[Link]] = [[]]
    for link in run:
        if link.kind == "list" and pieces[-1]:
            pieces.append([])
        pieces[-1].append(link)
    with_arrows = sum(any(link.kind in ("arrow", "to") for link in piece[1:]) for piece in pieces)
    return pieces if with_arrows > 1 else [run]


def _groups(chain: list[Link], definitions: list[Definition]) -> list[_Group]:
    groups = [_Group([_Value([chain[0].found], chain[0].lead)])]
    with_result = any(link.kind in ("equals", "arrow") for link in chain)
    for at, link in enumerate(chain[1:], 2):
        group = groups[-1]
        value = _Value([link.found], link.lead)
        if link.kind in ("arrow", "to"):
            groups.append(_Group([value]))
        elif link.kind == "or" or (link.kind == "slash" and not with_result):
            group.values[-1].candidates.append(link.found)
        elif link.kind in ("operator", "slash"):
            group.operators = True
            group.values.append(value)
        elif link.kind == "equals" and group.operators:
            group.result = value
        elif link.kind == "equals" and at < len(chain) and chain[at].kind == "operator":
            group.result, group.values = group.values[-1], [*group.values[:-1], value]  # `(N, 4) = (N, 3) @ (3, 4)`
        elif link.kind == "equals":
            definitions.extend(_equated(group.values[-1].candidates[-1], link.found))
        else:
            group.values.append(value)
    return groups


def _equated(left: Candidate, right: Candidate) -> list[Definition]:
    """`(B, T) = (32, 128)` defines the names of either side dim by dim."""
    found: list[Definition] = []
    if len(left.row.items) != len(right.row.items) or right.row.definitions:
        return found
    for one, other in zip(left.row.items, right.row.items, strict=True):
        if one == other:
            continue
        if isinstance(one, Name) and not hasattr(other, "name"):
            found.append(Definition(one.text, other, left.start, right.end, attached=True))
        elif isinstance(other, Name) and not hasattr(one, "name"):
            found.append(Definition(other.text, one, left.start, right.end, attached=True))
    return found


def _claims_of_chain(groups: list[_Group], first: Link) -> list[Claim]:
    if len(groups) == 1:
        return _claims_of_group(groups[0], first)
    if any(group.operators and any(value.lead.subjects for value in group.values[1:]) for group in groups[1:]):
        return []  # `x: (B, T) -> (B, T, 1) * y: (T, D) -> (1, T, D)`: two arrows, and what is made of both
    if any(group.operators for group in groups[1:-1]):
        return []  # the same without names: `((B, T) -> (B, T, 1)) @ ((T, D) -> (1, T, D))`
    last = groups[-1].values[-1].candidates[-1]
    goes_on = _ARROW_FIRST.match(last.rest) is not None  # `(B, T) -> (B*T) -> softmax`: what comes out is not told
    led_here = first.lead.leads_on and not groups[0].operators  # `-> (B, T) -> (B,)`, of what a line above begins with
    middle = groups[0 if led_here else 1 : None if goes_on else -1]
    claims = _operands(groups[0]) if groups[0].operators else [] if led_here else _several(groups[0], Role.INPUT)
    for index, group in enumerate(middle):
        claims.append(_claim(group.values[-1], Role.LINK, index, len(middle)))
    return claims if goes_on else claims + _several(groups[-1], Role.RESULT)


_ARROW_FIRST = re.compile(r"\s*(?:-{1,3}>|={1,2}>|~>|[→⟶⇒⟹↦➡➔])")


def _claims_of_group(group: _Group, first: Link) -> list[Claim]:
    if group.operators:
        results = [] if group.result is None else [_claim(group.result, Role.RESULT)]
        return _operands(group) + results
    role = Role.RESULT
    if first.lead.element and len(group.values) == 1:
        role = Role.ELEMENT
    elif first.lead.role is not None:
        role = first.lead.role
    elif first.lead.origin:
        role = Role.INPUT
    return _several(group, role)


def _of_the_names(values: list[_Value]) -> list[_Value] | None:
    """The values of `q, k: (B, T, C), (B, S, C)`, a name each; of `x: (C, T), (B, C, T)` the one that is either."""
    names = values[0].lead.subjects
    if not names or len(values) < 2 or any(value.lead != Lead() for value in values[1:]):
        return None
    if len(names) == 1:
        cases = [found for value in values for found in value.candidates]
        return [_Value(cases, values[0].lead)] if _are_with_or_without_a_batch(cases) else None
    if len(names) != len(values):
        return None
    leads = [replace(values[0].lead, subjects=(name,)) for name in names]
    return [_Value(value.candidates, lead) for value, lead in zip(values, leads, strict=True)]


def _are_with_or_without_a_batch(cases: list[Candidate]) -> bool:
    """Whether each of these rows is the one before it with dims put in front, or taken from there."""
    rows = [found.row.items for found in cases]
    pairs = [(min(pair, key=len), max(pair, key=len)) for pair in pairwise(rows)]
    return all(len(short) < len(long) and long[-len(short) :] == short for short, long in pairs)


def _operands(group: _Group) -> list[Claim]:
    return [_claim(value, Role.OPERAND, index, len(group.values)) for index, value in enumerate(group.values)]


def _several(group: _Group, role: Role) -> list[Claim]:
    values = _of_the_names(group.values)
    if values is not None:
        return [claim for value in values for claim in _named(value, role)]
    named = [bool(value.lead.subjects) for value in group.values]
    if any(named) and len(group.values) > 1:
        return [claim for value in group.values for claim in _named(value, role)]
    if len(group.values) == 1:
        return _named(group.values[0], role)
    roles = [value.lead.role or (Role.INPUT if value.lead.origin else role) for value in group.values]
    return [
        _claim(value, one, roles[:index].count(one), roles.count(one))
        for index, (value, one) in enumerate(zip(group.values, roles, strict=True))
    ]


def _named(value: _Value, role: Role) -> list[Claim]:
    if value.lead.element:
        role = Role.ELEMENT
    elif value.lead.role is not None and role is Role.RESULT:
        role = value.lead.role
    if not value.lead.subjects:
        return [_claim(value, role)]
    return [_claim(value, role, subject=subject) for subject in value.lead.subjects]


def _claim(value: _Value, role: Role, index: int = 0, count: int = 1, subject: str | None = None) -> Claim:
    shapes = tuple(shape for found in value.candidates for shape in _readings(found))
    start = min(found.start for found in value.candidates)
    end = max(found.end for found in value.candidates)
    if subject is None and count > 1 and value.lead.subjects:
        subject = value.lead.subjects[0]
    dtype = value.candidates[0].dtype
    is_picture = any(map(_is_picture, value.candidates))
    return Claim(role, shapes, start, end, subject, index, count, value.lead.contiguous, dtype, conditional=is_picture)


def _is_picture(found: Candidate) -> bool:
    """Whether a text may be the height, width and channels of a picture, `299 x 299 x 3`, whatever their order is in
    the code, and however many pictures there are."""
    items = found.row.items
    return found.form == "x" and len(items) == 3 and all(isinstance(one, Num) for one in items) and items[0] == items[1]


def _readings(found: Candidate) -> list[ShapeSpec]:
    """The shapes that a text may mean: `(BxT)` and `[B * T]`, alone in brackets, are two dims or their product."""
    items = _without_series(found.row.items)
    shapes = [ShapeSpec(items, found.text)]
    factors = _factors(items[0]) if len(items) == 1 and " * " in found.text and "," not in found.text else []
    if found.holder in LISTS:
        shapes.append(ShapeSpec(items[1:], found.text))  # how many there are may be written before their dims
    if found.opened and found.row.style == "glued":
        product = _product([item for item in items if not isinstance(item, Rest)])
        shapes.append(ShapeSpec((product,), found.text))
    elif found.opened and len(factors) > 1:
        shapes.append(ShapeSpec(tuple(factors), found.text))
    return shapes


def written_together(name: str, text: str) -> tuple[ShapeSpec, ...]:
    """The shapes that letters written together may mean: `(H*W,)` and `(H, W)` of `HW`; none of another name."""
    letters = [Name(letter) for letter in name] if name.isalpha() and name.isupper() and len(name) > 1 else []
    return (ShapeSpec((_product(list(letters)),), text), ShapeSpec(tuple(letters), text)) if letters else ()


def _without_series(items: tuple[DimSpec | Rest, ...]) -> tuple[DimSpec | Rest, ...]:
    """`(d0, d1, ..., dN, 3)` is any number of dims and a 3: what is alike on both sides of the dots is a part of them.

    What stands between two runs of dims, `(..., d, ...)`, stands anywhere.
    """
    for gap in range(len(items) - 2, 0, -1):
        if gap + 1 >= len(items) or items[gap] != Rest() or not _are_a_series(items[gap - 1], items[gap + 1]):
            continue
        first = gap - 1
        while first > 0 and _are_a_series(items[first - 1], items[gap + 1]):
            first -= 1
        items = (*items[:first], Rest(), *items[gap + 2 :])
    runs = [place for place, item in enumerate(items) if item == Rest()]
    return items if len(runs) < 2 else (*items[: runs[0]], Rest(), *items[runs[-1] + 1 :])


def _are_a_series(one: DimSpec | Rest, last: DimSpec | Rest) -> bool:
    if isinstance(one, Name) and isinstance(last, Name):
        return is_numbered(one, last)
    return isinstance(one, Num) and one == last


def _factors(item: DimSpec | Rest) -> list[DimSpec]:
    """The factors of a plain product, none of anything else."""
    if isinstance(item, (Name, Num)):
        return [item]
    if isinstance(item, Binary) and item.op == "*":
        left, right = _factors(item.left), _factors(item.right)
        return left + right if left and right else []
    return []


def _product(items: list[DimSpec]) -> DimSpec:
    value = items[0]
    for item in items[1:]:
        value = Binary("*", value, item)
    return value
