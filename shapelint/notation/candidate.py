"""A piece of a comment that has the form of a shape."""

from __future__ import annotations

from dataclasses import dataclass

from shapelint.notation.rows import Row
from shapelint.notation.vocabulary import strength


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row of dims at a place of the text; `form` is bracket, x, glued, comma, space, letters or scalar."""

    row: Row
    start: int
    end: int
    text: str
    form: str
    opened: str = ""
    holder: str = ""
    dtype: str | None = None
    rest: str = ""

    @property
    def strengths(self) -> list[int]:
        """How sure each dim is one: see `vocabulary.strength`."""
        return [strength(item) for item in self.row.items]
