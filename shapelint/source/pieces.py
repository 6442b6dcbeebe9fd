"""Takes a source, and gives its programs: a .py is one, a notebook is one, each Python block of Markdown is one."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from shapelint.source.markdown import python_blocks
from shapelint.source.notebooks import NotANotebookError, code_cells, program_of
from shapelint.source.reading import Source


@dataclass(frozen=True, slots=True)
class Piece:
    """One program: its text stands from `first_line` on, `column` characters to the right.

    `open_names` is True where names that nothing defines are allowed (a block of an article). `cells` holds, for a
    notebook, (first line in the program, number of the cell); `skipped` holds (line, why) of what is no Python.
    """

    text: str
    first_line: int = 1
    column: int = 0
    open_names: bool = False
    cells: tuple[tuple[int, int], ...] = ()
    skipped: tuple[tuple[int, str], ...] = ()

    def place(self, line: int) -> tuple[int, int | None]:
        """Where a line that lowering counts stands: the line of the file, or of the cell with the cell's number."""
        index = bisect_right(self.cells, line, key=lambda cell: cell[0]) - 1
        if index < 0:
            return line, None
        first, number = self.cells[index]
        return line - first + 1, number

    def called(self, line: int) -> str:
        """A line as it is written beside it: its number, in a notebook `cell:line`."""
        line, cell = self.place(line)
        return str(line) if cell is None else f"{cell}:{line}"

    def line_of(self, cell: int, line: int) -> int | None:
        """The line of the program that a line of a cell is, None where the notebook has none such."""
        first = next((first for first, number in self.cells if number == cell), 0)
        found = first + line - 1
        exists = first > 0 and found <= len(self.text.splitlines()) and self.place(found) == (line, cell)
        return found if exists else None


def programs(source: Source) -> list[Piece]:
    """The programs of a source, in the order in which they stand."""
    if source.kind == "python":
        return [Piece(source.text)]
    if source.kind == "markdown":
        return [Piece(block.text, block.first_line, block.column, True) for block in python_blocks(source.text)]
    try:
        cells = code_cells(source.text)
    except NotANotebookError as error:
        return [Piece("", skipped=((1, str(error)),))]
    if not cells:
        return []
    program = program_of(cells)
    return [Piece(program.text, cells=program.cells, skipped=program.skipped)]
