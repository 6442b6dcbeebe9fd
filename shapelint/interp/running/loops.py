"""`for` and `while`: turn by turn where that is known and short, else the first turn and what holds in every later one.

The first turn of many is run from what is known before the loop. What it leaves behind is made wider
(`widening.py`) until another turn changes nothing any more: it then holds at the end of each turn, and so after
the last. What grows by the same in each turn is known by the number of turns.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from shapelint.dims import Dim, Symbol, const, dim
from shapelint.interp.claims.claims_over import claims_before, meet_over_a_loop
from shapelint.interp.claims.names import join_letters, part_letters
from shapelint.interp.objects.iteration import bind
from shapelint.interp.objects.places import note_places, row_by_places
from shapelint.interp.objects.rows import any_number_of, count_of, row_of, surely_runs
from shapelint.interp.paths.block import Way, meet, run_block
from shapelint.interp.paths.cases import take_path
from shapelint.interp.paths.join import alternatives, element_of, same, varying_of
from shapelint.interp.paths.last_items import Point, note_last_items
from shapelint.interp.paths.widening import Widening
from shapelint.interp.running.conditions import assume
from shapelint.interp.running.truth import truth
from shapelint.interp.state.events import ClaimMet, Failed, Suspected
from shapelint.interp.state.machine import Frame, OutOfBudget, evaluate, executes
from shapelint.interp.state.remaking import fresh, remade, time_of
from shapelint.interp.state.second_turns import stops_after_one
from shapelint.interp.state.turns import Moment
from shapelint.interp.state.values import Choice, Container, ListObject, Range, Ratio, Ref, Value, unknown
from shapelint.interp.state.world import World
from shapelint.ops.rows import Many
from shapelint.ops.signature import NumberType
from shapelint.ops.tensor import Tensor
from shapelint.program import nodes
from shapelint.program.written import counted_by

MOST_TURNS = 16
MOST_PASSES = 4

NUMBERS = (int, float, Dim, Ratio, NumberType)

Loop = nodes.For | nodes.While


@executes(nodes.For)
def for_loop(frame: Frame, statement: nodes.For) -> str | None:
    """`for`: over each item, or over many alike."""
    claims_before(frame, statement)
    meet_over_a_loop(frame, statement)
    value = frame.world.settle(evaluate(frame, statement.iterable))
    counting = frame.counting
    frame.counting |= {counter} if (counter := counted_by(statement)) is not None else set()
    try:
        if isinstance(value, Choice) and value.paths and all(isinstance(one, Range) for one in value.values):
            return _over_each(frame, statement, value)
        return _over_all(frame, statement, value)
    finally:
        frame.counting = counting


def _over_each(frame: Frame, statement: nodes.For, value: Choice) -> str | None:
    """Over one of several ranges: which one tells which others of several values are meant."""
    env, world, conditions = frame.env, frame.machine.world, frame.world.conditions
    ways: list[Way] = []
    for one, path in value.each():
        if path is not None and world.facts.rules_out(path):
            continue
        frame.env, frame.machine.world = dict(env), world.fork()
        frame.machine.world.conditions += 1
        if path is not None:
            take_path(frame, path)
        how = _over_all(frame, statement, one)
        ways.append((how, frame.env, frame.machine.world))
    return meet(frame, ways, conditions) if ways else _over_all(frame, statement, value)


def _over_all(frame: Frame, statement: nodes.For, value: Value) -> str | None:
    """Over all that one value gives, in order."""
    row, refs = row_by_places(frame, statement, value) or (row_of(frame, value), ())
    if len(row) > MOST_TURNS:
        row, refs = (any_number_of(frame, row_of(frame, value), count_of(row)),), ()
    return _over(frame, statement, row, refs)


@executes(nodes.While)
def while_loop(frame: Frame, statement: nodes.While) -> str | None:
    """`while`: any number of turns."""
    claims_before(frame, statement)
    meet_over_a_loop(frame, statement)
    if truth(frame, evaluate(frame, statement.test)) is False:
        return run_block(frame, statement.orelse)
    return _over(frame, statement, (Many(()),))


def _over(frame: Frame, statement: Loop, row: tuple[Value, ...], refs: tuple[Ref, ...] = ()) -> str | None:
    """Run over a row: of items, or of places each with the items that the lists `refs` hold there; then its `else`."""
    how: str | None = None
    broken: list[Way] = []
    conditions = frame.world.conditions
    for part in row:
        if isinstance(part, Many):
            how, left = _turns(frame, statement, part, refs)
        else:
            how, left = _turn(frame, statement, (part,), refs)
        broken += left
        if how is not None:
            break
    if how is None and statement.orelse:
        frame.world.conditions += bool(broken)
        how = run_block(frame, statement.orelse)
    return meet(frame, [*broken, (how, frame.env, frame.world)], conditions) if broken else how


def _turn(
    frame: Frame, statement: Loop, items: tuple[Value, ...], refs: tuple[Ref, ...]
) -> tuple[str | None, list[Way]]:
    """A turn for each of these items: how the last one leaves, None where it comes to its end, and each `break`."""
    broken: list[Way] = []
    mark, conditions = len(frame.exits), frame.world.conditions
    for item in items if isinstance(statement, nodes.For) else (None,):
        if isinstance(statement, nodes.For):
            place, held = item if refs else (item, ())
            bind(frame, statement.target, place, statement.iterable)
            if refs and isinstance(statement.target, nodes.Name):
                note_places(frame, refs, statement.target.id, held)
        else:
            assume(frame, statement.test, True)
        how = run_block(frame, statement.body)
        left = frame.exits[mark:]
        frame.exits[mark:] = [exit for exit in left if exit[0] not in ("break", "continue")]
        broken += [(None, env, world) for kind, env, world in left if kind == "break"]
        ways: list[Way] = [(None, env, world) for kind, env, world in left if kind == "continue"]
        if how is None:
            ways.append((None, frame.env, frame.world))
        if not ways:
            return how, broken
        meet(frame, ways, conditions)
    return None, broken


def _turns(frame: Frame, statement: Loop, many: Many, refs: tuple[Ref, ...]) -> tuple[str | None, list[Way]]:
    """As many turns as there are items, perhaps none: where they lead to, and each `break`."""
    machine, conditions = frame.machine, frame.world.conditions
    env, world = frame.env, frame.world
    widening = Widening(world, Moment())
    noted, letters = len(frame.evidence.events), dict(frame.letters.bound)
    sure = isinstance(statement, nodes.For) and surely_runs(frame, many.count)
    first = conditions + (not sure)
    try:
        how, broken, turn = _turn_from(frame, statement, many, refs, env, world, conditions=first)
    except OutOfBudget:  # nothing is known of the later turns
        _leave_what_is_sure(frame, noted, first)
        raise
    if how is not None:
        _leave_what_is_sure(frame, noted, first)
        frame.env, machine.world = env, world
        return (how if sure else None), broken
    widening.of_turn(world, frame.world)
    if not widening.names(env, frame.env) and not widening.objects():  # all turns are like the first
        _meet_entry(frame, env, world, conditions, sure=sure)
        return None, broken
    _leave_what_is_sure(frame, noted, first)
    if turn is not None:
        _know(frame, noted, {turn.index: turn.start})
    widening = Widening(frame.world, widening.since)
    after_first = Point(frame.env, frame.world)
    entry_env, entry = _after_first(frame, env, world, widening)
    of_first_turn = frame.evidence.events[noted:]
    told = {id(event.blame) for event in of_first_turn if isinstance(event, Failed)}
    changed: dict[str, Value] = {}
    objects: dict[int, Value] = {}
    stable = False
    of_first = part_letters(frame, letters)
    twice = surely_runs(frame, many.count, 2)
    second: list[Suspected] = []
    for number in range(1, MOST_PASSES):
        part_letters(frame, letters)
        noted, exits, returns = len(frame.evidence.events), len(frame.exits), len(frame.returns)
        try:
            how, left, turn = _turn_from(frame, statement, many, refs, entry_env, entry, conditions=conditions + 1)
        except OutOfBudget:  # what fails in a state that is not wide enough yet may not fail in the one that is
            frame.evidence.events[noted:] = [e for e in frame.evidence.events[noted:] if not isinstance(e, Failed)]
            raise
        if number == 1 and not twice and many.ways is None and isinstance(statement, nodes.For):
            of_turn = frame.evidence.events[noted:]
            second = list(stops_after_one(of_turn, of_first_turn, conditions + 1, what="the loop"))
        if how is not None:  # no turn after the first comes to its end
            stable = True
            break
        widening.of_turn(entry, frame.world)
        changed, objects = widening.names(entry_env, frame.env), widening.objects()
        stable = not changed and not objects
        if stable:
            note_last_items(Point(env, world), after_first, Point(entry_env, entry), Point(frame.env, frame.world))
        if stable or number == MOST_PASSES - 1:
            break
        entry_env = {**entry_env, **changed}
        for key, content in objects.items():
            entry.heap[key] = content
        del frame.evidence.events[noted:], frame.exits[exits:], frame.returns[returns:]
    if stable:
        passed = widening.counted() if turn is None else turn.index - turn.start - 1
        _know(frame, noted, {} if passed is None else {dim(one): end for one, end in widening.ends(passed).items()})
    _keep_lasting_letters(frame, letters, of_first, widening.since)
    _leave_later_failures(frame, noted, conditions, told, twice)
    frame.evidence.events += second
    if not stable:
        entry_env = {**entry_env, **{name: unknown(f"{name} changes in a loop", statement.at[0]) for name in changed}}
        for key, content in objects.items():
            entry.heap[key] = _lost(content)
    frame.env, machine.world = entry_env, entry
    if stable:
        count = fresh() if many.count is None else frame.world.renamed(many.count)
        _close(frame, widening, count, env, world, counted=many.count is not None and not sure)
    _meet_entry(frame, env, world, conditions, sure=sure)
    return None, broken + left


@dataclass(frozen=True, slots=True)
class _Number:
    """The number of a turn as the loop counts them, and that of the first one."""

    index: Dim
    start: Dim


def _turn_from(
    frame: Frame,
    statement: Loop,
    many: Many,
    refs: tuple[Ref, ...],
    env: dict[str, Value],
    world: World,
    *,
    conditions: int,
) -> tuple[str | None, list[Way], _Number | None]:
    """A turn that begins in this state, under as many open conditions."""
    frame.env, frame.machine.world = dict(env), world.fork()
    frame.machine.world.conditions = conditions
    items = time_of(frame.world, many)
    index = items[0] if items else None
    while type(index) is tuple and index:  # of `enumerate` and `zip`
        index = index[0]
    turn = None
    if isinstance(index, Dim) and many.starts is not None and not refs:
        turn = _Number(index, many.starts)
    how, broken = _turn(frame, statement, items, refs)
    return how, broken, turn


def _know(frame: Frame, noted: int, sizes: dict[Dim, Dim]) -> None:
    """Take it that the claims met in a turn were met where these sizes are those."""
    for place, event in enumerate(frame.evidence.events[noted:], noted):
        if isinstance(event, ClaimMet):
            facts = event.facts
            for size, value in sizes.items():
                facts = facts.equal(size, value)
            if not facts.contradictory:
                frame.evidence.events[place] = replace(event, facts=facts)


def _keep_lasting_letters(frame: Frame, before: dict[str, Dim], of_first: dict[str, Dim], since: Moment) -> None:
    """Keep the letters that stand for the same in each turn: one for a turn's own size may mean another after it."""
    of_later = part_letters(frame, before)
    join_letters(frame, {name: size for name, size in of_later.items() if not since.own(frame.world, size)})
    join_letters(frame, {name: size for name, size in of_first.items() if not since.own(frame.world, size)})


