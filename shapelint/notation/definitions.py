"""The sizes that a text defines beside its shapes: `where P = H/ps * W/ps`, `, img_dim = nh*d`, `(B=4)`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shapelint.notation.brackets import NotAShape
from shapelint.notation.grammar import read_value
from shapelint.notation.model import Binary, Call, Definition, DimSpec, Name, Num, OneOf
from shapelint.notation.tokens import tokenize
from shapelint.notation.vocabulary import PROSE_WORDS

_START = re.compile(
    r"(?:(?<=[,;(])|\bwhere\b|\bwith\b|\band\b|\bhere\b|\bas\b|\bsince\b|^)\s*(?P<name>[A-Za-z_][\w.]*['\u2032]*)\s*(?:==?|:=)(?!=)\s*(?=[\w(])"
)
_STOP = re.compile(r"[,;]|\band\b|\.\s|\.$|\s[-\u2013—]{1,2}\s(?=[a-z])|#|=|\s{3,}|\bwhere\b")
_CASE = re.compile(r"[\s)]*(?:for|if|when|unless|in|on)\b")  # `n = 1` for some calls only
_OF_A_CASE = re.compile(r"\b(?:if|when|unless|otherwise)\b[^.;=]*$", re.IGNORECASE)  # `if not given, q = x`
_NOT_SIZES = frozenset(
    [
        "dim",
        "axis",
        "keepdim",
        "keepdims",
        "dtype",
        "device",
        "stride",
        "padding",
        "pad",
        "kernel",
        "kernel_size",
        "dilation",
        "mode",
        "requires_grad",
        "p",
        "lr",
        "eps",
        "bias",
        "inplace",
        "value",
        "dropout",
        "name",
        "type",
        "mean",
        "std",
        "training",
        "self",
        "x",
        "y",
        "z",
        "out",
        "index",
        "idx",
        "default",
        "shape",
    ]
)
_VALUES = frozenset(["True", "False", "None"])


def read_definitions(text: str, offset: int, *, attached: bool) -> Iterator[Definition]:
    """The definitions in a text that follows a shape."""
    position = 0
    while (match := _START.search(text, position)) is not None:
        position = match.end()
        if match.start("name") == 0 and not text.startswith(("where", "with")):
            continue
        value_end = _end_of_value(text, match.end())
        before = text[: match.start("name")]
        if _CASE.match(text, value_end) or _OF_A_CASE.search(before) or _is_in_a_call(before):
            continue
        definition = read_equality(match["name"], text[match.end() : value_end])
        if definition is not None:
            start = match.start("name") + offset
            end = match.end() + len(text[match.end() : value_end].rstrip()) + offset
            yield Definition(match["name"], definition, start, end, attached)
            position = value_end


def _is_in_a_call(before: str) -> bool:
    """Whether a text ends within the arguments of a call: `make(fn, num_envs=4)` defines nothing."""
    depth = 0
    for at in range(len(before) - 1, -1, -1):
        depth += (before[at] == ")") - (before[at] == "(")
        if depth < 0:
            return at > 0 and (before[at - 1].isalnum() or before[at - 1] == "_")
    return False


def values_of(text: str) -> Iterator[tuple[int, int]]:
    """Where the right side of each equality that is a calculation begins and ends, whatever its names mean."""
    for match in _START.finditer(text):
        end = _end_of_value(text, match.end())
        try:
            value = read_value(tokenize(text[match.end() : end].rstrip(" .")))
        except NotAShape:
            continue
        if match.start("name") > 0 and isinstance(value, Binary):
            yield match.end(), end


def read_equality(name: str, text: str) -> DimSpec | None:
    """The value of `name = text` when it is a size in identifiers and numbers; prose on the right defines nothing."""
    if name.lower() in PROSE_WORDS:
        return None
    text = text.strip().rstrip(".")
    if not text or len(text) > 120 or text in _VALUES:
        return None
    tokens = tokenize(text)
    if text.endswith(")") and text.count(")") > text.count("("):
        tokens = tokens[:-1]
    try:
        value = read_value(tokens)
    except NotAShape:
        return None
    if name in _NOT_SIZES and not isinstance(value, Binary):
        return None  # `dim=1` is an argument, `dim = nh*d` a size
    return value if _is_definite(value, name) else None


def _end_of_value(text: str, begin: int) -> int:
    depth = 0
    for at in range(begin, min(len(text), begin + 200)):
        character = text[at]
        if character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
            if depth < 0:
                return at
        elif depth == 0 and _STOP.match(text, at):
            return at
    return len(text)


def _is_definite(value: DimSpec, name: str) -> bool:
    match value:
        case Num():
            return True
        case Name(text):
            return " " not in text and text not in _VALUES and text != name and text.lower() not in PROSE_WORDS
        case Binary(_, left, right):
            return _is_definite(left, name) and _is_definite(right, name)
        case Call(_, arguments):
            return all(_is_definite(argument, name) or isinstance(argument, Name) for argument in arguments)
        case OneOf(choices):
            return all(_is_definite(choice, name) for choice in choices)
    return False
