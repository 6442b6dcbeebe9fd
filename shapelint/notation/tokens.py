"""Text into tokens: one table of kinds and regular expressions, tried in order, that never fails on any text."""

from __future__ import annotations

import re
from typing import NamedTuple

LETTER = r"[^\W\d_²³¹⁰]"
WORD_CHARACTER = r"[^\W²³¹⁰]"
PRIME = r"['\u2032]"

# What may be glued with `x` to a shape: `Nx3xH_outx(H*W)`. Lower-case words are not among them: `box`, `maxpool`.
_GLUED_NAME = r"[A-WYZ]{1,2}(?:_[A-Za-z0-9]{1,4}?)?[0-9]?'?"
_GLUED_PART = rf"(?:(?!0[x\u00d7])[0-9]{{1,5}}(?![0-9.])|{_GLUED_NAME}|\([\w*+/ -]{{1,24}}\)|\*|\.\.\.)"
_GLUED_CAPITAL = rf"{_GLUED_PART}(?:[x\u00d7]{_GLUED_PART})+(?:[+*/-][0-9A-Z]\w?)?"
_ENDING_IN_X = r"[A-WYZ]{1,2}_(?:max|idx|ctx|aux|box|mix)[0-9]*(?!\w)"  # `T_max2` is one name
_GLUED_SMALL = r"(?:[a-wyz]|[0-9]{1,5})(?:[x\u00d7](?:[a-wyz]|[0-9]{1,5})){2,}"

TABLE: tuple[tuple[str, str], ...] = (
    ("ARROW", r"-{1,3}>|={1,2}>|~>|\|->|[→⟶⇒⟹↦➡➔]"),
    ("LEFT_ARROW", r"<-{1,2}(?![0-9])|←"),
    ("REST", r"\.\.\.|…"),
    (
        "GLUED",
        rf"(?<![\w.])(?!{_ENDING_IN_X})(?=[^ ,;:]{{0,24}}[x\u00d7])(?:{_GLUED_CAPITAL}|{_GLUED_SMALL})(?![\w(])",
    ),
    ("FLOAT", r"\d+\.\d+(?:e[+-]?\d+)?|\d+e[+-]?\d+\b|(?<![\w)\]])\.\d+"),
    ("NUMBER", r"[0-9]+"),
    (
        "NAME",
        rf"(?:{LETTER}|_(?={WORD_CHARACTER})){WORD_CHARACTER}*"
        rf"(?:-(?={LETTER}{LETTER}){LETTER}{WORD_CHARACTER}*|\.(?={LETTER}|_){WORD_CHARACTER}+)*{PRIME}*"
        rf"(?:(?<={PRIME})_{WORD_CHARACTER}+)?",  # `S'_local`
    ),
    ("OPEN", r"[(\[{]"),
    ("CLOSE", r"[)\]}]"),
    ("COMMA", r","),
    ("POWER", r"\*\*|\^"),
    ("SQUARE", r"[²³]"),
    ("STAR", r"\*|·|⋅|∙"),
    ("TIMES", r"\u00d7|✕|\u2a2f"),
    ("FLOOR", r"//"),
    ("SLASH", r"/|÷"),
    ("PERCENT", r"%"),
    ("PLUS", r"\+"),
    ("MINUS", r"[-\u2212]"),
    ("EQUAL", r"==?"),
    ("BARS", r"\|\|"),
    ("BAR", r"\|"),
    ("ANY", r"\?|_|:"),
    ("QUOTE", r"[\"'\u201c\u201d\u2018\u2019]"),
    ("OTHER", r"\S"),
)

_PATTERN = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in TABLE))
_SHORT_PREFIXES = frozenset({"n", "d", "N", "D", "k", "q"})


class Token(NamedTuple):
    """A piece of the text: its kind (a name of TABLE), its own text, and where it stands."""

    kind: str
    text: str
    start: int
    end: int


def tokenize(text: str, offset: int = 0) -> list[Token]:
    """Every non-blank character of the text belongs to one token; starts and ends are shifted by `offset`."""
    tokens: list[Token] = []
    for match in _PATTERN.finditer(text):
        kind = match.lastgroup or "OTHER"
        token = Token(kind, match.group(), match.start() + offset, match.end() + offset)
        if kind == "NAME" and "-" in token.text:
            tokens.extend(_split_hyphens(token))
        else:
            tokens.append(token)
    return tokens


def _split_hyphens(token: Token) -> list[Token]:
    """`seq-len` is one name; `L-max` is a subtraction, as a single letter before the hyphen is a size of its own."""
    head, _, tail = token.text.partition("-")
    if len(head) > 1 or head in _SHORT_PREFIXES:
        return [token]
    minus = token.start + len(head)
    return [
        Token("NAME", head, token.start, minus),
        Token("MINUS", "-", minus, minus + 1),
        *_split_tail(tail, minus + 1),
    ]


def _split_tail(text: str, start: int) -> list[Token]:
    token = Token("NAME", text, start, start + len(text))
    return _split_hyphens(token) if "-" in text else [token]