def _leave_what_is_sure(frame: Frame, noted: int, conditions: int) -> None:
    """Forget what failed in the first turn under a condition of its own: it may well hold in later ones only."""
    frame.evidence.events[noted:] = [
        event
        for event in frame.evidence.events[noted:]
        if not isinstance(event, Failed) or event.conditions <= conditions
    ]


def _leave_later_failures(frame: Frame, noted: int, conditions: int, told: set[int], twice: bool) -> None:
    """Forget what failed in a later turn alone, where there may be none; and what failed before, told twice."""
    frame.evidence.events[noted:] = [
        event
        for event in frame.evidence.events[noted:]
        if not isinstance(event, Failed)
        or (id(event.blame) not in told and (twice or event.conditions > conditions + 1))
    ]


def _after_first(
    frame: Frame, env: dict[str, Value], world: World, widening: Widening
) -> tuple[dict[str, Value], World]:
    """The state at the start of the second turn, with what the first one made as each turn makes it."""
    entry = frame.world.fork()
    entry.conditions = world.conditions
    widening.of_turn(entry, frame.world)
    after = {}
    for name, value in frame.env.items():
        earlier = env.get(name)
        if value is earlier:
            after[name] = value
            continue
        after[name] = widening.first_turn(value)
        mine, now = _row_behind(world, earlier), _row_behind(frame.world, value)
        if mine is not None and now is not None and earlier != value:
            row = widening.grown(mine.row, now.row)
            after[name] = value if row is None else entry.allocate(_with_row(now, row))
    for key in world.heap.written_apart(frame.world.heap):
        before, content = world.heap.get(key), frame.world.heap.get(key)
        if type(before) is type(content) and isinstance(before, (ListObject, Container)):
            assert isinstance(content, (ListObject, Container))
            row = widening.grown(before.row, content.row)
            if row is not None:
                entry.heap[key] = _with_row(content, row)
    return after, entry


