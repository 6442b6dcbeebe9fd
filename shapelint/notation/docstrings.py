"""A docstring -> what it says of parameters and results (Google, NumPy, Sphinx, plain lines) and defines."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from shapelint.notation.candidates import find_candidates
from shapelint.notation.cases import shapes_of_cases
from shapelint.notation.comments import read_body
from shapelint.notation.confusions import refuses
from shapelint.notation.definitions import read_equality
from shapelint.notation.leads import is_subject
from shapelint.notation.lengths import lengths_told
from shapelint.notation.model import Claim, Definition, Name, Reading, Role, ShapeSpec
from shapelint.notation.plain import MAX_ENTRY, body_of, clean, plain_maths, with_plain_signs
from shapelint.notation.prefilter import might_hold_claim
from shapelint.notation.ranks import rank_told
from shapelint.notation.results import CONDITION, in_cases, is_in_order, of_results, with_cases
from shapelint.notation.sections import (
    PARAMETER,
    PLAIN,
    RESULT,
    SHAPE,
    Entry,
    entries,
    is_below_an_item,
    stated_kinds,
    states_tensor,
)
from shapelint.notation.sentences import is_same, of_sentences, without_cases
from shapelint.notation.tokens import tokenize

MAX_LENGTH = 100_000
MAX_ENTRIES = 400

_DEFINITION = re.compile(
    r"^\s*(?:[-*•]\s+)?(?:where\s+)?`{0,2}(?P<name>[A-Za-z_]\w*['\u2032]*)`{0,2}\s*(?:=|:=)\s*`{0,2}(?P<value>[^=`]+?)`{0,2}\s*[.,;]?$"
)
_ARGUMENT = re.compile(r"\w=\S+,\s*$")  # of a call in an example
_GOES_ON = re.compile(r"\b(?:if|when|whenever|unless|while|until|for|in|on|than|or|otherwise)\s*$", re.IGNORECASE)
_INPUT_NAME = re.compile(r"inputs?\s*\d*$", re.IGNORECASE)
_OUTPUT_NAME = re.compile(r"(?:out|outputs?|returns?|results?)\s*\d*$", re.IGNORECASE)


def read_docstring(text: str, parameters: Collection[str] | None = None) -> Reading:
    """What a docstring claims; offsets are into the text, which is the raw body between the quotes.

    Of a function with a parameter named `returns` or `input`, a line that begins so speaks of that. Outside of a list
    of parameters, what is no parameter's name begins a sentence like any other; without `parameters` it may be one.
    """
    if not might_hold_claim(text):
        return Reading()
    text = with_plain_signs(text[:MAX_LENGTH])
    claims: list[Claim] = []
    definitions: list[Definition] = []
    results: dict[int, list[tuple[Entry, list[Claim]]]] = {}
    in_passing: list[Claim] = []
    in_sentences: list[Claim] = []
    above: tuple[str, ...] = ()  # the parameters of which the prose just above speaks
    described: set[str] = set()
    of_tensors: set[str] = set()  # of what is described, that of which a shape is told
    for entry in entries(text)[:MAX_ENTRIES]:
        definition = _definition(text, entry)
        if definition is not None:
            definitions.append(definition)
            continue
        reading = _read_entry(text, entry)
        if entry.kind == PLAIN and _begins_within_quotes(text, entry.start):
            continue
        definitions.extend(reading.definitions)
        described.update(entry.names)
        of_tensors.update(entry.names if reading.claims else ())
        if entry.kind == RESULT:
            results.setdefault(entry.section, []).append((entry, list(reading.claims)))
            continue
        if entry.kind == PARAMETER:
            claims_here = reading.claims or _rank_alone(text, entry)
            reading = replace(reading, claims=_of_kind(entry, claims_here, text) if claims_here else ())
        if entry.kind == PLAIN:
            pronoun = _PRONOUN.match(text, entry.start, entry.end) is not None
            above = _named_first(text, entry, parameters or ()) or (above if pronoun else ())
            told = above and len(reading.claims) == 1 and not _of_what_returns(text, entry, reading.claims[0])
            if told and reading.claims[0].role in (Role.RESULT, Role.ELEMENT):
                claims.extend(_about(reading.claims[0], above))
                continue
        found_here = [_in_its_case(one, text) for one in _of_entry(entry, reading.claims, text, parameters)]
        if entry.kind == PLAIN and parameters and not is_below_an_item(text, entry):
            found_here = _with_sentences(text, entry, parameters, found_here, in_sentences)
        alone = entry.kind == PLAIN and not entry.names and any(claim.subject is None for claim in found_here)
        (in_passing if alone else claims).extend(found_here)
    if any(claim.subject for claim in claims) or sum(claim.role is Role.INPUT for claim in in_passing) > 1:
        in_passing = []  # an arrow beside a list of parameters, or one of several, tells of a step within
    claims.extend(in_passing)
    for found in results.values():
        one_in_cases = in_cases(text, found)
        parts = [(entry, with_cases(text, entry, own)) for entry, own in found]
        if one_in_cases is not None:
            claims.append(one_in_cases)
        elif is_in_order(text, parts):
            claims.extend(of_results(parts))
    claims = without_cases(claims, in_sentences)
    claims = [claim for claim in claims if not _is_of_names(claim, described, of_tensors)]
    claims = [claim for claim in claims if not _is_of_an_item(text, claim)]
    claims.sort(key=lambda claim: claim.start)
    return Reading(tuple(claims), tuple(definitions))


def _rank_alone(text: str, entry: Entry) -> tuple[Claim, ...]:
    """What is said of a parameter's number of dims where nothing is said of their sizes; of lengths, the batch."""
    body = body_of(text, entry.start, min(entry.end, entry.start + MAX_ENTRY))
    claim = rank_told(body) or lengths_told(body, entry.names)
    if claim is None:
        return ()
    return (replace(claim, start=claim.start + entry.start, end=claim.end + entry.start),)


