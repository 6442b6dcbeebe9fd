"""Tokens into whole shapes, in every dialect: `(B, T)`, `B x T`, `BxT`, `b t (h d)`; docstrings are grammar lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from shapelint.notation.brackets import NotAShape, is_cross, partners, split
from shapelint.notation.grammar import Defined, glued_parts, product_of, read_item
from shapelint.notation.model import Anything, DimSpec, Name, Num, Rest
from shapelint.notation.terms import einops_word
from shapelint.notation.tokens import Token

MAX_ITEMS = 12
_KINDS = frozenset("array ndarray matrix".split())


@dataclass(frozen=True, slots=True)
class Row:
    """The dims of one shape, the sizes that it defines in passing (`d=64`), and how its dims are separated."""

    items: tuple[DimSpec | Rest, ...]
    definitions: tuple[Defined, ...] = ()
    style: str = "comma"


def read_bracket(tokens: Sequence[Token], first: int, last: int) -> Row:
    """bracket := OPEN row CLOSE, with the brackets at the indices `first` and `last`."""
    if tokens[first].text == "{":
        raise NotAShape("braces are no shape", tokens[first])
    return read_row(tokens[first + 1 : last])


def read_row(tokens: Sequence[Token]) -> Row:
    """row := [item {"," item} [","]] | item {"x" item} | atom {atom}."""
    if not tokens:
        return Row(())
    pieces = list(split(tokens, lambda token: token.kind == "COMMA"))
    if len(pieces) > 1 and not pieces[-1]:
        pieces.pop()
    if len(pieces) > MAX_ITEMS:
        raise NotAShape("too many dims", tokens[0])
    if len(pieces) == 1:
        if tokens[-1].kind != "COMMA" and len(tokens) > 1:
            by_cross = split(tokens, is_cross)
            if 1 < len(by_cross) <= MAX_ITEMS and all(by_cross) and not _has_an_axis_x(tokens, by_cross):
                between = next((token for piece in by_cross[1:-1] for token in piece[1:-1] if token.text == "or"), None)
                if between is not None:
                    raise NotAShape("several rows", between)  # `n x p or b x n x p`
                last = by_cross[-1]
                if len(last) == 2 and last[0].text.isidentifier() and last[1].text.lower() in _KINDS:
                    by_cross[-1] = last[:1]  # `(n x m array)`
                glued = _parts_in_one_word(by_cross)
                if glued is not None:
                    raise NotAShape("several rows, two dims, or a product", glued)
                return _row_of(by_cross, "x")
            spaced = _spaced(tokens) or _spaced_terms(tokens)
            if spaced is not None:
                return spaced
        if tokens[0].kind == "GLUED" and len(tokens) == 1:
            return read_glued(tokens[0])
    return _row_of(_opened(pieces), "comma")


def _parts_in_one_word(pieces: Sequence[Sequence[Token]]) -> Token | None:
    """What may be several dims or one among dims that are written apart, `HxW` of `B x HxW`; None where nothing is.

    `Cx2` is twice as many channels, but where each piece is such a word: `BxHxN x BxNxD` are two rows.
    """
    glued = [piece[0] for piece in pieces if len(piece) == 1 and piece[0].kind == "GLUED"]
    of_names = [token for token in glued if not re.search(r"(?:^|[x\u00d7])[0-9]", token.text)]
    return glued[0] if len(glued) == len(pieces) else of_names[0] if of_names else None


def _has_an_axis_x(tokens: Sequence[Token], pieces: Sequence[Sequence[Token]]) -> bool:
    """Whether the X of a row is one of its axes: `B X Y Z C`, `B C X Y Z`."""
    if any(token.kind != "NAME" or len(token.text) > 1 or not token.text.isupper() for token in tokens):
        return False
    return any(len(piece) > 1 for piece in pieces)


def _opened(pieces: list[list[Token]]) -> list[list[Token]]:
    """`N, L, (H, D)` as four dims; where every piece is a bracket, they are shapes of their own and stay.

    `[B, (N, 3)]` may be a list of B shapes.
    """
    if not pieces or not pieces[0] or pieces[0][0].kind == "OPEN":
        return pieces
    opened: list[list[Token]] = []
    for piece in pieces:
        is_bracket = len(piece) > 3 and piece[0].kind == "OPEN" and partners(piece).get(0) == len(piece) - 1
        inner = list(split(piece[1:-1], lambda token: token.kind == "COMMA")) if is_bracket else []
        opened += inner if len(inner) > 1 else [piece]
    if len(pieces) == 2 and len(opened) > 2:
        raise NotAShape("so many rows, or the dims of one", pieces[1][0])
    return opened


def _row_of(pieces: Sequence[Sequence[Token]], style: str) -> Row:
    items: list[DimSpec | Rest] = []
    definitions: list[Defined] = []
    for piece in pieces:
        if not piece:
            raise NotAShape("a dim is missing")
        item, found = read_item(piece)
        if isinstance(item, Rest) and item.name is not None and items and isinstance(items[-1], Rest):
            items[-1] = Rest()  # `sample_shape x batch_shape x d`
        else:
            items.append(item)
        definitions.extend(found)
    if sum(isinstance(item, Rest) for item in items) > 1 and any(isinstance(i, Rest) and i.name for i in items):
        raise NotAShape("more than one run of dims")
    return Row(_told_apart(items, pieces), tuple(definitions), style)


def _told_apart(items: Sequence[DimSpec | Rest], pieces: Sequence[Sequence[Token]]) -> tuple[DimSpec | Rest, ...]:
    """The dims, with no name for those that share one and are told apart behind it: `n (heads), n (places)`."""
    glosses: dict[str, set[str]] = {}
    for piece in pieces:
        if len(piece) > 3 and piece[0].kind == "NAME" and piece[1].kind == "OPEN" and piece[-1].kind == "CLOSE":
            glosses.setdefault(piece[0].text, set()).add(" ".join(token.text for token in piece[2:-1]))
    shared = {name for name, told in glosses.items() if len(told) > 1}
    return tuple(Anything("_") if isinstance(item, Name) and item.text in shared else item for item in items)


def read_glued(token: Token) -> Row:
    """glued := part {"x" part}, all in one word: `Nx3xH`, `Bx(H*W)`."""
    return _row_of(glued_parts(token), "glued")


def _spaced(tokens: Sequence[Token]) -> Row | None:
    """spaced := atom atom {atom}: einops' own notation, `b n (h d)`; a bracket inside is a product."""
    closing = partners(tokens)
    items: list[DimSpec | Rest] = []
    index = 0
    letters = 0
    while index < len(tokens):
        token = tokens[index]
        if index and token.start == tokens[index - 1].end and token.kind not in ("OPEN", "ANY"):
            return None
        if index == 1 and token.start == tokens[0].end and token.kind == "OPEN" and tokens[0].kind == "NAME":
            return None  # `r(B D L)`, a tensor of real numbers
        if token.kind == "NAME" and einops_word(token.text):
            letters += len(token.text.rstrip("'\u20320123456789")) == 1
            items.append(Name(token.text))
        elif token.kind == "NUMBER":
            items.append(Num(int(token.text[:18])))
        elif token.kind == "REST":
            items.append(Rest())
        elif token.kind == "ANY" and token.text == "_":
            items.append(Anything("_"))
        elif token.kind == "OPEN" and token.text == "(" and index in closing:
            inner = tokens[index + 1 : closing[index]]
            if len(inner) < 2:
                return None
            try:
                items.append(product_of(inner))
            except NotAShape:
                return None
            index = closing[index]
        else:
            return None
        index += 1
    sure = letters >= 2 or (letters and len(items) > 1) or len(items) >= 3
    if not sure or len(items) < 2 or len(items) > MAX_ITEMS or not any(isinstance(item, Name) for item in items):
        return None
    return Row(tuple(items), (), "space")


def _spaced_terms(tokens: Sequence[Token]) -> Row | None:
    """terms := term term {term}, without a blank within a term: `B*L H`, `B n+1`; one term at least is a letter."""
    terms: list[list[Token]] = [[tokens[0]]]
    for before, token in pairwise(tokens):
        if before.end == token.start:
            terms[-1].append(token)
        else:
            terms.append([token])
    if not 1 < len(terms) <= MAX_ITEMS or all(len(term) == 1 for term in terms):
        return None
    if any(token.kind not in _OF_TERMS for token in tokens):
        return None
    letter = any(len(term) == 1 and term[0].kind == "NAME" and len(term[0].text) == 1 for term in terms)
    if not letter or any(term[end].kind not in ("NAME", "NUMBER") for term in terms for end in (0, -1)):
        return None
    words = [term[0].text for term in terms if len(term) == 1 and term[0].kind == "NAME"]
    return _row_of(terms, "space") if all(map(einops_word, words)) else None


_OF_TERMS = frozenset(["NAME", "NUMBER", "PLUS", "MINUS", "STAR", "SLASH", "FLOOR"])