def _row_behind(world: World, value: Value) -> ListObject | None:
    content = world.heap.get(value.id) if isinstance(value, Ref) else None
    return content if isinstance(content, ListObject) else None


def _with_row(content: ListObject | Container, row: tuple[Value, ...]) -> ListObject | Container:
    return ListObject(row) if isinstance(content, ListObject) else Container.numbered(content.kind, row)


def _lost(content: Value) -> Value:
    many = Many((unknown("what changes in a loop"),))
    if isinstance(content, Container):
        return Container.numbered(content.kind, (many,))
    return ListObject((many,)) if isinstance(content, ListObject) else content


def _close(frame: Frame, widening: Widening, count: Dim, env: dict[str, Value], world: World, *, counted: bool) -> None:
    """Put in what the number of turns tells; where that is right for no turn at all, it is so without one."""
    ends, at_none = widening.ends(count - 1), widening.ends(const(-1))
    if not ends:
        return
    closed = frame.world
    for name, value in list(frame.env.items()):
        settled, earlier = closed.settle(value), env.get(name)
        if isinstance(settled, (Dim, Tensor)):
            frame.env[name] = _with(closed, settled, ends)
            if type(earlier) is type(settled) and same(world.settle(earlier), _with(closed, settled, at_none)):
                env[name] = frame.env[name]
    for key in world.heap.written_apart(closed.heap):
        content, before = closed.heap.get(key), world.heap.get(key)
        if not isinstance(content, (ListObject, Container)):
            continue
        whole = _with_the_first(content.row, at_none) if counted else None
        if whole is not None and isinstance(before, type(content)) and _is_without(whole, before.row, at_none):
            content = _with_row(content, whole)
        row = tuple(_counted(part, ends) for part in content.row)
        if row != content.row:
            closed.heap[key] = _with_row(content, row)
            if isinstance(before, (ListObject, Container)) and _is_without(content.row, before.row, at_none):
                world.heap[key] = closed.heap[key]
            for name, value in frame.env.items():
                mine = _row_behind(world, env.get(name))
                if value == Ref(key) and mine is not None and _is_without(content.row, mine.row, at_none):
                    env[name] = value


