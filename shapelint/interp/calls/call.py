"""Calls: what is called is found, the arguments are evaluated, and the kind of what is called decides the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

from shapelint.dims import Facts
from shapelint.interp.calls.attributes import attribute
from shapelint.interp.calls.classes import class_attribute
from shapelint.interp.calls.externals import call_external, what_made
from shapelint.interp.calls.functions import call_function
from shapelint.interp.calls.named_bases import call_of_base, is_of_base
from shapelint.interp.claims.applied_layers import meet_applied
from shapelint.interp.inputs.asked_attributes import is_asked_as_module
from shapelint.interp.inputs.odd_kernels import with_odd_kernel
from shapelint.interp.objects.containers import call_container
from shapelint.interp.objects.formatted import set_by_name
from shapelint.interp.objects.handed_out import hand_out
from shapelint.interp.objects.held_modules import whole_base
from shapelint.interp.objects.iteration import bind, holder_of
from shapelint.interp.objects.keeping import kept_by_name, makes_what_keeps
from shapelint.interp.objects.keys import got
from shapelint.interp.objects.rows import row_of
from shapelint.interp.objects.rules import run_rule, sources_of
from shapelint.interp.objects.set_by_methods import renewed
from shapelint.interp.paths.defaults import call_default
from shapelint.interp.paths.join import choice, join_worlds
from shapelint.interp.state.machine import Frame, calls, evaluate, evaluates, invoke
from shapelint.interp.state.suspicions import is_looked_at, suspect_all
from shapelint.interp.state.values import (
    Bound,
    Choice,
    ClassValue,
    Container,
    DictObject,
    External,
    FunctionValue,
    Instance,
    Layer,
    ListObject,
    MethodOf,
    Partial,
    Ref,
    Super,
    Value,
    unknown,
)  # fmt: skip
from shapelint.interp.state.world import World
from shapelint.ops.call import call_method, method_gives_tensor
from shapelint.ops.registry import find_method
from shapelint.ops.rows import Many, SizesOf
from shapelint.ops.tensor import UNSEEN, Unknown
from shapelint.program import nodes
from shapelint.program.written import text_of


@evaluates(nodes.Call)
def call(frame: Frame, expr: nodes.Call) -> Value:
    """`func(args)`."""
    if isinstance(expr.func, nodes.Name) and expr.func.id == "super" and frame.function is not None:
        return _super(frame, expr) if len(expr.args) != 1 else unknown("super() of a class alone", expr.at[0])
    frame.callee = expr.func
    callee = frame.world.settle(evaluate(frame, expr.func))
    rows: list[Choice] = []
    args, kwargs = arguments(frame, expr, rows)
    given: Sequence[Value] = args
    if rows:
        callee, args = _with_each_row(callee, args, rows[0]), []
        given = [*given, *(item for row in rows[0].values if type(row) is tuple for item in row)]
    result = frame.world.settle(invoke(frame, callee, args, kwargs, expr))
    if isinstance(expr.func, nodes.Attribute) and expr.func.attr == "update":
        _update_attributes(frame, expr.func.value, args, kwargs)
    if isinstance(result, Unknown):
        named = (*given, *kwargs.values(), *frame.env.values())
        halves = any(isinstance(one, str) and "glu" in one.lower() for one in named)
        result.keeps = result.keeps or (not result.origin and not halves and makes_what_keeps(expr))
        hand_out(frame, (*given, *kwargs.values(), *_receiver(frame, expr.func)))
    if "out" in kwargs and isinstance(callee, (External, MethodOf)):
        _write_out(frame, expr, result)
    return result


def _update_attributes(frame: Frame, updated: nodes.Expr, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
    """`self.__dict__.update(given)`: an object gets attributes, any of its own where they are not known."""
    holder = holder_of(updated)
    held = frame.world.settle(evaluate(frame, holder)) if holder is not None else None
    if not isinstance(held, Ref):
        return
    given: dict[Any, Value] = dict(kwargs)
    for one in args:
        content = frame.world.heap.get(one.id) if isinstance(one, Ref) else None
        given.update(content.entries if isinstance(content, DictObject) else {})
        if not isinstance(content, DictObject) or content.open:
            given["**"] = True
    for name, value in given.items():
        if name == "**":
            name = value = unknown("an attribute of a name that is not known", updated.at[0])
        set_by_name(frame, held, name, value, updated.at[0])


def _receiver(frame: Frame, func: nodes.Expr) -> tuple[Value, ...]:
    """What a method is called on, where a name tells."""
    held = func.value if isinstance(func, nodes.Attribute) else None
    return (evaluate(frame, held),) if isinstance(held, (nodes.Name, nodes.Attribute)) else ()


def _write_out(frame: Frame, expr: nodes.Call, result: Value) -> None:
    """`torch.topk(x, k, out=(values, indices))`: what `out` names is the result from here on."""
    target = next((argument.value for argument in expr.args if argument.keyword == "out"), None)
    if target is None:  # it came by `**`
        return
    targets = target.items if isinstance(target, nodes.Sequence) else (target,)
    items = result if isinstance(result, tuple) else (result,)
    for number, name in enumerate(targets):
        if isinstance(name, (nodes.Name, nodes.Attribute, nodes.Subscript)):
            given = items[number] if len(items) == len(targets) else unknown("what `out` holds", expr.at[0])
            bind(frame, name, given, None)


def _super(frame: Frame, expr: nodes.Call) -> Value:
    """`super()`, or `super(Ancestor, self)`, which goes on after the ancestor."""
    named = frame.world.settle(evaluate(frame, expr.args[0].value)) if expr.args else None
    scope: Frame | None = frame
    while scope is not None:
        if scope.cls is not None and scope.function is not None and scope.function.node.params:
            receiver = scope.env.get(scope.function.node.params[0].name)
            if isinstance(named, ClassValue):
                return Super(receiver, named)
            if expr.args and text_of(expr.args[0].value) not in (scope.cls.name, "__class__", "self.__class__"):
                return unknown("super() of a class that is not of the program", expr.at[0])
            return Super(receiver, scope.cls)
        scope = scope.parent
    return unknown("super() outside a class")


def _with_each_row(callee: Value, args: Sequence[Value], rows: Choice) -> Value:
    """What is called where its last arguments are one of several rows: with each of them what goes with it.

    `kind, given = (Linear, (d, h)) if plain else (Conv1d, (d, h, k))` and then `kind(*given)`.
    """
    called: list[tuple[Partial, Facts | None]] = []
    for row, path in rows.each():
        assert type(row) is tuple
        for one, own in callee.each() if isinstance(callee, Choice) else ((callee, None),):
            both = own.also(path) if own is not None and path is not None else own or path
            if both is None or not both.contradictory:
                called.append((Partial(one, (*args, *row), ()), both))
    if len(called) < 2:
        return called[0][0] if called else unknown("a call of which no case can be")
    return Choice(*map(tuple, zip(*called, strict=True)))


MOST_ROWS = 4


def _rows_of(frame: Frame, value: Value) -> Choice | None:
    """One of a few rows of known items, as one; None of any other value."""
    value = frame.world.settle(value)
    if not isinstance(value, Choice) or not 1 < len(value.values) <= MOST_ROWS:
        return None
    rows = [row_of(frame, one) for one in value.values if type(one) is tuple or isinstance(one, Ref)]
    if len(rows) < len(value.values) or any(isinstance(part, (Many, SizesOf)) for row in rows for part in row):
        return None
    return Choice(tuple(rows), value.paths)


def _is_added_to(frame: Frame, expr: nodes.Expr, given: DictObject) -> bool:
    """Whether other methods of an object add to what is spread, called by whatever means: to `self.options`, or to
    what stands in the place of one that is empty, `options = self.options or {}`."""
    holder = frame.world.settle(evaluate(frame, expr.value)) if isinstance(expr, nodes.Attribute) else _called_of(frame)
    content = frame.world.heap.get(holder.id) if isinstance(holder, Ref) else None
    if not isinstance(content, Instance):
        return False
    names = [expr.attr] if isinstance(expr, nodes.Attribute) else [] if given.entries else [*content.attrs]
    kept = {name for name in names if isinstance(content.attrs.get(name), Ref)}
    kept = {name for name in kept if isinstance(frame.world.heap.get(content.attrs[name].id), DictObject)}
    return bool(kept) and not kept.isdisjoint(renewed(content.type, again=True))


def _called_of(frame: Frame) -> Value:
    """What the method that is run is called of, None in a function."""
    params = frame.function.node.params if frame.function is not None and frame.cls is not None else ()
    return frame.env.get(params[0].name) if params else None


def arguments(frame: Frame, expr: nodes.Call, rows: list[Choice] | None = None) -> tuple[list[Value], dict[str, Value]]:
    """The values of a call's arguments; `**` or `*` among the names says that there are more.

    `*` holds those from the first on whose number is not known. Where the last ones are one of several rows, `rows`
    takes these.
    """
    last = next((one for one in reversed(expr.args) if one.keyword is None and one.star != "**"), None)
    args: list[Value] = []
    kwargs: dict[str, Value] = {}
    for argument in expr.args:
        value = evaluate(frame, argument.value)
        if argument.star == "*" and argument is last and rows is not None and "*" not in kwargs:
            cases = _rows_of(frame, value)
            if cases is not None:
                rows.append(cases)
                continue
        if argument.star == "*":
            row = (value,) if isinstance(value, SizesOf) else row_of(frame, value)
            if any(isinstance(part, (Many, SizesOf)) for part in (*row, *kwargs.get("*", ()))):
                kwargs["*"] = (*kwargs.get("*", ()), *row)
            else:
                args += row
        elif argument.star == "**":
            content = frame.world.heap.get(value.id) if isinstance(value, Ref) else None
            if isinstance(content, DictObject):
                kwargs.update({key: item for key, item in content.entries.items() if isinstance(key, str)})
                if content.open or _is_added_to(frame, argument.value, content):
                    kwargs["**"] = True
            else:
                kwargs["**"] = True
        elif argument.keyword is not None:
            kwargs[argument.keyword] = value
        elif "*" in kwargs:
            kwargs["*"] = (*kwargs["*"], value)
        else:
            args.append(value)
    return args, kwargs


@calls(Choice)
def call_each(
    frame: Frame, callee: Choice, args: Sequence[Value], kwargs: Mapping[str, Value], expr: nodes.Call
) -> Value:
    """A call of one of several values: each is tried, and what fails is passed over unless all do.

    What all of them need is known from then on, and an object is what either of them makes of it.
    """
    results: list[Value] = []
    worlds: list[World] = []
    ways: list[tuple[Value, Facts | None]] = []
    after: Facts | None = None
    for one, path in callee.each():
        there = frame.world.facts if path is None else frame.world.facts.also(path)
        if one is None or there.contradictory or _is_never_given(frame, there, (*args, *kwargs.values())):
            continue
        frame.guarded += 1
        world, passed_over = frame.machine.world, frame.passed_over
        frame.machine.world = world.fork()
        frame.machine.world.facts = there
        failures = len(frame.failures)
        try:
            result = frame.machine.world.settle(invoke(frame, one, args, kwargs, expr))
            tried = frame.world
        finally:
            frame.guarded -= 1
            del frame.failures[failures:]
            frame.machine.world = world
        if frame.passed_over == passed_over:
            results.append(result)
            ways.append((one, path))
            worlds.append(tried)
            after = tried.facts if after is None else after.shared_with(tried.facts)
    methods = [one for one, _ in ways if isinstance(one, MethodOf) and is_looked_at(f".{one.name}()")]
    if methods and len(methods) == len(callee.values):
        each = [((one.receiver, *args), kwargs) for one in methods]
        suspect_all(frame, expr, f".{methods[0].name}()", each, lambda: sources_of(frame, expr))
    if len(ways) == 1 and isinstance(results[0], Ref):
        return invoke(frame, ways[0][0], args, kwargs, expr)
    if any(one.heap.written_apart(frame.world.heap) for one in worlds):
        joined = reduce(join_worlds, worlds)
        frame.world.heap = joined.heap
        if all(isinstance(result, Ref) for result in results):  # what each was made of is known as it was used there
            frame.world.resolved, frame.world.names, frame.world.runs = joined.resolved, joined.names, joined.runs
    not_known = [result for result in results if isinstance(result, Unknown)]
    if not_known or not results:
        why = not_known[0].reason if not_known else "one of several functions is not known"
        return results[0] if len(results) == 1 else unknown(why, expr.at[0])
    made = [result for result in results if isinstance(result, Ref)]
    missing = any(one.id not in frame.world.heap for one in made)
    objects = [one for one in made if missing or not isinstance(frame.world.heap[one.id], (DictObject, ListObject))]
    if missing or len(objects) > MOST_CLASSES:
        return unknown("one of several classes is not known", expr.at[0])
    frame.world.facts = after or frame.world.facts
    return choice(results, [path for _, path in ways])


def _is_never_given(frame: Frame, facts: Facts, args: Sequence[Value]) -> bool:
    """Whether one of these comes about on paths alone that facts rule out."""
    of_paths = (given for given in map(frame.world.settle, args) if isinstance(given, Choice) and given.paths)
    return any(all(path is not None and facts.rules_out(path) for path in given.paths) for given in of_paths)


MOST_CLASSES = 2  # of which an object may be one; what is called of it is tried with each


@calls(External)
def external_call(
    frame: Frame, callee: External, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call
) -> Value:
    """A function or class of a module that is known by name only: an operator, a layer, or one of Python's library."""
    if is_of_base(frame, callee.name, args):
        return call_of_base(frame, callee.name, args, kwargs, node)
    return call_external(frame, callee.name, args, kwargs, node)


