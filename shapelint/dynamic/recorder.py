"""What the instrumented code calls: it notes the shape that passes each claim, and judges it within its call."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from shapelint.dynamic.judge import Fit, Letters, Outcome, Trouble, fit_of
from shapelint.dynamic.meaning import MeaninglessError, Rounded, UnboundError, number_of
from shapelint.dynamic.tally import Call, Tally
from shapelint.dynamic.values import (
    Row,
    as_static,
    attribute,
    dotted,
    is_tensor,
    parts_meant,
    row_of_sizes,
    shape_of,
)
from shapelint.dynamic.watch import Program, Scope, Watch
from shapelint.notation.model import Role

T = TypeVar("T")

MOST_CALLS = 20_000
MOST_REMEMBERED = 4_096


class Recorder:
    """Records one program. Its methods are called by instrumented code, never by hand; they return what they got."""

    def __init__(self, program: Program, on_line: Callable[[int, Any], None] | None = None) -> None:
        self.program = program
        self.tallies: dict[int, Tally] = {}
        self.entered: set[int] = set()
        self.places: set[int] = set()
        self._calls: dict[int, Call] = {}
        self._built: WeakKeyDictionary[Any, dict[str, dict[str, int]]] = WeakKeyDictionary()
        self._remembered: dict[Any, Outcome] = {}
        self._on_line = on_line
        self._thread = threading.local()

    def clear(self) -> None:
        """Forget what was recorded, but not how objects were built."""
        self.tallies = {}
        self.entered = set()
        self.places = set()
        self._calls = {}

    # --- calls ---

    def enter(self, index: int) -> None:
        """A function begins; its parameters, if they are sizes and it is a constructor, are kept with the object."""
        frame = sys._getframe(1)
        scope = self.program.scopes[index]
        self.entered.add(index)
        if len(self._calls) > MOST_CALLS:
            self._calls.clear()  # generators that were never closed
        self._calls[id(frame)] = Call(scope, Letters())
        if scope.name.endswith(".__init__"):
            self._remember_built(scope, frame)

    def _remember_built(self, scope: Scope, frame: FrameType) -> None:
        code = frame.f_code
        local = frame.f_locals
        sizes = {}
        names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        for name in names[1:]:
            value = local.get(name)
            if type(value) is int:
                sizes[name] = value
        try:
            self._built.setdefault(local[names[0]], {})[scope.owner] = sizes
        except (TypeError, LookupError):
            return  # an object that cannot be a key: its claims do without

    def leave(self) -> None:
        """A function ends: claims that waited for a letter are judged with those that there are."""
        call = self._calls.pop(id(sys._getframe(1)), None)
        if call is not None and call.waiting:
            self._settle(call)

    def finish(self) -> None:
        """Nothing more will run."""
        for call in list(self._calls.values()):
            self._settle(call)
        self._calls.clear()

    def _settle(self, call: Call) -> None:
        for index, (shape, names) in call.waiting.items():
            watch = self.program.watches[index]
            assert watch.claim is not None
            outcome = fit_of(watch.claim.shapes, shape, names.get, call.letters, index, last=True)
            self._count(watch, outcome, shape, names, call)
        call.waiting.clear()

    def _call_of(self, frame: FrameType) -> Call:
        step: FrameType | None = frame
        for _ in range(3):  # a comprehension or a lambda within a function
            if step is None:
                break
            call = self._calls.get(id(step))
            if call is not None:
                return call
            step = step.f_back
        return Call(self.program.scopes[0], Letters())

    # --- values ---

    def value(self, index: int, value: T) -> T:
        """The value that a claim speaks of."""
        self._meet_value(index, value, sys._getframe(1))
        return value

    def named(self, index: int, value: object) -> None:
        """The value of an expression that a claim names."""
        self._meet_value(index, value, sys._getframe(1))

    above_or = named

    def before(self, index: int, value: object) -> None:
        """What a name stood for that a claim speaks of, before the statement below gave it another value."""
        self._call_of(sys._getframe(1)).before[index] = value

    def absent(self, index: int) -> None:
        """The expression that a claim names has no value."""
        self._undecided(index, "what the comment names has no value here")

    def kept(self, value: T) -> T:
        """A value that the comment below may speak of."""
        self._call_of(sys._getframe(1)).above = value
        return value

    def above(self, index: int) -> None:
        """A comment by itself: it speaks of the value above, or of nothing that can be told."""
        frame = sys._getframe(1)
        call = self._call_of(frame)
        shape = shape_of(call.above)
        watch = self.program.watches[index]
        if shape is None or watch.claim is None:
            self._undecided(index, "the comment stands at no value")
            return
        outcome = self._outcome(watch, shape, frame, call)
        if outcome.fit is Fit.RIGHT:
            self._count(watch, outcome, shape, self._names(watch, frame, call), call)
        else:
            self._undecided(index, "the comment stands at no value")

    def unpacked(self, index: int, value: T) -> T:
        """A value that is taken apart: a row of sizes is what the claim speaks of itself."""
        row = row_of_sizes(value)
        if row is not None:
            frame = sys._getframe(1)
            self._call_of(frame).rows.add(index)
            self._meet(self.program.watches[index], row, value, frame)
        return value

    def targets(self, index: int, values: tuple[Any, ...]) -> None:
        """The values that targets hold after they were assigned."""
        frame = sys._getframe(1)
        call = self._call_of(frame)
        if index in call.rows:
            call.rows.discard(index)
            return
        for value in values if isinstance(values, tuple) else (values,):
            self._meet_value(index, value, frame, single=True)

    def raised(self, index: int) -> None:
        """A statement of which a comment says that it fails has failed."""
        tally = self._tally(index)
        tally.hits += 1
        tally.right += 1

    def passed(self, index: int) -> None:
        """A statement of which a comment says that it fails has run."""
        tally = self._tally(index)
        tally.hits += 1
        tally.wrong += 1
        tally.first = tally.first or Outcome(Fit.WRONG, "it ran", Trouble.NO_ERROR)

    def passing(self, index: int, value: T) -> T:
        """The value of a `return` of which a comment says that it fails."""
        self.passed(index)
        return value

    def part(self, statement: int, key: int, value: T) -> T:
        """A part of an expression on whose operands, links or input a claim speaks."""
        shape = shape_of(value)
        if shape is not None and is_tensor(value):
            self._call_of(sys._getframe(1)).parts[statement, key] = shape
        return value

    def whole(self, number: int, value: T) -> T:
        """An expression whose parts were noted has run."""
        frame = sys._getframe(1)
        call = self._call_of(frame)
        statement = self.program.statements[number]
        seen: dict[int, Any] = {}
        for key, part in statement.parts.items():
            shape = call.parts.pop((number, key), None)
            if shape is not None:
                seen[id(part)] = as_static(shape)
        for index in statement.watches:
            watch = self.program.watches[index]
            self._meet_parts(watch, parts_meant(watch, statement.expr, seen), frame)
        return value

    def _meet_parts(self, watch: Watch, shapes: list[Row], frame: FrameType) -> None:
        if not shapes:
            self._undecided(watch.index, f"{watch.about} could not be found in the statement")
            return
        call = self._call_of(frame)
        outcomes = [(self._outcome(watch, shape, frame, call), shape) for shape in shapes]
        outcome, shape = next((pair for pair in outcomes if pair[0].fit is Fit.RIGHT), outcomes[0])
        self._count(watch, outcome, shape, self._names(watch, frame, call), call)

    def definition(self, index: int) -> None:
        """An equality in a comment: where the code knows both sides, they are compared."""
        frame = sys._getframe(1)
        call = self._call_of(frame)
        watch = self.program.watches[index]
        assert watch.definition is not None
        names = self._plain_names(watch, frame, call)
        left = names.get(watch.definition.name)
        if left is None:
            return
        rounded = Rounded()
        try:
            right = number_of(watch.definition.value, lambda name: names.get(name) or call.letters.size(name), rounded)
        except (UnboundError, MeaninglessError):
            return
        if left != right and rounded.divisions:
            return
        tally = self._tally(index)
        tally.hits += 1
        if left == right:
            tally.right += 1
            return
        tally.wrong += 1
        if tally.first is None:
            tally.first = Outcome(Fit.WRONG, "", Trouble.EQUALITY, ((0, right),))
            tally.shape, tally.sizes = (left,), {name: size for name, size in names.items() if size is not None}

    def reached(self, place: int) -> None:
        """A line of a finding is about to run."""
        self.places.add(place)

    def line(self, number: int, value: T) -> T:
        """The value of a statement, for a trace."""
        if self._on_line is not None:
            self._on_line(number, value)
        return value

    # --- judging ---

    def _meet_value(self, index: int, value: Any, frame: FrameType, *, single: bool = False) -> None:
        watch = self.program.watches[index]
        claim = watch.claim
        assert claim is not None
        if claim.role is Role.ELEMENT and isinstance(value, (list, tuple, dict)) and not row_of_sizes(value):
            for item in value.values() if isinstance(value, dict) else value:
                self._meet(watch, shape_of(item), item, frame)
        elif claim.count > 1 and not single and isinstance(value, (list, tuple)) and row_of_sizes(value) is None:
            if len(value) == claim.count:
                item = value[claim.index]
                self._meet(watch, shape_of(item), item, frame)
            else:
                self._undecided(index, f"{claim.count} shapes for {len(value)} values")
        else:
            self._meet(watch, shape_of(value), value, frame)

    def _meet(self, watch: Watch, shape: Row | None, value: Any, frame: FrameType) -> None:
        if shape is None:
            if value is not None:
                self._undecided(watch.index, f"the value is a {type(value).__name__}")
            return
        call = self._call_of(frame)
        outcome = self._outcome(watch, shape, frame, call)
        earlier = call.before.pop(watch.index, call.above if watch.looks_back else None)
        if outcome.fit is not Fit.RIGHT:
            above = shape_of(earlier)
            if above is not None:
                other = self._outcome(watch, above, frame, call)
                if other.fit is Fit.RIGHT:
                    outcome, shape = other, above
        assert watch.claim is not None
        wanted = watch.claim.contiguous
        is_right = outcome.fit is Fit.RIGHT and wanted is not None and is_tensor(value)
        if is_right and bool(value.is_contiguous()) != wanted:
            outcome = Outcome(Fit.WRONG, "", Trouble.LAYOUT)
        if outcome.waiting:
            call.waiting[watch.index] = (shape, self._names(watch, frame, call))
            self._bind(outcome, watch, call)
            return
        self._count(watch, outcome, shape, self._names(watch, frame, call), call)

    def _outcome(self, watch: Watch, shape: Row, frame: FrameType, call: Call) -> Outcome:
        """The answer for a shape; the same question is answered once."""
        assert watch.claim is not None
        names = self._names(watch, frame, call)
        letters = tuple(call.letters.sizes.get(name) for name in watch.names)
        key = (watch.index, shape, tuple(names.values()), letters, len(call.letters.firm), len(call.letters.labels))
        known = self._remembered.get(key)
        if known is None:
            known = fit_of(watch.claim.shapes, shape, names.get, call.letters, watch.index)
            if len(self._remembered) > MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[key] = known
        return known

    def _count(self, watch: Watch, outcome: Outcome, shape: Row, names: Mapping[str, int | None], call: Call) -> None:
        tally = self._tally(watch.index)
        tally.hits += 1
        tally.seen = shape
        fit = outcome.fit
        if fit is Fit.RIGHT:
            tally.right += 1
        elif fit is Fit.UNDECIDED:
            tally.undecided += 1
            tally.reason = tally.reason or outcome.reason
        else:
            tally.wrong += fit is Fit.WRONG
            tally.labels += fit is Fit.LABEL
            if outcome.letter:
                call.letters.labels.add(outcome.letter)
            tally.examples += fit is Fit.EXAMPLE
        is_first = tally.first is None and (fit in (Fit.LABEL, Fit.EXAMPLE) or outcome.rounded)
        if is_first or (fit is Fit.WRONG and (tally.first is None or tally.first.fit is not Fit.WRONG)):
            tally.first, tally.shape = outcome, shape
            tally.sizes = self._sizes(watch, names, outcome, call)
        if outcome.binds:
            self._bind(outcome, watch, call)

    def _sizes(self, watch: Watch, names: Mapping[str, int | None], outcome: Outcome, call: Call) -> dict[str, int]:
        """The size of each name of a claim, for the message."""
        bound = dict(outcome.binds)
        sizes: dict[str, int] = {}
        for name in watch.names:
            for size in (names.get(name), call.letters.size(name), bound.get(name)):
                if size is not None:
                    sizes.setdefault(name, size)
        return sizes

    def _bind(self, outcome: Outcome, watch: Watch, call: Call) -> None:
        if outcome.trouble is Trouble.RANK:
            return
        for name, size in outcome.binds:
            before = call.letters.sizes.get(name)
            if before is None or before[1] == watch.index:
                call.letters.sizes[name] = (size, watch.index)

    def _undecided(self, index: int, reason: str) -> None:
        tally = self._tally(index)
        tally.hits += 1
        tally.undecided += 1
        tally.reason = tally.reason or reason

    def _tally(self, index: int) -> Tally:
        found = self.tallies.get(index)
        if found is None:
            found = self.tallies[index] = Tally()
        return found

    # --- names ---

    def _names(self, watch: Watch, frame: FrameType, call: Call) -> dict[str, int | None]:
        """The sizes that the names of a claim have at this point: defined by a comment, else known by the code."""
        names = self._plain_names(watch, frame, call)
        definitions = watch.scope.definitions
        if not definitions:
            return names
        for name in watch.names:
            if name in definitions and names[name] is None:
                names[name] = self._defined(name, frame, call)
        return names

    def _defined(self, name: str, frame: FrameType, call: Call) -> int | None:
        spec = call.scope.definitions.get(name)
        if spec is None:
            return None
        depth = getattr(self._thread, "depth", 0)
        if depth > 8:
            return None
        self._thread.depth = depth + 1
        local = frame.f_locals
        try:
            size = number_of(
                spec,
                lambda asked: (
                    self._plain(asked, local, frame, call)
                    or (self._defined(asked, frame, call) if asked != name else None)
                    or call.letters.size(asked)
                ),
            )
        except (UnboundError, MeaninglessError):
            return None
        finally:
            self._thread.depth = depth
        call.letters.firm.add(name)
        return size

    def _plain_names(self, watch: Watch, frame: FrameType, call: Call) -> dict[str, int | None]:
        local = frame.f_locals
        return {name: self._plain(name, local, frame, call) for name in watch.names}

    def _plain(self, name: str, local: Mapping[str, Any], frame: FrameType, call: Call) -> int | None:
        """A local int, an attribute of self, a parameter of `__init__`, a constant of the module."""
        if "." in name:
            return dotted(name, local)
        value = local.get(name)
        if type(value) is int:
            return value
        receiver = local.get("self")
        if receiver is not None and frame.f_globals is not local:
            value = attribute(receiver, name)
            if type(value) is int:
                return value
            try:
                built = self._built.get(receiver)
            except TypeError:
                built = None
            if built:
                found = built.get(call.scope.owner, {}).get(name)
                if found is not None:
                    return found
        value = frame.f_globals.get(name)
        return value if type(value) is int else None
