"""A shape or a signature alone, as in a configuration file: `(B, L, D), (B, S, D) -> (B, L, S)`."""

from __future__ import annotations

from shapelint.notation.brackets import NotAShape, partners, split
from shapelint.notation.errors import NotationError
from shapelint.notation.model import ShapeSpec
from shapelint.notation.rows import Row, read_bracket, read_row
from shapelint.notation.tokens import Token, tokenize

MAX_LENGTH = 2000


def parse_dims(text: str) -> ShapeSpec | None:
    """The shape that a text is, with brackets or without, or None."""
    if not text.strip() or len(text) > MAX_LENGTH:
        return None
    try:
        row = _read(tokenize(text))
    except NotAShape:
        return None
    return ShapeSpec(row.items, text.strip())


def _read(tokens: list[Token]) -> Row:
    closing = partners(tokens)
    if tokens and tokens[0].kind == "OPEN" and closing.get(0) == len(tokens) - 1:
        return read_bracket(tokens, 0, len(tokens) - 1)
    return read_row(tokens)


def parse_signature(text: str) -> tuple[tuple[ShapeSpec, ...], tuple[ShapeSpec, ...]]:
    """The shapes before and after the arrow; raises NotationError where the text stops being a signature."""
    if len(text) > MAX_LENGTH:
        raise NotationError("the signature is too long", text[:80], 80)
    tokens = tokenize(text)
    arrows = [index for index, token in enumerate(tokens) if token.kind == "ARROW"]
    if not arrows:
        raise NotationError("a signature needs an arrow: (B, C) -> (B, D)", text, len(text))
    if len(arrows) > 1:
        raise NotationError("a signature has one arrow", text, tokens[arrows[1]].start)
    arrow = arrows[0]
    return (
        _shapes(text, tokens[:arrow], tokens[arrow].start),
        _shapes(text, tokens[arrow + 1 :], len(text)),
    )


def _shapes(text: str, tokens: list[Token], end: int) -> tuple[ShapeSpec, ...]:
    shapes: list[ShapeSpec] = []
    if not tokens:
        return ()
    for piece in split(tokens, lambda token: token.kind == "COMMA"):
        if not piece:
            raise NotationError("a shape is missing", text, end)
        if piece[0].kind != "OPEN":
            raise NotationError("a shape begins with a bracket", text, piece[0].start)
        last = partners(piece).get(0)
        if last is None:
            raise NotationError("this bracket is not closed", text, piece[0].start)
        if last != len(piece) - 1:
            raise NotationError("a comma or an arrow should stand here", text, piece[last + 1].start)
        try:
            row = read_bracket(piece, 0, last)
        except NotAShape as problem:
            column = problem.token.start if problem.token else piece[last].start
            raise NotationError(problem.message, text, column) from None
        shapes.append(ShapeSpec(row.items, text[piece[0].start : piece[last].end]))
    return tuple(shapes)
