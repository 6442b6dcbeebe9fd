"""Where the comments of a file say nothing, so that libcst need not read it."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from shapelint.notation import might_hold_claim, read_comment, read_comment_block


def hold_claims(lines: Sequence[str]) -> bool:
    """Whether a comment among these lines says anything, so that it is worth the tree to learn where it belongs."""
    block: list[str] = []
    for line in (*lines, ""):
        start = line.find("#")
        if start >= 0 and not line[:start].strip():
            block.append(line[start:])
            continue
        if any(map(might_hold_claim, block)) and any(read_comment_block(block)):
            return True
        block = []
        while start >= 0:  # a `#` may stand in a string, with the comment after it
            if might_hold_claim(line[start:]) and read_comment(line[start:]):
                return True
            start = line.find("#", start + 1)
    return False


def without_silent(tree: ast.Module, lines: Sequence[str]) -> str:
    """The text of a file with an empty list in the place of each statement in which no comment can say anything.

    Statements are as many as before, and between them stands what stood there.
    """
    kept = list(lines)
    if not any("\t" in line or "\f" in line for line in lines):  # columns are then what stands before them
        telling = [number for number, line in enumerate(lines, 1) if _may_tell(line)]
        _silence(tree.body, len(lines) + 1, lines, telling, kept)
    return "\n".join([line for line in kept if line is not _GONE])


_GONE = "what no longer stands there"


def _silence(
    nodes: Sequence[ast.stmt], end: int, lines: Sequence[str], telling: Sequence[int], kept: list[str]
) -> None:
    """Put lists in the place of the silent statements of a block, after which the line `end` is the next one."""
    before = 0
    for index, node in enumerate(nodes):
        first, last = _first_line(node), node.end_lineno or node.lineno
        after = _first_line(nodes[index + 1]) if index + 1 < len(nodes) else end
        place = bisect_left(telling, first)
        if place < len(telling) and telling[place] <= last:
            for block in _blocks(node):
                _silence(block, after, lines, telling, kept)
        elif (
            before < first
            and last < after
            and _is_whole(lines[first - 1], node.col_offset)
            and all(_is_outside(line, node.col_offset) for line in lines[last : after - 1])
        ):
            kept[first - 1 : last] = [" " * node.col_offset + "[]"] + [_GONE] * (last - first)
        before = last


def _blocks(node: ast.stmt) -> Iterator[Sequence[ast.stmt]]:
    """The blocks of a statement; what follows one of them begins no further to the right."""
    for part in (node, *getattr(node, "handlers", ())):
        for name in ("body", "orelse", "finalbody"):
            yield getattr(part, name, ())


def _first_line(node: ast.stmt) -> int:
    decorators: Sequence[ast.expr] = getattr(node, "decorator_list", ())
    return min([node.lineno, *(each.lineno for each in decorators)])


def _is_whole(line: str, column: int) -> bool:
    """Whether a statement begins a line at a column, and is none that goes on with another one."""
    return not line[:column].strip() and not line.startswith("elif", column)


def _is_outside(line: str, column: int) -> bool:
    """Whether a line after a statement that begins at a column is no comment that ends a block of it."""
    return not line.strip() or len(line) - len(line.lstrip()) <= column


def _may_tell(line: str) -> bool:
    start = line.find("#")
    while start >= 0:
        if might_hold_claim(line[start:]):
            return True
        start = line.find("#", start + 1)
    return False
