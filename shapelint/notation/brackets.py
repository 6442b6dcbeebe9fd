"""Brackets that match, and tokens split at what stands in no inner bracket: what both grammars are built on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from shapelint.notation.tokens import Token

PAIRS = {"(": ")", "[": "]", "{": "}"}


class NotAShape(Exception):
    """The tokens are no shape; `token` is where that shows, None at the end of the text."""

    def __init__(self, message: str, token: Token | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.token = token


def partners(tokens: Sequence[Token]) -> dict[int, int]:
    """For the index of each opening bracket that of the one that closes it; brackets of two kinds never match."""
    found: dict[int, int] = {}
    stack: list[int] = []
    for index, token in enumerate(tokens):
        if token.kind == "OPEN":
            stack.append(index)
        elif token.kind == "CLOSE" and stack:
            opened = stack.pop()
            if PAIRS[tokens[opened].text] == token.text:
                found[opened] = index
    return found


def is_cross(token: Token) -> bool:
    """Whether a token is the `x` between sizes."""
    return token.kind == "TIMES" or (token.kind == "NAME" and token.text in ("x", "X"))


def split(tokens: Sequence[Token], separates: Callable[[Token], bool]) -> list[list[Token]]:
    """The tokens between the separators that stand in no inner bracket."""
    pieces: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token.kind == "OPEN") - (token.kind == "CLOSE")
        if depth == 0 and separates(token):
            pieces.append([])
        else:
            pieces[-1].append(token)
    return pieces
