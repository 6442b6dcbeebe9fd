"""Which words make the name of a size, and which of a row of factors belong together."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shapelint.notation.brackets import NotAShape
from shapelint.notation.model import Binary, DimSpec, Name, OneOf
from shapelint.notation.tokens import Token
from shapelint.notation.vocabulary import PROSE_WORDS, SIZE_WORDS, name_strength

MAX_WORDS = 4
_COUNTING = frozenset(["num", "number", "no", "size", "dim", "dimension", "length", "max", "count", "total"])


def einops_word(text: str) -> bool:
    """Whether a word may stand for a dim without a comma beside it: short, or a word of sizes."""
    bare = text.rstrip("'\u20320123456789_")
    short = len(bare) <= 2 and text.lower() not in PROSE_WORDS
    return short or text.lower() in SIZE_WORDS or _LETTER_OF.fullmatch(text) is not None


_LETTER_OF = re.compile(r"[A-Z]_[a-z]{1,8}")  # `H_out`


def grouped(operands: Sequence[DimSpec], ops: Sequence[str]) -> DimSpec:
    """From left to right, except that `H/p * W/p` is a product of two quotients: every factor has its own division."""
    factors: list[DimSpec] = [operands[0]]
    divided = [False]
    for op, operand in zip(ops, operands[1:], strict=True):
        if op == "*":
            factors.append(operand)
            divided.append(False)
        else:
            factors[-1] = Binary(op, factors[-1], operand)
            divided[-1] = True
    if all(divided) and len(factors) > 1:
        ops, operands = ["*"] * (len(factors) - 1), factors
    value = operands[0]
    for op, operand in zip(ops, operands[1:], strict=True):
        value = Binary(op, value, operand)
    return value


def glosses(inner: str, name: str) -> bool:
    """Whether `name(inner)` explains a size, `C(channels)` and `height(h)`, and is no call, `f(B)`."""
    return len(inner) > 2 if len(name) <= 2 else name.lower() in SIZE_WORDS


def is_of_ideographs(text: str) -> bool:
    """Whether a word holds a character of Chinese, Japanese or Korean: it is prose, perhaps glued to a name."""
    return re.search(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]", text) is not None


def explained(name: str, inner: str) -> DimSpec:
    """`C(channels)` is C. Below a small letter stands perhaps another size by which it is multiplied: `n(out_size)`."""
    return OneOf((Name(name), Binary("*", Name(name), Name(inner)))) if "_" in inner and name.islower() else Name(name)


def check_phrase(texts: Sequence[str], token: Token) -> None:
    """Several words are one size when none of them belongs to prose: `batch size`, `number of boxes`."""
    if sum(text.lower() not in ("of", "per") for text in texts) > MAX_WORDS:
        raise NotAShape("too many words for a size", token)
    for index, text in enumerate(texts):
        lower = text.lower()
        if lower == "of" and index and texts[index - 1].lower() in _COUNTING and index + 1 < len(texts):
            continue
        if lower == "of" or (lower in PROSE_WORDS and lower not in SIZE_WORDS and lower not in ("first", "last")):
            raise NotAShape(f"{text!r} belongs to prose", token)
    if any("_" in text for text in texts):
        raise NotAShape("a comma is missing between two names", token)
    if all(len(text.rstrip("'")) == 1 for text in texts) and any("'" in text for text in texts):
        raise NotAShape("a comma is missing between two letters", token)
    if max(name_strength(text) for text in texts) < 2:
        raise NotAShape("no word of these is a size", token)
