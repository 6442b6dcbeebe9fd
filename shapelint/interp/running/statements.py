"""Statements: assignment, branches, loops, `try`, `with`, definitions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shapelint.interp.calls.classes import class_attribute, made_of, run_class_body
from shapelint.interp.calls.narrowed import asked_by
from shapelint.interp.claims.at_statements import claims_after
from shapelint.interp.claims.claimed_branches import meet_header
from shapelint.interp.claims.claims_over import claims_before, with_claims_over
from shapelint.interp.claims.names import join_letters, part_letters
from shapelint.interp.objects.arithmetic import operate
from shapelint.interp.objects.containers import delete_part, grow_in_place
from shapelint.interp.objects.handed_out import fill_for_functions, hand_to_function
from shapelint.interp.objects.imports import import_names, is_for_type_checkers, without_star_imports
from shapelint.interp.objects.iteration import bind, in_one_of
from shapelint.interp.objects.methods import object_method
from shapelint.interp.objects.renewed import take_for_made
from shapelint.interp.objects.rules import run_rule
from shapelint.interp.paths.block import Way, go, leave, meet, run_block
from shapelint.interp.paths.flags import keep_test
from shapelint.interp.paths.join import join_envs, join_worlds
from shapelint.interp.paths.letters_on_paths import take_letters
from shapelint.interp.running.conditions import assume
from shapelint.interp.running.meant_to_fail import expects_error
from shapelint.interp.running.truth import answer
from shapelint.interp.state.decorators import is_of_property, operators_of
from shapelint.interp.state.machine import Frame, evaluate, executes, invoke
from shapelint.interp.state.values import (
    Bound,
    Choice,
    Container,
    DictObject,
    FunctionValue,
    Instance,
    ListObject,
    Ref,
    Value,
    unknown,
)
from shapelint.interp.state.versions import is_for_python_alone
from shapelint.ops.call import apply
from shapelint.ops.operators import BINARY_OPERATORS
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes
from shapelint.program.within import parts_of
from shapelint.program.written import statements_of


@executes(nodes.Expression)
def expression(frame: Frame, statement: nodes.Expression) -> str | None:
    """An expression by itself."""
    claims_before(frame, statement)
    value = evaluate(frame, statement.value)
    claims_after(frame, statement, value)
    if isinstance(statement.value, nodes.Call):
        for condition in asked_by(frame, statement.value):
            assume(frame, condition, True)
    return None


@executes(nodes.Assign)
def assign(frame: Frame, statement: nodes.Assign) -> str | None:
    """`a = b = value`, perhaps with an annotation."""
    claims_before(frame, statement)
    if statement.value is None:
        claims_after(frame, statement, unknown("a bare annotation"))
        return None
    first = statement.targets[0]
    frame.hint = first.id if isinstance(first, nodes.Name) and _gives_a_size(statement.value) else ""
    value = evaluate(frame, statement.value)
    frame.hint = ""
    if isinstance(first, nodes.Name):
        keep_test(frame, statement.value, value)
    for target in statement.targets:
        bind(frame, target, value, statement.value)
        if type(value) is Ref and isinstance(target, nodes.Name) and frame.function is not None:
            fill_for_functions(frame, target.id)
    claims_after(frame, statement, value)
    return None


def _gives_a_size(expr: nodes.Expr) -> bool:
    """Whether an expression is one size of a tensor, or a number made whole: what is bound to it is its name."""
    if isinstance(expr, nodes.Subscript):
        return isinstance(expr.value, nodes.Attribute) and expr.value.attr == "shape"
    if not isinstance(expr, nodes.Call):
        return False
    if isinstance(expr.func, nodes.Attribute):
        return expr.func.attr == "size"
    is_whole = isinstance(expr.func, nodes.Name) and expr.func.id in ("int", "round")
    return is_whole and not any(_holds_a_size(argument.value) for argument in expr.args)


def _holds_a_size(expr: nodes.Expr) -> bool:
    return _gives_a_size(expr) or any(map(_holds_a_size, parts_of(expr)))


@executes(nodes.AugAssign)
def augmented(frame: Frame, statement: nodes.AugAssign) -> str | None:
    """`target op= value`: a tensor is changed in place, anything else bound anew."""
    claims_before(frame, statement)
    left, right = evaluate(frame, statement.target), evaluate(frame, statement.value)
    operator = BINARY_OPERATORS.get(statement.op)
    if isinstance(left, Tensor) and operator is not None and statement.op not in ("@",):
        name = "torch.Tensor." + operator.rsplit(".", 1)[1] + "_"
        result = run_rule(
            frame, statement.target, lambda a, k: apply(name, a, k), [left, right], {}, f"{statement.op}="
        )
        result = left if isinstance(result, Unknown) else result  # what is changed in place keeps its shape
    elif statement.op == "+" and grow_in_place(frame, statement, left, right):
        result = left
    else:
        expr = nodes.Binary(statement.at, statement.op, statement.target, statement.value)
        result = operate(frame, expr, statement.op, left, right)
    if not isinstance(statement.target, nodes.Subscript) or not isinstance(left, Tensor):
        bind(frame, statement.target, result, statement.value)
    claims_after(frame, statement, result)
    return None


@executes(nodes.Return)
def returned(frame: Frame, statement: nodes.Return) -> str | None:
    """`return value`."""
    claims_before(frame, statement)
    value = None if statement.value is None else evaluate(frame, statement.value)
    value = claims_after(frame, statement, value)
    frame.returns.append(frame.world.settle(value))
    return leave(frame, "return")


@executes(nodes.Raise)
def raised(frame: Frame, statement: nodes.Raise) -> str | None:
    """`raise`: this path ends."""
    claims_before(frame, statement)
    return "raise"


@executes(nodes.Assert)
def asserted(frame: Frame, statement: nodes.Assert) -> str | None:
    """`assert test`: a fact from here on."""
    claims_before(frame, statement)
    evaluate(frame, statement.test)
    assume(frame, statement.test, True)
    claims_after(frame, statement, unknown("an assertion"))
    return None


@executes(nodes.Delete)
def deleted(frame: Frame, statement: nodes.Delete) -> str | None:
    """`del name`, `del items[index]`; what is left of anything else than a list or a dict is not known."""
    for target in statement.targets:
        if isinstance(target, nodes.Name):
            frame.env.pop(target.id, None)
        elif isinstance(target, nodes.Subscript):
            _delete_item(frame, target)
    return None


def _delete_item(frame: Frame, target: nodes.Subscript) -> None:
    holder = frame.world.settle(evaluate(frame, target.value))
    if isinstance(holder, Choice):
        in_one_of(frame, holder, lambda one: _delete_item_of(frame, target, one))
    else:
        _delete_item_of(frame, target, holder)


def _delete_item_of(frame: Frame, target: nodes.Subscript, holder: Value) -> None:
    content = frame.world.heap.get(holder.id) if isinstance(holder, Ref) else None
    if isinstance(holder, Ref) and isinstance(content, (ListObject, DictObject)):
        call = nodes.Call(target.at, target.value, ())
        object_method(frame, holder, content, "pop", [evaluate(frame, target.index)], {}, call)
    elif isinstance(holder, Ref) and isinstance(content, Container):
        delete_part(frame, holder, content, frame.world.settle(evaluate(frame, target.index)))
    elif isinstance(target.value, nodes.Name):
        frame.env[target.value.id] = unknown(f"an item of {target.value.id} was deleted", target.at[0])


@executes(nodes.Control)
def control(frame: Frame, statement: nodes.Control) -> str | None:
    """`pass`, `break`, `continue`, `global`."""
    claims_before(frame, statement)
    if statement.kind in ("break", "continue"):
        return leave(frame, statement.kind)
    return None


@executes(nodes.Comment)
def commented(frame: Frame, statement: nodes.Comment) -> str | None:
    """Comments at the end of a block."""
    claims_before(frame, statement)
    claims_after(frame, statement, unknown("a comment by itself"))
    return None


@executes(nodes.Import)
def imported(frame: Frame, statement: nodes.Import) -> str | None:
    """`import`: names of the project's own modules, or of modules that are known by name only."""
    import_names(frame, statement)
    return None