def _with_sentences(
    text: str, entry: Entry, parameters: Collection[str], known: list[Claim], told: list[Claim]
) -> list[Claim]:
    """What is known from a line as a whole, and what its sentences say of single parameters, which `told` gets, too."""
    begin = text.rfind("\n", 0, entry.start) + 1
    if not might_hold_claim(text[begin : entry.end]):
        return known
    body = body_of(text, begin, entry.end)
    if refuses(body, docstring=True):
        return known
    above = text[max(text.rfind("\n\n", 0, begin), begin - 300, 0) : begin]
    found = of_sentences(body, above, parameters, lambda row: read_body(row, own_line=True, docstring=True).claims)
    moved = [replace(claim, start=claim.start + begin, end=claim.end + begin) for claim in found]
    named = {(claim.start, claim.role) for claim in moved if claim.subject is not None}
    known = [claim for claim in known if claim.subject is not None or (claim.start, claim.role) not in named]
    new = [claim for claim in moved if not any(is_same(claim, other) for other in known)]
    told.extend(new)
    return known + new


def _is_of_names(claim: Claim, described: set[str], of_tensors: set[str]) -> bool:
    """Whether what looks like a shape is a row of things that the docstring describes as tensors: "(h_0, c_0)"."""
    for shape in claim.shapes:
        names = {item.text for item in shape.items if isinstance(item, Name)}
        if len(names) == len(shape.items) > 1 and names <= described and not names.isdisjoint(of_tensors):
            return True
    return False


def _is_of_an_item(text: str, claim: Claim) -> bool:
    """Whether the line of a claim tells of an item of what a parameter holds, `x[0]: features (B, C)`."""
    before = text[text.rfind("\n", 0, claim.start) + 1 : claim.start]
    name = claim.subject or ""
    return name.isidentifier() and re.search(rf"\b{name}\[\d+\]", before) is not None


def _begins_within_quotes(text: str, at: int) -> bool:
    """Whether a line begins within back quotes that were opened on one above: what is quoted is told in two parts."""
    start = text.rfind("\n", 0, at) + 1
    paragraph = max(text.rfind("\n\n", 0, start), 0)
    return text.count("`", paragraph, start) % 2 == 1 and "`" in text[start : text.find("\n\n", start) + 1 or None]


