"""What the words before a shape say: whose shape it is, which role it has, or that it is no claim at all."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shapelint.notation.model import Role
from shapelint.notation.phrases import (
    ADVERBS,
    AMOUNTS,
    AXES,
    AXIS,
    BULLET,
    DEMANDS,
    ELEMENT,
    EXPRESSION,
    FILLERS,
    IN_OR_OUT,
    INPUT_OR_OUTPUT,
    MAKES_AN_AXIS,
    OF_DIMENSIONS,
    OF_SHAPE,
    PLACES_GIVEN,
    REFUSING,
    REFUSING_ANYWHERE,
    SHAPE_OF,
    SHOULD,
    WINDOW_OF,
)
from shapelint.notation.vocabulary import DTYPE, LAYOUTS, OBJECT_WORDS, PROSE_WORDS, TENSOR_LETTERS, TYPE_WORDS, VERBS

SUBJECT = re.compile(EXPRESSION)
_SUBJECTS = re.compile(rf"\**`?{EXPRESSION}`?(?:\s*(?:,|/|&|\band\b)\s*(?:and\s+)?`?{EXPRESSION}`?)*")


_A_LETTER = re.compile(
    rf"\b(?:(?:of|to|from|for|and|in|the|is|with)\s+x\s*|[A-Za-z]{{4,}}\s+x\s*:\s*|[a-z]+\s+[{''.join(sorted(TENSOR_LETTERS))}]\d*)$"
)

_DIMENSIONS_OF_IT = re.compile(
    r"\b(?P<what>[A-Za-z]{3,})(?:\s+(?:of|with|having)\s+(?:the\s+)?dim(?:ension)?s|,\s+dims\s*:)\s*$"
)
"""How a description says a shape: `a component of dims (batch, n)`, `the features, dims: (batch, n, d)`."""

_OF_A_CASE = re.compile(r"\s*(?:for|given)\s+an?\s[^,:(]*$", re.IGNORECASE)
"""What leads to the shape of something else than is described: `For a kernel of size (k, l), its shape is ...`."""


@dataclass(frozen=True, slots=True)
class Lead:
    """The meaning of the words before a shape.

    `signal` is the strongest sign of a claim in them: "" (no words), "named", "shape", "verb" or "prose".
    """

    signal: str = ""
    subjects: tuple[str, ...] = ()
    role: Role | None = None
    element: bool = False
    refused: bool = False
    contiguous: bool | None = None
    words: int = 0
    origin: bool = False
    target: bool = False
    equals: bool = False
    shape: bool = False
    amount: bool = False
    article: bool = False
    axis: bool = False
    demand: bool = False
    leads_on: bool = False  # an arrow alone, which leads on from what is told elsewhere


def read_lead(text: str, docstring: bool = False) -> Lead:
    """Reads the words before a shape, bullet included; a docstring's demands (`must be of shape`) are claims."""
    text = text[max(_last_end(text) if docstring else -1, text.rfind("; ")) + 1 :]
    text = OF_DIMENSIONS.sub(r"\g<what> of shape", text)
    if docstring:
        text = _DIMENSIONS_OF_IT.sub(r"\g<what> of shape", text)
    text = _BARRED.sub(r"\1 =", text)
    bullet = BULLET.match(text)
    rest = text[bullet.end() if bullet else 0 :].replace("`", " ").rstrip()
    if not rest.strip() or DTYPE.fullmatch(rest.strip(" ,;:#")):
        return Lead()
    demand = SHOULD.search(rest) is not None
    rest = SHOULD.sub(lambda match: " " * len(match[0]), rest)
    of_each = ELEMENT.search(rest) or ELEMENT.search(OF_SHAPE.sub("", rest))
    if of_each is not None and _A_LETTER.search(text):
        of_each = None  # `to x(b, c)`, which is no `n x (b, c)`
    element = of_each is not None
    seen, rest_left = _strip_fillers(rest if of_each is None else rest[: of_each.start()])
    of_a_case = docstring and _OF_A_CASE.match(rest) is not None
    if docstring:
        rest = DEMANDS.sub(lambda match: " " * len(match[0]), rest)
    refused = "^" in rest or _is_refused_by_words(rest) or bool(REFUSING_ANYWHERE.search(rest))
    refused = refused or PLACES_GIVEN.search(rest) is not None or WINDOW_OF.search(rest) is not None
    axis = AXIS.search(_without_fillers(rest)) is not None and MAKES_AN_AXIS.match(rest.lstrip()) is None
    refused = refused or (axis and AXES.search(rest) is not None)
    role = Role.RESULT if "output" in seen else Role.INPUT if "input" in seen and "into" not in seen else None
    contiguous = False if "not_contiguous" in seen else True if "contiguous" in seen else None
    shape_said = bool(seen & {"shape", "dot"}) or (element and OF_SHAPE.search(rest) is not None)
    naming = bool(seen & {"colon", "equals", "copula", "dot", "shape", "size", "arrow"})
    subjects: tuple[str, ...] = ()
    words = len(rest_left.split())
    rest_left = ADVERBS.sub("", rest_left)
    of = SHAPE_OF.match(rest_left)
    if of:
        subjects, shape_said, naming, words = (of["names"],), True, True, 0
    elif rest_left and _SUBJECTS.fullmatch(rest_left.strip("*")) and (naming or not element):
        names = tuple(name.group() for name in SUBJECT.finditer(rest_left) if name.group() != "and")
        if len(names) == 1 and role is None and names[0].lower() in ("input", "inputs", "output", "outputs"):
            role = Role.INPUT if names[0].lower().startswith("in") else Role.RESULT
            names = ()
        elif ("output" in seen and rest_left) or (
            len(names) == 1 and not is_subject(names[0], named=bool(seen & {"colon", "equals", "dot"}))
        ):
            names = ()
        subjects = names if naming or not seen else ()
        if seen & {"into", "out"}:
            subjects = ()
        refused = refused and not subjects
    if IN_OR_OUT.fullmatch(rest.strip()) and "=" not in rest:
        return Lead("shape", (), Role.INPUT if rest.strip().lower().startswith("in") else Role.RESULT, shape=True)
    if role is None and not subjects:
        begins = INPUT_OR_OUTPUT.match(rest_left)
        role = None if begins is None or "into" in seen else Role.INPUT if begins[1].lower() == "input" else Role.RESULT
        name = rest_left[begins.end() :].strip() if begins is not None else ""
        if role is Role.INPUT and "_" in name and name.isidentifier():
            subjects = (name,)  # `input attn_weights (B, T, T)`
    signal = "named" if subjects and naming else "shape" if shape_said else "verb" if _has_verb(rest) else "prose"
    if not rest_left and not shape_said:
        signal = ""
    return Lead(
        signal,
        subjects,
        role,
        element,
        refused or of_a_case or OF_CONTENTS.search(text) is not None,
        contiguous,
        words,
        "out" in seen,
        "into" in seen,
        "equals" in seen,
        shape_said,
        bool(AMOUNTS.search(rest)),
        not rest_left and bool(seen & {"article", "has", "copula", "output"}) and not seen & {"colon", "equals"},
        axis and not subjects,
        demand,
    )