def _with(world: World, value: Value, sizes: dict[Symbol, Dim]) -> Value:
    return remade(world, value, lambda size: size if size.symbols.isdisjoint(sizes) else size.subs(sizes), 0)


def _counted(part: Value, ends: dict[Symbol, Dim]) -> Value:
    if not isinstance(part, Many) or part.count is None or part.count.symbols.isdisjoint(ends):
        return part
    return Many(part.group, part.count.subs(ends), part.varying, last=part.last)


def _with_the_first(row: tuple[Value, ...], at_none: dict[Symbol, Dim]) -> tuple[Value, ...] | None:
    """A row in which what the first turn added is one of what all turns add: there may be no turn at all."""
    for place, part in enumerate(row):
        if not isinstance(part, Many) or part.count is None or len(part.group) != 1 or not place:
            continue
        left = _counted(part, at_none)
        if isinstance(left, Many) and left.count == const(-1) and not isinstance(row[place - 1], Many):
            every = (row[place - 1], part)
            return (*row[: place - 1], Many((element_of(every),), part.count + 1, varying_of(every)), *row[place + 1 :])
    return None


def _is_without(row: tuple[Value, ...], before: tuple[Value, ...], at_none: dict[Symbol, Dim]) -> bool:
    """Whether a row is the one before the loop, but for what stands there as often as there are turns."""
    left = [one for one in (_counted(part, at_none) for part in row) if not _is_none(one)]
    return len(left) == len(before) and all(map(same, left, before))


def _is_none(part: Value) -> bool:
    return isinstance(part, Many) and part.count is not None and part.count.value == 0


def _meet_entry(frame: Frame, env: dict[str, Value], world: World, conditions: int, *, sure: bool) -> None:
    """Go on with what the turns left behind, or with what was before them where there may be none."""
    ways: list[Way] = [(None, frame.env, frame.world)]
    if not sure:
        ways.insert(0, (None, {**env, **_added_up(frame, env)}, world))
    meet(frame, ways, conditions)


def _added_up(frame: Frame, env: dict[str, Value]) -> dict[str, Value]:
    """The tensors that the turns make of what is a number before them: `total = 0.0`, to which each turn adds.

    Who begins so takes it that there is a turn: a number has no shape to tell of.
    """
    found = {}
    for name, value in env.items():
        if isinstance(value, NUMBERS) and not isinstance(value, bool):
            after = frame.world.settle(frame.env.get(name, value))
            if all(isinstance(one, Tensor) for one in alternatives(after)):
                found[name] = after
    return found
