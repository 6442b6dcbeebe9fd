"""Private functions run with what the calls of their program give them."""

from __future__ import annotations

from shapelint.interp.calls.functions import run_function
from shapelint.interp.calls.parts_run import Analysis, note_again, within
from shapelint.interp.inputs.given_calls import GivenCall, all_calls_known, that_may_be_known
from shapelint.interp.inputs.parameters import bind_arguments
from shapelint.interp.state.budget import Part
from shapelint.interp.state.events import Evidence
from shapelint.interp.state.judged_frames import frame_of, take_over
from shapelint.interp.state.machine import Machine
from shapelint.interp.state.values import Ref
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes


def follow_calls(analysis: Analysis, machine: Machine) -> None:
    """Run each private function with what its calls give it; where all of them are known, its evidence holds these.

    What a private function that is run so gives to others is a call like any other.
    """
    begun: dict[int, int] = {}
    runs: dict[int, list[Evidence]] = {}
    while waiting := [one for one in that_may_be_known(machine.private) if begun.get(id(one.node), 0) < len(one.given)]:
        for private in waiting:
            key = id(private.node)
            call = private.given[begun.get(key, 0)]
            begun[key] = begun.get(key, 0) + 1
            run = _run_given(analysis, machine, call)
            runs.setdefault(key, []).append(run)
            private.unsure |= bool(run.limit)  # what is not followed to its end is not worth being followed again
    by_node = {id(one.function): one for one in reversed(analysis.evidence) if one.function is not None}
    for private in all_calls_known(machine.private):
        if id(private.node) in by_node:
            by_node[id(private.node)].in_calls = runs[id(private.node)]
    machine.private = {}


def _run_given(analysis: Analysis, machine: Machine, call: GivenCall) -> Evidence:
    """The evidence of a function that is run with what a call gives it."""
    scratch = Analysis(analysis.budget.for_another_run(), made=analysis.made)
    functions, classes, world = machine.functions, machine.classes, machine.world
    machine.functions, machine.classes = [], []
    try:
        _judge_given(scratch, machine, call)
    finally:
        machine.functions, machine.classes, machine.world = functions, classes, world
    analysis.problems += scratch.problems
    return scratch.evidence[0]


def _judge_given(analysis: Analysis, machine: Machine, call: GivenCall) -> None:
    function = call.function
    assert isinstance(function.node, nodes.Function)
    machine.world = call.world.fork()
    machine.world.conditions = 0
    frame = frame_of(machine, function, function.owner.name if function.owner is not None else "")
    frame.evidence.given_by, frame.evidence.caller = call.site, call.caller
    receiver = call.args[0] if call.args else None
    made = analysis.made.get(receiver.id) if isinstance(receiver, Ref) else None
    if made is not None:
        take_over(frame, made)
    analysis.evidence.append(frame.evidence)

    def run() -> None:
        if bind_arguments(frame, function, call.args, call.kwargs):
            frame.evidence.limit = "the arguments do not fit"
            return
        tensors = {name: value for name, value in frame.env.items() if isinstance(value, (Tensor, Unknown))}
        frame.letters.believed = tensors
        run_function(frame, function)

    within(analysis, machine, function.node, frame.evidence, run, Part.CLAIMS)
    frame.evidence.facts = machine.world.facts.also(call.caller.facts)  # what its caller needs later on, too
    note_again(frame, analysis, lambda scratch: _judge_given(scratch, machine, call))
