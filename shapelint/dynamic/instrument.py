"""Takes the text of a program, and gives its code with calls of the recorder at each claim; lines stay the same."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from types import CodeType

from shapelint.dynamic.rewriting import Edits, Rewriting, call, tried, wrapping
from shapelint.dynamic.watch import Program, Scope, Statement, Watch, names_in, names_of
from shapelint.interp.claims.described import speaks_of_result
from shapelint.notation.model import Role
from shapelint.program import lower, nodes
from shapelint.program.nodes import Attached, Place, Span
from shapelint.program.parse import parse_python
from shapelint.program.positions import Positions
from shapelint.program.skipping import without_prose
from shapelint.program.within import parts_of
from shapelint.program.written import targets_of, text_of
from shapelint.source.pieces import Piece

OWN_LINE = (Place.ABOVE, Place.FIRST, Place.BELOW)
# fmt: off
PURE = frozenset({
    "transpose", "permute", "view", "reshape", "flatten", "unflatten", "squeeze", "unsqueeze", "expand", "contiguous",
    "size", "dim", "numel", "t", "float", "long", "bool", "mean", "sum", "max", "min", "movedim", "swapaxes",
    "repeat", "chunk", "split", "unbind", "detach", "cpu", "items", "keys", "values",
})
# fmt: on


def instrumented(
    piece: Piece, path: str, *, trace: bool = False, places: Iterable[int] = ()
) -> tuple[CodeType, Program]:
    """The code of a program that tells the recorder what passes each claim, and what it watches.

    It also tells when a statement at one of the lines `places` is reached, and with `trace` the value of every
    statement. Raises SyntaxError or CannotParse.
    """
    module = lower(piece.text, path, first_line=piece.first_line, column=piece.column, open_names=piece.open_names)
    tree, positions = _tree(piece)
    watching = _Watching(path, tree, positions)
    watching.module(module)
    tree = Rewriting(watching.edits, positions, trace, frozenset(places)).module(tree)
    ast.increment_lineno(tree, piece.first_line - 1)
    return compile(tree, path, "exec", dont_inherit=True), watching.program


def _tree(piece: Piece) -> tuple[ast.Module, Positions]:
    text, column = piece.text.removeprefix("\ufeff"), piece.column
    if piece.open_names:
        code = without_prose(text, parse_python)
        return code.tree, Positions(code.text, piece.first_line, column + code.column)
    return parse_python(text), Positions(text, piece.first_line, column)


class _Watching:
    """Walks the lowered program, lists what is watched, and notes what has to be put into Python's tree for it."""

    def __init__(self, path: str, tree: ast.Module, positions: Positions) -> None:
        self.program = Program(path)
        self.edits = Edits()
        self._statements: dict[Span, ast.stmt] = {}
        self._expressions: dict[Span, ast.expr] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.stmt):
                self._statements.setdefault(positions.span(node), node)
            elif isinstance(node, ast.expr):
                self._expressions.setdefault(positions.span(node), node)
        self._owner = ""
        self._class_definitions: dict[str, object] = {}

    def module(self, module: nodes.Module) -> None:
        definitions = {d.definition.name: d.definition.value for d in module.described.definitions}
        self._scope = Scope(0, "", 1, concrete=True, definitions=definitions)
        self.program.scopes.append(self._scope)
        self._block(module.body)

    # --- what is watched ---

    def _watch(self, attached: Attached, about: str, *, looks_back: bool = False) -> int:
        claim = attached.claim
        index = len(self.program.watches)
        names = names_in(claim.shapes)
        self.program.watches.append(
            Watch(index, attached.at, attached.text, attached.place, self._scope, claim, None, about, names, looks_back)
        )
        return index

    def _definition(self, attached: nodes.AttachedDefinition) -> int:
        definition = attached.definition
        self._scope.definitions.setdefault(definition.name, definition.value)
        index = len(self.program.watches)
        names = (definition.name, *names_of(definition.value))
        self.program.watches.append(
            Watch(
                index, attached.at, attached.text, attached.place, self._scope, None, definition, definition.name, names
            )
        )
        return index

    # --- statements ---

    def _block(self, body: Sequence[nodes.Stmt]) -> None:
        previous: nodes.Stmt | None = None
        for statement in body:
            if isinstance(statement, nodes.Comment):
                self._loose(statement, previous)
                continue
            node = self._statements.get(statement.at)
            if node is not None and statement.notes is not nodes.NO_NOTES:
                self._notes(statement, node, previous)
            self._inner(statement, node)
            previous = statement

    def _inner(self, statement: nodes.Stmt, node: ast.stmt | None) -> None:
        if isinstance(statement, nodes.Function):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self._function(statement, node)
        elif isinstance(statement, nodes.Class):
            outer, known = self._owner, self._class_definitions
            self._owner = statement.name
            self._class_definitions = {d.definition.name: d.definition.value for d in statement.described.definitions}
            self._block(statement.body)
            self._owner, self._class_definitions = outer, known
        elif isinstance(statement, (nodes.If, nodes.For, nodes.While)):
            self._block(statement.body)
            self._block(statement.orelse)
        elif isinstance(statement, nodes.With):
            self._block(statement.body)
        elif isinstance(statement, nodes.Try):
            for body in (statement.body, *(handler.body for handler in statement.handlers), statement.orelse):
                self._block(body)
            self._block(statement.final)
        elif isinstance(statement, nodes.Match):
            for case in statement.cases:
                self._block(case.body)

    def _loose(self, statement: nodes.Comment, previous: nodes.Stmt | None) -> None:
        """Comments at the end of a block: they speak of the value above, or of one that they name."""
        node = self._statements.get(previous.at) if previous is not None else None
        if node is None or isinstance(node, (ast.Return, ast.Raise)):
            return
        for definition in statement.notes.definitions:
            self.edits.after[id(node)].append(call("definition", self._definition(definition)))
        for attached in statement.notes.claims:
            if attached.subject is not None:
                self._named(attached, self.edits.after[id(node)])
            elif previous is not None and self._keep(previous):
                index = self._watch(attached, "the value above", looks_back=True)
                self.edits.after[id(node)].append(call("above", index))

    def _notes(self, statement: nodes.Stmt, node: ast.stmt, previous: nodes.Stmt | None) -> None:
        leaves = isinstance(node, (ast.Return, ast.Raise, ast.Break, ast.Continue))
        later = self.edits.before[id(node)] if leaves else self.edits.after[id(node)]
        for definition in statement.notes.definitions:
            own_line = definition.place in OWN_LINE
            place = self.edits.before[id(node)] if own_line else later
            place.append(call("definition", self._definition(definition)))
        written = targets_of(statement)
        for attached in statement.notes.claims:
            if attached.claim.role is Role.RAISES:
                self.edits.guards[id(node)].append(self._watch(attached, text_of(_value(statement))))
            elif attached.subject is not None:
                self._subject(attached, node, written, later)
            elif attached.claim.role in (Role.INPUT, Role.LINK, Role.OPERAND):
                self._parts(attached, statement, node)
            elif attached.about is not None:
                self._wrap(attached.about, "value", self._watch(attached, text_of(attached.about)))
            else:
                self._result(attached, statement, node, previous)

    def _subject(self, attached: Attached, node: ast.stmt, written: set[str], later: list[ast.stmt]) -> None:
        assert attached.subject is not None
        is_written = text_of(attached.subject) in written
        if isinstance(node, (ast.For, ast.AsyncFor, ast.With, ast.AsyncWith)) and is_written:
            self._named(attached, self.edits.inside[id(node)])
        elif (attached.place in OWN_LINE and not is_written) or isinstance(
            node, (ast.If, ast.While, ast.For, ast.With)
        ):
            self._named(attached, self.edits.before[id(node)])
        else:
            before = self.edits.before[id(node)] if attached.place in OWN_LINE else None
            self._named(attached, later, before)

    def _named(self, attached: Attached, into: list[ast.stmt], before: list[ast.stmt] | None = None) -> None:
        """Note the value of an expression that stands in a comment, where evaluating it has no effect.

        With `before` also the value that the expression had there: the comment may speak of either.
        """
        text = attached.claim.subject or text_of(attached.subject)
        index = self._watch(attached, text)
        try:
            expr = ast.parse(text.strip(), mode="eval").body
        except (SyntaxError, ValueError):
            return
        if _is_pure(expr):
            into.append(tried(call("named", index, expr), call("absent", index)))
            if before is not None:
                before.append(tried(call("before", index, expr), ast.Pass()))

    def _result(self, attached: Attached, statement: nodes.Stmt, node: ast.stmt, previous: nodes.Stmt | None) -> None:
        """A claim on what the statement gives."""
        target = statement.targets[0] if isinstance(statement, nodes.Assign) else None
        if isinstance(statement, nodes.For) and attached.place is Place.HEADER:
            index = self._watch(attached, text_of(statement.target))
            loaded = self._loaded(statement.target)
            if loaded is not None:
                self.edits.inside[id(node)].append(call("targets", index, loaded))
            return
        if not isinstance(statement, (nodes.Assign, nodes.AugAssign, nodes.Expression, nodes.Return)):
            self._watch(attached, "")
            return
        looks_back = attached.place in OWN_LINE and not attached.apart and previous is not None and self._keep(previous)
        about = "the result" if isinstance(statement, nodes.Return) else text_of(target or _value(statement))
        if isinstance(statement, nodes.AugAssign):
            index = self._watch(attached, text_of(statement.target), looks_back=looks_back)
            loaded = self._loaded(statement.target)
            if loaded is not None:
                self.edits.after[id(node)].append(call("above_or", index, loaded))
            return
        value = _value(statement)
        index = self._watch(attached, about, looks_back=looks_back)
        if value is None:
            return
        if isinstance(target, nodes.Sequence):
            parts = [part for part in target.items if not isinstance(part, nodes.Starred)]
            wanted = [part for part in parts if not (isinstance(part, nodes.Name) and part.id == "_")]
            chosen = wanted
            if attached.claim.count == len(parts) > 1:
                chosen = [parts[attached.claim.index]]
            elif attached.claim.count == len(wanted) > 1:
                chosen = [wanted[attached.claim.index]]
            self._wrap(value, "unpacked", index)
            loads = [self._loaded(part) for part in chosen]
            if all(load is not None for load in loads):
                items = ast.Tuple([load for load in loads if load is not None], ast.Load())
                self.edits.after[id(node)].append(call("targets", index, items))
            return
        self._wrap(value, "value", index)

    def _keep(self, statement: nodes.Stmt) -> bool:
        """Have the value of a statement kept for the comment below it."""
        value = _value(statement)
        if value is None or isinstance(statement, nodes.AugAssign):
            return False
        node = self._expressions.get(value.at)
        if node is not None and not any(getattr(wrap, "keeps", False) for wrap in self.edits.wraps[id(node)]):
            wrap = wrapping("kept")
            wrap.keeps = True  # type: ignore[attr-defined]
            self.edits.wraps[id(node)].append(wrap)
        return node is not None

    def _parts(self, attached: Attached, statement: nodes.Stmt, node: ast.stmt) -> None:
        """A claim on the input, an operand or a link: the values of all parts are noted, and looked at when it ran."""
        value = _value(statement)
        index = self._watch(attached, attached.claim.role.value)
        if value is None or value.at not in self._expressions:
            return
        for known in self.program.statements:
            if known.expr.at == value.at:
                known.watches.append(index)
                return
        expr: nodes.Expr = value
        number = len(self.program.statements)
        if isinstance(statement, nodes.AugAssign):
            expr = nodes.Binary(statement.at, statement.op, statement.target, statement.value)
        watched = Statement(expr, [index])
        self.program.statements.append(watched)
        stack: list[nodes.Expr] = [value]
        while stack:
            part = stack.pop()
            if isinstance(part, (nodes.Lambda, nodes.Comprehension, nodes.Constant)):
                continue
            stack += parts_of(part)
            if not isinstance(part, (nodes.Starred, nodes.Slice)):
                key = len(watched.parts)
                watched.parts[key] = part
                self._wrap(part, "part", number, key)
        if isinstance(statement, nodes.AugAssign):
            key = len(watched.parts)
            watched.parts[key] = statement.target
            loaded = self._loaded(statement.target)
            if loaded is not None:
                self.edits.before[id(node)].append(call("part", number, key, loaded))
        self._wrap(value, "whole", number)

    # --- functions ---

    def _function(self, function: nodes.Function, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        outer = self._scope
        definitions = {**self._class_definitions}
        definitions.update({d.definition.name: d.definition.value for d in function.described.definitions})
        name = f"{self._owner}.{function.name}" if self._owner else function.name
        params = [param for param in function.params if param.name not in ("self", "cls")]
        concrete = all(param.default is not None for param in params) and not self._owner
        self._scope = Scope(
            len(self.program.scopes),
            name,
            function.at[0],
            self._owner,
            concrete,
            definitions,  # type: ignore[arg-type]
        )
        self.program.scopes.append(self._scope)
        self.edits.scopes[id(node)] = self._scope.index
        opening = self.edits.inside[id(node)]
        for definition in function.described.definitions:
            opening.append(call("definition", self._definition(definition)))
        names = [param.name for param in params]
        for attached in function.described.claims:
            if speaks_of_result(attached):
                self.edits.results[id(node)].append(self._watch(attached, "the result"))
            elif attached.subject is not None:
                self._named(attached, opening)
            elif attached.claim.index < len(names):
                index = self._watch(attached, names[attached.claim.index])
                loaded = ast.Name(names[attached.claim.index], ast.Load())
                opening.append(tried(call("named", index, loaded), call("absent", index)))
        owner, known = self._owner, self._class_definitions
        self._owner, self._class_definitions = "", {}
        self._block(function.body)
        self._owner, self._class_definitions = owner, known
        self._scope = outer

    # --- small things ---

    def _wrap(self, expr: nodes.Expr, method: str, *numbers: int) -> None:
        node = self._expressions.get(expr.at)
        if node is not None and not isinstance(node, (ast.Starred, ast.Slice)):
            self.edits.wraps[id(node)].append(wrapping(method, *numbers))

    def _loaded(self, target: nodes.Expr) -> ast.expr | None:
        """An expression that reads what a target holds."""
        text = text_of(target)
        if isinstance(target, nodes.Sequence):
            text = "(" + ", ".join(text_of(item) for item in target.items) + ",)"
        try:
            expr = ast.parse(text, mode="eval").body
        except (SyntaxError, ValueError):
            return None
        return expr if _is_pure(expr) else None


def _value(statement: nodes.Stmt) -> nodes.Expr | None:
    if isinstance(statement, (nodes.Assign, nodes.AugAssign, nodes.Expression, nodes.Return)):
        return statement.value
    return None


def _is_pure(expr: ast.expr) -> bool:
    """Whether evaluating it once more, for a comment's sake, can have no effect."""
    for node in ast.walk(expr):
        if isinstance(node, ast.Call) and not (isinstance(node.func, ast.Attribute) and node.func.attr in PURE):
            return False
        if isinstance(node, (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr, ast.Lambda)):
            return False
    return True
