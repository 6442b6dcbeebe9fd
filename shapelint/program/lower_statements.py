"""Takes the statements of Python's own syntax tree, and gives them as nodes, each with what its comments say."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from shapelint.program.arrows import moved_to_what_they_tell_of
from shapelint.program.attach import Attaching, only_parameters, without_parameters
from shapelint.program.comments import NO_REMARKS, Remark, Remarks
from shapelint.program.describe import (
    constructor_beside_forward,
    describe_block,
    describe_function,
    told_of_forward,
    variable_annotation,
    without_what_is_told_of_forward,
)
from shapelint.program.heads import with_first_input, with_input_by_place, with_parameters_named
from shapelint.program.lower_expressions import OPERATORS, ExpressionLowering
from shapelint.program.nodes import (
    NO_NOTES,
    Assert,
    Assign,
    Attribute,
    AugAssign,
    Call,
    Case,
    Class,
    Comment,
    Control,
    Delete,
    Expr,
    Expression,
    For,
    Function,
    Handler,
    If,
    Import,
    Match,
    Name,
    Notes,
    Param,
    Raise,
    Return,
    Stmt,
    Try,
    While,
    With,
)
from shapelint.program.over_functions import of_the_function, without_these
from shapelint.program.patterns import binds_of, is_irrefutable, literal_of
from shapelint.program.positions import Positions


class StatementLowering:
    """Lowers statements, and hangs the notes of `remarks` on them; `lazily`, a function's inside when it is used."""

    def __init__(self, positions: Positions, remarks: Remarks = NO_REMARKS, *, lazily: bool = False) -> None:
        self.lazily = lazily
        self.waiting: list[Function] = []
        self.constructors: set[ast.FunctionDef] = set()
        self.positions = positions
        self.span = positions.span
        self.expressions = ExpressionLowering(positions)
        self.expr = self.expressions.expr
        self.exprs = self.expressions.exprs
        self.maybe = self.expressions.maybe
        self.remarks = remarks
        self.attaching = Attaching(positions)

    def block(self, nodes: list[ast.stmt]) -> tuple[Stmt, ...]:
        """The statements of one block, with its comments that stand at no statement."""
        lowered: list[Stmt] = []
        if (opening := self._loose(self.remarks.at_start.get(id(nodes)))) is not None:
            lowered.append(opening)
        for node in nodes:
            if (loose := self._loose(self.remarks.before_statement.get(node), lowered)) is not None:
                lowered.append(loose)
            statement = _LOWERINGS[type(node)](self, node)
            found = self.remarks.at_statement.get(node)
            if found:
                notes = self.attaching.notes(found, statement)
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    notes = without_these(notes, self._of_the_function(node, found))
                    notes = without_parameters(notes, parameters_of(node.args))
                if notes is not NO_NOTES:
                    statement = replace(statement, notes=_joined(statement.notes, notes))
            lowered.append(statement)
        ending = self.remarks.at_end.get(id(nodes), [])
        is_of_block = any(not each.apart and each.column == nodes[-1].col_offset for each in ending[:1])
        if (closing := self._loose(ending, lowered if is_of_block else ())) is not None:
            lowered.append(closing)
        return moved_to_what_they_tell_of(lowered)

    def _loose(self, found: Sequence[Remark] | None, above: Sequence[Stmt] = ()) -> Comment | None:
        if not found:
            return None
        notes = self.attaching.notes(found, None)
        if notes is NO_NOTES:
            return None
        of_value = bool(above) and (isinstance(above[-1], (Assign, AugAssign)) or _shows_a_shape(above[-1]))
        return Comment(self.attaching.span_of(found), notes, of_value)

    def finish(self) -> None:
        """Lower what is still to be lowered, and what is within that."""
        for function in self.waiting:  # grows by the functions within
            _ = function.body, function.described
        self.waiting.clear()

    # --- simple statements ---

    def _expression(self, node: ast.Expr) -> Stmt:
        return Expression(self.span(node), self.expr(node.value))

    def _assign(self, node: ast.Assign) -> Stmt:
        return Assign(self.span(node), self.exprs(node.targets), self.expr(node.value))

    def _annotated(self, node: ast.AnnAssign) -> Stmt:
        target, annotation = self.expr(node.target), self.expr(node.annotation)
        notes = variable_annotation(target, annotation)
        return Assign(self.span(node), (target,), self.maybe(node.value), annotation, notes)

    def _augmented(self, node: ast.AugAssign) -> Stmt:
        return AugAssign(self.span(node), self.expr(node.target), OPERATORS[type(node.op)], self.expr(node.value))

    def _type_alias(self, node: Any) -> Stmt:
        return Assign(self.span(node), (self.expr(node.name),), self.expr(node.value))

    def _return(self, node: ast.Return) -> Stmt:
        return Return(self.span(node), self.maybe(node.value))

    def _raise(self, node: ast.Raise) -> Stmt:
        return Raise(self.span(node), self.maybe(node.exc))

    def _assert(self, node: ast.Assert) -> Stmt:
        return Assert(self.span(node), self.expr(node.test))

    def _delete(self, node: ast.Delete) -> Stmt:
        return Delete(self.span(node), self.exprs(node.targets))

    def _control(self, node: ast.Pass | ast.Break | ast.Continue) -> Stmt:
        return Control(self.span(node), type(node).__name__.lower())

    def _names(self, node: ast.Global | ast.Nonlocal) -> Stmt:
        return Control(self.span(node), type(node).__name__.lower(), tuple(node.names))

    def _import(self, node: ast.Import) -> Stmt:
        names = tuple([(alias.name, alias.asname or alias.name.partition(".")[0]) for alias in node.names])
        return Import(self.span(node), None, names)

    def _import_from(self, node: ast.ImportFrom) -> Stmt:
        names = tuple([(alias.name, alias.asname or alias.name) for alias in node.names])
        return Import(self.span(node), "." * (node.level or 0) + (node.module or ""), names)

    # --- compound statements ---

    def _if(self, node: ast.If) -> Stmt:
        """A run of `elif` is taken in a loop, from its end, so that a long one does not nest."""
        ladder = [node]
        while len(ladder[-1].orelse) == 1 and type(lower := ladder[-1].orelse[0]) is ast.If:
            if id(ladder[-1].orelse) in self.remarks.at_start or id(ladder[-1].orelse) in self.remarks.at_end:
                break
            ladder.append(lower)
        orelse = self.block(ladder[-1].orelse)
        for rung in reversed(ladder):
            lowered = If(self.span(rung), self.expr(rung.test), self.block(rung.body), orelse)
            found = self.remarks.at_statement.get(rung)
            if found and rung is not node:
                lowered = replace(lowered, notes=self.attaching.notes(found, lowered))
            orelse = (lowered,)
        return lowered

    def _for(self, node: ast.For | ast.AsyncFor) -> Stmt:
        target, iterable = self.expr(node.target), self.expr(node.iter)
        return For(self.span(node), target, iterable, self.block(node.body), self.block(node.orelse))

    def _while(self, node: ast.While) -> Stmt:
        return While(self.span(node), self.expr(node.test), self.block(node.body), self.block(node.orelse))

    def _with(self, node: ast.With | ast.AsyncWith) -> Stmt:
        items = tuple([(self.expr(item.context_expr), self.maybe(item.optional_vars)) for item in node.items])
        return With(self.span(node), items, self.block(node.body))

    def _try(self, node: Any) -> Stmt:
        body, handlers = self.block(node.body), tuple([self._handler(handler) for handler in node.handlers])
        return Try(self.span(node), body, handlers, self.block(node.orelse), self.block(node.finalbody))

    def _handler(self, node: ast.ExceptHandler) -> Handler:
        return Handler(self.span(node), self.maybe(node.type), node.name, self.block(node.body))

    def _match(self, node: ast.Match) -> Stmt:
        return Match(self.span(node), self.expr(node.subject), tuple([self._case(case) for case in node.cases]))

    def _case(self, node: ast.match_case) -> Case:
        pattern = node.pattern
        literal = literal_of(pattern)
        at = self.positions.between(self.span(pattern), self.span(node.body[-1]))
        binds, guard = tuple(binds_of(pattern)), self.maybe(node.guard)
        irrefutable = guard is None and is_irrefutable(pattern)
        return Case(at, self.maybe(literal), irrefutable, binds, guard, self.block(node.body))

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Stmt:
        head: dict[str, Any] = {
            "at": self.span(node),
            "name": node.name,
            "params": self.expressions.params(node.args),
            "decorators": self.exprs(node.decorator_list),
            "returns": self.maybe(node.returns),
            "is_async": isinstance(node, ast.AsyncFunctionDef),
        }
        inside = partial(self._inside, node)
        described = partial(self._described, node, head["params"], head["returns"])
        if not self.lazily:
            return Function(**head, **inside(), **described())
        function = Function.later(head, {"body": inside, "is_generator": inside, "described": described})
        self.waiting.append(function)
        return function

    def _inside(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> dict[str, Any]:
        """The body of a function, and whether that makes it a generator."""
        outer, self.expressions.yields = self.expressions.yields, False
        required = _required_tensors(node.args)
        body = with_parameters_named(self.block(node.body), parameters_of(node.args), required)
        body = with_first_input(body, _required(node.args))
        body = with_input_by_place(body, required)
        is_generator, self.expressions.yields = self.expressions.yields, outer
        return {"body": body, "is_generator": is_generator}

    def _described(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, params: tuple[Param, ...], returns: Expr | None
    ) -> dict[str, Any]:
        """What is said of a function's parameters and its result."""
        described = describe_function(node, params, returns, self.positions)
        if node in self.constructors:
            described = without_what_is_told_of_forward(described, node)
        remarks = self.remarks.at_header.get(node)
        if remarks:
            described = _joined(described, self.attaching.about_parameters(remarks, params))
        over = self.remarks.at_statement.get(node)
        if over:
            said = self.attaching.about_parameters(over, params)
            described = _joined(described, only_parameters(said, parameters_of(node.args)))
            described = _joined(described, self._of_the_function(node, over))
        return {"described": described}

    def _of_the_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, over: Sequence[Remark]) -> Notes:
        """What comments over a `def` say of its inputs and its result without their names; not what a module takes."""
        if node.name == "__init__":
            return NO_NOTES
        return of_the_function(self.attaching.notes(over, None), parameters_of(node.args), _required_tensors(node.args))

    def _class(self, node: ast.ClassDef) -> Stmt:
        bases: tuple[Expr, ...] = self.exprs(node.bases)
        constructor = constructor_beside_forward(node)
        if constructor is not None:
            self.constructors.add(constructor)
        decorators, body = self.exprs(node.decorator_list), self.block(node.body)
        described = describe_block(node, self.positions)
        if constructor is not None:
            described = _joined(described, told_of_forward(constructor, self.positions))
        metaclass = next((self.expr(keyword.value) for keyword in node.keywords if keyword.arg == "metaclass"), None)
        return Class(self.span(node), node.name, bases, body, decorators, described, metaclass)


