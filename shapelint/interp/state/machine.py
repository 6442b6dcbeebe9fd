"""The interpreter's state and its dispatch: frames, budgets, and the tables of what evaluates which node.

Expressions, statements and calls need each other; each file registers what it evaluates here, and reaches the others
through `evaluate`, `execute` and `call`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import PurePath
from typing import Any, TypeVar

from shapelint.dims import Dim
from shapelint.interp.state.events import Doubt, Event, Evidence, Failed, Needed
from shapelint.interp.state.letters import Letters, Pending
from shapelint.interp.state.values import ClassValue, FunctionValue, Scope, Value
from shapelint.interp.state.world import World
from shapelint.ops.tensor import Unknown
from shapelint.program import nodes

MOST_STEPS = 200_000
MOST_DEPTH = 24


@dataclass(frozen=True, slots=True)
class Step:
    """A value that got a name (`x`, `self.weight`), was returned, or stands by itself, as it was known there."""

    at: nodes.Span
    name: str
    value: Value
    source: nodes.Expr | None  # the expression that it is the value of, or a part of
    evidence: Evidence
    is_input: bool = False


class OutOfBudget(Exception):
    """The analysis has done as much work as it may; what is left stays open."""


class Machine:
    """What one analysis shares: the world as it is at this point, the work done so far, and where other files are."""

    def __init__(self, loader: Any = None) -> None:
        self.world = World()
        self.loader = loader
        self.operators: dict[str, FunctionValue] = {}  # by the names under which the project registers them with torch
        self.steps = 0
        self.limit = MOST_STEPS
        self.spares = False  # whether this part of the program holds no claim, so that no call in it is worth its limit
        self.unfinished: dict[int, int] = {}  # how many steps calls of a function took that did not come to their end
        self.left_out: dict[int, set[int]] = {}  # of parts of the program, the functions that are not followed there
        self.leaves_out: Set[int] = frozenset()  # those of the part that runs
        self.allowed = MOST_STEPS  # how many steps it may take in all
        self.costliest: int | None = None  # the function of which a call took most of them
        self.calls_open: list[tuple[object, tuple[int, ...]]] = []  # each with how deep lists are nested in what it got
        self.under_way: dict[
            Hashable, Value
        ] = {}  # by their keys, calls that have begun; what they give, as is supposed
        self.functions: list[FunctionValue] = []  # defined by code that is judged, yet to be judged themselves
        self.classes: list[ClassValue] = []
        self.set_on_names: frozenset[tuple[str, str]] = frozenset()  # by the text of the program that is analysed
        self.problems: list[str] = []
        self.remembered: dict[Hashable, Any] = {}
        self.reshaped = 0  # how many tensors were given another shape in place
        self.least_asked: dict[nodes.Function, dict[str, int]] = {}  # the parameters that are asked whether they are 0
        self.resolving: set[tuple[int, str]] = set()  # the names of modules that are being looked for
        self.modes: dict[int, Unknown] = {}  # of modules by their ids, whether they are trained, for a caller to choose
        self.placed: dict[tuple[Value, Value], tuple[Value, Value]] = {}  # of a list at a place: its content, the item
        self.indexed: dict[int, list[nodes.Expr]] = {}  # what a loop takes the items of at its places
        self.optional: set[Dim] = set()  # the sizes of parameters that may be None
        self.flags: dict[Hashable, Dim] = {}  # of what was asked of what a caller gives, 1 where it is so
        self.defaults: dict[Dim, int] = {}  # the numbers that parameters are by default
        self.roots: dict[Dim, Dim] = {}  # the square roots that were made whole, and of what they are
        self.doubt: Doubt | None = None  # which claims are not to be believed in this run
        self.takes_defaults = True  # whether what a caller may give in place of a default is taken for that
        self.takes_told = True  # whether a module that an annotation or a name tells is taken for it
        self.took_default = False  # whether anything was
        self.took_another = False  # whether anything was but modules that are told
        self.at_defaults = False  # whether flags, modes and what may be None are, in this run, what they are by default
        self.equates = False  # whether, in this run, an operation makes names equal that the author keeps apart
        self.making_given: list[ClassValue] = []  # the modules that are made in the place of what a caller gives
        self.said_of_layers: dict[Hashable, list[Any]] = {}  # the claims beside layers, until these are applied
        self.built: dict[ClassValue, Value] = {}  # the instance that a metaclass, which is at work, finds made
        self.body: Sequence[nodes.Stmt] = ()  # the program's own statements
        self.runs_for: dict[int, set[int]] = {}  # of functions by the ids of their nodes, the calls, by those of theirs
        self.private: Mapping[int, Any] = {}  # the program's own functions, which note what its calls give them
        self.trail: list[Step] | None = None  # what every name was given, where somebody asked for it

    def runs_of(self, node: nodes.Function | nodes.Lambda | None) -> set[int]:
        """The calls for which a function surely runs, by the ids of their nodes; they come to be known one by one."""
        return self.runs_for.setdefault(id(node), set())

    def begin_call(self, node: nodes.Function | nodes.Lambda) -> int:
        """The steps so far; a call that took about as many as are left, and did not come to its end, is not begun."""
        if self.spares and 2 * self.unfinished.get(id(node), 0) > self.limit - self.steps:
            raise OutOfBudget("a call needs more work than is left for one function")
        return self.steps

    def note_cut(self, node: nodes.Stmt | nodes.Lambda, begun: int) -> None:
        """Note that a call did not come to its end within the steps since it was begun."""
        self.unfinished[id(node)] = max(self.unfinished.get(id(node), 0), self.steps - begun)

    def blame(self, node: nodes.Function | nodes.Lambda, begun: int) -> None:
        """Note the innermost call that took most of what this part of the program may take."""
        if self.costliest is None and 2 * (self.steps - begun) > self.allowed:
            self.costliest = id(node)

    def load(self, module: str, importer: str) -> Frame | None:
        """The frame of a module of the project after its body has run, None where there is no such module."""
        if self.loader is None:
            return None
        found: Frame | None = self.loader.load(module, importer, self)
        return found

    def names_of(self, module: str, importer: str) -> Sequence[str] | None:
        """The names that a module of the project binds, None where only running it tells."""
        if self.loader is None:
            return None
        found: Sequence[str] | None = self.loader.names_of(module, importer)
        return found


def _nowhere() -> None:
    """Nowhere else: an operation is told of at its own place."""


class Frame:
    """One activation of a function (or a module's or class's body)."""

    __slots__ = (
        "applied",
        "call_site",
        "callee",
        "caller",
        "cls",
        "counting",
        "depth",
        "doubted",
        "dropped",
        "entered",
        "env",
        "evidence",
        "exits",
        "failures",
        "final_world",
        "function",
        "given",
        "guarded",
        "hint",
        "letters",
        "lines",
        "machine",
        "mark",
        "met_before",
        "module",
        "name",
        "of_script",
        "open_names",
        "operators",
        "parent",
        "passed_over",
        "pending",
        "previous",
        "previous_whole",
        "rebound",
        "rebound_by_functions",
        "recording",
        "returns",
        "seen",
        "set_on_names",
        "statement",
        "stopped",
        "supposed",
        "tested",
        "yields",
    )  # fmt: skip

    def __init__(
        self,
        machine: Machine,
        module: Frame | None,
        *,
        parent: Frame | None = None,
        function: FunctionValue | None = None,
        cls: ClassValue | None = None,
        evidence: Evidence | None = None,
        recording: bool = False,
        depth: int = 0,
        name: str = "",
    ) -> None:
        self.machine = machine
        self.module = module or self
        self.parent = parent
        self.function = function
        self.cls = cls
        self.env: dict[str, Value] = {}
        self.counting: frozenset[str] = frozenset()  # the names that count the turns of the loops that run
        self.lines: dict[str, int] = {}
        self.evidence = evidence or Evidence(name)
        self.recording = recording
        self.depth = depth
        self.name = name
        self.letters = Letters()
        self.given: dict[str, list[Value]] = {}  # the inputs of a function that is judged, as more is known of them
        self.supposed: dict[int, Value] = {}  # what parts of the statement at hand are by its comment's word
        self.doubted: set[int] = set()  # claims of which it is not sure that they speak of the statement at hand
        self.met_before: set[int] = set()  # its claims that were met before it ran
        self.rebound: dict[int, Value] = {}  # of those over it that name its target, what that was before it ran
        self.exits: list[tuple[str, dict[str, Value], World]] = []
        self.returns: list[Value] = []
        self.yields: list[Value] = []
        self.seen: dict[int, Value] | None = None
        self.statement: nodes.Stmt | None = None
        self.previous: Value = None
        self.previous_whole: nodes.Expr | None = None  # what the statement before wrote into, `x` of `x[i] = y`
        self.tested: tuple[nodes.Stmt | None, tuple[Value, ...]] = (
            None,
            (),
        )  # a branch's first statement, and what is tested
        self.mark = 0  # how many failures there were before the statement at hand
        self.failures: list[Any] = []
        self.open_names = False
        self.of_script: frozenset[str] = frozenset()  # names of a module that only exist where it is run as a script
        self.operators: dict[str, FunctionValue] = {}  # of a module, those that it registers with torch, by their names
        self.rebound_by_functions: frozenset[str] = frozenset()  # names that others say to be `global` or `nonlocal`
        self.set_on_names: frozenset[tuple[str, str]] = frozenset()  # attributes that a module's text sets, on what
        self.hint = ""  # the name that the value at hand is about to get
        self.pending: list[Pending] = []
        self.guarded = 0  # how many `try` blocks or `pytest.raises` this point stands in
        self.passed_over = 0  # how many failures were not noted because of that
        self.dropped = False  # whether a path was given up for what cannot run on it
        self.stopped = 0  # how many of these no one catches: what they stand in is not run to its end
        self.entered = machine.world.conditions  # how many open conditions the call itself stands under
        self.caller: Frame | None = None
        self.call_site: nodes.Call | None = None
        self.applied: Callable[[], nodes.Span | None] = _nowhere  # where what fails now is told of, but at its call
        self.callee: nodes.Expr | None = None  # what stands before the parentheses of the call at hand
        self.final_world: World | None = None  # what is known where the function ends, for those defined within it

    world: World = property(attrgetter("machine.world"))  # type: ignore[assignment]
    """What is known at this point."""

    @property
    def scope(self) -> Scope:
        """Where the code of this frame stands."""
        return self.module.name, self.function.node.at[0] if self.function is not None else 0

    def of_call(self, function: FunctionValue) -> Frame:
        """The frame in which a call of a function runs that stands in this one; nothing is bound in it yet."""
        inner = Frame(
            self.machine,
            function.frame.module,
            parent=function.frame,
            function=function,
            cls=function.owner,
            evidence=self.evidence,
            depth=self.depth + 1,
            name=function.name,
        )
        inner.caller, inner.guarded = self, self.guarded
        return inner

    @property
    def recorder(self) -> Frame | None:
        """The frame of the code that is judged, in which this one is called; None where nothing is noted."""
        frame: Frame | None = self
        while frame is not None and not frame.recording:
            frame = frame.caller
        return frame

    def part_of(self, whole: Unknown, name: str) -> Unknown:
        """A part of a named unknown, `.attribute` or `[item]`: the same unknown each time, named after it.

        Once the code has set a part of the unknown itself, none of them is what it was: such a part has no name.
        """
        whole = whole.first
        if whole in self.world.written:
            return Unknown(f"{whole.origin}{name} is not known", line=whole.line)
        return whole.part(name)

    def note(self, event: Event) -> None:
        """Note an event, if this frame is one whose code is being judged."""
        if self.recording:
            self.evidence.events.append(event)

    def may_believe(self, attached: nodes.Attached) -> bool:
        """Whether a claim is to be believed in this run; one that is, is noted as such."""
        if self.is_doubted(attached):
            return False
        self.evidence.believed.append(attached)
        return True

    def is_doubted(self, attached: nodes.Attached) -> bool:
        """Whether this run is made to see what becomes of the code without a claim."""
        return self.machine.doubt is not None and self.machine.doubt(attached)

    def note_failure(self, event: Failed | Needed) -> None:
        """Note what an operation needs or why it cannot run; within a call it is laid at the door of the call."""
        if self.guarded or self._is_unsure_of(event):
            self._pass_over(event)
            return
        if isinstance(event, Failed) and (at := self.applied()) is not None:
            event = replace(event, at=at)
        self.failures.append(event)
        if self.recording:
            self.evidence.events.append(event)
        elif self.caller is not None:
            self.caller.from_callee(event, self)

    def _pass_over(self, event: Failed | Needed) -> None:
        """Count a failure that is not noted; one that no `try` of the callee's own catches goes on to the caller."""
        self.passed_over += isinstance(event, Failed)
        self.stopped += self._is_unsure_of(event) and self.caller is not None and self.guarded == self.caller.guarded
        caller = None if self.recording or self._is_unsure_of(event) else self.caller
        if caller is not None and 0 < self.guarded == caller.guarded:
            caller._pass_over(event)

    def _is_unsure_of(self, event: Failed | Needed) -> bool:
        """Whether a failure stands under a condition that this call leaves open, so that it may well go around it.

        So does each that is left where other paths were given up: these may have been right. And one for sizes other
        than those with which it has returned before.
        """
        called = not self.recording and self.caller is not None
        return (
            called
            and isinstance(event, Failed)
            and (self.dropped or self.world.conditions > self.entered or self._has_returned_for_others())
        )

    def _has_returned_for_others(self) -> bool:
        """Whether a path has returned for sizes that are not those at this point."""
        facts = self.world.facts
        return any(how == "return" and world.facts.rules_out(facts) for how, _, world in self.exits)

    def from_callee(self, event: Failed | Needed, callee: Frame) -> None:
        """Note what went wrong within a call that stands in this frame, at the call."""
        if self.call_site is None:
            return
        elsewhere = callee.module is not self._judged().module
        file = f" of {'/'.join(PurePath(callee.module.name).parts[-2:])}" if elsewhere and callee.module.name else ""
        link = f"{callee.name} at line {event.at[0]}{file}: {event.reason}"
        at, chain, sites = self.call_site.at, (*event.chain, link), (*event.sites, self.call_site)
        sources = event.sources
        if elsewhere and not event.chain:  # their lines are not those of the file at hand
            sources = tuple(replace(source, line=0) for source in sources)
        if isinstance(event, Failed):
            node = callee.function.node if callee.function is not None else None
            event = replace(event, within=(*event.within, (node, callee.scope[0], self.machine.runs_of(node))))
        self.note_failure(replace(event, at=at, chain=chain, sites=sites, sources=sources))

    def _judged(self) -> Frame:
        """The frame of the code that is being judged, from which this one was called."""
        frame = self
        while frame.caller is not None:
            frame = frame.caller
        return frame


