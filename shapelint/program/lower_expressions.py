"""Takes an expression of Python's own syntax tree, and gives it as nodes.

What grows to the left (`a + b + c`, `x.f().g()`) is taken in a loop, so that long chains do not nest.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, TypeAlias

from shapelint.program.expressions import (
    Argument,
    Attribute,
    Binary,
    Boolean,
    Call,
    Compare,
    Comprehension,
    Conditional,
    Constant,
    Dict,
    Expr,
    FString,
    Generator,
    Lambda,
    Name,
    Param,
    Sequence,
    Slice,
    Span,
    Starred,
    Subscript,
    Unary,
    Walrus,
    Yield,
)
from shapelint.program.positions import Spans

OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.MatMult: "@",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.LShift: "<<",
    ast.RShift: ">>",
}
_UNARY: dict[type[ast.unaryop], str] = {ast.USub: "-", ast.UAdd: "+", ast.Invert: "~", ast.Not: "not"}
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}


class ExpressionLowering:
    """Lowers expressions; `yields` turns True once a `yield` of the function at hand has been met."""

    def __init__(self, spans: Spans) -> None:
        self.spans = spans
        self.span = spans.span
        self.yields = False

    def expr(self, node: ast.expr) -> Expr:
        lowering = _LOWERINGS.get(type(node))
        if lowering is None:
            return self._unknown(node)
        return lowering(self, node)

    def maybe(self, node: ast.expr | None) -> Expr | None:
        return None if node is None else self.expr(node)

    def exprs(self, nodes: list[ast.expr]) -> tuple[Expr, ...]:
        return tuple([self.expr(node) for node in nodes])

    def _unknown(self, node: ast.expr) -> Expr:
        """An expression of a later Python: it yields something that nothing is known of."""
        return Yield(self.span(node), None, "unknown")

    # --- leaves ---

    def _name(self, node: ast.Name) -> Expr:
        return Name(self.span(node), node.id)

    def _constant(self, node: ast.Constant) -> Expr:
        return Constant(self.span(node), node.value)

    # --- what grows to the left ---

    def _chain(self, node: ast.expr) -> Expr:
        outer: list[ast.expr] = []
        inner: ast.expr | None = node
        while inner is not None and (left := _LEFT.get(type(inner))) is not None:
            outer.append(inner)
            inner = getattr(inner, left)
        value = self.expr(inner)  # type: ignore[arg-type]
        for grown in reversed(outer):
            value = _GROWTHS[type(grown)](self, grown, value)
        return value

    def _attribute(self, node: ast.Attribute, value: Expr) -> Expr:
        return Attribute(self.span(node), value, node.attr)

    def _call(self, node: ast.Call, func: Expr) -> Expr:
        args: list[Argument] = []
        for arg in node.args:
            if type(arg) is ast.Starred:
                args.append(Argument(self.span(arg), self.expr(arg.value), None, "*"))
            else:
                value = self.expr(arg)
                args.append(Argument(value.at, value))
        for keyword in node.keywords:
            star = "**" if keyword.arg is None else ""
            args.append(Argument(self.span(keyword), self.expr(keyword.value), keyword.arg, star))
        return Call(self.span(node), func, tuple(args))

    def _subscript(self, node: ast.Subscript, value: Expr) -> Expr:
        return Subscript(self.span(node), value, self.expr(node.slice))

    def _binary(self, node: ast.BinOp, left: Expr) -> Expr:
        return Binary(self.span(node), OPERATORS[type(node.op)], left, self.expr(node.right))

    def _await(self, node: ast.Await, value: Expr) -> Expr:
        return Yield(self.span(node), value, "await")

    # --- the rest ---

    def _slice(self, node: ast.Slice) -> Expr:
        return Slice(self.span(node), self.maybe(node.lower), self.maybe(node.upper), self.maybe(node.step))

    def _unary(self, node: ast.UnaryOp) -> Expr:
        return Unary(self.span(node), _UNARY[type(node.op)], self.expr(node.operand))

    def _boolean(self, node: ast.BoolOp) -> Expr:
        return Boolean(self.span(node), "and" if type(node.op) is ast.And else "or", self.exprs(node.values))

    def _compare(self, node: ast.Compare) -> Expr:
        ops = tuple([_COMPARISONS[type(op)] for op in node.ops])
        return Compare(self.span(node), self.expr(node.left), ops, self.exprs(node.comparators))

    def _conditional(self, node: ast.IfExp) -> Expr:
        return Conditional(self.span(node), self.expr(node.test), self.expr(node.body), self.expr(node.orelse))

    def _tuple(self, node: ast.Tuple) -> Expr:
        return Sequence(self.span(node), "tuple", self.exprs(node.elts))

    def _list(self, node: ast.List) -> Expr:
        return Sequence(self.span(node), "list", self.exprs(node.elts))

    def _set(self, node: ast.Set) -> Expr:
        return Sequence(self.span(node), "set", self.exprs(node.elts))

    def _dict(self, node: ast.Dict) -> Expr:
        keys = tuple([self.maybe(key) for key in node.keys])
        return Dict(self.span(node), keys, self.exprs(node.values))

    def _starred(self, node: ast.Starred) -> Expr:
        return Starred(self.span(node), self.expr(node.value))

    def _lambda(self, node: ast.Lambda) -> Expr:
        outer = self.yields
        lowered = Lambda(self.span(node), self.params(node.args), self.expr(node.body))
        self.yields = outer
        return lowered

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Expr:
        kind = {ast.ListComp: "list", ast.SetComp: "set"}.get(type(node), "generator")
        generators = self._generators(node.generators)
        return Comprehension(self.span(node), kind, self.expr(node.elt), None, generators)

    def _dict_comprehension(self, node: ast.DictComp) -> Expr:
        generators = self._generators(node.generators)
        return Comprehension(self.span(node), "dict", self.expr(node.key), self.expr(node.value), generators)

    def _generators(self, nodes: list[ast.comprehension]) -> tuple[Generator, ...]:
        lowered = []
        for node in nodes:
            target, iterable, conditions = self.expr(node.target), self.expr(node.iter), self.exprs(node.ifs)
            at = self.spans.between(target.at, (conditions[-1] if conditions else iterable).at)
            lowered.append(Generator(at, target, iterable, conditions))
        return tuple(lowered)

    def _walrus(self, node: ast.NamedExpr) -> Expr:
        return Walrus(self.span(node), Name(self.span(node.target), node.target.id), self.expr(node.value))

    def _fstring(self, node: ast.JoinedStr) -> Expr:
        return FString(self.span(node), self.exprs(node.values))

    def _formatted(self, node: ast.FormattedValue) -> Expr:
        return self.expr(node.value)

    def _yield(self, node: ast.Yield) -> Expr:
        self.yields = True
        return Yield(self.span(node), self.maybe(node.value))

    def _yield_from(self, node: ast.YieldFrom) -> Expr:
        self.yields = True
        return Yield(self.span(node), self.expr(node.value), "yield from")

    def params(self, args: ast.arguments) -> tuple[Param, ...]:
        """The parameters in the order in which they are written, each with its default."""
        plain = [*args.posonlyargs, *args.args]
        defaults: list[ast.expr | None] = [*([None] * (len(plain) - len(args.defaults))), *args.defaults]
        params = [
            self._param(arg, "positional" if index < len(args.posonlyargs) else "either", default)
            for index, (arg, default) in enumerate(zip(plain, defaults, strict=True))
        ]
        if args.vararg is not None:
            params.append(self._param(args.vararg, "args", None))
        for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
            params.append(self._param(arg, "keyword", default))
        if args.kwarg is not None:
            params.append(self._param(args.kwarg, "kwargs", None))
        return tuple(params)

    def _param(self, arg: ast.arg, kind: str, default: ast.expr | None) -> Param:
        return Param(self.span(arg), arg.arg, kind, self.maybe(default), self.maybe(arg.annotation))


def lower_text(text: str, at: Span) -> Expr | None:
    """The expression that a comment writes, at the comment's place; None where the text is no expression."""
    from shapelint.program.positions import FixedPosition

    if text.isidentifier() and text not in _WORDS:
        return Name(at, text)
    try:
        tree = ast.parse(text.strip(), mode="eval")
        return ExpressionLowering(FixedPosition(at)).expr(tree.body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


_WORDS = frozenset(["None", "True", "False"])
_Lowering: TypeAlias = Callable[[ExpressionLowering, Any], Expr]
_LEFT: dict[type[ast.expr], str] = {
    ast.Attribute: "value",
    ast.Call: "func",
    ast.Subscript: "value",
    ast.BinOp: "left",
    ast.Await: "value",
}
_GROWTHS: dict[type[ast.expr], Callable[[ExpressionLowering, Any, Expr], Expr]] = {
    ast.Attribute: ExpressionLowering._attribute,
    ast.Call: ExpressionLowering._call,
    ast.Subscript: ExpressionLowering._subscript,
    ast.BinOp: ExpressionLowering._binary,
    ast.Await: ExpressionLowering._await,
}
_LOWERINGS: dict[type[ast.expr], _Lowering] = {
    ast.Name: ExpressionLowering._name,
    ast.Constant: ExpressionLowering._constant,
    ast.Attribute: ExpressionLowering._chain,
    ast.Call: ExpressionLowering._chain,
    ast.Subscript: ExpressionLowering._chain,
    ast.BinOp: ExpressionLowering._chain,
    ast.Await: ExpressionLowering._chain,
    ast.Slice: ExpressionLowering._slice,
    ast.UnaryOp: ExpressionLowering._unary,
    ast.BoolOp: ExpressionLowering._boolean,
    ast.Compare: ExpressionLowering._compare,
    ast.IfExp: ExpressionLowering._conditional,
    ast.Tuple: ExpressionLowering._tuple,
    ast.List: ExpressionLowering._list,
    ast.Set: ExpressionLowering._set,
    ast.Dict: ExpressionLowering._dict,
    ast.Starred: ExpressionLowering._starred,
    ast.Lambda: ExpressionLowering._lambda,
    ast.ListComp: ExpressionLowering._comprehension,
    ast.SetComp: ExpressionLowering._comprehension,
    ast.GeneratorExp: ExpressionLowering._comprehension,
    ast.DictComp: ExpressionLowering._dict_comprehension,
    ast.NamedExpr: ExpressionLowering._walrus,
    ast.JoinedStr: ExpressionLowering._fstring,
    ast.FormattedValue: ExpressionLowering._formatted,
    ast.Yield: ExpressionLowering._yield,
    ast.YieldFrom: ExpressionLowering._yield_from,
}