def parameters_of(arguments: ast.arguments) -> list[str]:
    """The names of a function's parameters."""
    return [one.arg for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]


def _required(arguments: ast.arguments) -> list[str]:
    """The parameters that a call must give, but for that of the instance or class."""
    names = [one.arg for one in (*arguments.posonlyargs, *arguments.args)]
    names = names[: len(names) - len(arguments.defaults)]
    return names[1:] if names[:1] in (["self"], ["cls"]) else names


def _required_tensors(arguments: ast.arguments) -> list[str]:
    """Those of which no annotation says that they are something else than tensors."""
    told = {one.arg: ast.unparse(one.annotation) for one in arguments.args if one.annotation is not None}
    names = _required(arguments)
    return [name for name in names if name not in told or _OF_TENSORS.match(told[name])]


_OF_TENSORS = re.compile(
    r"(?!(?:typing\.)?(?:[Ll]ist|[Tt]uple|[Dd]ict|Sequence|Iterable)\b).*(?:Tensor|[Aa]rray|Any\b)"
)


def _joined(first: Notes, second: Notes) -> Notes:
    if first is NO_NOTES or second is NO_NOTES:
        return second if first is NO_NOTES else first
    return Notes(first.claims + second.claims, first.definitions + second.definitions)


_LOWERINGS: dict[type[ast.AST], Callable[[StatementLowering, Any], Stmt]] = {
    ast.Expr: StatementLowering._expression,
    ast.Assign: StatementLowering._assign,
    ast.AnnAssign: StatementLowering._annotated,
    ast.AugAssign: StatementLowering._augmented,
    ast.Return: StatementLowering._return,
    ast.Raise: StatementLowering._raise,
    ast.Assert: StatementLowering._assert,
    ast.Delete: StatementLowering._delete,
    ast.Pass: StatementLowering._control,
    ast.Break: StatementLowering._control,
    ast.Continue: StatementLowering._control,
    ast.Global: StatementLowering._names,
    ast.Nonlocal: StatementLowering._names,
    ast.Import: StatementLowering._import,
    ast.ImportFrom: StatementLowering._import_from,
    ast.If: StatementLowering._if,
    ast.For: StatementLowering._for,
    ast.AsyncFor: StatementLowering._for,
    ast.While: StatementLowering._while,
    ast.With: StatementLowering._with,
    ast.AsyncWith: StatementLowering._with,
    ast.Try: StatementLowering._try,
    ast.Match: StatementLowering._match,
    ast.FunctionDef: StatementLowering._function,
    ast.AsyncFunctionDef: StatementLowering._function,
    ast.ClassDef: StatementLowering._class,
    getattr(ast, "TryStar", ast.Try): StatementLowering._try,
    getattr(ast, "TypeAlias", ast.stmt): StatementLowering._type_alias,
}


def _shows_a_shape(statement: Stmt) -> bool:
    """Whether a statement is nothing but a shape, or prints one: what that is stands below, as in a notebook."""
    expr = statement.value if isinstance(statement, Expression) else None
    if isinstance(expr, Call) and isinstance(expr.func, Name) and len(expr.args) == 1:
        expr = expr.args[0].value
    is_size = isinstance(expr, Call) and isinstance(expr.func, Attribute) and expr.func.attr == "size"
    return is_size or (isinstance(expr, Attribute) and expr.attr == "shape")