_BARRED = re.compile(r"\|\s*([A-Za-z_]\w*)\s*\|\s*=")  # `|x| = (B, T)`


def _last_end(text: str) -> int:
    """Where the last sentence before the present one ends; the points of `e.g. ` end none."""
    ends = [match.start() for match in _FULL_STOP.finditer(text)]
    return ends[-1] if ends else -1


_FULL_STOP = re.compile(r"(?<!\be\.g)(?<!\bi\.e)\. ")


def _strip_fillers(text: str) -> tuple[set[str], str]:
    seen: set[str] = set()
    for _ in range(10):
        match = FILLERS.search(text[-40:])
        if match is None or not match.lastgroup:
            break
        group = match.lastgroup
        if group == "article" and text.strip() == "a" and seen and seen <= {"colon", "equals", "dot"}:
            break  # `a: (B, N)` names something
        seen.add(group)
        text = text[: len(text) - (len(text[-40:]) - match.start())].rstrip()
    return seen, text.strip()


def _is_refused_by_words(rest: str) -> bool:
    """Whether the words before a row make it something else than a shape, unless they say what it is the shape of."""
    return REFUSING.search(_without_fillers(rest)) is not None and _HAS_SHAPE.search(rest) is None


# `the i-th row holds (D, H, W)`, `a tensor containing the sizes of a patch: (D, H, W)`: what stands in a tensor.
OF_CONTENTS = re.compile(
    r"\b(?:rows?|items?|entr(?:y|ies)|elements?|columns?|cells?|lines?|points?)\s+(?:holds?|contains?|stores?|lists?)\s*[(\[]?\s*$"
    r"|\b(?:tensor|array|vector|list|tuple)\s+(?:(?:that\s+)?(?:holds|contains|stores)|holding|containing|storing|of|with)\s+(?:the\s+)?"
    r"(?:sizes?|extents?|lengths?|dimensions)\s+of\s[^.;:()\[\]]*:?\s*$",
    re.IGNORECASE,
)


_HAS_SHAPE = re.compile(
    r"\w{3,}\s+(?:with|of|having|has|have)\s+(?:the\s+)?shapes?\s*[:=]?\s*[(\[]?\s*$", re.IGNORECASE
)


def _without_fillers(text: str) -> str:
    match = re.search(
        r"(?:\s*(?:[:=(\[]|\b(?:a|an|the|of|shape|is|be|in|tensors?|with|have|has)))+\s*$", text[-60:], re.IGNORECASE
    )
    return text if match is None else text[: len(text) - (len(text[-60:]) - match.start())]


def is_subject(name: str, *, named: bool = False) -> bool:
    """Whether a word can name a tensor: no verb, no layout, no word of prose; `a` where a colon or so tells."""
    lower = name.lower()
    if DTYPE.fullmatch(name) or name.endswith(("Tensor", "ndarray")):
        return False
    if len(name) == 1:
        return name != "a" or named
    if "." in name or "(" in name or "[" in name:
        return True
    if lower in TYPE_WORDS:
        return False
    return lower not in VERBS and name not in LAYOUTS and (lower not in PROSE_WORDS or lower in OBJECT_WORDS)


def _has_verb(text: str) -> bool:
    return any(word in VERBS for word in re.findall(r"[a-z]+", text.lower())[:12])
