"""Walks libcst's tree and Python's own in step, and says at which statement or block each comment stands.

Statements are matched one by one; an expression is only entered where a comment stands inside its statement. libcst's
tree has no positions: comments come in the order of the file, so each is looked for from where the last one was found.
"""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from shapelint.program.nodes import Place

if TYPE_CHECKING:
    import libcst

_Function: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef"


@dataclass(frozen=True, slots=True)
class Remark:
    """One comment: its line from 1, its column from 0, and where it stands. `share` is (i, n) where n statements share
    its line and this is the i-th."""

    line: int
    column: int
    text: str
    place: Place
    own_line: bool = False
    apart: bool = True
    share: tuple[int, int] = (0, 1)


@dataclass(frozen=True, slots=True)
class Remarks:
    """The comments of a file: at statements, in functions' headers, at the start and end of blocks (by their id).

    Those before a statement end the paragraph above it: they touch what is above, and a blank line follows.
    """

    at_statement: dict[ast.stmt, list[Remark]] = field(default_factory=dict)
    before_statement: dict[ast.stmt, list[Remark]] = field(default_factory=dict)
    at_header: dict[ast.stmt, list[Remark]] = field(default_factory=dict)
    at_start: dict[int, list[Remark]] = field(default_factory=dict)
    at_end: dict[int, list[Remark]] = field(default_factory=dict)


NO_REMARKS = Remarks()


class OutOfStepError(Exception):
    """The two trees do not match."""


def remarks_of(tree: ast.Module, module: libcst.Module, lines: Sequence[str]) -> Remarks:
    """Every comment of the module with the code that it stands at."""
    walk = _Walk(lines)
    walk.module(module, tree)
    return walk.remarks


