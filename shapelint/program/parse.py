"""Takes Python text, and gives it as nodes with the claims of its comments attached: the room's door."""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from shapelint.program.comments import NO_REMARKS, OutOfStepError, Remarks, remarks_of
from shapelint.program.cst import parse_tree
from shapelint.program.describe import describe_block
from shapelint.program.lower_statements import StatementLowering
from shapelint.program.nodes import Module
from shapelint.program.positions import Positions, split_lines
from shapelint.program.rebinding import names_rebound, set_on_names
from shapelint.program.silent import hold_claims, without_silent
from shapelint.program.skipping import without_prose


class CannotParse(Exception):
    """The text is not Python, or `may_be_newer` than ours, as libcst reads it; `line` and `column` are the file's."""

    def __init__(self, line: int, column: int, message: str, *, may_be_newer: bool = False) -> None:
        super().__init__(f"{line}:{column}: {message}")
        self.line = line
        self.column = column
        self.message = message
        self.may_be_newer = may_be_newer


def lower(
    text: str,
    path: str,
    *,
    first_line: int = 1,
    column: int = 0,
    open_names: bool = False,
    comments: bool = True,
) -> Module:
    """The program in a text that stands in its file from `first_line` on, `column` characters to the right.

    Without `comments` they are not read, which is much faster: for a file that another one imports.
    With `open_names` (a block of an article), lines that are no Python are passed over and named in `skipped`.
    """
    text = text.removeprefix("\ufeff")
    whole = not open_names and first_line == 1 and not column
    if whole and not (comments and hold_claims(split_lines(text))):
        return replace(_without_remarks(text, finished=comments), path=path)
    skipped: list[tuple[int, str]] = []
    with _told(text, first_line, column):
        if open_names:
            code = without_prose(text, parse_python)
            text, tree, column = code.text, code.tree, column + code.column
            skipped = [(line + first_line - 1, why) for line, why in code.skipped]
        else:
            tree = parse_python(text)
        positions = Positions(text, first_line, column)
        remarks, why = _remarks(tree, positions.lines) if comments else (NO_REMARKS, "")
        if why:
            skipped.append((first_line, f"comments not read: {why}"))
        body, described = StatementLowering(positions, remarks).block(tree.body), describe_block(tree, positions)
    rebound, on_names = names_rebound(tree, text), set_on_names(text)
    return Module(path, body, open_names, tuple(skipped), described, rebound, on_names)


def check_syntax(text: str, *, first_line: int = 1, column: int = 0) -> None:
    """Raise CannotParse of a text that stands in its file at this place, if it is no Python, whatever its version."""
    try:
        with _told(text, first_line, column):
            parse_python(text.removeprefix("\ufeff"))
    except CannotParse as error:
        if not error.may_be_newer:
            raise


_kept: dict[str, tuple[Module, StatementLowering]] = {}
"""The last files that were lowered without comments, by their text: one that is imported is mostly linted as well."""

MOST_KEPT = 400


def _without_remarks(text: str, *, finished: bool) -> Module:
    """A file whose comments say nothing, or are not asked for; what is within its functions is lowered when it is used.

    One that is linted itself is `finished`, so that what cannot be lowered is told at once.
    """
    with _told(text, 1, 0):
        if text not in _kept:
            tree, positions = parse_python(text), Positions(text)
            lowering = StatementLowering(positions, lazily=True)
            body, described = lowering.block(tree.body), describe_block(tree, positions)
            rebound, on_names = names_rebound(tree, text), set_on_names(text)
            module = Module("", body, described=described, rebound=rebound, set_on_names=on_names)
            while len(_kept) >= MOST_KEPT:
                del _kept[next(iter(_kept))]
            _kept[text] = module, lowering
        module, lowering = _kept[text]
        if finished:
            lowering.finish()
    return module


_VERSION = ".".join(map(str, sys.version_info[:2]))


@contextmanager
def _told(text: str, first_line: int, column: int) -> Iterator[None]:
    """Why a text that stands in its file at this place cannot be parsed, in words for its reader."""
    try:
        yield
    except SyntaxError as error:
        line = min(max(error.lineno or 1, 1), text.count("\n") + 1)
        may_be_newer = not isinstance(parse_tree(text), str)
        why = (
            f"{error.msg} (shapelint runs on Python {_VERSION}; it may be of a newer one)"
            if may_be_newer
            else error.msg
        )
        at = line + first_line - 1, max(error.offset or 1, 1) + column
        raise CannotParse(*at, why, may_be_newer=may_be_newer) from None
    except (RecursionError, MemoryError):
        raise CannotParse(first_line, column + 1, "nested too deeply") from None


def parse_python(text: str) -> ast.Module:
    """Python's own tree; every way of failing is a SyntaxError, a RecursionError or a MemoryError."""
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise SyntaxError("null bytes in the source", ("", line, 1, None))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except ValueError as error:  # a lone surrogate, a number with too many digits
        raise SyntaxError(str(error), ("", 1, 1, None)) from None


def _remarks(tree: ast.Module, lines: Sequence[str]) -> tuple[Remarks, str]:
    """The comments of the file, if one of them might hold a claim, and why they could not be read."""
    if not hold_claims(lines):
        return NO_REMARKS, ""
    module = parse_tree(without_silent(tree, lines))
    if isinstance(module, str):
        return NO_REMARKS, module
    try:
        return remarks_of(tree, module, lines), ""
    except OutOfStepError:
        return NO_REMARKS, "libcst reads the statements otherwise"
