"""What stands behind a shape and tells of the same tensor: its layout and dtype, a condition, further steps."""

from __future__ import annotations

import re
from dataclasses import replace

from shapelint.notation.model import Claim, Role
from shapelint.notation.vocabulary import DTYPE, DTYPE_NAMES

NOT_CONTIGUOUS = r"(?:not|non|no\s+longer|isn't)[\s-]*contiguous"
_TAIL_LAYOUT = re.compile(
    rf"^\s*(?:[,;:.(\u2013—-]|-+>|=+>|→)*\s*(?:and\s+|but\s+|is\s+|now\s+)*(?:(?P<no>{NOT_CONTIGUOUS})|contiguous)\b",
    re.IGNORECASE,
)


def with_tail(claims: list[Claim], lead: str, tail: str) -> list[Claim]:
    """Adds what stands behind the last shape of its layout and dtype."""
    if claims and claims[0].dtype is None and (before := _DTYPE_BEFORE.search(lead)):
        claims = [replace(claims[0], dtype=DTYPE_NAMES.get(before[1], before[1])), *claims[1:]]
    layout = _TAIL_LAYOUT.match(tail)
    dtype = _tail_dtype(tail)
    if claims and _CONDITION.match(tail):
        return [*claims[:-1], replace(claims[-1], conditional=True)]
    if claims and claims[-1].role is Role.RESULT and _STEPS_FOLLOW.match(tail):  # `... -> (B, C, T) -> ...`
        is_first = len(claims) == 1 and not _ARROW_LAST.search(lead)
        role = Role.INPUT if is_first else Role.LINK
        claims = [*claims[:-1], replace(claims[-1], role=role, index=0, count=1)]
    if not claims or (layout is None and dtype is None):
        return claims
    last = claims[-1]
    if layout is not None:
        last = replace(last, contiguous=layout["no"] is None)
    if dtype is not None and last.dtype is None:
        last = replace(last, dtype=dtype)
    return [*claims[:-1], last]


_ARROW_LAST = re.compile(r"(?:-{1,3}>|={1,2}>|~>|[→⟶⇒⟹↦➡➔])\s*[(\[]?$")
_STEPS_FOLLOW = re.compile(r"[)\]]?\s*(?:-{1,3}>|={1,2}>|~>|[→⟶⇒⟹↦➡➔])\s*(?:\.{3}|…)\s*$")
_CONDITION = re.compile(
    r"[\s,(\u2013—-]*(?:only\s+)?(?:(?:used|valid|needed)\s+)?(?:(?:if|when|unless|otherwise|assuming|provided|would|could|might)\b|for\s+\w+\s*==?\s*\d|or\s+(?:\w+\s+){1,3}(?:shape|size|layout)s?\b"
    r"|(?:(?:is|are)\s+)?broadcast(?:s|ed)?\b)",  # of an operand, perhaps: `a + self.bias  # (C,) broadcast`
    re.IGNORECASE,
)
_DTYPE_BEFORE = re.compile(rf"{DTYPE.pattern}\s*(?:tensor\s*)?(?:of\s+shape\s*)?[(\[]?\s*$")
_TAIL_DTYPE = re.compile(
    r"^\s*[,;:(\[\u2013—-]*\s*(?:of\s+|dtype\s*[=:]?\s*)?(?:torch\.)?(?P<dtype>u?int(?:8|16|32|64)|float(?:16|32|64)|bfloat16|bool|long"
    r"|half|double|complex(?:64|128))\b(?=\s*(?:[)\],.;]|$|tensor))"
)


def _tail_dtype(tail: str) -> str | None:
    match = _TAIL_DTYPE.match(tail)
    if match is None:
        return None
    return DTYPE_NAMES.get(match["dtype"], match["dtype"])
