"""The cheap test that decides whether a text is looked at at all: it may say yes too often, never no too often."""

from __future__ import annotations

import re
from functools import lru_cache

from shapelint.notation.vocabulary import LAYOUTS

_MIGHT = re.compile(
    r"[(\[\uff08\uff3b\u3010]|(?<![A-Za-z])[xX](?![A-Za-z]{3})|[A-Z0-9)*'.]x[A-Z0-9(*.]|_\w{1,4}x[A-Z0-9(*.]|\b[a-z]x[a-z]x[a-z]|\u00d7|✕"
    r"|\u2a2f|\bscalar\b|0-?[dD]\b|[\w'\u2032.²)*]\s*,\s*[\w(*.…]|[-=~]>|→|⟶|⇒|⟹|↦|➡|➔"
    r"|[eE]rror|ERROR|[fF]ail|FAIL|[rR]aise|RAISE|[tT]hrow"
    r"|hape|ontiguous|CONTIGUOUS|[\w'] = |=|(?:\b\w{1,2}['\u2032]*\s+){2}|" + "|".join(sorted(LAYOUTS))
)


@lru_cache(maxsize=2048)
def might_hold_claim(text: str) -> bool:
    """Whether `read_comment`, `read_docstring` or `read_annotation` could find anything in the text."""
    return _MIGHT.search(text) is not None