@executes(nodes.If)
def branch(frame: Frame, statement: nodes.If) -> str | None:
    """`if`: one side where the condition is known, else both, joined after."""
    claims_before(frame, statement)
    if is_for_type_checkers(statement.test):
        statement = replace(statement, body=without_star_imports(statement.body))
    known = answer(frame, statement.test, evaluate(frame, statement.test))
    if known is None and not statement.orelse and is_for_python_alone(frame, statement.test):
        known = True  # what it checks holds below, too
    if known is not None:
        body = with_claims_over(frame, statement, statement.body if known else statement.orelse)
        frame.tested = (body[0] if body else None, _tested(frame, statement.test))
        meet_header(frame, statement, body, known)
        before = dict(frame.env) if frame is frame.module and _is_of_a_script(statement.test) else None
        how = run_block(frame, body)
        if before is not None:
            frame.of_script |= {name for name, value in frame.env.items() if before.get(name) is not value}
    else:
        env, world, letters = frame.env, frame.world, dict(frame.letters.bound)
        body, orelse = (
            with_claims_over(frame, statement, statement.body),
            with_claims_over(frame, statement, statement.orelse),
        )
        one = go(frame, lambda: _enter(frame, statement, True, body), body, env, world)
        of_body = part_letters(frame, letters)
        other = go(frame, lambda: _enter(frame, statement, False, orelse), orelse, env, world)
        join_letters(frame, of_body, (one[2], other[2]))
        if one[0] is None and other[0] is None:
            take_for_made(statement.test, one[2], other[2])
        how = meet(frame, [one, other], world.conditions)
        if how is None and "continue" in (one[0], other[0]):
            frame.world.conditions += 1  # what is left of the turn is for some turns only
    if how is None:
        claims_after(frame, statement, unknown("a branch"))
    return how


