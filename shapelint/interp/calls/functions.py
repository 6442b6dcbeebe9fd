"""Calling a function of the program: running its body in a frame of its own, its parameters bound."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace

from shapelint.interp.calls.cut_calls import forget_changed
from shapelint.interp.calls.narrowed import narrowing
from shapelint.interp.claims.described import believe_inputs, claims_about, meet_result
from shapelint.interp.claims.promised import as_promised
from shapelint.interp.inputs.given_calls import note_call
from shapelint.interp.inputs.parameters import bind_arguments
from shapelint.interp.objects.rules import fail
from shapelint.interp.paths.block import run_block
from shapelint.interp.paths.flags import answers_known
from shapelint.interp.paths.join import choice, join_worlds
from shapelint.interp.paths.left_as_found import Touched, left_as_found
from shapelint.interp.state.decorators import (
    NO_BODY,
    decorators_of,
    gives_nothing,
    has_no_body,
    is_property,
    is_wrapped,
    leaves_as_it_is,
    wrapping,
)
from shapelint.interp.state.machine import MOST_DEPTH, Frame, Machine, OutOfBudget, calls, evaluate, invoke
from shapelint.interp.state.memory import Remembered, call_key, is_held, made_again, made_since
from shapelint.interp.state.values import FunctionValue, Instance, ListObject, Ref, Value, unknown
from shapelint.interp.state.world import next_id
from shapelint.ops.needs import CannotRun, Trouble
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes


@calls(FunctionValue)
def call_function(
    frame: Frame,
    function: FunctionValue,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    node: nodes.Call,
) -> Value:
    """What a function of the program returns for these values; what goes wrong within is laid at the call."""
    machine = frame.machine
    if is_wrapped(function.node) and not function.bare:
        return _call_decorated(frame, function, args, kwargs, node)
    if machine.private:
        note_call(frame, function, args, kwargs, node)
    key = _memory_key(frame, function, args, kwargs)
    known = machine.remembered.get(key) if key is not None else None
    if known is not None and machine.world.facts.say_all_of(known.facts) and is_held(machine.world, known.value):
        value = _recall(frame, function, known, node)
        return as_promised(frame, function, args, kwargs, value)
    if key is not None and machine.under_way.get(key) is not None:
        return _supposed(machine, function, key, node)
    nested = tuple(_nested(frame, value) for value in args)
    too_much = "takes too much work" if id(function.node) in machine.leaves_out else ""
    if too_much or frame.depth >= MOST_DEPTH or _goes_on(machine, function.node, nested):
        forget_changed(frame, function, (*args, *kwargs.values()))
        value = unknown(f"the call of {function.name} {too_much or 'goes too deep'}", node.at[0])
        return as_promised(frame, function, args, kwargs, value)
    inner, frame_site = frame.of_call(function), frame.call_site
    problem = bind_arguments(inner, function, args, kwargs)
    if problem:
        chosen = frame.recording or any(kind == "return" for kind, _, _ in frame.exits)  # what came here, and what left
        unsure = chosen and any(isinstance(value, Unknown) for value in args)
        lacks_some = _is_to_be_extended(frame, function, args, takes_less=problem.endswith("missing"))
        if unsure or lacks_some or has_no_body(function):  # what overrides it may well take other arguments
            return unknown(problem, node.at[0])
        if _may_be_rewritten(frame):
            return unknown(problem, node.at[0])
        return fail(frame, node, CannotRun(f"{function.full_name}(): {problem}", Trouble.CALL))
    begun, promised = machine.begin_call(function.node), len(frame.evidence.promised)
    narrow = narrowing(frame, inner)
    frame.call_site = node
    machine.calls_open.append((function.node, nested))
    oldest, facts, reshaped = next_id(), machine.world.facts, machine.reshaped
    touched = Touched.before_call(machine.world.heap, oldest)
    if key is not None:
        machine.under_way[key] = NOT_ASKED
    try:
        value = run_function(inner, function)
        if key is not None and machine.under_way[key] is not NOT_ASKED and machine.world.heap.lowest > oldest:
            value = _with_itself_known(frame, inner, key, value, args, kwargs)
    except OutOfBudget:
        machine.note_cut(function.node, begun)
        raise
    finally:
        machine.blame(function.node, begun)
        machine.calls_open.pop()
        if key is not None:
            machine.under_way.pop(key, None)
        frame.call_site = frame_site
    if not inner.failures and not inner.passed_over and all(map(_is_told, args)):
        machine.runs_of(function.node).add(id(node))
    is_pure = left_as_found(machine.world.heap) and machine.reshaped == reshaped
    if not narrow() and key is not None and not inner.passed_over and is_pure:
        words = tuple(frame.evidence.promised[promised:])
        made = made_since(machine.world, value, oldest)
        machine.remembered[key] = Remembered(value, tuple(inner.failures), words, made, facts)
    touched.give_back(machine.world.heap)
    return as_promised(frame, function, args, kwargs, value)


def _is_told(value: Value) -> bool:
    """Whether a value tells something for which a function may not run: it is not unknown, nor of unknown shape."""
    return not isinstance(value, Unknown) and not (isinstance(value, Tensor) and not value.shape.known)


def _is_to_be_extended(frame: Frame, function: FunctionValue, args: Sequence[Value], *, takes_less: bool) -> bool:
    """Whether a method is called on an instance of a class that leaves it to those that extend it to take what it is
    given: one that leaves another method to them, or that inherits this one and is a base by its name."""
    own = frame.world.heap.get(args[0].id) if args and isinstance(args[0], Ref) else None
    if function.owner is None or function.name == "__init__" or not isinstance(own, Instance):
        return False
    if function.owner is not own.type and _OF_BASES.match(own.type.name):
        return True
    if not takes_less:
        return False
    nearest: dict[str, Value] = {}
    for cls in own.type.lineage:
        nearest = {**cls.attrs, **nearest}
    return any(isinstance(one, FunctionValue) and has_no_body(one) for one in nearest.values())


_OF_BASES = re.compile(r"_*(?:Base|Abstract|Generic)(?![a-z])|\w*(?:Base|Mixin)$")


def _may_be_rewritten(frame: Frame) -> bool:
    """Whether a decorator that is not seen stands over the code that is judged.

    It may make something else of its calls, as of `Adam(_partial_=True)` in a configuration.
    """
    while not frame.recording and frame.caller is not None:
        frame = frame.caller
    function = frame.function
    decorators = wrapping(function.node) if function is not None else []
    makers = [one.func if isinstance(one, nodes.Call) else one for one in decorators]
    return function is not None and not all(isinstance(evaluate(function.frame, one), FunctionValue) for one in makers)


NOT_ASKED = "nobody asked for it"


def _supposed(machine: Machine, function: FunctionValue, key: Hashable, node: nodes.Call) -> Value:
    """What a call gives that stands within itself, with values alike: what it is supposed to give, or nothing yet."""
    if machine.under_way[key] is NOT_ASKED:
        machine.under_way[key] = unknown(f"the call of {function.name} goes too deep", node.at[0])
    return machine.under_way[key]


def _with_itself_known(
    frame: Frame, run: Frame, key: Hashable, value: Value, args: Sequence[Value], kwargs: Mapping[str, Value]
) -> Value:
    """What a function gives that calls itself with the same: if that is what it gives where it does not, so it is.

    `value` is what it gave in a `run` in which nothing was known of that.
    """
    function, machine = run.function, frame.machine
    told = [one for one in run.returns if isinstance(one, Tensor) and machine.world.settle(one).shape.known]
    if not told or run.failures or function is None or len(told) == len(run.returns):
        return value
    machine.under_way[key] = supposed = choice([machine.world.settle(one) for one in told])
    again = frame.of_call(function)
    if bind_arguments(again, function, args, kwargs):
        return value
    found = run_function(again, function)
    is_so = isinstance(found, Tensor) and isinstance(supposed, Tensor) and found.shape == supposed.shape
    return found if is_so and not again.failures else value


def _goes_on(machine: Machine, node: nodes.Function | nodes.Lambda, nested: tuple[int, ...]) -> bool:
    """Whether a function calls itself again and again, and not to go down into what it was given."""
    open_calls = [depths for called, depths in machine.calls_open if called is node]
    if len(open_calls) < 2:
        return False
    goes_down = any(now < before for now, before in zip(nested, open_calls[-1], strict=False))
    return len(open_calls) >= MOST_NESTED or not goes_down


MOST_NESTED = 6


def _nested(frame: Frame, value: Value, deep: int = MOST_NESTED) -> int:
    """How deep lists and tuples stand in each other in a value, all of whose items are known."""
    content = frame.world.heap.get(value.id) if isinstance(value, Ref) else value
    row = content.items if isinstance(content, ListObject) else content
    if type(row) is not tuple or deep == 0:
        return 0
    return 1 + max((_nested(frame, item, deep - 1) for item in row), default=0)


def _call_decorated(
    frame: Frame,
    function: FunctionValue,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    node: nodes.Call,
) -> Value:
    """The result of what decorators of the program make of a function: each is a function that is called with it."""
    machine = frame.machine
    known: FunctionValue | None = machine.remembered.get(("bare", function))
    if known is not None:
        return call_function(frame, known, args, kwargs, node)
    something_else = unknown(f"a decorator may make something else of {function.name}", node.at[0])
    scope = Frame(machine, function.frame.module, parent=function.frame, evidence=frame.evidence, depth=frame.depth)
    bare = replace(function, bare=True)
    made: Value = bare
    for decorator in reversed(wrapping(function.node)):
        maker = evaluate(scope, decorator)
        if leaves_as_it_is(maker):
            continue
        if not isinstance(maker, FunctionValue):
            return something_else
        made = invoke(frame, maker, [made], {}, node)
    if made is bare:
        machine.remembered["bare", function] = bare
    elif is_property(made):  # what stands here is called where the attribute is read, and gives what is called then
        return something_else
    return invoke(frame, made, args, kwargs, node) if isinstance(made, FunctionValue) else something_else


def _memory_key(
    frame: Frame, function: FunctionValue, args: Sequence[Value], kwargs: Mapping[str, Value]
) -> Hashable | None:
    """The key under which a call is remembered; None for a closure, which depends on more than its arguments."""
    scope: Frame | None = function.frame
    if scope is not function.frame.module or (function.owner is None and isinstance(function.node, nodes.Lambda)):
        return None
    key = call_key(frame.world, args, kwargs)
    return None if key is None else (function, key, answers_known(frame), frame.evidence.trusting, frame.machine.doubt)


def _recall(frame: Frame, function: FunctionValue, remembered: Remembered, node: nodes.Call) -> Value:
    """What a call gave before; what went wrong in it is laid at this call, too."""
    frame.evidence.promised += remembered.promised
    if remembered.failures:
        inner = Frame(frame.machine, function.frame.module, function=function, name=function.name)
        site, frame.call_site = frame.call_site, node
        for event in remembered.failures:
            frame.from_callee(event, inner)
        frame.call_site = site
    return made_again(frame.world, remembered.value, remembered.made)


def run_function(frame: Frame, function: FunctionValue) -> Value:
    """Run a function's body in its frame, parameters bound; what it returns."""
    node = function.node
    if isinstance(node, nodes.Lambda):
        return evaluate(frame, node.body)
    if frame.recording:
        believe_inputs(frame, claims_about(frame, node), node)
    if has_no_body(function) or gives_nothing(function):
        what = Unknown(f"{node.name} {NO_BODY}", given=True)  # what is said of it is for others to keep
        return _described(frame, node, what)
    how = run_block(frame, node.body)
    if node.is_generator and "contextmanager" in decorators_of(function, last=True):
        entered = choice(frame.yields) if frame.yields else unknown("what is run around a block")
        return _described(frame, node, entered)
    if node.is_generator:
        items = choice(frame.yields) if frame.yields else unknown("what a generator gives")
        return _described(frame, node, frame.world.allocate(ListObject.some(items)))
    worlds = [world for kind, _, world in frame.exits if kind == "return"]
    if how is None:
        frame.returns.append(None)
        worlds.append(frame.world)
    if not frame.returns:
        return _described(frame, node, unknown(f"{node.name} never returns"))
    joined = worlds[0]
    for world in worlds[1:]:
        joined = join_worlds(joined, world)
    joined.conditions = frame.world.conditions
    frame.machine.world = joined
    frame.final_world = joined
    value = choice([joined.settle(value) for value in frame.returns], [world.facts for world in worlds])
    return _described(frame, node, value)


def _described(frame: Frame, node: nodes.Function, value: Value) -> Value:
    """The result of a function, held against what is said of it where the function is judged."""
    return meet_result(frame, claims_about(frame, node), node, value) if frame.recording else value