_PRONOUN = re.compile(r"\s*(?:They|It|Each|Both|These|All)\s+(?:(?:of them|all|both)\s+)?(?:has|have|is|are)\b")
_FIRST_NAMES = re.compile(
    r"\s*(?:[-*•]\s+)?(?P<names>`{1,2}\w+`{1,2}(?:\s*(?:,|and|,\s*and)\s*`{1,2}\w+`{1,2})*)"
    r"\s+(?:is|are|has|have|with|of)\b"
)


def _named_first(text: str, entry: Entry, parameters: Collection[str]) -> tuple[str, ...]:
    """The parameters of which a sentence says something: "`q` and `k` are ...", each between back quotes."""
    found = _FIRST_NAMES.match(text, text.rfind("\n", 0, entry.start) + 1, entry.end)
    names = re.findall(r"`(\w+)`", found["names"]) if found is not None else []
    return tuple(names) if names and all(name in parameters for name in names) else ()


def _about(claim: Claim, names: tuple[str, ...]) -> list[Claim]:
    """A claim about each of these parameters."""
    role = Role.ELEMENT if claim.role is Role.ELEMENT else Role.INPUT
    return [replace(claim, role=role, subject=name, index=0, count=1) for name in names]


def _definition(text: str, entry: Entry) -> Definition | None:
    """`D = embed_dim` on a line of its own."""
    begin = text.rfind("\n", 0, entry.start) + 1
    line = text[begin : entry.end]
    match = _DEFINITION.match(line)
    if match is None or "\n" in line or _ARGUMENT.search(line) or _GOES_ON.search(text[:begin]):
        return None
    value = read_equality(match["name"], match["value"])
    if value is None:
        return None
    return Definition(match["name"], value, begin + match.start("name"), begin + match.end("value"))


def _read_entry(text: str, entry: Entry) -> Reading:
    raw = text[entry.start : min(entry.end, entry.start + MAX_ENTRY)]
    if not might_hold_claim(raw) or (raw.startswith("()") and text[entry.start - 1 : entry.start].isidentifier()):
        return Reading()  # what is called, `forward()`, is no scalar
    body = clean(plain_maths(raw))
    with_values = _ROW_AND_VALUES.match(body) if entry.kind in (PARAMETER, RESULT) else None
    body = body if with_values is None else with_values[0]
    if refuses(body, docstring=True):
        return Reading()
    cases = list(_CASES.finditer(raw)) if entry.kind == PARAMETER else []
    if len(cases) > 1:
        return Reading(tuple(_of_cases(body, cases, entry.start)))
    of_tensor = entry.kind in (PARAMETER, RESULT) and states_tensor(text, entry)
    reading = read_body(body, own_line=True, docstring=True, of_tensor=of_tensor)
    alone = _ROW_OF_A_LINE.match(raw) if of_tensor else None
    row = None
    if entry.kind in (PARAMETER, RESULT) and not reading.claims:
        row = _ROW_FIRST.match(body) or _ROW_OF_FIRST_LINE.match(raw)
    if alone is not None:  # what stands on the lines below is of something else, or says no more
        reading = read_body(" " * alone.start("row") + alone["row"], own_line=True, docstring=True)
    elif row is not None:  # "(N,). The lengths": words behind the row are about what it is
        reading = read_body(row[0], own_line=True, docstring=True)
    items = [item.start() for item in _ITEM.finditer(raw)] if entry.kind == PARAMETER else []
    certain = items[0] if len(items) > 1 else len(raw)  # what is said in a list below is of some cases only
    return Reading(
        tuple(
            replace(claim, start=claim.start + entry.start, end=claim.end + entry.start)
            for claim in reading.claims
            if claim.start < certain
        ),
        tuple(
            replace(definition, start=definition.start + entry.start, end=definition.end + entry.start)
            for definition in reading.definitions
        ),
    )