def _is_of_a_script(test: nodes.Expr) -> bool:
    """Whether a test is `__name__ == "__main__"`: what stands under it is no part of what others import."""
    return isinstance(test, nodes.Compare) and isinstance(test.left, nodes.Name) and test.left.id == "__name__"


def _enter(frame: Frame, statement: nodes.If, holds: bool, body: Sequence[nodes.Stmt]) -> None:
    """Enter a branch: its condition is a fact there, and the comments at its beginning may speak of what it tests."""
    assume(frame, statement.test, holds)
    frame.tested = (body[0] if body else None, _tested(frame, statement.test))
    take_letters(frame)
    meet_header(frame, statement, body, holds)


def _tested(frame: Frame, test: nodes.Expr) -> tuple[Value, ...]:
    """What the names in a test stand for where the branch begins, which may give them other values."""
    if not frame.recording:  # it is for comments, of which none is met in a call
        return ()
    if isinstance(test, nodes.Name):
        return (frame.world.settle(frame.env[test.id]),) if test.id in frame.env else ()
    return tuple(value for part in parts_of(test) for value in _tested(frame, part))


@executes(nodes.With)
def with_block(frame: Frame, statement: nodes.With) -> str | None:
    """`with`: what stands under `pytest.raises` is meant to fail."""
    claims_before(frame, statement)
    meant_to_fail = False
    managers: list[tuple[Value, nodes.Expr]] = []
    for context, target in statement.items:
        value = evaluate(frame, context)
        managers.append((value, context))
        meant_to_fail = meant_to_fail or expects_error(context)
        entered = _manage(frame, value, "__enter__", [], context, value)
        if target is not None:
            bind(frame, target, entered, context)
    if not meant_to_fail:
        how = run_block(frame, with_claims_over(frame, statement, statement.body))
        for value, context in reversed(managers if how is None else []):
            _manage(frame, value, "__exit__", [None, None, None], context, None)
        return how
    frame.guarded += 1
    env, world = frame.env, frame.world
    way = go(frame, lambda: None, statement.body, env, world)
    frame.guarded -= 1
    return meet(frame, [(None, way[1], way[2]), (None, env, world)], world.conditions)


