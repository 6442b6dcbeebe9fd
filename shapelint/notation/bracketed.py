"""Finds the shapes of a comment that stand in brackets."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from shapelint.notation.brackets import NotAShape, partners
from shapelint.notation.candidate import Candidate
from shapelint.notation.model import DimSpec, Name, Rest
from shapelint.notation.rows import Row, read_bracket
from shapelint.notation.tokens import Token
from shapelint.notation.vocabulary import DTYPE, DTYPE_NAMES, LISTS, TENSOR_LETTERS, strength

HOLDERS = re.compile(
    r"(?:torch\.)?(?:\w*Tensor|Size|TensorType)$|Float$|Int$|Bool$|(?:\w+\.)?(?:ndarray|(?:nd)?Array)$|array$", re.ASCII
)
"""Types in which a shape stands; `np.array(...)` makes one of values."""


def find_brackets(text: str, tokens: Sequence[Token]) -> list[Candidate]:
    closing = partners(tokens)
    found: list[Candidate] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.kind != "OPEN" or index not in closing:
            index += 1
            continue
        last = closing[index]
        before = tokens[index - 1] if index else None
        glued = before is not None and before.end == token.start and before.kind not in ("ARROW", "COMMA", "OPEN")
        glued = glued and before is not None and before.kind not in ("EQUAL", "ANY", "STAR", "OTHER", "SLASH", "BAR")
        holder = before.text if glued and before is not None else ""
        start = token.start
        if glued and before is not None and _is_shape_held(tokens, index, last):
            glued, holder = False, "List" if holder in LISTS else ""
        if glued and before is not None:
            known = before.kind == "NAME" and (HOLDERS.match(holder) or (DTYPE.fullmatch(holder) and token.text == "["))
            if not known or holder.endswith((".size", ".shape")):
                inside = before.text in ("list", "tuple", "List", "Tuple", "Sequence")
                index = last + 1 if before.kind in ("NAME", "CLOSE") and not inside else index + 1
                continue
            start = before.start
            if tokens[index + 1].kind == "OPEN" and closing.get(index + 1) == last - 1:
                index, last = index + 1, last - 1
        try:
            row = read_bracket(tokens, index, last)
        except NotAShape:
            index += 1
            continue
        if _is_left_out_at_times(tokens, index, last, closing) or _YES_OR_NO.fullmatch(text, start, tokens[last].end):
            index = last + 1
            continue
        end = tokens[last].end
        if len(row.items) == 1 and (text[end : end + 1].isalpha() or _is_of_words(row.items[0])):
            index = last + 1  # a part of a longer word, `(Bx)CxN1xN2`; one size or several, `[Batch Variate Time]`
            continue
        if text[end : end + 1] in ("_", "^") or any(map(_says_an_order, row.items)):
            index = last + 1  # mathematics, `[e]_x`; or what an axis holds, `(h, w order)`
            continue
        if _takes_a_dim_apart(text[:start], row):
            index = last + 1
            continue
        if last + 1 < len(tokens) and tokens[last + 1].kind == "CLOSE" and start != token.start and index - 1 >= 0:
            end = tokens[last + 1].end if tokens[index - 1].kind == "OPEN" else end
        if len(row.items) == 1 and text[end - 2 : end - 1] != "," and _FOLLOWED.match(text, end):
            index = last + 1  # the first dim of a row, `(T+1),B,env_shape`
            continue
        if len(row.definitions) >= len(row.items) > 0:
            if not _SHAPE_SAID.search(text[:start]):
                index = last + 1
                continue
            row = Row(tuple(value for _, value, _, _ in row.definitions), (), row.style)  # the sizes of an example
        if row.style == "space" and before is not None and _is_einops(before):
            index = last + 1
            continue
        if len(row.items) == 1 and strength(row.items[0]) < 2 and text[end - 2 : end - 1] != ",":
            index += 1
            continue
        dtype = _dtype(holder)
        found.append(Candidate(row, start, end, text[start:end], "bracket", token.text, holder, dtype))
        index = last + 1
    return found


_SHAPE_SAID = re.compile(r"\bshape\s*[:=]\s*$", re.IGNORECASE)
"""What makes a row of sizes with names a shape, and no options: `shape: (batch=2, time=10)`."""

_FOLLOWED = re.compile(r",\w")


def _is_shape_held(tokens: Sequence[Token], index: int, last: int) -> bool:
    """Whether a bracket behind a word is a shape: `shape(n, h, w)`, `x(b, c, h, w)`, `List[B, N, D]`."""
    word = tokens[index - 1].text
    if word.rstrip("0123456789") not in TENSOR_LETTERS and word not in ("shape", "Shape") and word not in LISTS:
        return False
    try:
        row = read_bracket(tokens, index, last)
    except NotAShape:
        return False
    if row.style != "comma" or len(row.items) < 2:
        return False
    if word in ("shape", "Shape"):
        return True
    if tokens[index].text == "[" and word not in LISTS:
        return False  # `x[b, c, h, w]` is one number
    first = row.items[0]
    batch = isinstance(first, Name) and first.text.lower() in _BATCH
    if batch and len(row.items) > 2:
        return True  # `x(bs, na, no, ny, nx)`
    return all(strength(item) > 1 for item in row.items) and (word in LISTS or len(row.items) > 2 or batch)


_BATCH = frozenset(["b", "bs", "batch", "batch_size"])
_PRODUCT_BEFORE = re.compile(r"(?<![\w.,(\[*])(\w+(?:\s*\*\s*\w+)+)\s*(?:->|=>|→)\s*$")


def _takes_a_dim_apart(before: str, row: Row) -> bool:
    """Whether a bracket holds the factors of one dim that stands before the arrow: `B*C -> (b, c)`."""
    product = _PRODUCT_BEFORE.search(before)
    names = [item.text.lower() for item in row.items if isinstance(item, Name)]
    return product is not None and names == re.split(r"\s*\*\s*", product.group(1).lower())


def _is_of_words(item: DimSpec | Rest) -> bool:
    """Whether a dim by itself is a phrase of which each word may be a size."""
    return isinstance(item, Name) and item.text.count(" ") > 1 and item.text.istitle()


_ORDERS = frozenset("order format convention".split())


def _says_an_order(item: DimSpec | Rest) -> bool:
    """Whether a dim of several words is a remark on the others: `w order`."""
    return isinstance(item, Name) and " " in item.text and item.text.rpartition(" ")[2].lower() in _ORDERS


def _is_einops(token: Token) -> bool:
    """Whether a bracket behind this token is a product within einops' notation: `b (h w) c`."""
    return token.kind in ("NUMBER", "CLOSE") or (token.kind == "NAME" and len(token.text) <= 2)


def _dtype(holder: str) -> str | None:
    match = DTYPE.fullmatch(holder)
    if match is None:
        return None
    return DTYPE_NAMES.get(match[1].lower(), match[1].lower())


_YES_OR_NO = re.compile(r"[(\[]\s*(?:t/f|y/n|true/false|yes/no)\s*[)\]]", re.IGNORECASE)


def _is_left_out_at_times(tokens: Sequence[Token], first: int, last: int, closing: Mapping[int, int]) -> bool:
    """Whether a word in brackets is a dim of a row that is not always there: `(N, 1, (coils))`."""
    around = [(opened, end) for opened, end in closing.items() if opened < first and last < end]
    if not around or last != first + 2 or tokens[first + 1].kind != "NAME" or tokens[first - 1].kind != "COMMA":
        return False
    opened = max(around)[0]
    return tokens[opened].text == tokens[first].text and tokens[opened + 1].kind != "OPEN"