@calls(Partial)
def partial_call(
    frame: Frame, callee: Partial, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call
) -> Value:
    """A partial function, with its arguments put before those of the call."""
    return invoke(frame, callee.function, [*callee.args, *args], {**dict(callee.kwargs), **kwargs}, node)


@calls(Layer)
def layer_call(
    frame: Frame, callee: Layer, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call
) -> Value:
    """A layer of torch.nn, applied."""
    result = layer_method(frame, callee, "forward", args, kwargs, node)
    if frame.machine.said_of_layers:
        meet_applied(frame, callee, args, result)
    return result


def layer_method(
    frame: Frame, layer: Layer, name: str, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call
) -> Value:
    """A method of a layer of which there is a rule; what gives another layer of the kind gives a value like it."""
    made = layer.instance
    what = layer.name if name == "forward" else f"{layer.name}.{name}"
    if "*" in kwargs or "**" in kwargs:
        return unknown(f"{what} with arguments that are not known", node.at[0])
    used, of_tensor = with_odd_kernel(frame, made), method_gives_tensor(made, name)
    result = run_rule(
        frame, node, lambda a, k: call_method(used, name, a, k), args, kwargs, what, made, of_tensor=of_tensor
    )
    return Layer(result, layer.name) if type(result) is type(made) else result


