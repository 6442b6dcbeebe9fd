"""What changes from turn to turn of a loop, made so wide that it holds at the start of each turn but the first."""

from __future__ import annotations

from shapelint.dims import Dim, Symbol, const, dim, symbol
from shapelint.interp.paths.join import alternatives, choice, element_of, same, varying_of
from shapelint.interp.paths.widened_layers import wider_layer
from shapelint.interp.state.remaking import in_older_names, remade, repeated
from shapelint.interp.state.turns import Moment
from shapelint.interp.state.values import (
    Choice,
    Container,
    DictObject,
    FunctionValue,
    Instance,
    Layer,
    ListObject,
    Ratio,
    Ref,
    Value,
    name_of_key,
)  # fmt: skip
from shapelint.interp.state.world import World
from shapelint.ops.needs import Context
from shapelint.ops.rows import Many
from shapelint.ops.tensor import Tensor, Unknown, device_of_either
from shapelint.shapes import Run, Shape

DEEPEST = 5
MOST_LAYERS = 12
"""How many layers are made wider in one loop: of more, nothing ties all their sizes to each other."""
Row = tuple[Value, ...]


class Widening:
    """Wider values for one loop. A size that changes is a symbol of the loop's own, whatever it is in a turn.

    `since` is when the loop began. Where a value covers what a turn makes of it, it is given back itself.
    """

    def __init__(self, world: World, since: Moment) -> None:
        self.since = since
        self.before = self.after = world  # at the start of a turn, and at its end
        self.starts: dict[Symbol, Dim] = {}  # what the symbols stand for at the start of the second turn
        self.steps: dict[Symbol, set[Dim]] = {}  # what they grow by in a turn
        self.first: dict[Symbol, Row] = {}  # by the number of times, what the first turn put into a row
        self._own: set[Symbol] = set()
        self._growing: set[Symbol] = set()
        self._runs: set[Run] = set()
        self._lost: list[Unknown] = []
        self._layers = 0

    def of_turn(self, before: World, after: World) -> None:
        """Turn to what another turn makes of things."""
        self.before, self.after = before, after
        self.steps = {}

    def names(self, before: dict[str, Value], after: dict[str, Value]) -> dict[str, Value]:
        """The names whose values do not cover what a turn makes of them, with values that do."""
        changed = {}
        for name, value in before.items():
            now = after.get(name, value)
            if now is not value:
                wider = self.value(value, now, name)
                if wider is not value:
                    changed[name] = wider
        return changed

    def objects(self) -> dict[int, Value]:
        """The objects of the heap that do not cover what a turn makes of them, as ones that do."""
        changed = {}
        for key in self.before.heap.written_apart(self.after.heap):
            content, now = self.before.heap.get(key), self.after.heap.get(key)
            if content is not None and now is not None and content is not now:
                wider = self._content(content, now, DEEPEST)
                if wider is not content:
                    changed[key] = wider
        return changed

    def value(self, before: Value, after: Value, name: str = "", deep: int = DEEPEST) -> Value:
        """A value that covers both; `before` itself if it does."""
        if before is after:
            return before
        # The sizes of a tensor stay as they are: a turn may have given one of the loop's own the name of another.
        as_it_is = isinstance(before, Dim) or (isinstance(before, Tensor) and before.shape.known)
        settled = before if as_it_is else self.after.settle(before)
        wider = self._value(settled, self.after.settle(after), name, deep)
        return before if wider is settled else wider

    def _value(self, before: Value, after: Value, name: str, deep: int) -> Value:
        if same(before, after):
            return before
        if isinstance(before, Choice) or isinstance(after, Choice):
            return self._any(before, after, name, deep)
        if isinstance(before, Unknown):
            covers = any(before is lost for lost in self._lost) or (isinstance(after, Unknown) and not before.origin)
            return before if covers else self._lose(after, name)
        if isinstance(after, Unknown):
            return self._lose(after, name)
        if isinstance(before, Dim) and isinstance(after, Dim):
            return self._size(before, after, name)
        if isinstance(before, Tensor) and isinstance(after, Tensor):
            return self._tensor(before, after, name)
        if type(before) is tuple and type(after) is tuple and len(before) == len(after):
            return self._each(before, after, deep)
        if isinstance(before, Ratio) and isinstance(after, Ratio):
            parts = self._each((before.numerator, before.denominator), (after.numerator, after.denominator), deep)
            return before if parts == (before.numerator, before.denominator) else Ratio(*parts)
        if isinstance(before, FunctionValue) and isinstance(after, FunctionValue) and before.node is after.node:
            return before
        if isinstance(before, Layer) and isinstance(after, Layer):
            return self._layer(before, after)
        if isinstance(before, Ref) and isinstance(after, Ref):
            return self._object(before, after, deep)
        if any(one is None or isinstance(one, (bool, str)) for one in (before, after)):
            return choice([before, after])
        return self._lose(after, name)

    def _layer(self, before: Layer, after: Layer) -> Value:
        self._layers += 1
        most = self._layers <= MOST_LAYERS
        wider = wider_layer(before, after, self._covers, self._size, self._symbol if most else None)
        return choice([before, after]) if wider is None else wider

    def _lose(self, after: Value, name: str) -> Unknown:
        reason = after.reason if isinstance(after, Unknown) and after.reason else f"{name} changes in a loop"
        lost = Unknown(reason, name, after.line if isinstance(after, Unknown) else 0)
        self._lost.append(lost)
        return lost

    def _any(self, before: Value, after: Value, name: str, deep: int) -> Value:
        values, now = list(alternatives(before)), alternatives(after)
        if len(values) == len(now) and all(isinstance(one, Ref) for one in (*values, *now)):
            made = self._each(tuple(values), now, deep)  # made on the same paths of each turn
            return before if all(map(same, made, values)) else choice(made)
        for one in now:
            if any(same(other, one) for other in values):
                continue
            like = next((i for i, other in enumerate(values) if _are_of_a_kind(other, one)), None)
            if like is None:
                values.append(one)
            else:
                values[like] = self._value(values[like], one, name, deep)
        kept = alternatives(before)
        is_covered = len(values) == len(kept) and all(a is b for a, b in zip(values, kept, strict=True))
        return before if is_covered else choice(values)

    def _covers(self, before: Dim, after: Dim) -> bool:
        after = in_older_names(self.after, after, self.since)
        atom = before.as_symbol
        if before is after or atom is None or atom not in self._own:
            return before is after
        return atom not in self._growing or self._is_growth(after - self.after.renamed(before))

    def _size(self, before: Dim, after: Dim, name: str) -> Dim:
        after = in_older_names(self.after, after, self.since)
        now, atom = self.after.renamed(before), before.as_symbol
        step = after - now
        if atom is not None and atom in self._own:
            if atom in self._growing and not self._is_growth(step):
                return self._symbol(self.starts[atom], name)
            self.steps.setdefault(atom, set()).add(step if step.value is not None else self._plain(step))
            return before
        if now is after or self.after.facts.equality(now, after):
            return before
        least = self.after.facts.lower(before) if self._is_growth(step) else None
        return self._symbol(before, name) if not least or least < 1 else self._growing_from(before, name, least)

    def _is_growth(self, step: Dim) -> bool:
        return (self.after.facts.lower(step) or -1) > 0

    def _growing_from(self, start: Dim, name: str, least: int) -> Dim:
        """A size that is no smaller in any turn than it was at the start."""
        size = self._symbol(start, name, least)
        self._growing |= size.symbols
        return size

    def _plain(self, step: Dim) -> Dim:
        """A step in sizes of the start of the turn, where it can be said in them."""
        plain = self.after.facts.normalize(step)
        return plain if plain.value is not None else step

    def _symbol(self, start: Dim, name: str = "", minimum: int = 0) -> Dim:
        size = symbol(name or "_", scope=next(Context.serial), free=False, minimum=minimum)
        atom = size.as_symbol
        assert atom is not None
        self._own.add(atom)
        self.starts[atom] = start
        return size

    def _tensor(self, before: Tensor, after: Tensor, name: str) -> Tensor:
        shape = self._shape(before.shape, after.shape, name)
        made = Tensor(
            shape,
            before.layout if before.layout == after.layout and shape == before.shape else None,
            before.dtype if before.dtype == after.dtype else None,
            device_of_either(before.device, after.device),
            before.expanded and after.expanded,
        )
        return before if made == before else made

    def _shape(self, before: Shape, after: Shape, name: str) -> Shape:
        ends = (len(before.front), len(before.back), before.known)
        if ends == (len(after.front), len(after.back), after.known):
            run = before.run
            if run is not None and run != after.run and not self._stands_for(run, after):
                run = self._run(name, before.given and after.given)
            front = tuple(self._size(x, y, "") for x, y in zip(before.front, after.front, strict=True))
            back = tuple(self._size(x, y, "") for x, y in zip(before.back, after.back, strict=True))
            return Shape(front, run, back)
        if before.run is not None and self._stands_for(before.run, after) and not before.front and not before.back:
            return before
        return Shape((), self._run(name, before.given and after.given), ())

    def _run(self, name: str, given: bool) -> Run:
        run = Run.fresh(name, given=given, after="what changes in a loop")
        self._runs.add(run)
        return run

    def _stands_for(self, run: Run, after: Shape) -> bool:
        """Whether a run of this loop stands for whatever a shape has, of its later turns, too."""
        return run in self._runs and (after.given or not run.given)

    def _each(self, before: Row, after: Row, deep: int) -> Row:
        made = tuple(self.value(x, y, "", deep) for x, y in zip(before, after, strict=True))
        return before if all(x is y for x, y in zip(made, before, strict=True)) else made

    def _object(self, before: Ref, after: Ref, deep: int) -> Value:
        if before == after:
            return before
        mine, other = self.before.heap.get(before.id), self.after.heap.get(after.id)
        if deep == 0 or mine is None or other is None:
            return self._lose(None, "an object")
        if type(mine) is not type(other) or (isinstance(mine, Instance) and mine.type is not other.type):
            return choice([before, after])
        wider = self._content(mine, other, deep - 1)
        return before if wider is mine else self.before.allocate(wider)

    def _content(self, before: Value, after: Value, deep: int) -> Value:
        if before is after or deep == 0:
            return before
        if isinstance(before, ListObject) and isinstance(after, ListObject):
            row = self._row(before.row, after.row, deep)
            return before if row == before.row else ListObject(row)
        if isinstance(before, Container) and isinstance(after, Container) and before.kind == after.kind:
            row = self._row(before.row, after.row, deep)
            if row == before.row:
                return before
            return (
                Container(before.kind, before.names, row)
                if len(row) == len(before.row)
                else Container.numbered(before.kind, row)
            )
        if isinstance(before, Instance) and isinstance(after, Instance):
            attrs = self._entries(before.attrs, after.attrs, deep)
            is_open = before.open or after.open
            same_as = attrs is before.attrs and is_open == before.open
            return before if same_as else Instance(before.type, attrs, is_open)
        if isinstance(before, DictObject) and isinstance(after, DictObject):
            return self._dict(before, after, deep)
        return Unknown("it changes in a loop")

    def _entries(self, before: dict[str, Value], after: dict[str, Value], deep: int) -> dict[str, Value]:
        made = {
            name: self.value(value, after.get(name, value), name_of_key(name), deep) for name, value in before.items()
        }
        new = {name: value for name, value in after.items() if name not in before}
        covered = not new and all(made[name] is value for name, value in before.items())
        return before if covered else {**made, **new}

    def _dict(self, before: DictObject, after: DictObject, deep: int) -> DictObject:
        if before.entries.keys() == after.entries.keys() and before.open == after.open:
            entries = self._entries(before.entries, after.entries, deep)
            element = self.value(before.element, after.element, "", deep)
            covered = entries is before.entries and element is before.element
            return before if covered else DictObject(entries, before.open, element)
        if before.open and not before.entries:
            values = [one for one in (*after.entries.values(), after.element) if one is not None]
            element = before.element
            for value in values:
                element = value if element is None else self.value(element, value, "", deep)
            return before if element is before.element else DictObject({}, True, element)
        values = [*before.entries.values(), *after.entries.values(), before.element, after.element]
        known = [value for value in values if value is not None]
        return DictObject({}, True, choice(known) if known else None)

    # -- rows --------------------------------------------------------------------------------------------------

    def grown(self, before: Row, after: Row) -> Row | None:
        """What a row is at the start of a later turn if each adds what the first did; None if that added nothing."""
        if len(after) <= len(before) or not all(map(same, before, after)):
            return None
        added = after[len(before) :]
        if any(isinstance(part, Many) for part in added):
            return None
        return (*before, self._many(added, const(1), added))

    def _many(self, added: Row, start: Dim, first: Row = ()) -> Many:
        times = self._symbol(start)
        atom = times.as_symbol
        assert atom is not None
        self.first[atom] = first
        return self._group(added, times)

    def _group(self, added: Row, times: Dim | None) -> Many:
        many = repeated(self.after, added, times, self.since)
        self._own |= many.varying
        mine, its = self.before.heap, self.after.heap
        for key in mine.written_apart(its):
            if key not in mine:
                mine.take(key, its[key])  # what was made anew for each time
        return many

    def _row(self, before: Row, after: Row, deep: int) -> Row:
        if before == after:
            return before
        added = after[len(before) :]
        if added and all(map(same, before, after)):
            return self._longer(before, added, deep)
        if len(before) == len(after) and not any(isinstance(part, Many) for part in (*before, *after)):
            return self._each(before, after, deep)
        shared = 0
        while shared < min(len(before), len(after)) and same(before[shared], after[shared]):
            shared += 1
        return self._some(before[:shared], before[shared:], after[shared:], deep)

    def _longer(self, before: Row, added: Row, deep: int) -> Row:
        """A row to which a turn added something."""
        last = before[-1] if before else None
        times = last.count.as_symbol if isinstance(last, Many) and last.count is not None else None
        plain = not any(isinstance(part, Many) for part in added)
        if isinstance(last, Many) and times in self.first and plain and len(added) == len(last.group):
            assert times is not None and last.count is not None
            group = self._each(last.group, added, deep)
            if group is last.group:
                self.steps.setdefault(times, set()).add(const(1))
                return before
            first = self.first[times]
            if first:
                return (*before[:-1], *first, self._many(added, const(0)))
            return (*before[:-1], self._group(group, last.count))
        if plain and not isinstance(last, Many):
            return (*before, self._many(added, const(0)))
        if isinstance(last, Many) and last.count is None:
            return self._some(before[:-1], before[-1:], added, deep)
        return self._some(before, (), added, deep)

    def _some(self, shared: Row, before: Row, after: Row, deep: int) -> Row:
        """A row of which a part holds any number of what is in either of two."""
        items = [item for part in after for item in (part.group if isinstance(part, Many) else (part,))]
        if len(before) == 1 and isinstance(before[0], Many) and before[0].count is None and len(before[0].group) == 1:
            element = before[0].group[0]
            for item in items:
                element = self.value(element, item, "", deep)
            if element is before[0].group[0]:
                return (*shared, *before)
            made = self._group((element,), None)
            return (*shared, Many(made.group, None, made.varying | before[0].varying))
        everything = (*before, *after)
        made = self._group((element_of(everything),), None)
        return (*shared, Many(made.group, None, made.varying | varying_of(everything)))

    # -- the end -----------------------------------------------------------------------------------------------

    def first_turn(self, value: Value) -> Value:
        """What the first turn made, with the sizes that are that turn's own as ones that each turn has anew."""

        def change(size: Dim) -> Dim:
            size = in_older_names(self.after, size, self.since)
            return self._symbol(size) if self.since.own(self.after, size) else size

        settled = self.after.settle(value)
        return remade(self.after, settled, change, 0) if isinstance(settled, (Dim, Tensor)) else value

    def counted(self) -> Dim | None:
        """How many turns have passed since the first, by a size that grows by one in each: `i += 1`."""
        counter = next((one for one in self.starts if self.steps.get(one) == {const(1)}), None)
        if counter is None or self.since.own(self.after, self.starts[counter]):
            return None
        return dim(counter) - self.starts[counter]

    def ends(self, rest: Dim) -> dict[Symbol, Dim]:
        """What the loop's symbols stand for after so many turns more than the first, where each adds the same."""
        found = {}
        for size, start in self.starts.items():
            steps = self.steps.get(size, set())
            step = next(iter(steps)) if len(steps) == 1 else None
            if step is not None and not self.since.own(self.after, step) and not self.since.own(self.after, start):
                found[size] = start + step * rest
        return found


def _are_of_a_kind(one: Value, other: Value) -> bool:
    if isinstance(one, Tensor) and isinstance(other, Tensor):
        return one.shape.known == other.shape.known and (not one.shape.known or one.rank == other.rank)
    if type(one) is tuple and type(other) is tuple:
        parts = zip(one, other, strict=False)
        return len(one) == len(other) and all(_are_of_a_kind(x, y) or same(x, y) for x, y in parts)
    if isinstance(one, Choice) or isinstance(other, Choice):
        pairs = [(x, y) for x in alternatives(one) for y in alternatives(other)]
        return any(_are_of_a_kind(x, y) or same(x, y) for x, y in pairs)
    return type(one) is type(other) and isinstance(one, (Dim, Layer, Ref, Unknown))
