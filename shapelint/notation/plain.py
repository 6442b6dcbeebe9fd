"""The text of a docstring without what only makes it look well: mathematics, emphasis, back quotes."""

from __future__ import annotations

import re

from shapelint.notation.comments import clean

MAX_ENTRY = 1500


def body_of(text: str, begin: int, end: int) -> str:
    """A piece of a docstring, cleaned, of a length that is worth reading."""
    return clean(plain_maths(text[begin : min(end, begin + MAX_ENTRY)]))


_EMPHASIS = re.compile(r"(?<![\w*)])\*{1,2}((?:[Ss]hape|[Ss]ize)s?:?)\*{1,2}(?!\w)")


def plain_maths(text: str) -> str:
    """`H_{in}` as `H_in`, `\\times` as `x`, with blanks so that nothing moves."""
    text = re.sub(r"_\{(\w+)\}", lambda match: f"_{match[1]}  ", text)
    text = _EMPHASIS.sub(lambda match: match[1].center(len(match[0])), text)
    text = re.sub(r"\$[^$\n]*\$", lambda match: " " * len(match[0]), text)
    text = re.sub(r"\\(?:text|mathrm)\{(\w+)\}", lambda match: match[1].ljust(len(match[0])), text)
    return re.sub(r"\\(?:times|cdot)\b", lambda match: "*".ljust(len(match[0])), text)
