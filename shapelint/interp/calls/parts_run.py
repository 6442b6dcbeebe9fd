"""A part of a program run within its budget, and once more with some claims not believed, or without defaults."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from shapelint.interp.calls.given_arguments import has_choices
from shapelint.interp.state.budget import Budget, Part
from shapelint.interp.state.events import Doubt, Evidence
from shapelint.interp.state.judged_frames import Made
from shapelint.interp.state.machine import Frame, Machine, OutOfBudget
from shapelint.interp.state.values import FunctionValue, Value
from shapelint.program import nodes


@dataclass(slots=True)
class Analysis:
    """The evidence of a program, one entry for each of its functions and one for its body; our own errors beside it.

    `cut_short` says why parts that hold claims did not come to their end; `made` are the instances on which methods are
    judged, by their ids; `script` is the frame of the program's own body.
    """

    budget: Budget
    evidence: list[Evidence] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)
    cut_short: list[str] = field(default_factory=list)
    made: dict[int, Made] = field(default_factory=dict)
    script: Frame | None = None

    def let_go(self) -> None:
        """Cut what holds itself, once nothing is asked any more, so that all of it is gone at once.

        What is left to the collector is looked through with all that is in use.
        """
        self.made.clear()
        if self.script is not None:
            vars(self.script.machine).clear()
            self.script.env.clear()


def within(
    analysis: Analysis, machine: Machine, node: nodes.Stmt | nodes.Lambda, evidence: Evidence, run: object, worth: Part
) -> None:
    """Run a part of the analysis within its budget; why it did not come to its end is told."""
    assert callable(run)
    begun, world, remembered = machine.steps, machine.world, machine.remembered
    machine.allowed, machine.costliest = analysis.budget.limit(worth), None
    machine.limit = begun + machine.allowed
    machine.spares = worth is Part.OTHER
    machine.calls_open.clear()
    machine.leaves_out = machine.left_out.get(id(node), frozenset())
    if machine.leaves_out:
        machine.remembered = {}  # what is not followed here may be followed elsewhere
    try:
        run()
    except OutOfBudget as limit:
        evidence.limit = str(limit)
        machine.note_cut(node, begun)
    except RecursionError:
        evidence.limit = "the code is nested too deeply"
    except Exception as error:  # our own mistake must not cost the user the other results
        where = error.__traceback__
        while where is not None and where.tb_next is not None:
            where = where.tb_next
        place = f"{where.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{where.tb_lineno}" if where else "?"
        analysis.problems.append((node.at[0], f"{type(error).__name__}: {error} ({place})"))
        evidence.limit = "an internal error"
    else:
        world = machine.world
    finally:
        machine.remembered, machine.leaves_out = remembered, frozenset()
    machine.world = world  # what was known deep in a branch or a call that was cut short holds there alone
    analysis.budget.spend(machine.steps - begun, worth)
    if worth in (Part.CLAIMS, Part.INPUTS) and evidence.limit:
        analysis.cut_short.append(evidence.limit)


MOST_LEFT_OUT = 2


def is_run_without_a_call(
    analysis: Analysis, machine: Machine, node: nodes.Stmt | nodes.Lambda, evidence: Evidence, found: tuple[int, int]
) -> bool:
    """Whether a part that holds claims, and did not come to its end, is run again without the call that took most.

    Nothing is left then of what it told; `found` is how many functions and classes were known before.
    """
    left_out = machine.left_out.get(id(node), set())
    if not evidence.limit or machine.costliest is None or machine.spares or len(left_out) == MOST_LEFT_OUT:
        return False
    machine.left_out[id(node)] = left_out | {machine.costliest}
    del machine.functions[found[0] :], machine.classes[found[1] :]
    if analysis.evidence and analysis.evidence[-1] is evidence:
        analysis.evidence.pop()
    if evidence.limit in analysis.cut_short:
        analysis.cut_short.remove(evidence.limit)
    return True


def again_with(
    analysis: Analysis, machine: Machine, run: Callable[[Analysis], object], *, at_defaults: bool = False
) -> Callable[[Doubt | None], Evidence]:
    """What runs a part of the program once more, with some claims not believed, for its evidence.

    Its choices are as they are by default, or open, as in the run that is repeated.
    """
    at_defaults = at_defaults or machine.at_defaults
    budget, made = analysis.budget, analysis.made  # not the analysis, which holds what is run again

    def again(doubt: Doubt | None) -> Evidence:
        scratch = Analysis(budget.for_another_run(), made=made)
        found, world = (machine.functions, machine.classes), machine.world
        machine.functions, machine.classes, machine.doubt = [], [], doubt
        chosen, machine.at_defaults = machine.at_defaults, at_defaults
        try:
            run(scratch)
        finally:
            machine.doubt, machine.world = None, world
            machine.functions, machine.classes = found
            machine.at_defaults = chosen
        return scratch.evidence[0] if scratch.evidence else Evidence("")

    return again


def note_again(frame: Frame, analysis: Analysis, run: Callable[[Analysis], object]) -> None:
    """Keep what runs a function once more: with some claims not believed, without defaults, with all names equated."""
    machine = frame.machine
    again = again_with(analysis, machine, run)

    def without_defaults(takes_told: bool) -> Evidence:
        remembered, machine.remembered = machine.remembered, {}
        machine.takes_defaults, machine.takes_told = False, takes_told
        try:
            return again(None)
        finally:
            machine.remembered, machine.takes_defaults, machine.takes_told = remembered, True, True

    def where_equated() -> Evidence:
        remembered, machine.remembered, machine.equates = machine.remembered, {}, True
        try:
            return again(None)
        finally:
            machine.remembered, machine.equates = remembered, False

    frame.evidence.again = again
    frame.evidence.where_equated = where_equated
    frame.evidence.without_defaults = without_defaults if machine.took_default else None
    frame.evidence.takes_but_told = machine.took_another


def note_at_defaults(
    frame: Frame, analysis: Analysis, functions: Sequence[Value], run: Callable[[Analysis], object]
) -> None:
    """Keep what runs a function once more, with its choices, and its class's, as they are by default."""
    if not any(isinstance(one, FunctionValue) and has_choices(one) for one in functions):
        return
    again = again_with(Analysis(analysis.budget), frame.machine, run, at_defaults=True)
    frame.evidence.at_defaults = lambda: again(None)
