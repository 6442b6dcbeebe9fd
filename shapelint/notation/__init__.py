"""Text -> claims: what comments, docstrings and annotations say of shapes, without yet knowing what a name means."""

from __future__ import annotations

from shapelint.notation.annotations import read_annotation
from shapelint.notation.blocks import read_comment_block
from shapelint.notation.comments import read_comment
from shapelint.notation.docstrings import read_docstring
from shapelint.notation.errors import NotationError
from shapelint.notation.prefilter import might_hold_claim
from shapelint.notation.signatures import parse_dims, parse_signature

__all__ = [
    "NotationError",
    "might_hold_claim",
    "parse_dims",
    "parse_signature",
    "read_annotation",
    "read_comment",
    "read_comment_block",
    "read_docstring",
]