def _manage(
    frame: Frame, manager: Value, method: str, args: Sequence[Value], context: nodes.Expr, otherwise: Value
) -> Value:
    """What an object of the program does as a block is entered or left; `otherwise` of anything else."""
    content = frame.world.heap.get(manager.id) if isinstance(manager, Ref) else None
    function = class_attribute(content.type, method) if isinstance(content, Instance) else None
    if not isinstance(function, FunctionValue):
        return otherwise
    return invoke(frame, Bound(manager, function), args, {}, nodes.Call(context.at, context, ()))


@executes(nodes.Try)
def guarded(frame: Frame, statement: nodes.Try) -> str | None:
    """`try`: its body may fail, and each handler may run instead."""
    claims_before(frame, statement)
    env, world = frame.env, frame.world
    frame.guarded += bool(statement.handlers)
    way = go(frame, lambda: None, with_claims_over(frame, statement, statement.body), env, world)
    frame.guarded -= bool(statement.handlers)
    if way[0] is None and statement.orelse:
        way = (run_block(frame, statement.orelse), frame.env, frame.world)
    ways = [way]
    for handler in statement.handlers:
        between_env, between_world = join_envs(env, way[1]), join_worlds(world, way[2])

        def prepare(handler: nodes.Handler = handler) -> None:
            if handler.name:
                frame.env[handler.name] = unknown("an exception", handler.at[0])

        ways.append(go(frame, prepare, handler.body, between_env, between_world))
    how = meet(frame, ways, world.conditions)
    if statement.final:
        final = run_block(frame, statement.final)
        how = final or how
    return how


@executes(nodes.Match)
def match(frame: Frame, statement: nodes.Match) -> str | None:
    """`match`: the case of a known value, else each of them."""
    claims_before(frame, statement)
    subject = evaluate(frame, statement.subject)
    env, world = frame.env, frame.world
    ways: list[Way] = []
    for case in statement.cases:
        if case.literal is not None and isinstance(subject, (str, bool)):
            value = evaluate(frame, case.literal)
            if isinstance(value, (str, bool)) and value != subject:
                continue
            if value == subject and case.guard is None and not ways:
                return run_block(frame, case.body)

        def prepare(case: nodes.Case = case) -> None:
            for name in case.binds:
                frame.env[name] = unknown(f"{name}, bound by a pattern", case.at[0])

        ways.append(go(frame, prepare, case.body, env, world))
        if case.irrefutable:
            break
    else:
        ways.append((None, env, world))
    return meet(frame, ways, world.conditions)


@executes(nodes.Function)
def define_function(frame: Frame, statement: nodes.Function) -> str | None:
    """`def`: the function as a value, unless a decorator makes something unknown of it."""
    if is_of_property(statement):
        return None
    defaults = {p.name: evaluate(frame, p.default) for p in statement.params if p.default is not None}
    function = FunctionValue(statement, frame, None, defaults)
    frame.env[statement.name] = function
    for name in operators_of(statement):
        frame.machine.operators[name] = frame.module.operators[name] = function
    if frame.function is not None and frame.module.rebound_by_functions:
        frame.rebound_by_functions |= _taken_from_around(statement)
    hand_to_function(frame, statement)
    if frame.recording:
        frame.machine.functions.append(function)
    return None


def _taken_from_around(function: nodes.Function) -> frozenset[str]:
    """The names of the function around it that a function says to be `nonlocal`."""
    said = (one for one in statements_of(function) if isinstance(one, nodes.Control))
    return frozenset(name for one in said if one.kind == "nonlocal" for name in one.names)


@executes(nodes.Class)
def define_class(frame: Frame, statement: nodes.Class) -> str | None:
    """`class`: the class as a value, or what a decorator makes of it."""
    frame.env[statement.name] = made_of(frame, run_class_body(frame, statement))
    return None
