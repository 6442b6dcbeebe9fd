"""The string inside a jaxtyping annotation, `Float[Tensor, "*batch c h*w"]` -> its shape."""

from __future__ import annotations

import re

from shapelint.notation.brackets import NotAShape
from shapelint.notation.grammar import read_value
from shapelint.notation.model import Anything, DimSpec, Name, Num, Rest, ShapeSpec
from shapelint.notation.tokens import tokenize

MAX_DIMS = 16
_NAME = re.compile(r"[A-Za-z_]\w*")


def read_annotation(text: str) -> ShapeSpec | None:
    """annotation := {dim}, separated by blanks; the empty text is a scalar; None where a dim cannot be read."""
    words = text.split()
    if len(words) > MAX_DIMS or len(text) > 500:
        return None
    items: list[DimSpec | Rest] = []
    for word in words:
        item = _read_dim(word)
        if item is None:
            return None
        items.append(item)
    if sum(isinstance(item, Rest) for item in items) > 1:
        return None
    return ShapeSpec(tuple(items), text)


def _read_dim(word: str) -> DimSpec | Rest | None:
    """dim := "..." | ["#" "*" "?" "_"] [NAME "="] (NAME | NUMBER | sum)."""
    if word == "...":
        return Rest()
    modifiers = word[: len(word) - len(word.lstrip("#*?_"))]
    rest = word[len(modifiers) :]
    if len(set(modifiers)) != len(modifiers) and "__" not in modifiers:
        return None
    if "*" in modifiers:
        if rest and not _NAME.fullmatch(rest):
            return None
        return Rest(rest if rest and "#" not in modifiers and "_" not in modifiers else None)
    if "_" in modifiers or "#" in modifiers or "?" in modifiers:
        return Anything(word)
    name, equals, value = rest.partition("=")
    if equals:
        if not _NAME.fullmatch(name):
            return None
        return Num(int(value)) if value.isascii() and value.isdigit() and len(value) < 13 else _sum(value)
    return _sum(rest)


def _sum(text: str) -> DimSpec | None:
    if text.startswith("{") and text.endswith("}"):
        inner = text[1:-1]
        return Name(inner) if re.fullmatch(r"[A-Za-z_][\w.]*", inner) else None
    tokens = tokenize(text)
    if text.startswith("torch."):
        return None  # a dtype
    if not tokens or any(token.kind in ("COMMA", "ANY", "QUOTE", "OTHER", "GLUED") for token in tokens):
        return None
    try:
        return read_value(tokens)
    except NotAShape:
        return None