class _Walk:
    def __init__(self, lines: Sequence[str]) -> None:
        import libcst

        self.remarks = Remarks()
        self._lines = lines
        self._marked = [number for number, line in enumerate(lines, start=1) if "#" in line]
        self._line = 0  # the last line that is done
        self._simple: type[Any] = libcst.SimpleStatementLine
        self._indented: type[Any] = libcst.IndentedBlock
        self._comment: type[Any] = libcst.Comment
        self._blank = (libcst.SimpleWhitespace, libcst.Newline)  # what nothing is within; within a leaf, its brackets
        self._leaves = (libcst.Name, libcst.Integer, libcst.Float, libcst.SimpleString)
        self._bodies = (libcst.IndentedBlock, libcst.SimpleStatementSuite, libcst.BaseCompoundStatement, libcst.Else)
        self._bodies += (libcst.ExceptHandler, libcst.ExceptStarHandler, libcst.Finally, libcst.MatchCase)  # type: ignore[assignment]

    def module(self, module: libcst.Module, tree: ast.Module) -> None:
        self._block([*module.header], module.body, tree.body, None)
        self._closing(module.footer, tree.body)

    # --- blocks ---

    def _body(self, body: Any, nodes: list[ast.stmt], header: list[Remark] | None, function: _Function | None) -> None:
        """A block under a header; what ends the header's line goes to `header`, or to the block's start."""
        if header is None:
            header = []
        if type(body) is self._indented:
            if (comment := body.header.comment) is not None:
                self._add(header, comment.value, Place.HEADER, own_line=False)
            self._block([], body.body, nodes, function)
            self._closing(body.footer, nodes)
        else:
            self._small(body, nodes)

    def _opening(self, body: Any, nodes: list[ast.stmt], above: Sequence[Remark] = ()) -> None:
        """A block whose header is no statement of its own (`else:`, `try:`): its comment opens the block."""
        header: list[Remark] = [*above]
        self._body(body, nodes, header, None)
        if header:
            self.remarks.at_start[id(nodes)] = header

    def _block(self, above: list[Any], body: Sequence[Any], nodes: list[ast.stmt], function: _Function | None) -> None:
        index = 0
        started = False
        for statement in body:
            if index >= len(nodes):
                raise OutOfStepError
            node = nodes[index]
            leading = [*above, *statement.leading_lines] if above else statement.leading_lines
            above = []
            if leading:
                place = Place.FIRST if function is not None and not started else Place.ABOVE
                self._above(leading, node, place, started)
            if type(statement) is self._simple:
                count = len(statement.body)
                self._small(statement, nodes[index : index + count])
                index += count
            else:
                self._compound(statement, node)
                index += 1
            if started or function is None or not _is_docstring(node):
                started = True
            self._line = max(self._line, nodes[index - 1].end_lineno or 0)
        if above:
            self._closing(above, nodes)

    def _above(self, leading: Sequence[Any], node: ast.stmt, place: Place, started: bool) -> None:
        blank = next((index for index, line in enumerate(leading) if line.comment is None), 0) if started else 0
        below: list[Remark] = []
        self._comment_lines(leading[:blank], below, Place.BELOW, started)
        if below:
            self.remarks.before_statement[node] = below
        found: list[Remark] = []
        self._comment_lines(leading[blank:], found, place, started)
        if found:
            self.remarks.at_statement.setdefault(node, []).extend(found)

    def _closing(self, footer: Sequence[Any], nodes: list[ast.stmt]) -> None:
        """Comment lines that end a block, or stand over its `else`."""
        found: list[Remark] = []
        self._comment_lines(footer, found, Place.BELOW, bool(nodes))
        if found:
            self.remarks.at_end.setdefault(id(nodes), []).extend(found)

    # --- statements ---

    def _small(self, line: Any, nodes: Sequence[ast.stmt]) -> None:
        """A line of simple statements."""
        if len(nodes) != len(line.body):
            raise OutOfStepError
        last = nodes[-1]
        end = last.end_lineno or last.lineno
        for node, small in zip(nodes, line.body, strict=True):
            if (node.end_lineno or 0) > node.lineno and self._is_marked(node.lineno, node.end_lineno or 0):
                self._line = max(self._line, node.lineno - 1)
                self._inside([small], node)
        if (comment := line.trailing_whitespace.comment) is not None:
            self._line = max(self._line, end - 1)
            found: list[Remark] = []
            self._add(found, comment.value, Place.TRAILING, own_line=False)
            for index, node in enumerate(nodes):
                shared = [replace(remark, share=(index, len(nodes))) for remark in found]
                self.remarks.at_statement.setdefault(node, []).extend(shared)

    def _inside(self, parts: Sequence[Any], node: ast.stmt, place: Place = Place.INSIDE) -> None:
        """The comments within a statement, or within the header of one."""
        found: list[Remark] = []
        for text in self._texts(parts):
            self._add(found, text, place, own_line=None)
        if found:
            target = self.remarks.at_header if place is Place.PARAMETER else self.remarks.at_statement
            target.setdefault(node, []).extend(found)

    def _compound(self, statement: Any, node: Any) -> None:
        kind = type(statement).__name__
        at = self.remarks.at_statement
        if kind in ("FunctionDef", "ClassDef"):
            self._definition(statement, node)
        elif kind in ("If", "For", "While", "With"):
            self._header(statement, node)
            header: list[Remark] = []
            self._body(statement.body, node.body, header, None)
            if header:
                at.setdefault(node, []).extend(header)
            if kind != "With" and statement.orelse is not None:
                self._orelse(statement.orelse, node)
        elif kind in ("Try", "TryStar"):
            self._try(statement, node)
        elif kind == "Match":
            self._match(statement, node)
        else:
            raise OutOfStepError

    def _definition(self, statement: Any, node: Any) -> None:
        at = self.remarks.at_statement
        above: list[Remark] = []
        for decorator in statement.decorators:
            self._comment_lines(decorator.leading_lines, above)
            for text in self._texts([decorator.decorator]):
                self._add(above, text, Place.ABOVE, own_line=None)
            if decorator.trailing_whitespace.comment is not None:
                self._add(above, decorator.trailing_whitespace.comment.value, Place.ABOVE, own_line=False)
        self._comment_lines(statement.lines_after_decorators, above)
        if above:
            at.setdefault(node, []).extend(above)
        is_function = type(statement).__name__ == "FunctionDef"
        self._header(statement, node, Place.PARAMETER if is_function else Place.INSIDE)
        header: list[Remark] = []
        self._body(statement.body, node.body, header, node if is_function else None)
        if header and is_function:
            found = [replace(remark, place=Place.PARAMETER) for remark in header]
            self.remarks.at_header.setdefault(node, []).extend(found)
        elif header:
            at.setdefault(node, []).extend(header)

    def _header(self, statement: Any, node: Any, place: Place = Place.INSIDE) -> None:
        """The lines of a header before its colon, where they are several and hold a comment."""
        first, below = node.lineno, node.body[0].lineno
        self._line = max(self._line, first - 1)
        if below > first + 1 and self._is_marked(first, below):
            skipped = {"leading_lines", "decorators", "lines_after_decorators"}
            own = [line for name in skipped for line in getattr(statement, name, ())]
            parts = [part for part in statement.children if not isinstance(part, self._bodies) and part not in own]
            self._inside(parts, node, place)

    def _orelse(self, orelse: Any, node: Any) -> None:
        """`else:` or `elif`; a run of `elif` is taken in a loop, so that a long one does not nest."""
        while type(orelse).__name__ == "If":
            lower = node.orelse[0]
            self._line = max(self._line, node.body[-1].end_lineno)
            self._closing(orelse.leading_lines, node.body)
            self._header(orelse, lower)
            header: list[Remark] = []
            self._body(orelse.body, lower.body, header, None)
            if header:
                self.remarks.at_statement.setdefault(lower, []).extend(header)
            orelse, node = orelse.orelse, lower
        if orelse is not None:
            self._part(orelse, node.body, node.orelse)

    def _part(self, part: Any, before: list[ast.stmt], nodes: list[ast.stmt]) -> None:
        """`else`, `except`, `finally`: comments over it end the block before."""
        self._line = max(self._line, before[-1].end_lineno or 0)
        self._closing(part.leading_lines, before)
        self._opening(part.body, nodes)

    def _try(self, statement: Any, node: ast.Try) -> None:
        self._line = max(self._line, node.lineno - 1)
        self._opening(statement.body, node.body)
        before = node.body
        for part, handler in zip(statement.handlers, node.handlers, strict=True):
            self._part(part, before, handler.body)
            before = handler.body
        if statement.orelse is not None:
            self._part(statement.orelse, before, node.orelse)
            before = node.orelse
        if statement.finalbody is not None:
            self._part(statement.finalbody, before, node.finalbody)

    def _match(self, statement: Any, node: ast.Match) -> None:
        self._line = max(self._line, node.lineno - 1)
        if (comment := statement.whitespace_after_colon.comment) is not None:
            self._add(self.remarks.at_statement.setdefault(node, []), comment.value, Place.HEADER, own_line=False)
        before: list[ast.stmt] = []
        for case, inner in zip(statement.cases, node.cases, strict=True):
            if before:
                self._part(case, before, inner.body)
            else:
                found: list[Remark] = []
                self._comment_lines(case.leading_lines, found)
                self._opening(case.body, inner.body, found)
            before = inner.body
        self._closing(statement.footer, before)

    # --- finding a comment's place ---

    def _comment_lines(
        self, lines: Sequence[Any], found: list[Remark], place: Place = Place.ABOVE, started: bool = False
    ) -> None:
        for line in lines:
            if (comment := line.comment) is not None:
                self._add(found, comment.value, place, own_line=True, started=started)

    def _texts(self, parts: Sequence[Any]) -> Iterator[str]:
        """The comments below some nodes, in the order of the file."""
        waiting = list(reversed(parts))
        while waiting:
            part = waiting.pop()
            if type(part) is self._comment:
                yield part.value
            elif type(part) not in self._blank and not (type(part) in self._leaves and not part.lpar):
                waiting.extend(reversed(part.children))

    def _is_marked(self, first: int, last: int) -> bool:
        """Does a `#` stand on one of the lines from `first` on and before `last`?"""
        index = bisect_left(self._marked, first)
        return index < len(self._marked) and self._marked[index] < last

    def _add(
        self, found: list[Remark], text: str, place: Place, *, own_line: bool | None, started: bool = False
    ) -> None:
        """Looks for the comment from the last line that is done; `own_line` None leaves open how it stands."""
        text = text.rstrip()
        for index in range(bisect_left(self._marked, self._line + 1), len(self._marked)):
            number = self._marked[index]
            line = self._lines[number - 1].rstrip()
            if not line.endswith(text):
                continue
            column = len(line) - len(text)
            alone = not line[:column].strip()
            if own_line is None or own_line is alone or (alone and place is Place.TRAILING):
                apart = True
                if alone and started:
                    before = found[-1] if found else None
                    touching = before is not None and before.line == number - 1
                    apart = before.apart if touching and before else not self._lines[number - 2].strip()
                found.append(Remark(number, column, text, place, alone, apart))
                self._line = number
                return


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
