"""Bytes -> text -> programs: reading and decoding, Markdown's code blocks, notebooks' cells, suppression comments.

Also where the programs that one imports are looked for.
"""

from __future__ import annotations

from shapelint.source.import_roots import import_roots, project_of
from shapelint.source.pieces import Piece, programs
from shapelint.source.reading import Source, Unreadable, read_source, source_from_text
from shapelint.source.suppressions import Suppression, Suppressions, suppressions

__all__ = [
    "Piece",
    "Source",
    "Suppression",
    "Suppressions",
    "Unreadable",
    "import_roots",
    "programs",
    "project_of",
    "read_source",
    "source_from_text",
    "suppressions",
]