_WITHIN = r"[^()\n]*(?:\([^()\n]*\)[^()\n]*)*"
_ROW_OF_A_LINE = re.compile(rf"\s*\({_WITHIN}\)\s*:\s*(?P<row>\({_WITHIN}\))[ \t.]*\n")
_ROW_OF_FIRST_LINE = re.compile(r"\s*:?[ \t]*[(\[][^()\[\]\n]*[)\]](?=[ \t]*\n\s*[A-Z])")
_ROW_AND_VALUES = re.compile(r"\s*:?\s*[(\[][^()\[\]\n]*[)\]](?=,\s*\[)")
"""A row before a list of the values: `(n_levels, 2), [(H_0, W_0), (H_1, W_1)]`."""
_ROW_FIRST = re.compile(
    r"\s*:?\s*[(\[][^()\[\]\n]*[)\]]"
    r"(?=[.,;:]\s|\s+(?:[\w/]+\s){0,2}(?:\w*tensor|\w*array|matrix|vectors?|images?|mask|features?|logits"
    r"|embeddings?|boxes|anchors|targets?|labels?|scores?|points)\b)"
)
# Lines of a list within what is said of one parameter, which tell its shape in each of several cases.
_CASES = re.compile(r"\n\s*(?:[-*•]|\d{1,2}[.)])\s[^\n]*[(\[]\s*[*\w][^\n()\[\]]*,[^\n()\[\]]*[)\]]")
_ITEM = re.compile(r"\n\s*[-*•]\s")
_NAMED_CASE = re.compile(r"\n\s*\S+\s+(?:[*`'\"]|\w+\s*[:(])")
_FIRST_SHAPE = re.compile(r"[(\[]\s*[*\w][^()\[\]]*,[^()\[\]]*[)\]]")


def _of_cases(body: str, cases: list[re.Match[str]], offset: int) -> list[Claim]:
    """One claim with the shapes of all cases as alternatives; none where one of them could not be read."""
    found = []
    if any(_NAMED_CASE.match(case[0]) for case in cases):
        return []  # entries of a dict, or fields of an object
    for case in cases:
        at = _FIRST_SHAPE.search(body, case.start(), case.end())
        row = " " * at.start() + body[at.start() : at.end()] if at is not None else ""
        reading = read_body(row, own_line=True, docstring=True)
        if len(reading.claims) != 1:
            return []
        found.append(reading.claims[0])
    shapes = tuple(shape for claim in found for shape in claim.shapes)
    return [replace(found[0], shapes=shapes, start=found[0].start + offset, end=found[0].end + offset)]


def _of_entry(entry: Entry, claims: tuple[Claim, ...], text: str, parameters: Collection[str] | None) -> list[Claim]:
    """The claims of a parameter's entry, of a line in a `Shape:` section, or of a plain line."""
    if not claims:
        return []
    chained = any(claim.role in (Role.OPERAND, Role.LINK) for claim in claims) or len({c.role for c in claims}) > 1
    names = entry.names
    if len(names) < 2 or entry.kind == SHAPE:
        name = names[0] if names and names[0] not in (parameters or ()) else ""
        if _OUTPUT_NAME.match(name):
            if entry.kind == PLAIN and _goes_on(text, entry):
                return []
            if entry.kind == SHAPE and name == "return" and _SAYS_RESULTS.search(text):
                return []  # a field of what it is given, `(value, return, weight)`: what it gives is told elsewhere
            if entry.kind == SHAPE:
                claims = tuple(with_cases(text, replace(entry, names=()), list(claims)))
            return [replace(claim, role=Role.RESULT, subject=None) for claim in claims if claim.role is not Role.INPUT]
        if _INPUT_NAME.match(name) and entry.kind != PARAMETER:
            return [replace(claims[0], role=Role.INPUT, subject=None)] if not chained else list(claims)
    if entry.kind == PLAIN and (not names or (chained and names[0].lower() in ("shape", "shapes"))):
        return _of_prose(entry, claims, text, chained, parameters)
    if chained or _in_a_tuple(text, claims[0]):
        return []
    if names and _of_what_returns(text, entry, claims[0]):
        return [replace(claims[0], role=Role.RESULT, subject=None)] if entry.kind == PLAIN else []
    whole = _with_what_is_listed(claims, text) if entry.kind == PARAMETER and len(names) == 1 else claims[0]
    first = _of_rows(_with_other_ranks(whole, text, entry), text, entry)
    cases = shapes_of_cases(body_of(text, entry.start, entry.end)) if entry.kind == PARAMETER else None
    if cases is not None and len(cases[0]) > 2:
        first = replace(first, shapes=cases[0])
    if not names:
        return [_as_input(claim) for claim in claims if claim.subject or claim.role is Role.INPUT]
    if entry.kind == PLAIN and not all(name in (parameters or ()) or is_subject(name) for name in names):
        return [replace(claim, subject=None) for claim in claims[:1] if claim.role is not Role.RESULT]
    if entry.kind == PLAIN and parameters is not None:
        names = tuple(meant for name in names for meant in _meant(name, parameters))
    return _about(first, names)


