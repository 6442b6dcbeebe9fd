"""What a called function has asked of its arguments: who calls `check(x)` knows afterwards which of several x is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from shapelint.interp.paths.join import alternatives, choice
from shapelint.interp.paths.left_as_found import is_like
from shapelint.interp.state.machine import Frame, evaluate
from shapelint.interp.state.values import Choice, FunctionValue, Value
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes
from shapelint.program.written import bound_in


def narrowing(frame: Frame, callee: Frame) -> Callable[[], bool]:
    """Note what a function is called with, of which it is open what it is; called after it, narrow that.

    It gives whether there was anything. What the function binds anew is something else.
    """
    node = callee.function.node if callee.function is not None else None
    if not isinstance(node, nodes.Function) or node.is_generator:
        return lambda: False
    names = [param.name for param in node.params if _is_open(callee.env.get(param.name))]
    given = {name: callee.env[name] for name in names if name not in bound_in(node)}

    def narrow() -> bool:
        left = [env for kind, env, _ in callee.exits if kind == "return"]
        if len(callee.returns) > len(left):  # it comes to its end, too
            left.append(callee.env)
        found = False
        for name, value in given.items():
            ways = [env.get(name, value) for env in left]
            narrowed = choice(ways) if ways and all(way is not value for way in ways) else value
            if isinstance(value, Unknown):
                narrowed = _none_or_tensor(ways) or value
            if not is_like(narrowed, value):
                found = True
                _put(frame, value, narrowed)
        return found

    return narrow


def _is_open(value: Value) -> bool:
    return isinstance(value, Choice) or (isinstance(value, Unknown) and value.may_be_none)


def _none_or_tensor(ways: Sequence[Value]) -> Value:
    """What is None or a tensor of known dims at each end of a function, None of anything else."""
    kinds = [each for way in ways for each in alternatives(way)]
    told = all(each is None or (isinstance(each, Tensor) and each.shape.known) for each in kinds)
    return choice(ways) if told and any(isinstance(each, Tensor) for each in kinds) else None


def asked_by(frame: Frame, call: nodes.Call) -> list[nodes.Expr]:
    """The conditions that a call is given and that have held when it returns: `check(x.dim() == 3, "no image")`.

    The function raises an error unless what it is given holds; a torch.Tensor's own assertion does so, too.
    """
    if any(argument.star for argument in call.args) or not isinstance(call.func, (nodes.Name, nodes.Attribute)):
        return []
    if call.args and (call.func.attr if isinstance(call.func, nodes.Attribute) else call.func.id) == "_assert":
        return [call.args[0].value]
    function = frame.world.settle(evaluate(frame, call.func))
    node = function.node if isinstance(function, FunctionValue) else None
    if not isinstance(node, nodes.Function):
        return []
    names = [param.name for param in node.params if param.kind in ("positional", "either")]
    given = dict(zip(names, (one.value for one in call.args if one.keyword is None), strict=False))
    given |= {argument.keyword: argument.value for argument in call.args if argument.keyword is not None}
    flags = {param.name for param in node.params if param.name not in given and _is_true(param.default)}
    return [given[name] for statement in node.body if (name := _refused(statement, flags)) in given]


def _is_true(expr: nodes.Expr | None) -> bool:
    return isinstance(expr, nodes.Constant) and expr.value is True


def _refused(statement: nodes.Stmt, flags: set[str]) -> str:
    """The name in `if not name: raise ...`, which may stand under a flag that is set; "" for anything else."""
    if not isinstance(statement, nodes.If) or not isinstance(statement.test, nodes.Unary) or statement.test.op != "not":
        return ""
    asked = statement.test.operand
    return asked.id if isinstance(asked, nodes.Name) and _raises(statement.body, flags) else ""


def _raises(body: Sequence[nodes.Stmt], flags: set[str]) -> bool:
    return any(
        isinstance(one, nodes.Raise)
        or (isinstance(one, nodes.If) and getattr(one.test, "id", "") in flags and _raises(one.body, flags))
        for one in body
    )


def _put(frame: Frame, value: Value, narrowed: Value) -> None:
    for name, held in frame.env.items():
        if held is value:
            frame.env[name] = narrowed
