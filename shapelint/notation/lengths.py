"""A row of lengths, one for each item of a batch: "input lengths (B)", "hlens: (batch)"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from shapelint.notation.model import Anything, Claim, DimSpec, Name, Role, ShapeSpec

_BATCH = re.compile(
    r"[(\[]\s*(?P<count>\#?)(?P<name>[BNb]|bs|bsz|[Bb]atch(?:_?[Ss]ize)?|BATCH|n_?batch|num_batch)\s*,?\s*[)\]](?=[.,;]?\s*$)"
)
_LENGTHS = re.compile(r"(?:\b|_)(?:lengths?|lens?)\b", re.IGNORECASE)
_MANY = re.compile(r"\b(?:lists?|tuples?|dict\w*)\b", re.IGNORECASE)
_TENSOR = re.compile(r"^\s*\([^()]*[Tt]ensor[^()]*\)\s*:")
_NAME = re.compile(r"(?:^|_|\b[a-z]{1,2})(?:lens?|lengths?)\d*$", re.IGNORECASE)


def lengths_told(body: str, names: Iterable[str]) -> Claim | None:
    """The claim that the batch alone, at the end of what is said of a parameter, is its only dim.

    Only where the parameter holds lengths by its name or by these words, or nothing else is said of it: `(N)` behind
    anything else may be a note.
    """
    found = _BATCH.search(body)
    if found is None or _MANY.search(body, 0, found.start()):
        return None
    alone = found.group().strip() == _TENSOR.sub("", body).strip(" \t\n.:`")
    if not alone and not _LENGTHS.search(body, 0, found.start()) and not any(map(_NAME.search, names)):
        return None
    name = found["name"]
    item: DimSpec = Anything(f"#{name}", counted=name) if found["count"] else Name(name)
    return Claim(Role.RESULT, (ShapeSpec((item,), found[0]),), found.start(), found.end())
