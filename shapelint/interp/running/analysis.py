"""The whole of a program interpreted: its own body, then each function and method with inputs that anyone may give."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import shapelint.interp.calls.call
import shapelint.interp.calls.method_calls
import shapelint.interp.running.builtins
import shapelint.interp.running.comprehensions
import shapelint.interp.running.expressions
import shapelint.interp.running.loops
import shapelint.interp.running.statements  # noqa: F401
from shapelint.dims import Dim
from shapelint.interp.calls.classes import class_attribute, finish_instance, make_instance
from shapelint.interp.calls.functions import run_function
from shapelint.interp.calls.given_arguments import symbolic_arguments
from shapelint.interp.calls.parts_run import (
    Analysis,
    again_with,
    is_run_without_a_call,
    note_again,
    note_at_defaults,
    within,
)
from shapelint.interp.claims.described import believe_inputs, claims_of_class, meet_result, note_unmet
from shapelint.interp.inputs.given_calls import calls_private, private_functions
from shapelint.interp.objects.iteration import keep_apart
from shapelint.interp.objects.loader import Loader
from shapelint.interp.objects.renewed import forget_renewed
from shapelint.interp.paths.block import run_block
from shapelint.interp.running.in_calls import follow_calls
from shapelint.interp.running.meant_to_fail import is_run_to_fail
from shapelint.interp.state.budget import Budget, Part, holds_claims, notes_within, part_of
from shapelint.interp.state.decorators import decorators_of, is_kernel
from shapelint.interp.state.default_device import sets_a_default_device
from shapelint.interp.state.events import ClaimMet, Event, Evidence, Failed, Suspected, Suspicion
from shapelint.interp.state.judged_frames import Made, frame_of, take_over
from shapelint.interp.state.letters import Letters
from shapelint.interp.state.machine import Frame, Machine, Step
from shapelint.interp.state.stack import with_room
from shapelint.interp.state.trail import note_inputs
from shapelint.interp.state.values import ClassValue, FunctionValue, Instance, Ref, Value
from shapelint.interp.state.world import World
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes


@with_room
def analyse(
    module: nodes.Module,
    loader: Loader | None = None,
    trail: list[Step] | None = None,
    *,
    takes_defaults: bool = True,
) -> Analysis:
    """Interpret a program. Never raises: an error of ours costs the function in which it occurs, and is told.

    `trail` is filled with what every name is given, in the order in which that happens. `takes_defaults` where a
    parameter is taken for its default if nothing tells what else it may be.
    """
    analysis = Analysis(Budget(module))
    machine = Machine(loader)
    machine.takes_defaults = takes_defaults
    machine.trail = trail
    machine.body, machine.private = module.body, private_functions(module.body)
    _judge_body(analysis, machine, module)
    base = machine.world
    while machine.functions or machine.classes:
        functions, classes = machine.functions, machine.classes
        machine.functions, machine.classes = [], []
        for function in functions:
            _judge_function(analysis, machine, function, base)
        for cls in classes:
            _judge_class(analysis, machine, cls, base)
    machine.trail = None
    follow_calls(analysis, machine)
    if any(map(_is_of_device, _events(analysis))) and sets_a_default_device(module):
        for evidence in analysis.evidence:
            evidence.events = [event for event in evidence.events if not _is_of_device(event)]
    return analysis


def _judge_body(analysis: Analysis, machine: Machine, module: nodes.Module) -> None:
    """The program's own body; a `main()` that cannot run takes nothing from the functions, which are any caller's."""
    frame = analysis.script = Frame(machine, None, recording=True, name=module.path)
    frame.open_names, frame.rebound_by_functions = module.open_names, module.rebound
    frame.set_on_names = machine.set_on_names = module.set_on_names
    frame.evidence = Evidence("")
    analysis.evidence.append(frame.evidence)
    claims = bool(module.described.claims) or any(map(holds_claims, module.body))  # these may need any name of it
    worth = Part.CLAIMS if claims else Part.SCRIPT
    sound = machine.world.facts
    for statement in module.body:
        within(analysis, machine, statement, frame.evidence, lambda s=statement: run_block(frame, [s]), worth)
        sound = sound if machine.world.facts.contradictory else machine.world.facts
    frame.evidence.facts = machine.world.facts
    machine.world.facts = sound

    def run(scratch: Analysis) -> None:
        machine.world = World()
        _judge_body(scratch, machine, module)

    if not module.open_names:  # what an article says of its tensors is all that is known of them
        frame.evidence.again = again_with(analysis, machine, run)


def _events(analysis: Analysis) -> Iterator[Event]:
    return (event for evidence in analysis.evidence for event in evidence.events)


def _is_of_device(event: Event) -> bool:
    return isinstance(event, Suspected) and event.kind in (Suspicion.DEVICE, Suspicion.ATTRIBUTE)


def _judge_function(analysis: Analysis, machine: Machine, function: FunctionValue, base: World) -> None:
    """A function by itself, with any inputs."""
    machine.world = _world_for(function, base)
    frame, found = frame_of(machine, function), _found_so_far(machine)
    analysis.evidence.append(frame.evidence)

    def run() -> None:
        _bind_symbolic(frame, function, skip_self=False)
        _run(frame, function)

    within(analysis, machine, function.node, frame.evidence, run, _worth(machine, function.node))
    if is_run_without_a_call(analysis, machine, function.node, frame.evidence, found):
        _judge_function(analysis, machine, function, base)
        return
    if is_kernel(function) or is_run_to_fail(function):
        frame.evidence.events = [event for event in frame.evidence.events if not isinstance(event, (Failed, Suspected))]
    frame.evidence.facts = machine.world.facts
    note_again(frame, analysis, lambda scratch: _judge_function(scratch, machine, function, base))
    note_at_defaults(frame, analysis, [function], lambda scratch: _judge_function(scratch, machine, function, base))


def _found_so_far(machine: Machine) -> tuple[int, int]:
    return len(machine.functions), len(machine.classes)


def _worth(machine: Machine, node: nodes.Function | nodes.Lambda) -> Part:
    """What a function is worth: one that calls private ones tells of their inputs, however far down."""
    worth = part_of(node)
    calls = worth is Part.INPUTS and isinstance(node, nodes.Function) and calls_private(machine.private, node)
    return Part.CLAIMS if calls else worth


def _run(frame: Frame, function: FunctionValue) -> None:
    """Run a function whose parameters are bound; what became known of its inputs and its result is kept."""
    given = dict(frame.env)
    frame.letters.believed = {key: value for key, value in given.items() if isinstance(value, (Tensor, Unknown))}
    frame.evidence.result = run_function(frame, function)
    frame.final_world = frame.world
    assert isinstance(function.node, nodes.Function)
    for param in function.node.params:
        believed = frame.letters.believed.get(param.name, given.get(param.name))
        frame.evidence.inputs[param.name] = frame.world.settle(believed)
    note_inputs(frame, function.node.params, frame.evidence)


def _world_for(function: FunctionValue, base: World) -> World:
    """The world in which a function is defined: a nested one may refer to objects of the one around it."""
    world = base.fork()
    scope: Frame | None = function.frame
    while scope is not None:
        if scope.final_world is not None:
            inner = scope.final_world.heap
            for key in world.heap.written_apart(inner):
                if key in inner:
                    world.heap.take(key, inner[key])
            world.facts = world.facts.also(scope.final_world.facts)
            world.runs.update(scope.final_world.runs)
            world.resolved.update(scope.final_world.resolved)
            break
        scope = scope.parent
    world.conditions = 0
    return world


def _bind_symbolic(frame: Frame, function: FunctionValue, *, skip_self: bool) -> None:
    assert isinstance(function.node, nodes.Function)
    params = function.node.params[1:] if skip_self else function.node.params
    values = symbolic_arguments(frame, function, params)
    for param in params:
        value = values[param.name]
        frame.env[param.name], frame.given[param.name] = value, [value]
        frame.lines[param.name] = param.at[0]


def _judge_class(analysis: Analysis, machine: Machine, cls: ClassValue, base: World) -> None:
    """A class: `__init__` with any arguments, then each method on the instance that it makes."""

    def make(scratch: Analysis) -> Made:
        machine.world = _world_for(
            FunctionValue(nodes.Lambda(cls.node.at, (), nodes.Constant(cls.node.at, None)), cls.frame), base
        )
        ref, init, letters = _symbolic_instance(scratch, machine, cls)
        forget_renewed(machine.world, ref, cls)
        return Made(ref, init, letters, machine.world)

    made = make(analysis)
    budget = analysis.budget  # not the analysis, which holds what is run again
    made_at_defaults = cache(lambda: make(Analysis(budget.for_another_run())))
    analysis.made[made.ref.id] = made
    for name, function in list(cls.attrs.items()):
        if name == "__init__" or not isinstance(function, FunctionValue) or function.owner is not cls:
            continue
        _judge_method(analysis, machine, cls, function, lambda: made_at_defaults() if machine.at_defaults else made)
    _judge_description(analysis, machine, cls, lambda: made_at_defaults() if machine.at_defaults else made)


def _judge_method(
    analysis: Analysis, machine: Machine, cls: ClassValue, function: FunctionValue, make: Callable[[], Made]
) -> None:
    """A method on the instance that `__init__` made, with any inputs."""
    made = make()
    machine.world = made.world.fork()
    frame, found = frame_of(machine, function, cls.name), _found_so_far(machine)
    take_over(frame, made)
    analysis.evidence.append(frame.evidence)

    def run() -> None:
        assert isinstance(function.node, nodes.Function)
        kinds = decorators_of(function)
        static = "staticmethod" in kinds or (not kinds and _is_namespace(cls))
        if function.node.params and not static:
            frame.env[function.node.params[0].name] = cls if "classmethod" in kinds else made.ref
        _bind_symbolic(frame, function, skip_self=not static)
        _run(frame, function)

    assert isinstance(function.node, nodes.Function)
    worth = Part.CLAIMS if claims_of_class(cls, function.node) else _worth(machine, function.node)
    within(analysis, machine, function.node, frame.evidence, run, worth)
    if is_run_without_a_call(analysis, machine, function.node, frame.evidence, found):
        _judge_method(analysis, machine, cls, function, make)
        return
    for name, value in made.init.inputs.items():  # used as a size by a method alone: of what it is made with, too
        if isinstance(value, Unknown) and value.size is not None:
            keep_apart(frame, [value.size], ("init", name))
    frame.evidence.facts = machine.world.facts
    note_again(frame, analysis, lambda scratch: _judge_method(scratch, machine, cls, function, make))
    functions = [function, class_attribute(cls, "__init__")]
    note_at_defaults(frame, analysis, functions, lambda scratch: _judge_method(scratch, machine, cls, function, make))


def _is_namespace(cls: ClassValue) -> bool:
    """Whether a class is but a place for functions, which are called without an instance of it."""
    functions = [each for each in cls.node.body if isinstance(each, nodes.Function)]
    takes_self = any(each.params and each.params[0].name == "self" for each in functions)
    return not (cls.bases or takes_self or any(each.name.startswith("__") for each in functions))


def _judge_description(analysis: Analysis, machine: Machine, cls: ClassValue, make: Callable[[], Made]) -> None:
    """What a class's docstring says, where no method of its own has it: of the `forward` that it inherits, of fields.

    What happens within an inherited method is told where that stands.
    """
    met = {id(event.attached) for each in analysis.evidence for event in each.events if isinstance(event, ClaimMet)}
    claims = [attached for attached in cls.node.described.claims if id(attached) not in met]
    if not claims:
        return
    made = make()
    machine.world = made.world.fork()
    forward = class_attribute(cls, "forward") or class_attribute(cls, "__call__")
    constructor = class_attribute(cls, "__init__")
    inherited = isinstance(forward, FunctionValue) and forward.owner is not cls
    function = forward if isinstance(forward, FunctionValue) and inherited else None
    frame = frame_of(machine, function, cls.name) if function else Frame(machine, cls.frame.module, name=cls.name)
    frame.evidence = Evidence(cls.name, line=cls.node.at[0])
    frame.recording = True
    analysis.evidence.append(frame.evidence)
    of_forward = claims_of_class(cls, function.node) if function and isinstance(function.node, nodes.Function) else []
    for attached in claims:
        if attached not in of_forward:
            note_unmet(frame, attached, _fields(cls, constructor), "the class has no forward of which it could speak")
    if not function or not isinstance(function.node, nodes.Function) or not of_forward:
        return

    def run() -> None:
        assert isinstance(function, FunctionValue) and isinstance(function.node, nodes.Function)
        frame.env[function.node.params[0].name] = made.ref
        _bind_symbolic(frame, function, skip_self=True)
        believe_inputs(frame, of_forward, function.node)
        frame.recording = False
        value = run_function(frame, function)
        frame.recording = True
        meet_result(frame, of_forward, function.node, value)

    within(analysis, machine, cls.node, frame.evidence, run, Part.CLAIMS)
    frame.evidence.facts = machine.world.facts
    functions = [function, constructor]
    note_at_defaults(frame, analysis, functions, lambda scratch: _judge_description(scratch, machine, cls, make))


def _fields(cls: ClassValue, constructor: Value) -> set[str]:
    """The names of what an instance is made with."""
    if isinstance(constructor, FunctionValue) and isinstance(constructor.node, nodes.Function):
        return {param.name for param in constructor.node.params[1:]}
    body = [statement for ancestor in cls.lineage for statement in ancestor.node.body]
    assigned = [each for each in body if isinstance(each, nodes.Assign) and each.annotation is not None]
    return {target.id for each in assigned for target in each.targets if isinstance(target, nodes.Name)}


def _symbolic_instance(analysis: Analysis, machine: Machine, cls: ClassValue) -> tuple[Ref, Evidence, Letters]:
    """An instance made with arguments that anyone may choose; the evidence of its `__init__` is noted."""
    ref = machine.world.allocate(Instance(cls, {}, open=not cls.known_whole))
    before = machine.world.fork()
    constructor = class_attribute(cls, "__init__")
    if not isinstance(constructor, FunctionValue):
        frame = Frame(machine, cls.frame.module, parent=cls.frame, cls=cls, name=cls.name)
        node = nodes.Call(cls.node.at, nodes.Name(cls.node.at, cls.name), ())
        frame.guarded = 1
        made: Value = None

        def build() -> None:
            nonlocal made
            made = make_instance(frame, cls, [], {}, node)

        within(analysis, machine, cls.node, frame.evidence, build, part_of(cls.node))
        if frame.evidence.limit:
            return _half_made(machine, cls, ref, before, frame.evidence)
        return (made if isinstance(made, Ref) else ref), frame.evidence, frame.letters
    frame, found = frame_of(machine, constructor, cls.name), _found_so_far(machine)
    frame.evidence.trusting = False  # what it makes is for the methods, which do not doubt it
    frame.recording = constructor.owner is cls
    if frame.recording:
        analysis.evidence.append(frame.evidence)

    def remake(scratch: Analysis) -> None:
        machine.world = before.fork()
        _symbolic_instance(scratch, machine, cls)

    frame.evidence.again = again_with(analysis, machine, remake)

    def run() -> None:
        assert isinstance(constructor.node, nodes.Function)
        if constructor.node.params:
            frame.env[constructor.node.params[0].name] = ref
        _bind_symbolic(frame, constructor, skip_self=True)
        for definition in cls.node.described.definitions:
            frame.letters.defined[definition.definition.name] = definition
        _run(frame, constructor)
        finish_instance(frame, cls, ref)

    within(analysis, machine, constructor.node, frame.evidence, run, part_of(cls.node))
    if is_run_without_a_call(analysis, machine, constructor.node, frame.evidence, found):
        machine.world = before
        return _symbolic_instance(analysis, machine, cls)
    if frame.evidence.limit:
        return _half_made(machine, cls, ref, before, frame.evidence)
    frame.evidence.facts = machine.world.facts
    content = machine.world.heap.get(ref.id)
    if isinstance(content, Instance):
        params = {
            f"({name})": frame.env[name] for name in (p.name for p in constructor.node.params[1:]) if name in frame.env
        }
        machine.world.heap[ref.id] = Instance(cls, {**params, **content.attrs}, content.open)
    _keep_parameters_apart(frame, constructor)
    return ref, frame.evidence, frame.letters


def _half_made(
    machine: Machine, cls: ClassValue, ref: Ref, before: World, evidence: Evidence
) -> tuple[Ref, Evidence, Letters]:
    """The instance of which nothing is known, where its constructor was not followed to its end.

    What was set, counted and assumed until then may have become something else by the end.
    """
    machine.world = before
    machine.world.heap[ref.id] = Instance(cls, {}, open=True)
    return ref, evidence, Letters()


def _keep_parameters_apart(frame: Frame, constructor: FunctionValue) -> None:
    values = [frame.world.settle(frame.env.get(param.name)) for param in constructor.node.params[1:]]
    sizes = [value.size if isinstance(value, Unknown) else value for value in values]  # used as one on some path alone
    keep_apart(frame, [size for size in sizes if isinstance(size, Dim)], ("init", constructor.node.at))


def claims_of(module: nodes.Module) -> Iterator[nodes.Attached]:
    """Every claim of a program, in the order of the file."""
    yield from module.described.claims
    for notes in notes_within(module.body):
        yield from notes.claims
