"""The one error of this room: a text that had to be a shape and is not, with the column where it stops being one."""

from __future__ import annotations


class NotationError(ValueError):
    """A text cannot be read as a shape or signature; `str()` of it shows the text with a caret below the column."""

    def __init__(self, message: str, text: str, column: int) -> None:
        super().__init__(message, text, column)
        self.message = message
        self.text = text
        self.column = column

    def __str__(self) -> str:
        return f"{self.message}\n    {self.text}\n    {' ' * self.column}^"
