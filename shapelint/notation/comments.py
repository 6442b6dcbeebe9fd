"""One comment -> what it claims: cleans the text, finds its shapes, and reads the words and signs between them."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from functools import lru_cache

from shapelint.notation.accepted import accepted, is_arithmetic
from shapelint.notation.candidate import Candidate
from shapelint.notation.candidates import find_candidates
from shapelint.notation.claims import Link, claims_of
from shapelint.notation.confusions import refuses
from shapelint.notation.definitions import read_definitions, values_of
from shapelint.notation.leads import Lead, read_lead
from shapelint.notation.model import Claim, Definition, Num, Reading, Role
from shapelint.notation.plain import clean
from shapelint.notation.plausibility import is_interval
from shapelint.notation.prefilter import might_hold_claim
from shapelint.notation.signatures import parse_dims
from shapelint.notation.tails import NOT_CONTIGUOUS, with_tail
from shapelint.notation.tokens import tokenize
from shapelint.notation.vocabulary import LISTS, TENSOR_LETTERS

MAX_LENGTH = 1000

_ERROR = re.compile(
    r"[\s#]*(?:"
    r"(?:-{1,3}>|=>|→)\s*(?:(?:raises?|throws?|gives?)\s+)?(?:(?:an?\s+)?(?:error|fails?|raises?|exception|crash(?:es)?)\b|(?=[A-Z]\w*Error\b))"
    r"|(?:ERROR|Error|error)\s*(?=[:!]|$|\s[-\u2013—]\s)"
    r"|(?:(?:this|it|will|would|now)\s+){0,2}(?:fails|FAILS|Fails)\s*(?=[:!.]|$|\s[-\u2013—]\s|,|because\b|since\b)"
    r"|(?:(?:this|it|will|would|now)\s+){0,2}(?:raises|Raises|RAISES|throws|Throws)\s*"
    r"(?=[:!.]|$|(?:an?\s+)?(?:[A-Z]?\w*)?[Ee](?:rror|xception)\b)"
    r")(?P<reason>.*)$"
)
_CONDITIONAL = re.compile(r"\b(?:if|when|unless|whenever|in case|for|handling|log|message)\b")
_ABOUT_SHAPES = re.compile(
    r"\b(?:shapes?|sizes?|dims?|dimensions?|contiguous|mismatch|match|broadcast\w*|view|reshape|stride)\b"
)
_LAYOUT_ALONE = re.compile(
    rf"[\s#]*(?:->\s*|→\s*|=>\s*)?(?:now\s+|is\s+|it\s+is\s+)*(?:(?P<no>{NOT_CONTIGUOUS})|contiguous)(?:\s+any\s?more|\s+now|\s+here)?[\s.!]*$",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def read_comment(text: str, *, own_line: bool = False) -> Reading:
    """What a comment says; `text` begins with its `#`, and the offsets of the claims are into it."""
    text = text[:MAX_LENGTH].rstrip()
    if not might_hold_claim(text):
        return Reading()
    body = _with_colons(clean(text))
    layout = _read_layout_or_error(body, own_line)
    if layout is not None:
        return layout
    if refuses(body):
        return Reading()
    reading = read_body(body, own_line)
    return reading if reading or own_line else _read_tentatively(body)


def _with_colons(body: str) -> str:
    """A comment that is a list of names, each with a row behind it, `obs (T, D), actions (T,)`, as with colons."""
    if not _NAMES_WITH_ROWS.fullmatch(body):
        return body
    names = _NAME_AND_ROW.findall(body)
    return _NAME_AND_ROW.sub(r"\1:\2", body) if len({name for name, _ in names}) == len(names) else body


_NAME_AND_ROW = re.compile(r"([A-Za-z_]\w*) (\s*[(\[][^()\[\]]*[)\]])")
_NAMES_WITH_ROWS = re.compile(rf"[\s#]*{_NAME_AND_ROW.pattern}(?:\s*[,;]\s*(?:and\s+)?{_NAME_AND_ROW.pattern})+[\s.]*")

_PLAIN_TUPLE = re.compile(r"[#\s]*(?P<shape>\((?!\s*\d+\s*\))\s*[\w+*/ -]+(?:,\s*[\w+*/ -]+)*,?\s*\))\s*$")


_ONE_NAME = re.compile(r"[#\s]*(?:[Ss]hape\s*[:=]\s*)?(?P<shape>\(\s*[A-Za-z]\w+\s*\)|\[\s*[A-Za-z]\w+\s*\])\s*$")
_ONE_NAME_EXPLAINED = re.compile(r"[#\s]*(?P<shape>\(\s*(?:[A-Z]\w*|[a-z]+[_\d]\w*)\s*\))\s*,\s+[a-z]{2}[^()\[\]]*$")
_PLAIN_NUMBERS = re.compile(r"[#\s]*(?P<shape>\[\s*[1-9]\d*(?:\s*,\s*[1-9]\d*)+\s*\])\s*$")


def _read_tentatively(body: str) -> Reading:
    """A whole comment that is one tuple of names and numbers, or a list of numbers, which might be values as well.

    A number alone, `(3)`, is that of a note; a name alone may be explained, `(N), one for each row`.
    """
    found = _PLAIN_TUPLE.match(body) or _PLAIN_NUMBERS.match(body)
    found = found or _ONE_NAME.match(body) or _ONE_NAME_EXPLAINED.match(body)
    shape = parse_dims(found["shape"]) if found is not None else None
    if found is None or shape is None:
        return Reading()
    claim = Claim(Role.RESULT, (shape,), found.start("shape"), found.end("shape"), tentative=True)
    return Reading((claim,))


@lru_cache(maxsize=2048)
def read_body(body: str, own_line: bool, docstring: bool = False, of_tensor: bool = False) -> Reading:
    """The same for a text that has been cleaned and is no code; `of_tensor`: one that is known to describe a tensor."""
    body = _STEP_BEFORE.sub(lambda step: " " * len(step[0]), body)
    sizes = list(values_of(body))
    candidates = [
        found
        for found in find_candidates(body, tokenize(body))
        if not any(start <= found.start and found.end <= end for start, end in sizes)
    ]
    if not candidates:
        return Reading()
    claims: list[Claim] = []
    definitions: list[Definition] = []
    runs = _runs(body, candidates[:12], docstring)
    if (
        "||" in body
        and len(runs) + sum(len(run) for run in runs) > 2
        and not any(link.kind == "or" for run in runs for link in run)
    ):
        return Reading()  # of two cases, each with the shapes of several values
    if docstring and runs[0][0].lead.signal != "named" and any(run[0].lead.shape for run in runs[1:]):
        runs = runs if runs[0][0].lead.shape else [run for run in runs if run[0].lead.shape]
    for index, run in enumerate(runs):
        if index + 1 < len(runs) and _crowded(run, runs[index + 1]):
            return Reading(tuple(claims), tuple(definitions))
        if run[0].kind == "broken" or (index + 1 < len(runs) and runs[index + 1][0].kind == "broken"):
            continue
        own_words = run[0].lead.signal == "named" and run[0].lead.subjects
        if run[0].lead.refused and not claims:
            if docstring and is_interval(run[0].found, body):
                continue  # what values are in the range of is one thing, the shape told after it another
            return Reading()
        if claims and not own_words and not (run[0].lead.role and run[0].lead.shape and run[0].lead.words == 0):
            continue
        tail = body[run[-1].found.end : runs[index + 1][0].found.start if index + 1 < len(runs) else len(body)]
        if not accepted(body, run, tail, len(runs) == 1, not own_line, docstring, of_tensor):
            equals = next((at for at, link in enumerate(run) if link.kind == "equals"), 0)
            if not equals or not accepted(body, run[:equals], "", False, not own_line, docstring):
                continue
            run = run[:equals]
        if is_arithmetic(run):
            continue
        run = _without_vague_subject(run, tail)
        if len(run) == 1 and (_TIMES.match(tail) or run[0].found.holder in LISTS):
            run = [replace(run[0], lead=replace(run[0].lead, element=True))]
        if len(run) == 1 and _IN_LIST.match(tail) and body[: run[0].found.start].rstrip().endswith("["):
            run = [replace(run[0], lead=replace(run[0].lead, element=True))]
        if len(run) == 1 and _IN_TUPLE.match(tail) and body[: run[0].found.start].rstrip().endswith(("(", "[")):
            if run[0].lead.role is Role.INPUT and not run[0].lead.subjects:
                continue  # of the only item of what a function takes, which no name tells
            run = [replace(run[0], lead=replace(run[0].lead, element=True))]
        run_claims, run_definitions = claims_of(run)
        claims.extend(with_tail(run_claims, body[: run[0].found.start][-40:], tail.lstrip()[:200]))
        definitions.extend(run_definitions)
        definitions.extend(read_definitions(tail, run[-1].found.end, attached=True))
    return Reading(tuple(claims), tuple(definitions))


def _read_layout_or_error(body: str, own_line: bool) -> Reading | None:
    start = len(body) - len(body.lstrip())
    end = len(body.rstrip())
    error = _ERROR.match(body)
    if error and own_line and not _ABOUT_SHAPES.search(error["reason"]) and len(error["reason"].split()) > 2:
        error = None
    if error and own_line and re.match(r"\s*(?:fails|throws)\.?\s*(?:an error\.?)?$", body):
        error = None
    if error and not _CONDITIONAL.search(error["reason"]) and len(body) < (80 if own_line else 200):
        reason = error["reason"].strip(" :!,.-\u2013—")
        return Reading((Claim(Role.RAISES, (), start, end, reason=reason),))
    alone = _LAYOUT_ALONE.match(body)
    if alone:
        return Reading((Claim(Role.RESULT, (), start, end, contiguous=alone["no"] is None),))
    return None


# What is but a step on the way: `stack into (N, H, W, C), then permute to (N, C, H, W)`.
_STEP_BEFORE = re.compile(
    r"^.*[)\]]\s*,?\s*(?:so|(?:and\s+)?then)\s+(?:we\s+)?(?:reshape|transpose|permute)\s+(?:it\s+)?(?:back\s+)?"
    r"(?:in)?to\s+(?=[(\[])"
)

_WORD = r"[A-Za-z_]\w*"
_GAP_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("arrow", re.compile(r"^(?P<before>[^→>]*?)(?:-{1,3}>|={1,2}>|~>|\|->|[→⟶⇒⟹↦➡➔])\s*(?P<lead>.*)$")),
    ("arrow", re.compile(r"^\s+(?P<before>)>\s+(?P<lead>)$")),
    ("back", re.compile(r"^\s*(?:<-{1,2}|←)\s*(?P<lead>)$")),
    (
        "to",
        re.compile(
            r"^[\s)\],]*(?:(?:is\s+|are\s+)?(?:reshaped?|transposed?|permuted?|projected|expanded|converted|flattened|broadcast(?:ed)?|padded|mapped)\s+)?"
            r"(?:to|into|becomes?)(?:\s+(?:a|shape|a\s+tensor\s+of\s+shape))?\s*(?P<lead>(?:\b[xyz]\d*)?)$"
        ),
    ),
    (
        "or",
        re.compile(r"^[\s)\]]*(?:,?\s*or(?:\s+just|\s+simply|\s+even)?(?:\s+[A-Z]{2,6}\b)?|\|\|?|\s#)\s*(?P<lead>)$"),
    ),
    ("slash", re.compile(r"^[\s)\]]*/\s*(?P<lead>)$")),
    ("equals", re.compile(r"^[\s)]*==?\s*(?P<lead>)[(\s]*$")),
    (
        "operator",
        re.compile(
            r"^[\s)]*(?:@|\*|\u00d7|x|X|\+|-|\u2212|&|·|⋅|⊗|⊙|∙|(?<=\s)\.|\.\*|dot|matmul|bmm)\s*(?P<lead>(?:[A-Za-z_]\w*\s*[:=]?)?)[(\s]*$"
        ),
    ),
    ("list", re.compile(r"^[\s)\]]*(?:,|;|,?\s*and\b|&)\s*(?P<lead>[^,;]{0,40}?)[(\[\s]*$")),
    ("list", re.compile(rf"^[\s)\]]*[,;]?\s+(?P<lead>(?:{_WORD}\s*[,/]\s*)*{_WORD}\s*:)\s*$")),
)


# The name of a step between two arrows: `(B, C, H) -> flatten -> (B, C*H)`.
_STEP = re.compile(
    r"\s*(?:-{1,3}>|={1,2}>|→)\s*[A-Za-z_][\w.]*(?:\([^()]*\))?(?:\s+[a-z_]\w*){0,2}\s*(?:-{1,3}>|={1,2}>|→)\s*$"
)


def _connect(gap: str) -> tuple[str, str]:
    """How two shapes are connected, and the words that belong to the second."""
    if not gap.strip():
        return "adjacent", ""
    for kind, pattern in _GAP_KINDS:
        match = pattern.match(gap)
        if match is None:
            continue
        if kind == "arrow" and _STEP.match(gap):
            return "arrow", ""
        if kind == "arrow" and (len(match["before"].split()) > 5 or re.search(r"[=-]>|→", match["lead"])):
            return "broken", gap
        return kind, match["lead"]
    return "prose", gap


def _runs(body: str, candidates: list[Candidate], docstring: bool) -> list[list[Link]]:
    """The candidates in runs that hang together; the first link of each run holds the words before it."""
    first = candidates[0]
    lead_text, arrow, own = _split_leading_arrow(body[: first.start])
    lead = read_lead(lead_text, docstring) if not arrow else _lead_of_arrow(own, lead_text)
    runs = [[Link(first, "start", lead, arrow)]]
    for previous, candidate in itertools.pairwise(candidates):
        gap = body[previous.end : candidate.start]
        kind, words = _connect(gap)
        lead = read_lead(words)
        if kind == "to" and not (
            runs[-1][0].lead.origin
            or not runs[-1][0].lead.words
            or (runs[-1][0].lead.subjects and words)
            or runs[-1][0].lead.signal == "verb"
        ):
            kind = "prose"
        if kind == "list" and (lead.refused or (lead.signal in ("prose", "verb") and lead.words > 1)):
            kind = "prose"
        if kind in ("prose", "adjacent", "broken"):
            cut = max(gap.rfind(mark) for mark in ",;.(")
            lead = read_lead(gap[cut + 1 :]) if cut >= 0 else Lead("prose", words=9)
            runs.append([Link(candidate, kind, lead, False)])
        else:
            runs[-1].append(Link(candidate, kind, lead, False))
    return [[_without_letter(link, body, run[0]) for link in run] for run in runs]


def _without_letter(link: Link, body: str, first: Link) -> Link:
    """`x(b, c)` is the value at hand, as an item `x[i]` is an `x` as well; not so what is named anew, `-> y(b, c)`."""
    letter = body[link.found.start - 1 : link.found.start] if link.found.opened == "(" else ""
    if letter not in TENSOR_LETTERS or (link is not first and link.lead.subjects != first.lead.subjects):
        return link
    return replace(link, lead=replace(link.lead, subjects=(), words=0, signal=""))


_LEADING_ARROW = re.compile(r"^(?P<own>.*?)(?:-{1,3}>|={1,2}>|~>|[→⟶⇒⟹↦➡➔]|(?P<back><-{1,2}|←))\s*(?P<lead>[^→>]*)$")


def _split_leading_arrow(text: str) -> tuple[str, bool, str]:
    match = _LEADING_ARROW.match(text)
    if match is None:
        return text, False, ""
    return match["lead"], True, match["own"] + (" =" if match["back"] else "")


def _lead_of_arrow(own: str, words: str) -> Lead:
    """`K.shape -> (B, L)` names K; `x -> y: (B, L)` names y; `-> (B, L)` nothing."""
    lead = read_lead(words)
    left = read_lead(own)
    if re.search(r"(?:\.shape|\.size\(\)|=)\s*$", own) and left.subjects:
        return replace(left, signal="named")
    if not lead.signal and left.refused:
        return replace(lead, refused=True)
    if not lead.signal:
        return replace(lead, words=left.words, signal="prose" if left.words > 2 else "", leads_on=not own.strip())
    return lead if own.strip() else replace(lead, leads_on=True)


_TIMES = re.compile(r"\s*[x\u00d7]\s*(?:\d+|[A-Za-z_]\w*)\s*$")
_IN_LIST = re.compile(r"\s*(?:,\s*(?:\.\.\.|…)?)?\s*(?:\*\s*\w+\s*)?\]")
_IN_TUPLE = re.compile(r"\s*,\s*[)\]]")  # `([B, T],)`: a tuple of one


def _crowded(run: list[Link], following: list[Link]) -> bool:
    """`(C, H) (B, C, H)`, `B x C x H [N, C]`: two shapes without a sign between, of one tensor and another or of one as
    it was; `(B, 2) (W, H)` only says what the last axis holds."""
    if following[0].kind != "adjacent":
        return False
    last = run[-1].found.row.items[-1:]
    if last == (Num(len(following[0].found.row.items)),):
        return False
    before, after = run[-1].found.row, following[0].found.row
    is_longer = len(after.items) >= len(before.items) or (before.style == "x" and after.style == "comma")
    return is_longer and min(len(before.items), len(after.items)) > 1 and 0 not in following[0].found.strengths


def _without_vague_subject(run: list[Link], tail: str) -> list[Link]:
    """`logits (B, V)` names logits when it is the whole comment; with prose behind it the word may be anything."""
    first = run[0]
    if all(link.lead.subjects for link in run) and (not tail.strip(" .;)]") or _LEGEND.fullmatch(tail)):
        return run
    if first.lead.subjects and first.lead.signal != "named" and (len(run) > 1 or tail.strip(" .;)]")):
        return [replace(first, lead=replace(first.lead, subjects=())), *run[1:]]
    return run


_LEGEND = re.compile(r"\s*,(?:\s+[A-Z]\w{0,3}'?\s*[:=]\s*[\w -]+,?)+")
"""What stands behind a shape and tells what its letters are: `, O: order`."""
