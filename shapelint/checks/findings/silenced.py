"""What comments silence: the findings that are left, and the comments that silenced nothing."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterable, Iterator

from shapelint.checks.model import Finding
from shapelint.checks.rules.shp005 import RULE
from shapelint.source import Source, Suppressions, suppressions
from shapelint.source.pieces import Piece


def not_silenced(found: Iterable[Finding], source: Source, piece: Piece) -> list[Finding]:
    """The findings that no comment silences, not yet placed: a notebook's comments count the lines of its program."""
    silenced = _of(source, piece)
    return [finding for finding in found if not silenced.covers(finding.line, finding.code)]


def without_effect(found: Iterable[Finding], source: Source, piece: Piece) -> list[Finding]:
    """A finding for each comment of a piece that would silence something, and nothing is found there (SHP005)."""
    found = list(found)
    if any(finding.code.startswith("SHP9") for finding in found):
        return []  # nobody knows what else there is
    idle = _of(source, piece).unused({(finding.line, finding.code) for finding in found})
    comments = dict(_comments(piece)) if idle else {}
    return [
        Finding(RULE.code, RULE.severity, _told(one.codes), source.path, one.line, one.column, one.line, one.end_column)
        for one in idle
        if comments.get(one.line, one.column) < one.column
    ]


def _comments(piece: Piece) -> Iterator[tuple[int, int]]:
    """The line of each comment, and the column before it, both as suppressions count them."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(piece.text).readline):
            if token.type == tokenize.COMMENT:
                yield piece.first_line + token.start[0] - 1, piece.column + token.start[1]
    except (tokenize.TokenError, SyntaxError):
        return  # it is told that this is no Python


def _of(source: Source, piece: Piece) -> Suppressions:
    return suppressions(piece.text if piece.cells else source.text)


def _told(codes: tuple[str, ...]) -> str:
    return f"this silences nothing: {'no ' + ' or '.join(codes) if codes else 'nothing'} is found on this line"