def _goes_on(text: str, entry: Entry) -> bool:
    """Whether a line begins in the middle of a sentence: the one above ends in a word, and is as long as lines get."""
    begin = text.rfind("\n", 0, entry.start) + 1
    above = text[text.rfind("\n", 0, max(begin - 1, 0)) + 1 : max(begin - 1, 0)].strip()
    return len(above) > A_WHOLE_LINE and above[-1].isalnum() and text[begin : entry.end].lstrip()[:1].islower()


A_WHOLE_LINE = 60
_SAYS_RESULTS = re.compile(r"^\s*Returns?:\s*$", re.MULTILINE)


def _with_what_is_listed(claims: tuple[Claim, ...], text: str) -> Claim:
    """The first claim on a parameter, with the shapes that stand behind its own with no more than a comma between."""
    first = claims[0]
    for claim in claims[1:]:
        if _COMMA_ALONE.fullmatch(text, first.end, claim.start) is None:
            break
        first = replace(first, shapes=first.shapes + claim.shapes, end=claim.end, index=0, count=1)
    return first


_COMMA_ALONE = re.compile(r"[`$\s]*,\s*(?::math:)?[`$]*")


def _of_kind(entry: Entry, claims: tuple[Claim, ...], text: str) -> tuple[Claim, ...]:
    """The claims of a parameter whose type is stated: of a list, each of its items; of what holds no tensor, none."""
    if _A_NUMBER.match(text, entry.start):
        return ()
    stated = stated_kinds(text, entry)
    if stated <= {"tensor"} or all(claim.role is Role.ELEMENT for claim in claims):
        return claims
    if stated == {"list"} and len(claims) == 1 and _OF_ITEMS.search(text, entry.start, entry.end):
        return (replace(claims[0], role=Role.ELEMENT),)
    return ()


_A_NUMBER = re.compile(r"\s*(?:an?\s+)?(?:int|integer|float|bool|boolean|str|string)\s*[,.;:]", re.IGNORECASE)
_OF_ITEMS = re.compile(r"\b(?:tensors?|arrays?|shapes?|sizes?|each)\b", re.IGNORECASE)


_ROWS = re.compile(
    r"\b(?:lists?|tuples?|sequences?(?=\s+of\b|\[)|iterables?|dicts?|dictionary|dictionaries|mapping|collection)\b"
    r"(?!\s+of\s+(?:int|ind))",
    re.IGNORECASE,
)
_ONE_TENSOR = re.compile(r"\b(?:\w*tensor|\w*array|matrix|vector|ndarray|images?|batch|mask)\b", re.IGNORECASE)


def _of_rows(claim: Claim, text: str, entry: Entry) -> Claim:
    """The claim, about each item where its entry begins with a list: "a list of indices. Each is sized (N,)"."""
    begin = text.rfind("\n", 0, entry.start) + 1
    words = text[begin : max(begin, claim.start)]
    rows, tensor = _ROWS.search(words), _ONE_TENSOR.search(words)
    if rows is None or (tensor is not None and tensor.start() < rows.start()):
        return claim
    return replace(claim, role=Role.ELEMENT)