@calls(Ref)
def object_call(
    frame: Frame, callee: Ref, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call
) -> Value:
    """An instance, called: its `__call__`, or a module's `forward`."""
    result = _of_object(frame, callee, args, kwargs, node)
    if frame.machine.said_of_layers:
        meet_applied(frame, callee, args, result)
    return result


def _of_object(
    frame: Frame, callee: Ref, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call
) -> Value:
    content = frame.world.heap.get(callee.id)
    if isinstance(content, Container):
        return call_container(frame, content, args, kwargs, node)
    if isinstance(content, Instance):
        own = class_attribute(content.type, "__call__") is not None
        for name in ("__call__", "forward") if own else ("forward",):
            method = attribute(frame, callee, name, node)
            if isinstance(method, Bound) and isinstance(method.function, FunctionValue):
                return call_function(frame, method.function, [callee, *args], kwargs, node)
        hand_out(frame, (callee,))  # to the `__call__` of a class that is not of the program
        if "<base>" in content.attrs:
            return invoke(frame, whole_base(frame, content), args, kwargs, node)
        return unknown(f"{content.type.name} has no forward that is known", node.at[0])
    return unknown("a call of an object that is not known", node.at[0])


@calls(Unknown)
def unknown_call(
    frame: Frame, callee: Unknown, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call
) -> Value:
    """A call of something of which nothing is known, but what its name may tell."""
    kept = kept_by_name(frame, callee, node, args)
    if kept is not None:
        return kept
    by_default = call_default(frame, callee, args, kwargs, node)
    if by_default is not None:
        return by_default
    held = got(frame, node, args)
    if held is not None:
        return held
    if isinstance(node.func, nodes.Attribute) and not callee.origin:
        given = callee.given and find_method(node.func.attr, None) is None
        return Unknown(callee.reason, line=callee.line, given=given)
    return Unknown(
        what_made(text_of(node.func), node.at[0], UNSEEN if UNSEEN in callee.reason else ""),
        line=node.at[0],
        given=callee.given and not _is_method_of_input(frame, node.func),
    )


def _is_method_of_input(frame: Frame, func: nodes.Expr) -> bool:
    """Whether it is a method of a parameter, which may be a tensor: what it gives is then for torch to say."""
    while isinstance(func, nodes.Attribute):
        func = func.value
        if isinstance(func, nodes.Name):
            return not isinstance(frame.env.get(func.id), Ref) and not is_asked_as_module(frame, func.id)
    return False
