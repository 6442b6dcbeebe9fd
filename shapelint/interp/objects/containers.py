"""nn.Sequential, ModuleList, ModuleDict, ParameterList and ParameterDict: made, called, and changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from shapelint.dims import Dim
from shapelint.interp.objects.methods import object_method
from shapelint.interp.objects.rows import any_number_of, row_of, surely_runs
from shapelint.interp.paths.cases import take_path
from shapelint.interp.paths.join import alternatives, choice, join_values, join_worlds
from shapelint.interp.paths.widening import Widening
from shapelint.interp.state.ground import Ground
from shapelint.interp.state.machine import Frame, invoke
from shapelint.interp.state.remaking import time_of
from shapelint.interp.state.second_turns import stops_after_one
from shapelint.interp.state.turns import Moment
from shapelint.interp.state.values import Container, DictObject, Layer, ListObject, Ref, Value, unknown
from shapelint.ops.rows import Many
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes
from shapelint.shapes import Shape

MOST_TIMES = 3  # until the shape is the same after a time as it was before
KINDS = frozenset("Sequential ModuleList ModuleDict ParameterList ParameterDict".split())
BY_NAME = frozenset("modules values parameters".split())  # the parts, as constructors of lists and dicts call them


def make_container(
    frame: Frame, kind: str, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call
) -> Value:
    """A new container with the parts that its constructor is given."""
    by_name = [part for name, part in kwargs.items() if name in BY_NAME and part is not None]
    made = _container_of(frame, kind, [*args, *kwargs.get("*", ()), *by_name])
    is_plain = len(node.args) == len(made.row) and not any(argument.star for argument in node.args)
    sites = tuple(argument.value.at for argument in node.args) if is_plain and kind == "Sequential" else ()
    return frame.world.allocate(replace(made, sites=sites, scope=frame.scope))


def _container_of(frame: Frame, kind: str, args: Sequence[Value]) -> Container:
    if not args:
        return Container(kind, (), ())
    first = args[0]
    content = frame.world.heap.get(first.id) if isinstance(first, Ref) else None
    if isinstance(content, DictObject) and content.open:
        return Container.numbered(kind, (Many((content.element or unknown("a part of a container"),)),))
    if isinstance(content, DictObject):
        return Container.of(kind, ((str(key), part) for key, part in content.entries.items()))
    return Container.numbered(kind, args if kind == "Sequential" else row_of(frame, first))


def call_container(
    frame: Frame, content: Container, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call
) -> Value:
    """nn.Sequential, applied: each part to what the one before it gives.

    A part that cannot take what another one gives, whatever the input, is told of where it stands.
    """
    if content.kind != "Sequential":
        return unknown(f"a call of a {content.kind}", node.at[0])
    values, around = list(args), frame.applied
    try:
        for place, part in enumerate(content.row):
            if place:
                frame.applied = partial(_site, frame, content, place, node, around)
            values = [_apply(frame, part, values, kwargs, node)]
            kwargs = {}
    finally:
        frame.applied = around
    return values[0] if values else unknown("a Sequential without input", node.at[0])


def _apply(frame: Frame, part: Value, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    if isinstance(part, Many):
        return _many_times(frame, part, args, kwargs, node)
    return frame.world.settle(invoke(frame, part, args, kwargs, node))


Where: TypeAlias = Callable[[], nodes.Span | None]


def _site(frame: Frame, content: Container, place: int, node: nodes.Call, around: Where) -> nodes.Span | None:
    """Where a part is written in a Sequential of this file, else where it was made for it, if it can take no input.

    A part that can take what those before it give for another input than this one is told of where that is given.
    """
    part = content.row[place]
    own = part.at if isinstance(part, Layer) and part.scope == content.scope else None
    at = content.sites[place] if content.sites else own
    is_here = at is not None and content.scope[0] == frame.scope[0]
    return at if is_here and _fails_alone(frame, content, place, node) else around()


def _fails_alone(frame: Frame, content: Container, place: int, node: nodes.Call) -> bool:
    """Whether a part of a Sequential is the first that fails with a tensor of which nothing is known."""
    world, around, failures = frame.machine.world, frame.applied, frame.passed_over
    frame.machine.world, frame.applied = world.fork(), lambda: None
    frame.guarded += 1
    try:
        value: Value = Tensor(Shape.unknown(), None)
        for part in content.row[:place]:
            value = _apply(frame, part, [value], {}, node)
        before = frame.passed_over
        _apply(frame, content.row[place], [value], {}, node)
        return before == failures < frame.passed_over
    finally:
        frame.guarded -= 1
        frame.machine.world, frame.applied, frame.passed_over = world, around, failures


def _many_times(
    frame: Frame, many: Many, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call
) -> Value:
    """Parts of a Sequential, applied one after the other as often as there are: what each time leaves as it was."""
    if many.ways is not None and len(args) == 1 and not kwargs:
        found = _perhaps(frame, many, args[0], node)
        if found is not None:
            return found
    failures = frame.passed_over
    frame.guarded += not surely_runs(frame, many.count)
    once = _one_time(frame, many, args, kwargs, node)
    frame.guarded -= not surely_runs(frame, many.count)
    if frame.passed_over > failures:
        return _in_any_order(frame, many, args, node)
    if not surely_runs(frame, many.count, 2):
        _note_second_time(frame, many, once, node)
    again, widening = once, Widening(frame.world, Moment())
    for _ in range(MOST_TIMES):
        frame.guarded += 1
        after = _one_time(frame, many, [again], {}, node)
        frame.guarded -= 1
        if frame.passed_over > failures or isinstance(after, Unknown):
            return _in_any_order(frame, many, args, node)
        wider = widening.value(again, after)
        if wider is again:
            break
        again = wider
    else:
        return _in_any_order(frame, many, args, node)
    whole = len(args) == 1 and not kwargs
    if surely_runs(frame, many.count) or not whole:
        return again
    return join_values(frame.world.settle(args[0]), again)


def _note_second_time(frame: Frame, many: Many, once: Value, node: nodes.Call) -> None:
    """Note it where the parts surely cannot take what they themselves have made."""
    if not frame.recording or frame.guarded or many.ways is not None:
        return
    world, noted, failures = frame.machine.world, len(frame.evidence.events), len(frame.failures)
    frame.machine.world = world.fork()
    conditions = frame.world.conditions
    _one_time(frame, many, [once], {}, node)
    frame.machine.world = world
    events = frame.evidence.events[noted:]
    del frame.evidence.events[noted:], frame.failures[failures:]
    frame.evidence.events += stops_after_one(events, (), conditions, what="these parts")


def _perhaps(frame: Frame, many: Many, given: Value, node: nodes.Call) -> Value | None:
    """A part that is there under a condition, applied, and what it is given; None where it may not be able to run."""
    assert many.ways is not None
    there, away = many.ways
    if frame.world.facts.rules_out(away):
        return _one_time(frame, many, [given], {}, node)
    if frame.world.facts.rules_out(there):
        return given
    world, failures, conditions = frame.machine.world, frame.passed_over, frame.world.conditions
    frame.machine.world = world.fork()
    frame.machine.world.conditions += 1
    take_path(frame, there)
    frame.guarded += 1
    made = frame.world.settle(_one_time(frame, many, [given], {}, node))
    frame.guarded -= 1
    inner = frame.machine.world
    frame.machine.world = world
    if frame.passed_over > failures or isinstance(made, Unknown):
        return None
    frame.machine.world = join_worlds(inner, world)
    frame.machine.world.conditions = conditions
    return choice([made, frame.world.settle(given)], [there, away])


def _in_any_order(frame: Frame, many: Many, args: Sequence[Value], node: nodes.Call) -> Value:
    """What is left of a tensor by parts of which neither the number nor the order is known, `if norm:` among them.

    That is how many dims it has, and those that each of the parts leaves as they are, whatever the others are: all but
    the last, or but those of a picture or its channels.
    """
    not_known = unknown("a Sequential of unknown length", node.at[0])
    given = frame.world.settle(args[0]) if len(args) == 1 else None
    parts = [one for part in many.group for one in alternatives(frame.world.settle(part))]
    if not isinstance(given, Tensor) or not given.shape.known or given.rank < 2 or not parts:
        return not_known
    for kept in sorted({given.rank - 1, 1}, reverse=True):
        world = frame.machine.world
        sizes = [Ground(world).fresh("_") for _ in range(given.rank - kept)]
        made = Tensor(Shape((*given.shape.dims[:kept], *sizes)), None, None, given.device)
        if all(_leaves(frame, part, made, kept, node) for part in parts):
            return made
    return not_known


def _leaves(frame: Frame, part: Value, given: Tensor, kept: int, node: nodes.Call) -> bool:
    """Whether a part gives as many dims as it is given, of which the first ones are the same."""
    world, failures, passed_over = frame.machine.world, len(frame.failures), frame.passed_over
    frame.machine.world = world.fork()
    frame.guarded += 1
    result = frame.machine.world.settle(invoke(frame, part, [given], {}, node))
    frame.guarded -= 1
    frame.machine.world = world
    del frame.failures[failures:]
    found = [one for one in alternatives(result) if isinstance(one, Tensor) and one.shape.known]
    is_told = frame.passed_over == passed_over and len(found) == len(alternatives(result))
    return is_told and all(one.rank == given.rank and one.shape.dims[:kept] == given.shape.dims[:kept] for one in found)


def _one_time(frame: Frame, many: Many, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    values = list(args)
    for part in time_of(frame.world, many):
        values = [frame.world.settle(invoke(frame, part, values, kwargs, node))]
        kwargs = {}
    return values[0]


ADDED = ("index", "name", "module", "modules")
"""The parameters of the methods that add to a container, in their order."""


def container_method(
    frame: Frame,
    ref: Ref,
    content: Container,
    name: str,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    node: nodes.Call,
) -> Value:
    """A method of a container."""
    if name in ("append", "add_module", "register_module", "insert", "extend"):
        return _grow(frame, ref, content, name, [*args, *(kwargs[key] for key in ADDED if key in kwargs)])
    if name in ("values", "children", "modules", "parameters"):
        return frame.world.allocate(ListObject(content.row))
    if name in ("items", "named_children"):
        return frame.world.allocate(ListObject(tuple(map(_named, content.names, content.row))))
    if name == "keys" and content.parts is not None:
        return frame.world.allocate(ListObject(content.names))
    if name == "update" and args:
        _update(frame, ref, content, args[0])
        return None
    if name in ("forward", "__call__"):
        return call_container(frame, content, args, {}, node)
    if name in ("to", "cuda", "cpu", "eval", "train", "apply", "half", "float", "requires_grad_"):
        return ref
    if name == "pop" and content.parts:
        frame.world.heap[ref.id] = replace(content, names=content.names[:-1], row=content.row[:-1])
        return content.row[-1]
    return unknown(f"{content.kind}.{name}()", node.at[0])


def _update(frame: Frame, ref: Ref, content: Container, other: Value) -> None:
    """`heads.update({"aux": head})`: the parts under their names; where these are not known, any number of them."""
    given = frame.world.heap.get(other.id) if isinstance(other, Ref) else None
    pairs = given.parts if isinstance(given, Container) else None
    if isinstance(given, DictObject) and not given.open:
        pairs = tuple((str(name), part) for name, part in given.entries.items())
    if pairs is not None and content.parts is not None:
        frame.world.heap[ref.id] = Container.of(content.kind, {**dict(content.parts), **dict(pairs)}.items())
        return
    more = [part for _, part in pairs] if pairs is not None else [unknown("a part that update() brings")]
    frame.world.heap[ref.id] = Container.numbered(content.kind, (any_number_of(frame, (*content.row, *more)),))


def _named(name: str, part: Value) -> Value:
    """A part with its name; many with names that are not known."""
    if not isinstance(part, Many):
        return (name, part)
    return Many(tuple((unknown("a name"), one) for one in part.group), part.count, part.varying)


def grow_in_place(frame: Frame, statement: nodes.AugAssign, value: Value, more: Value) -> bool:
    """`layers += more`: a list or container takes in what it is given, as by `extend`; whether the value is one."""
    content = frame.world.heap.get(value.id) if isinstance(value, Ref) else None
    if isinstance(content, ListObject):
        call = nodes.Call(statement.at, statement.target, (nodes.Argument(statement.at, statement.value),))
        object_method(frame, value, content, "extend", [more], {}, call)
        return True
    if not isinstance(content, Container) or content.kind in ("ModuleDict", "ParameterDict"):
        return False
    _grow(frame, value, content, "extend", [more])
    return True


def delete_part(frame: Frame, ref: Ref, content: Container, index: Value) -> None:
    """`del layers[0]`, `del heads["aux"]`: what is left; where it is not known which part goes, any of them."""
    parts = content.parts
    if parts is not None and isinstance(index, str):
        left = Container.of(content.kind, [(name, part) for name, part in parts if name != index])
    elif parts and isinstance(index, Dim) and index.value is not None and index.value in range(-len(parts), len(parts)):
        at = index.value % len(parts)
        left = Container.numbered(content.kind, [part for place, (_, part) in enumerate(parts) if place != at])
    else:
        left = Container.numbered(content.kind, (any_number_of(frame, content.row),) if content.row else ())
    frame.world.heap[ref.id] = left


def _grow(frame: Frame, ref: Ref, content: Container, name: str, args: Sequence[Value]) -> Value:
    place = len(content.row)
    if name == "extend" and args:
        new = row_of(frame, args[0])
        names = tuple(str(place + i) for i in range(len(new)))
    else:
        new = tuple(args[-1:])
        is_named = name in ("add_module", "register_module") and len(args) > 1
        names = ((args[0] if isinstance(args[0], str) else f"?{place}") if is_named else str(place),)
    if name == "insert":
        many = any_number_of(frame, (*content.row, *new))
        frame.world.heap[ref.id] = Container.numbered(content.kind, (many,))
    else:
        names, row = (*content.names, *names), (*content.row, *new)
        frame.world.heap[ref.id] = replace(content, names=names, row=row, sites=())
    return ref