_Evaluator = Callable[[Frame, Any], Value]
_Executor = Callable[[Frame, Any], "str | None"]
_Caller = Callable[[Frame, Any, Sequence[Value], Mapping[str, Value], nodes.Call], Value]
_F = TypeVar("_F", bound=Callable[..., Any])

_evaluators: dict[type, _Evaluator] = {}
_executors: dict[type, _Executor] = {}
_callers: dict[type, _Caller] = {}


def evaluates(*kinds: type) -> Callable[[_F], _F]:
    """Register the decorated function as what evaluates these kinds of expression."""

    def register(function: _F) -> _F:
        for kind in kinds:
            _evaluators[kind] = function
        return function

    return register


def executes(*kinds: type) -> Callable[[_F], _F]:
    """Register the decorated function as what executes these kinds of statement.

    It returns how the statement leaves the block: None, "return", "raise", "break" or "continue".
    """

    def register(function: _F) -> _F:
        for kind in kinds:
            _executors[kind] = function
        return function

    return register


def calls(*kinds: type) -> Callable[[_F], _F]:
    """Register the decorated function as what calls these kinds of value."""

    def register(function: _F) -> _F:
        for kind in kinds:
            _callers[kind] = function
        return function

    return register


def evaluate(frame: Frame, expr: nodes.Expr) -> Value:
    """The value of an expression."""
    machine = frame.machine
    machine.steps += 1
    if machine.steps > machine.limit:
        raise OutOfBudget("the limit of work for one function was reached")
    value = _evaluators[type(expr)](frame, expr)
    if frame.supposed:
        value = frame.supposed.get(id(expr), value)
    if frame.seen is not None:
        frame.seen[id(expr)] = value
    return value


def execute(frame: Frame, statement: nodes.Stmt) -> str | None:
    """Execute a statement; how it leaves the block, None where it does not."""
    machine = frame.machine
    machine.steps += 1
    if machine.steps > machine.limit:
        raise OutOfBudget("the limit of work for one function was reached")
    return _executors[type(statement)](frame, statement)


def invoke(frame: Frame, callee: Value, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    """What calling a value gives, by the kind of value that it is."""
    caller = _callers.get(type(callee))
    if caller is None:
        return Unknown("a call of something that is not known", line=node.at[0])
    return caller(frame, callee, args, kwargs, node)
