"""Running an operator's rule on the program's values: alternatives, failures, and what the operator needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shapelint.dims import Dim, Facts
from shapelint.interp.objects.operands import as_objects, plain
from shapelint.interp.paths.join import MOST_ALTERNATIVES, alternatives, choice, in_common
from shapelint.interp.paths.together import Way, is_open, together, ways_of
from shapelint.interp.state.events import Failed, Needed, Source
from shapelint.interp.state.ground import Ground
from shapelint.interp.state.machine import Frame, evaluate
from shapelint.interp.state.placement import operator_of, placed, tensors_in
from shapelint.interp.state.suspicions import is_looked_at, suspect, suspect_all
from shapelint.interp.state.values import Builtin, Choice, External, Value, unknown
from shapelint.ops.needs import CannotRun, Context, Exchanged, KindNotKnown, Trouble, WrongRank, using
from shapelint.ops.rows import Many, Row
from shapelint.ops.signature import FlagNotKnown
from shapelint.ops.tensor import PERHAPS_ARRAY, PERHAPS_ARRAYS, Tensor, Unknown
from shapelint.program import nodes
from shapelint.program.within import all_parts
from shapelint.program.written import statements_of
from shapelint.shapes import NotKnown, RankNotKnown, Run, Shape

Rule = Callable[[Sequence[Value], Mapping[str, Value]], Value]


@dataclass(frozen=True, slots=True)
class _Operation:
    """An operator applied at a node, under the name that reasons give it."""

    node: nodes.Expr
    rule: Rule
    what: str
    of_tensor: bool  # whether it gives a tensor, even where its rule cannot tell of what shape

    def unknown(self, why: str) -> Unknown:
        """A result of which nothing is known."""
        return unknown(f"{self.what}: {why}", self.node.at[0])


def run_rule(
    frame: Frame,
    node: nodes.Expr,
    rule: Rule,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    what: str,
    made: object = None,
    *,
    of_tensor: bool = False,
) -> Value:
    """What a rule gives for these values, `what` naming the operator for reasons; `made` is the layer it belongs to.

    A value that may be several is tried with each: the operation fails only where all of them fail. Where a rule cannot
    tell, one `of_tensor` still gives a tensor, of which the shape is not known.
    """
    args = [plain(frame, value) for value in args]
    kwargs = {key: plain(frame, value) for key, value in kwargs.items()}
    operation = _Operation(node, rule, what, of_tensor)
    if _WRITES.search(what):
        frame.world.masks.clear()  # one that is written to has another number of elements that are true
        frame.world.elements.forget()
    if any(map(is_open, (*args, *kwargs.values()))):
        result = _run_each(frame, operation, args, kwargs)
        if is_looked_at(what) and not isinstance(result, Unknown):
            _suspect_each(frame, operation, args, kwargs, made)
        return as_objects(frame, result)
    result = _run_one(frame, operation, args, kwargs)
    if isinstance(result, Choice):
        result = choice([placed(what, args, kwargs, one) for one in result.values], result.paths)
    elif not isinstance(result, Unknown):
        result = placed(what, args, kwargs, result)
        suspect(frame, node, what, args, kwargs, result, lambda: sources_of(frame, node), made)
    return as_objects(frame, result)


def _suspect_each(
    frame: Frame, operation: _Operation, args: Sequence[Value], kwargs: Mapping[str, Value], made: object
) -> None:
    """Note an operator that does what is odd whichever of several values it is given: with a mask, and without."""
    most, facts = MOST_ALTERNATIVES * 2, frame.world.facts
    combinations = together(facts, [ways_of(facts, value, most) for value in (*args, *kwargs.values())], most)
    if len(combinations) > most:
        return
    each = [(row[: len(args)], dict(zip(kwargs, row[len(args) :], strict=True))) for row, _ in combinations]
    suspect_all(frame, operation.node, operation.what, each, lambda: sources_of(frame, operation.node), made)


_WRITES = re.compile(r"[a-z]_(?:\(\))?$|[^=!<>]=$|^item assignment$")


def _not_told(operation: _Operation, reason: object, values: Sequence[Value]) -> Value:
    """What an operator gives of which its rule cannot tell more than that it is a tensor, if so much."""
    tensors = tensors_in(values)
    is_torch = operation.what.startswith(("torch.", "F.", "nn."))
    if not operation.of_tensor or not (tensors or is_torch) or any(tensor.device == "numpy" for tensor in tensors):
        result = operation.unknown(str(reason))
        result.given = _depends_on_caller(reason, values)
        return result
    earlier = (one.shape.run.why for one in tensors if one.shape.run is not None and one.shape.run.why)
    perhaps_array = not is_torch and any(tensor.device in PERHAPS_ARRAYS for tensor in tensors)
    return Tensor(
        Shape.unknown(why=next(earlier, f"{operation.what}: {reason}"), given=_depends_on_caller(reason, values)),
        None,
        device=PERHAPS_ARRAY if perhaps_array else None,
    )


def _depends_on_caller(reason: object, values: Sequence[Value]) -> bool:
    """Whether a rule cannot tell for no other reason than that a caller gives what it is given."""
    of_caller = any(isinstance(value, Unknown) and value.reason == str(reason) for value in values)
    return (of_caller or isinstance(reason, (RankNotKnown, KindNotKnown))) and all(map(_is_given, values))


def _is_given(value: Value) -> bool:
    """Whether a caller gives a value, or how many dims it has depends on nothing else."""
    if type(value) in (tuple, list):
        return all(map(_is_given, value))
    if isinstance(value, slice):
        return all(map(_is_given, (value.start, value.stop, value.step)))
    if isinstance(value, Row):
        return all(_is_given(part.group if isinstance(part, Many) else part) for part in value.parts)
    if isinstance(value, Tensor):
        return value.shape.given
    is_constant = isinstance(
        value, (Dim, str, bool, float, type(None), type(Ellipsis), External, Builtin, type)
    )  # `dtype=float`
    return is_constant or (isinstance(value, Unknown) and value.given)


def _is_foreign(value: Value) -> bool:
    """Whether a value is of a kind that operators do not know, so that their refusing it proves nothing."""
    if type(value) in (tuple, list):
        return any(map(_is_foreign, value))
    if isinstance(value, slice):
        return any(map(_is_foreign, (value.start, value.stop, value.step)))
    return not isinstance(value, (Tensor, Dim, str, bool, float, tuple, type(None), type(Ellipsis)))


def _run_one(frame: Frame, operation: _Operation, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
    if operator_of(operation.what) in _LAYING_OUT:
        _note_dims(frame, operation.node, args[1] if len(args) == 2 and isinstance(args[1], tuple) else args[1:])
    ground = Ground(frame.world, frame.evidence, lambda: _operands(frame, args, kwargs))
    try:
        with using(ground):
            result = operation.rule(args, kwargs)
    except CannotRun as failure:
        is_foreign = any(map(_is_foreign, (*args, *kwargs.values()))) and not isinstance(failure, WrongRank)
        if is_foreign or _is_set_elsewhere(frame, operation.node, args):
            return operation.unknown(failure.reason)
        is_spread = failure.trouble is Trouble.BROADCAST and failure.pair is not None
        if is_spread and any(_may_be_1(frame, size) for size in failure.pair or ()):
            return operation.unknown(failure.reason)
        return fail(frame, operation.node, failure)
    except FlagNotKnown as flag:
        return _run_either(frame, operation, args, kwargs, flag.value)
    except NotKnown as reason:
        return _not_told(operation, reason, (*args, *kwargs.values()))
    if operation.what in _MAKING and isinstance(result, Tensor) and result.shape.known:
        _note_dims(frame, operation.node, result.shape.dims)
    before = frame.world.facts
    if not ground.apart:  # what else an operation asks that is wrong itself is told by nothing
        frame.world.facts = ground.facts
    elif frame.machine.equates:
        for need in ground.needs:
            frame.world.facts = frame.world.facts.equal(need.left, need.right)
    for number, need in enumerate(ground.needs):
        event = Needed(
            operation.node.at,
            need.left,
            need.right,
            need.reason,
            need.trouble,
            before,
            frame.world.conditions,
            operation.node,
            sources_of(frame, operation.node),
            apart=ground.apart.get(number),
        )
        frame.note_failure(event)
    return choice([frame.world.worked_out(one) for one in (result, *ground.others)])


def _operands(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Sequence[Tensor]:
    """The tensors of an operation; none after one that equates names, of which others may only be a consequence."""
    told = any(isinstance(one, Needed) and one.apart is not None for one in frame.failures)
    return () if told else tensors_in((*args, *kwargs.values()))


_LAYING_OUT = frozenset({"view", "reshape", "expand"})
_MAKING = frozenset(f"torch.{name}" for name in ("zeros", "ones", "empty", "rand", "randn"))


def _note_dims(frame: Frame, node: nodes.Expr, sizes: Sequence[Value]) -> None:
    """Note that the author writes these sizes beside each other as dims of one tensor."""
    place = str((node.at, next(Context.serial)))  # each time that the line is run it is another tensor
    for size in sizes:
        known = frame.world.facts.normalize(size) if isinstance(size, Dim) else None
        if known is not None and known.as_symbol is not None and known.as_symbol.name != "_":
            frame.evidence.laid_out.setdefault(known, set()).add(place)


def _is_set_elsewhere(frame: Frame, node: nodes.Expr, args: Sequence[Value]) -> bool:
    """Whether None is given that an object of an object holds, `layer.attention.cache`, and a method sets."""
    if not any(one is None or (isinstance(one, (list, tuple)) and any(x is None for x in one)) for one in args):
        return False
    owner = frame.function.owner if frame.function is not None else None
    given = [argument.value for argument in node.args] if isinstance(node, nodes.Call) else []
    held = {
        one.attr
        for one in all_parts(given)
        if isinstance(one, nodes.Attribute) and isinstance(one.value, nodes.Attribute) and evaluate(frame, one) is None
    }
    methods = owner.node.body if held and owner is not None else ()
    return any(
        isinstance(target, nodes.Attribute) and target.attr in held and isinstance(target.value, nodes.Attribute)
        for method in methods
        if isinstance(method, nodes.Function)
        for statement in statements_of(method)
        if isinstance(statement, nodes.Assign)
        for target in statement.targets
    )


def _may_be_1(frame: Frame, size: Dim) -> bool:
    """Whether a size without a name may be 1: it was spread over another one, and nothing else is asked of it."""
    one = size.as_symbol
    if one is None or not (one.name == "_" or ".shape[" in one.name):
        return False
    needs = [e for e in frame.failures if isinstance(e, Needed) and one in e.left.symbols | e.right.symbols]
    return bool(needs) and all(need.trouble is Trouble.BROADCAST for need in needs)


def _run_either(
    frame: Frame, operation: _Operation, args: Sequence[Value], kwargs: Mapping[str, Value], flag: Unknown
) -> Value:
    """What an operator gives with a flag set or not: where both are of as many dims, what they have in common."""
    either = Choice((True, False))
    given = [either if value is flag else value for value in args]
    named = {key: either if value is flag else value for key, value in kwargs.items()}
    found = _run_each(frame, operation, given, named)
    return in_common([*found.values]) if isinstance(found, Choice) and _are_of_a_rank(found.values) else found


def _run_each(frame: Frame, operation: _Operation, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
    keys = list(kwargs)
    most, facts = MOST_ALTERNATIVES * 2, frame.world.facts
    spread = [ways_of(facts, value, most) for value in (*args, *kwargs.values())]
    combinations = together(facts, spread, most)
    if len(combinations) > most:
        values = (*args, *kwargs.values())
        spread = [_as_one(value, ways) if len(ways) > 1 else ways for value, ways in zip(values, spread, strict=True)]
        combinations = together(facts, spread, most)
    results: list[Value] = []
    paths: list[Facts | None] = []
    failure: CannotRun | None = None
    after = None
    before = frame.world.runs
    filled: dict[Run, Shape] | None = None
    if len(combinations) > most:
        return _not_told(operation, "too many alternatives", combinations[-1][0])
    for combination, path in combinations:
        frame.world.runs = dict(before)  # what one alternative tells of a run need not be so for the others
        ground = Ground(frame.world)
        try:
            with using(ground):
                given = combination[: len(args)]
                named = dict(zip(keys, combination[len(args) :], strict=True))
                found_here = [
                    placed(operation.what, given, named, one) for one in (operation.rule(given, named), *ground.others)
                ]
                results += found_here
                paths += [path] * len(found_here)
        except CannotRun as found:
            if any(map(_is_foreign, combination)):
                frame.world.runs = before
                return operation.unknown(found.reason)
            failure = found.with_traceback(None)  # which holds this frame, and so all that is known in it
            continue
        except NotKnown as reason:
            if isinstance(reason, FlagNotKnown) and any(reason.value is one for one in combination):
                frame.world.runs = before
                return _run_either(frame, operation, args, kwargs, reason.value)
            lost = _not_told(operation, reason, combination)
            if isinstance(lost, Unknown):
                frame.world.runs = before
                return lost
            results.append(lost)
            paths.append(path)
            filled, after = {}, frame.world.facts
            continue
        runs = frame.world.runs
        filled = runs if filled is None else {run: one for run, one in filled.items() if runs.get(run) == one}
        after = ground.facts if after is None else after.shared_with(ground.facts)
    frame.world.runs = before if filled is None else filled
    if not results and failure is None:
        return operation.unknown("no path leads here")
    if not results:
        assert failure is not None
        return fail(frame, operation.node, failure)
    frame.world.facts = after or frame.world.facts
    return choice(results, paths)


def _as_one(value: Value, ways: list[Way]) -> list[Way]:
    """What the values that one may be have in common, where that is much; else these.

    Of a row each item by itself: the ways to choose them are not all there, where there are so many.
    """
    if type(value) is list:
        columns = [list(alternatives(item)) for item in value]
        if not all(len(column) == 1 or _have_much_in_common(column) for column in columns):
            return ways
        return [([column[0] if len(column) == 1 else in_common(column) for column in columns], None)]
    values = [one for one, _ in ways]
    return [(in_common(values), None)] if _have_much_in_common(values) else ways


def _have_much_in_common(values: Sequence[Value]) -> bool:
    """Whether values are tensors of as many dims as each other, or all of them end with as many that are seen."""
    ends = {len(one.shape.back) if isinstance(one, Tensor) and one.shape.run is not None else 0 for one in values}
    return _are_of_a_rank(values) or (len(ends) == 1 and 0 not in ends)


def _are_of_a_rank(values: Sequence[Value]) -> bool:
    """Whether values are tensors of as many dims as each other."""
    return all(isinstance(one, Tensor) and one.shape.known and one.rank == values[0].rank for one in values)


def fail(frame: Frame, node: nodes.Expr, failure: CannotRun) -> Value:
    """Note an operation that cannot run; its result is unknown from here on, unless it is plain what was meant."""
    event = Failed(
        node.at,
        node,
        failure.reason,
        failure.trouble,
        frame.world.facts,
        failure.pair,
        sources_of(frame, node),
        conditions=frame.world.conditions,
    )
    frame.note_failure(event)
    if isinstance(failure, Exchanged):
        return failure.result
    return Unknown(f"the operation at line {node.at[0]} cannot run", line=node.at[0], may_be_size=False)


def of_each(
    frame: Frame, values: Sequence[Any], find: Callable[[Any], Value], paths: Sequence[Facts | None] = ()
) -> Value:
    """What a function gives for one of several values: what fails with some of them only is passed over."""
    results: list[Value] = []
    ways: list[Facts | None] = []
    for number, value in enumerate(values):
        failures = frame.passed_over
        frame.guarded += 1
        try:
            result = find(value)
        finally:
            frame.guarded -= 1
        if frame.passed_over == failures:
            results.append(result)
            ways.append(paths[number] if number < len(paths) else None)
    return choice(results, ways) if results else find(values[0])


def sources_of(frame: Frame, node: nodes.Expr) -> tuple[Source, ...]:
    """The tensors with a name that take part in an expression, with the line that each comes from."""
    found: dict[str, Source] = {}
    for name, value in _named(frame, node):
        value = frame.world.settle(value)
        if isinstance(value, Tensor) and value.shape.known and name not in found:
            found[name] = Source(name, value.shape, frame.lines.get(name, 0))
    return tuple(found.values())[:4]


def _named(frame: Frame, node: object) -> Iterable[tuple[str, Value]]:
    if isinstance(node, nodes.Name):
        if node.id in frame.env:
            yield node.id, frame.env[node.id]
        return
    if isinstance(node, nodes.Attribute):
        if (
            frame.seen is not None
            and isinstance(frame.seen.get(id(node)), Tensor)
            and isinstance(node.value, nodes.Name)
        ):
            yield f"{node.value.id}.{node.attr}", frame.seen[id(node)]
            return
        yield from _named(frame, node.value)
    elif isinstance(node, nodes.Call):
        yield from _named(frame, node.func)
        for argument in node.args:
            yield from _named(frame, argument.value)
    elif isinstance(node, nodes.Binary):
        yield from _named(frame, node.left)
        yield from _named(frame, node.right)
    elif isinstance(node, nodes.Subscript):
        yield from _named(frame, node.value)
    elif isinstance(node, nodes.Sequence):
        for item in node.items:
            yield from _named(frame, item)
    elif isinstance(node, nodes.Unary):
        yield from _named(frame, node.operand)
