"""Finds every piece of a comment that has the form of a shape, in brackets or bare; plausibility.py judges it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from shapelint.notation.bare import with_bare
from shapelint.notation.bracketed import find_brackets
from shapelint.notation.candidate import Candidate
from shapelint.notation.rows import Row
from shapelint.notation.tokens import Token


def find_candidates(text: str, tokens: Sequence[Token]) -> list[Candidate]:
    """All candidates of a cleaned comment, in order, none inside another."""
    found = find_brackets(text, tokens)
    found = with_bare(text, tokens, found)
    found += _find_scalar(text)
    found = [each for each in found if not _IN_A_WORD.match(text, each.end) and not _begins_a_row(text, each)]
    found = [replace(each, rest=text[each.end :]) for each in found]
    return sorted(found, key=lambda candidate: candidate.start)


_IN_A_WORD = re.compile(r"\)?(?<=\))[A-Z]\b")  # `(BxT)C`: the bracket is one dim of a longer word


def _begins_a_row(text: str, found: Candidate) -> bool:
    """Whether a bracket is the first dim of a row that goes on with blanks: `[(B, T) C H W]`, `(b hw) heads 1 n`."""
    before = text[: found.start].rstrip()
    if before.endswith(("[", "(")) and found.form == "bracket":
        return _GOES_ON_WITHIN.match(text, found.end) is not None
    further = (
        _GOES_ON_ALONE.fullmatch(text, found.end) if found.row.style == "space" and not before.strip("# ") else None
    )
    return further is not None and any(len(word) == 1 for word in further[0].split())


_GOES_ON_WITHIN = re.compile(r"(?:\s+(?:[A-Za-z]\w?|\d+))+\s*[\])]")
_GOES_ON_ALONE = re.compile(r"(?:\s+(?:[a-z]\w*|\d+))+\s*")


_SCALAR = re.compile(
    r"(?:^[\s#]*(?:[\w.]{1,30}\s*[:=]\s*)?|(?:->|=>|→)\s*)(?:a\s+|shape:?\s+)?(?P<scalar>scalar|0-?[dD])(?:\s+tensor)?[\s.]*$"
)


def _find_scalar(text: str) -> list[Candidate]:
    match = _SCALAR.search(text)
    if match is None:
        return []
    return [Candidate(Row(()), match.start("scalar"), match.end("scalar"), match["scalar"], "scalar")]
