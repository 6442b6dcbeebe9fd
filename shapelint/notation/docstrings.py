"""A docstring -> what it says of parameters and results (Google, NumPy, Sphinx, plain lines) and defines."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from shapelint.notation.comments import clean, read_body
from shapelint.notation.confusions import refuses
from shapelint.notation.definitions import read_equality
from shapelint.notation.leads import is_subject
from shapelint.notation.model import Claim, Definition, Reading, Role
from shapelint.notation.prefilter import might_hold_claim
from shapelint.notation.sections import PLAIN, RESULT, SHAPE, Entry, entries

MAX_LENGTH = 100_000
MAX_ENTRY = 1500
MAX_ENTRIES = 400

_DEFINITION = re.compile(
    r"^\s*(?:[-*•]\s+)?(?:where\s+)?`{0,2}(?P<name>[A-Za-z_]\w*['\u2032]*)`{0,2}\s*(?:=|:=)\s*`{0,2}(?P<value>[^=`]+?)`{0,2}\s*[.,;]?$"
)
_INPUT_NAME = re.compile(r"inputs?\s*\d*$", re.IGNORECASE)
_OUTPUT_NAME = re.compile(r"(?:outputs?|returns?|results?)\s*\d*$", re.IGNORECASE)


def read_docstring(text: str, parameters: Collection[str] = ()) -> Reading:
    """What a docstring claims; offsets are into the text, which is the raw body between the quotes.

    Of a function with a parameter named `returns` or `input`, a line that begins so speaks of that.
    """
    if not might_hold_claim(text):
        return Reading()
    text = text[:MAX_LENGTH]
    claims: list[Claim] = []
    definitions: list[Definition] = []
    results: dict[int, list[tuple[Entry, list[Claim]]]] = {}
    for entry in entries(text)[:MAX_ENTRIES]:
        definition = _definition(text, entry)
        if definition is not None:
            definitions.append(definition)
            continue
        reading = _read_entry(text, entry)
        definitions.extend(reading.definitions)
        if entry.kind == RESULT:
            results.setdefault(entry.section, []).append((entry, list(reading.claims)))
        else:
            claims.extend(_of_entry(entry, reading.claims, text, parameters))
    for found in results.values():
        claims.extend(_of_results(found))
    claims.sort(key=lambda claim: claim.start)
    return Reading(tuple(claims), tuple(definitions))


def _definition(text: str, entry: Entry) -> Definition | None:
    """`D = embed_dim` on a line of its own."""
    begin = text.rfind("\n", 0, entry.start) + 1
    line = text[begin : entry.end]
    match = _DEFINITION.match(line)
    if match is None or "\n" in line:
        return None
    value = read_equality(match["name"], match["value"], attached=False)
    if value is None:
        return None
    return Definition(match["name"], value, begin + match.start("name"), begin + match.end("value"))


def _read_entry(text: str, entry: Entry) -> Reading:
    raw = text[entry.start : min(entry.end, entry.start + MAX_ENTRY)]
    if not might_hold_claim(raw):
        return Reading()
    body = clean(_plain_maths(raw))
    if refuses(body, docstring=True):
        return Reading()
    reading = read_body(body, own_line=True, docstring=True)
    return Reading(
        tuple(replace(claim, start=claim.start + entry.start, end=claim.end + entry.start) for claim in reading.claims),
        tuple(
            replace(definition, start=definition.start + entry.start, end=definition.end + entry.start)
            for definition in reading.definitions
        ),
    )


def _plain_maths(text: str) -> str:
    """`H_{in}` as `H_in`, `\\times` as `x`, with blanks so that nothing moves."""
    text = re.sub(r"_\{(\w+)\}", lambda match: f"_{match[1]}  ", text)
    text = re.sub(r"\\(?:text|mathrm)\{(\w+)\}", lambda match: match[1].ljust(len(match[0])), text)
    return re.sub(r"\\(?:times|cdot)\b", lambda match: "*".ljust(len(match[0])), text)


def _of_entry(entry: Entry, claims: tuple[Claim, ...], text: str, parameters: Collection[str]) -> list[Claim]:
    """The claims of a parameter's entry, of a line in a `Shape:` section, or of a plain line."""
    if not claims:
        return []
    chained = any(claim.role in (Role.OPERAND, Role.LINK) for claim in claims) or len({c.role for c in claims}) > 1
    names = entry.names
    if entry.kind == SHAPE or (entry.kind == PLAIN and len(names) == 1):
        name = names[0] if names and names[0] not in parameters else ""
        if _OUTPUT_NAME.match(name):
            return [replace(claim, role=Role.RESULT, subject=None) for claim in claims if claim.role is not Role.INPUT]
        if _INPUT_NAME.match(name):
            return [replace(claims[0], role=Role.INPUT, subject=None)] if not chained else list(claims)
    if entry.kind == PLAIN and not names:
        return _of_prose(entry, claims, text, chained)
    if chained or _in_a_tuple(text, claims[0]):
        return []
    first = claims[0]
    if not names:
        return [_as_input(claim) for claim in claims if claim.subject or claim.role is Role.INPUT]
    if entry.kind == PLAIN and not all(name in parameters or is_subject(name) for name in names):
        return [replace(claim, subject=None) for claim in claims[:1] if claim.role is not Role.RESULT]
    role = Role.ELEMENT if first.role is Role.ELEMENT else Role.INPUT
    return [replace(first, role=role, subject=name, index=0, count=1) for name in names]


def _in_a_tuple(text: str, claim: Claim) -> bool:
    """Whether the shape is the first of several in brackets of their own: `((N, B, D), (N, B, D))` is no tensor."""
    before, after = text[: claim.start].rstrip(), text[claim.end :].lstrip()
    return before.endswith(("(", "[")) and after.startswith(",")


def _of_prose(entry: Entry, claims: tuple[Claim, ...], text: str, chained: bool) -> list[Claim]:
    """The claims of a line of prose: only of one that begins with what it speaks of, or that is an arrow alone.

    Of "Equations `(K, P + 1)` for the residuals of `F` `(K, 3, 3)`" nobody can tell what is whose shape.
    """
    raw = text[entry.start : entry.end]
    if chained:
        rest = raw
        for claim in claims:
            for shape in claim.shapes:
                rest = rest.replace(shape.text, " ")
        return [_as_input(claim) for claim in claims] if len(re.findall(r"[A-Za-z]{2,}", rest)) <= 2 else []
    begins = raw.lstrip(" \t\n-*•`")
    return [
        _as_input(claim)
        for claim in claims
        if claim.subject and begins.startswith(claim.subject) and len({c.subject for c in claims}) == 1
    ]


def _as_input(claim: Claim) -> Claim:
    return replace(claim, role=Role.INPUT) if claim.subject and claim.role is Role.RESULT else claim


def _of_results(found: list[tuple[Entry, list[Claim]]]) -> list[Claim]:
    """The claims of a `Returns:` section; entries with names or types are the parts of a tuple, in order."""
    named = [(entry, claims) for entry, claims in found if entry.names]
    if len(named) < 2 or len(named) != len(found):
        claims = [claim for _, part in found for claim in part if claim.role in (Role.RESULT, Role.ELEMENT)][:1]
        several = [claim for _, part in found for claim in part if claim.count > 1 and claim.role is Role.RESULT]
        if len(found) > 1 and (named or several):
            return []
        return [replace(claim, subject=None) for claim in (several or claims)]
    return [
        replace(claims[0], role=Role.RESULT, subject=None, index=index, count=len(named))
        for index, (_, claims) in enumerate(named)
        if claims and claims[0].role in (Role.RESULT, Role.INPUT)
    ]