def _with_other_ranks(claim: Claim, text: str, entry: Entry) -> Claim:
    """The claim, with the other shapes of its entry that begin alike: "(B, H, W). Volumes have (B, H, W, D)".

    Of "(B, N) if discrete, (B, C, H, W) if continuous" the first dim is enough.
    """
    items = claim.shapes[0].items if len(claim.shapes) == 1 else ()
    if len(items) < 2 or not isinstance(items[0], Name):
        return claim
    body = body_of(text, entry.start, entry.end)
    found = [candidate for candidate in find_candidates(body, tokenize(body)) if candidate.form == "bracket"]
    ranks = {len(items)}
    shapes = list(claim.shapes)
    alike = 1 if CONDITION.match(text, claim.end) else 2
    listed = _ONE_OR_ANOTHER.match(body, claim.start - entry.start)
    for other in found:
        if listed is not None and claim.end - entry.start < other.start < listed.end():
            ranks.add(len(other.row.items))
            shapes.append(ShapeSpec(other.row.items, other.text))
            continue
        if len(other.row.items) > 2 and len(other.row.items) not in ranks and other.row.items[:alike] == items[:alike]:
            ranks.add(len(other.row.items))
            shapes.append(ShapeSpec(other.row.items, other.text))
    return replace(claim, shapes=tuple(shapes))


_A_ROW = r"[(\[][^()\[\]]*[)\]]"
_ONE_OR_ANOTHER = re.compile(rf"{_A_ROW}(?:\s*,\s*{_A_ROW})*\s*,?\s*or\s+{_A_ROW}")
"""All shapes that an input may have: `(B, N), (B, N, N) or (B, 1, N, N)`."""


def _of_what_returns(text: str, entry: Entry, claim: Claim) -> bool:
    """Whether the sentence before a shape is about the result: "`t` is (dx, dy); returns (B, 3, 3)"."""
    return _RETURNS.search(text, entry.start, claim.start) is not None


_RETURNS = re.compile(
    r"[;,.]\s+(?:[Aa]nd\s+|[Ii]t\s+)?(?:[Rr]eturns?|[Gg]ives|[Yy]ields|[Oo]utputs|[Pp]roduces)\s[^;.]*$"
)


def _meant(name: str, parameters: Collection[str]) -> list[str]:
    """The parameters that a word at the start of a sentence means: itself, or those that are called after it."""
    if name in parameters:
        return [name]
    stem = name.lower().rstrip("s")
    after = [each for each in parameters if len(stem) > 3 and each.lower().startswith(stem)]
    return [each for each in after if not _SIZE_OF.search(each)]  # `embed_dim` is no `embed`


_SIZE_OF = re.compile(r"_(?:dims?|size|len|length|num|count|channels|features|width|height|rate|ratio)$", re.IGNORECASE)


def _in_a_tuple(text: str, claim: Claim) -> bool:
    """Whether the shape is the first of several in brackets of their own: `((N, B, D), (N, B, D))` is no tensor."""
    before, after = text[: claim.start].rstrip(), text[claim.end :].lstrip()
    return before.endswith(("(", "[")) and after.startswith(",")


def _of_prose(
    entry: Entry, claims: tuple[Claim, ...], text: str, chained: bool, parameters: Collection[str] | None
) -> list[Claim]:
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
    found = [claim for claim in claims if claim.subject and begins.startswith(claim.subject)]
    if len({claim.subject for claim in claims}) > 1 or parameters is None:
        return [_as_input(claim) for claim in found] if len({claim.subject for claim in claims}) == 1 else []
    return [each for claim in found for each in _about(claim, tuple(_meant(str(claim.subject), parameters)))]


def _as_input(claim: Claim) -> Claim:
    return replace(claim, role=Role.INPUT) if claim.subject and claim.role is Role.RESULT else claim


def _in_its_case(claim: Claim, text: str) -> Claim:
    """A claim on an input, which need not hold if it is said of one case, and another shape of the other one."""
    is_of_case = claim.role is Role.INPUT and len(claim.shapes) == 1 and _OF_ONE_CASE.match(text, claim.end)
    return replace(claim, conditional=True) if is_of_case else claim


_OF_ONE_CASE = re.compile(r"\s+for\s[^.;(\[]*\bor\b[^.;(\[]*[(\[][^()\[\]]*,")
