"""Comments that hold no shape at all: code that is switched off, directives, type comments, citations, mathematics."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from shapelint.notation.brackets import partners
from shapelint.notation.grammar import FUNCTIONS
from shapelint.notation.tokens import Token, tokenize
from shapelint.notation.vocabulary import LISTS, TENSOR_LETTERS

DIRECTIVE = re.compile(
    r"\s*#?\s*(?:type:\s*ignore(?:\[[^\]]*\])?|noqa(?::\s*[\w, ]+?)?"
    r"|pyright:\s*\w+(?:\[[^\]]*\])?|pyrefly:\s*\w+(?:\[[^\]]*\])?"
    r"|ty:\s*ignore(?:\[[^\]]*\])?|mypy:\s*.*|pylint:\s*.*|fmt:\s*\w+|isort:\s*\w+|pragma:.*|nosec\b.*|ruff:.*)\s*(?=#|$)"
)
_TYPE_COMMENT = re.compile(r"\s*#\s*type:")
_LICENSE = re.compile(r"\bBSD\b.{0,20}\b(?:clauses?|licen[cs]e)\b|\blicen[cs]e\b.{0,20}\bBSD\b", re.IGNORECASE)
_MATHS = re.compile(r"\$|\\[a-zA-Z(]|_\{|\^\{|\bet al\b|\((?:[A-Z]\w+,? )+\d{4}\)|https?://|[{}]|\d[ᵀᴴ]")

# What a line of code begins with; a header also ends in a colon.
_STATEMENT = re.compile(
    r"(?:return|import|assert|del|raise|yield|await|global|nonlocal)\s|from\s+[\w.]+\s+import\b|@\w|print\s*\(|(?:pass|break)$"
)
_HEADER = re.compile(r"(?:if|elif|else|for|while|with|def|class|try|except|async|lambda)\b.*:$")
_KEYWORDS = frozenset(
    ["and", "or", "not", "in", "is", "if", "else", "for", "lambda", "return", "assert", "del", "yield"]
)
_NAMED_ROW = re.compile(r"[\w.]+(?:\(\))?:\s*[(\[]|[\w.]+\.(?:shape|size\(\))\s*=\s*[(\[]")  # which no code sets
_BARRED_ROW = re.compile(r"\|\s*\w+\s*\|\s*=\s*[(\[]")  # `|x|=(B, T)`
_CALLS_OF_A_MODULE = re.compile(r"^[\w.]+\s*=\s*[(\[].*\b(?:math|np|numpy|torch|triton)\.\w+\(")
_KEYWORD = re.compile(r"\w+=\(")  # an argument of a call, `size=(h // 2, w // 2),`
_TUPLE_OF_NAMES = re.compile(r"=\s*\([\w\s,.]*\)\s*,?\s*(?:an?\s+|the\s+)?(?:tuple|pair|list)\b", re.IGNORECASE)
_WORDS = ("NAME", "NUMBER", "FLOAT", "GLUED")


def refuses(body: str, docstring: bool = False) -> bool:
    """Whether no shape at all can stand in a comment: a type comment, a citation, mathematics, a license, code."""
    if docstring:
        return bool(_MATHS.search(body))
    no_shape = (_TYPE_COMMENT.match(body), _MATHS.search(body), _TUPLE_OF_NAMES.search(body), _LICENSE.search(body))
    return any(no_shape) or is_code(body)


def is_code(body: str) -> bool:
    """Whether the comment is a statement that is switched off; `x = (B, C)` and `q.shape == (B, C)` are not."""
    text = body.lstrip("#").strip().rstrip(",")
    if len(text) > 300 or not text:
        return False
    line, mark, _ = text.partition("#")
    if mark and is_code(line):  # with a comment of its own
        return True
    if _BARRED_ROW.match(text):
        return False
    if _HEADER.match(text) or (_KEYWORD.match(text) and body.rstrip().endswith("),")):
        return True
    tokens = tokenize(text)
    if _reads_as_prose(tokens):
        return False
    if _STATEMENT.match(text):
        return True
    equals = [index for index, token in enumerate(tokens) if token.text == "=" and _depth(tokens, index) == 0]
    if equals:
        augmented = equals[0] > 0 and tokens[equals[0] - 1].end == tokens[equals[0]].start
        if augmented and tokens[equals[0] - 1].kind in ("PLUS", "MINUS", "STAR", "SLASH", "FLOOR", "BAR"):
            return True
        if _CALLS_OF_A_MODULE.search(text):
            return True
        if tokens[0].kind == "OPEN" or _NAMED_ROW.match(text):
            return False
        return not _is_row(tokens[equals[-1] + 1 :])
    return _is_call(tokens)


def _reads_as_prose(tokens: Sequence[Token]) -> bool:
    """Whether two words stand side by side, or a sign that Python does not have."""
    for one, other in pairwise(tokens):
        if one.kind in ("ARROW", "LEFT_ARROW") and one.text != "==":
            return True
        ends = one.kind in (*_WORDS, "CLOSE") and one.text not in _KEYWORDS
        if ends and other.kind in _WORDS and other.text not in _KEYWORDS and not _STATEMENT.match(f"{one.text} "):
            return True
        if ends and other.kind == "OPEN" and other.start > one.end and one.kind != "NUMBER":
            return True
    return any(token.text in ("?", "!", ";", "…", "\\") for token in tokens)


def _depth(tokens: Sequence[Token], index: int) -> int:
    return sum((token.kind == "OPEN") - (token.kind == "CLOSE") for token in tokens[:index])


def _is_row(tokens: Sequence[Token]) -> bool:
    """Whether a value is a bracket of sizes, `torch.Size([2, 3])` included: not all constants, and no calls in it."""
    if len(tokens) > 1 and tokens[0].kind == "NAME" and tokens[0].text.endswith("Size"):
        return True
    if not tokens or tokens[0].kind != "OPEN" or partners(tokens).get(0) != len(tokens) - 1:
        return False
    called = [
        one.text
        for one, other in pairwise(tokens)
        if one.kind == "NAME" and other.text == "(" and one.end == other.start
    ]
    if any(name not in FUNCTIONS and not name.endswith((".size", ".max", ".min")) for name in called):
        return False
    return len(tokens) == 2 or any(token.kind in ("NAME", "REST", "STAR", "ANY") for token in tokens)


def _is_call(tokens: Sequence[Token]) -> bool:
    """Whether all of the tokens are one call, with whatever is chained to it: `self.layer(x).view(B, -1)`."""
    if len(tokens) < 3 or tokens[0].kind != "NAME" or tokens[0].text.endswith(("Tensor", "Size", "shape")):
        return False
    closing = partners(tokens)
    if tokens[0].text.rstrip("0123456789") in TENSOR_LETTERS | LISTS and closing.get(1) == len(tokens) - 1:
        return False
    index, called = 1, False
    while index < len(tokens):
        token = tokens[index]
        if token.kind == "OPEN" and index in closing and token.start == tokens[index - 1].end:
            called = called or token.text == "("
            index = closing[index] + 1
        elif token.text == "." and index + 1 < len(tokens) and tokens[index + 1].kind == "NAME":
            index += 2
        else:
            return False
    return called
