"""What an operator does with a tensor of which the number of dims is not known, found out by trying numbers of them.

The unknown run is so many dims, each a mark, while the rule runs. If the rule takes one number of them only
(`x.permute(0, 2, 3, 1)` takes four), then the tensor has that many. If it takes all from some number on, and does the
same with each, then it has at least so many, and what comes out is the result with the run in the place of the marks
(`x.transpose(1, 2)` of `(..., )` is `(a, c, b, ...)`), or a known number of dims of which one is made of the marks
(`x.flatten(1)` is `(a, n)`).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from shapelint.dims import Dim, Symbol, const, polynomial_quotient
from shapelint.ops.needs import CannotRun, Context, Need, Trouble, current, using
from shapelint.ops.rows import Many, PerDim, Row, SizesOf
from shapelint.ops.tensor import Tensor
from shapelint.shapes import RankNotKnown, Run, Shape

MOST_DIMS = 6
ALIKE = 3  # numbers of dims in a row with which a rule must do the same
Marks = tuple[Dim, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule gives where each run is these dims, and what it needs for that."""

    marks: dict[Run, Marks]
    results: tuple[Any, ...]
    needs: tuple[Need, ...]

    @property
    def sayable(self) -> tuple[Need, ...]:
        """The needs that do not speak of the marks, and so can be told of any number of dims."""
        marks = {symbol for row in self.marks.values() for mark in row for symbol in mark.symbols}
        return tuple(need for need in self.needs if marks.isdisjoint(need.left.symbols | need.right.symbols))

    @property
    def equated(self) -> list[tuple[Dim, Dim, Trouble]]:
        """What these needs say, in whatever words."""
        return [(need.left, need.right, need.trouble) for need in self.sayable]


@dataclass(frozen=True, slots=True)
class Call:
    """A rule and its arguments, with as many marks for each unknown run in them as are tried at most."""

    rule: Callable[..., Any]
    args: Sequence[Any]
    kwargs: Mapping[str, Any]
    marks: Mapping[Run, Marks]
    _trials: dict[tuple[int, int, int, Run | None], Trial | None] = field(default_factory=dict)
    _refused: dict[int, CannotRun] = field(default_factory=dict)

    def tried(self, count: int, before: int = 0, after: int = 0, longer: Run | None = None) -> Trial | None:
        """What comes out where each run is so many dims, None where the rule cannot run then. Raises NotKnown.

        The first marks are the `before` foremost dims of the run, the next ones the `after` hindmost; one run may be
        `longer` by a dim.
        """
        key = count, before, after, longer
        if key not in self._trials:
            self._trials[key] = self._try(*key)
        return self._trials[key]

    def _try(self, count: int, before: int, after: int, longer: Run | None) -> Trial | None:
        fixed = before + after
        ends = {run: count + (run is longer) for run in self.marks}
        rows = {run: (*row[:before], *row[fixed : ends[run]], *row[before:fixed]) for run, row in self.marks.items()}
        context = Context(current().facts)
        with using(context):
            try:
                named = {name: _marked(value, rows) for name, value in self.kwargs.items()}
                result = self.rule(*_arguments(self.args, rows), **named)
            except CannotRun as failure:
                self._refused[count] = failure
                return None
            except (IndexError, ZeroDivisionError):  # a dim that is not there
                return None
        middle = {run: row[fixed : ends[run]] for run, row in self.marks.items()}
        factors = [mark for row in rows.values() for mark in row]
        return Trial(middle, (result, *context.others), tuple(_without(factors, need) for need in context.needs))

    def refused_by_any(self, counts: range) -> CannotRun | None:
        """Why the rule cannot run where each of so many dims has been tried: two sizes that are never equal.

        None where it is not these same two for all numbers of dims but those that are too few.
        """
        enough = [count for count in counts if count not in self._refused or self._refused[count].pair is not None]
        failures = [self._refused[count] for count in enough if count in self._refused]
        if len(failures) < max(len(enough), ALIKE) or list(counts[-len(enough) :]) != enough:
            return None
        pair = failures[0].pair
        marks = {symbol for row in self.marks.values() for mark in row for symbol in mark.symbols}
        if pair is None or any(one.pair != pair for one in failures):
            return None
        return (
            self._of_any_rank(failures[0], enough[0]) if marks.isdisjoint(pair[0].symbols | pair[1].symbols) else None
        )

    def _of_any_rank(self, failure: CannotRun, count: int) -> CannotRun:
        """The failure with the tensors in its text as they are, of which the dims are counted from the end."""
        reason, rows = failure.reason, {run: row[:count] for run, row in self.marks.items()}
        for value in (*self.args, *self.kwargs.values()):
            if isinstance(value, Tensor) and value.shape.run is not None:
                tried = _shape_marked(value.shape, rows)
                for place in range(tried.rank):
                    reason = reason.replace(f"dim {place} of {tried}", f"dim {place - tried.rank} of {value.shape}")
        return CannotRun(reason, failure.trouble, failure.pair)


def _without(marks: Sequence[Dim], need: Need) -> Need:
    """A need without the marks that are factors of both sides, as in numbers of elements."""
    left, right = need.left, need.right
    for mark in marks:
        a, b = polynomial_quotient(left, mark), polynomial_quotient(right, mark)
        if a is not None and b is not None:
            left, right = a, b
    return replace(need, left=left, right=right)


def whatever_the_rank(rule: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """What a rule gives that could not be told for these arguments because of dims unknown in number.

    Raises RankNotKnown where the trials tell nothing.
    """
    values = [_settled(value) for value in (*args, *kwargs.values())]
    runs = list(dict.fromkeys(run for value in values for run in _runs_of(value)))
    if not runs:
        raise RankNotKnown("the number of dims is not known")
    cause = next((run.cause for run in runs if run.cause), "the number of dims is not known")
    least = max(map(_least_rank, values))
    shortest = max(map(_shortest_run, values))
    if has_counts(values):
        shortest = max(shortest, *(current().facts.lower(run.length) or 0 for run in runs))
    most = max(MOST_DIMS - least, ALIKE) + shortest
    marks = {run: tuple(current().fresh("_", free=True, minimum=1) for _ in range(most + ALIKE)) for run in runs}
    call = Call(rule, values[: len(args)], dict(zip(kwargs, values[len(args) :], strict=True)), marks)
    takes_none = not shortest and call.tried(0) is not None
    start = max(shortest, 0 if least else 1)  # a scalar is often a case of its own
    first = next((count for count in range(start, most) if call.tried(count) is not None), None)
    refused = call.refused_by_any(range(start, most)) if first is None and len(runs) == 1 else None
    if refused is not None:
        raise refused
    if first is None or (len(runs) > 1 and (first > start or _may_differ(call, runs, first))):
        raise RankNotKnown(cause)
    if len(runs) == 1 and (first > start or not takes_none or least) and call.tried(first + 1) is None:
        if any(call.tried(count) is not None for count in range(first + 2, most)):
            raise RankNotKnown(cause)
        only = call.tried(first)
        assert only is not None
        current().fill(runs[0], Shape(marks[runs[0]][:first]))
        return _given(only.results, only.needs)
    found = _for_all(call, runs, [0, first] if takes_none and first else [first], bool(takes_none and least))
    if found is None:
        raise RankNotKnown(cause)
    results, needs = found
    return _given(results, needs)


def _may_differ(call: Call, runs: Sequence[Run], count: int) -> bool:
    """Whether the rule does something else where one of the runs is longer than the others."""
    alike = call.tried(count + 1)
    for run in runs:
        other = call.tried(count + 1, longer=run)
        if other is not None and (alike is None or other.equated != alike.equated or _ends(other) != _ends(alike)):
            return True
    return False


def _ends(trial: Trial) -> list[Any]:
    """The last dims of each result, those after all marks."""
    symbols = {symbol for row in trial.marks.values() for mark in row for symbol in mark.symbols}
    ends: list[Any] = []
    for result in trial.results:
        if isinstance(result, Tensor) and result.shape.known:
            from_end = itertools.takewhile(lambda size: symbols.isdisjoint(size.symbols), reversed(result.shape.dims))
            ends.append(tuple(from_end))
        else:
            ends.append(result)
    return ends


def _for_all(
    call: Call, runs: Sequence[Run], fixed_counts: Sequence[int], with_none: bool
) -> tuple[Sequence[Any], Sequence[Need]] | None:
    """What comes out for any number of dims, 0 too `with_none`, of which some at the ends are there in any case.

    None where that cannot be told.
    """
    for fixed in fixed_counts:
        for before in range(fixed, -1, -1):
            counts = range(fixed if with_none else max(fixed, 1), max(fixed, 1) + ALIKE)
            trials = [call.tried(count, before, fixed - before) for count in counts]
            found = _alike([trial for trial in trials if trial is not None], runs, fixed)
            if found is not None and _are_as_many_dims(trials):  # of `x.repeat(1, 3, 1, 1)` the fourth dim tells
                trials += itertools.takewhile(
                    lambda trial: trial is not None,
                    (call.tried(count, before, fixed - before) for count in range(counts.stop, counts.stop + ALIKE)),
                )
                found = _alike([trial for trial in trials if trial is not None], runs, fixed)
            if found is None or (fixed and len(runs) > 1):
                continue
            results, needs, rest = found
            if fixed:
                row = call.marks[runs[0]]
                current().fill(runs[0], Shape(row[:before], rest[runs[0]], row[before:fixed]))
            return results, needs
    return None


def _are_as_many_dims(trials: Sequence[Trial | None]) -> bool:
    """Whether a tensor comes out that has dims, and as many of them however many the runs have."""
    results = [trial.results[0] for trial in trials if trial is not None]
    ranks = {len(result.shape.dims) for result in results if isinstance(result, Tensor) and result.shape.known}
    return len(ranks) == 1 and ranks != {0}


def _alike(trials: Sequence[Trial], runs: Sequence[Run], fixed: int) -> tuple[Any, Any, dict[Run, Run]] | None:
    """The results that all trials have in common, their needs, and the runs that stand for their marks."""
    if len(trials) < ALIKE or any(trial.equated != trials[0].equated for trial in trials):
        return None
    rest = {run: run.rest() if fixed else run for run in runs}
    marks = [{rest[run]: row for run, row in trial.marks.items()} for trial in trials]
    try:
        return _in_common([trial.results for trial in trials], marks), trials[0].sayable, rest
    except RankNotKnown:
        return None


def has_open_sizes(values: Sequence[Any]) -> bool:
    """Whether among the values are rows of sizes of which the number is not known."""
    return any(
        isinstance(value, (SizesOf, PerDim)) or (type(value) in (tuple, list) and has_open_sizes(value))
        for value in values
    )


def has_counts(values: Sequence[Any]) -> bool:
    """Whether among the values are a tensor and a size that its number of dims tells: `x.flatten(0, x.dim() - 2)`."""
    sizes = [value for value in values if isinstance(value, Dim) and value.symbols]
    runs = _runs_of([value for value in values if isinstance(value, Tensor)]) if sizes else []
    return any(_length_of(run) in size.symbols for run in runs for size in sizes)


def _length_of(run: Run) -> Symbol:
    length = run.length.as_symbol
    assert length is not None
    return length


def has_ones(values: Sequence[Any]) -> bool:
    """Whether among the values are tensors with a run of ones."""
    return any(
        value.shape.run is not None and value.shape.run.ones
        if isinstance(value, Tensor)
        else type(value) in (tuple, list) and has_ones(value)
        for value in values
    )


def without_ones(value: Any) -> Any:
    """The value with any sizes in the place of a run of ones."""
    if isinstance(value, Tensor) and value.shape.run is not None and value.shape.run.ones:
        shape = value.shape
        return value.seen_as(
            Shape(shape.front, Run.fresh(why=value.shape.run.why, after=value.shape.run), shape.back), None
        )
    return type(value)(map(without_ones, value)) if type(value) in (tuple, list) else value


def _given(results: Sequence[Any], needs: Sequence[Need]) -> Any:
    for need in needs:
        current().record(need)
    current().others += results[1:]
    return results[0]


def _arguments(values: Sequence[Any], marks: Mapping[Run, Marks]) -> Iterator[Any]:
    """The arguments with the marks in the place of their runs."""
    for value in values:
        marked = _marked(value, marks)
        if isinstance(value, PerDim) or (isinstance(value, SizesOf) and value.spread):
            yield from marked
        else:
            yield marked


def _settled(value: Any) -> Any:
    if isinstance(value, Tensor):
        return current().settle(value)
    if type(value) in (tuple, list):
        return type(value)(map(_settled, value))
    return value


def _runs_of(value: Any) -> list[Run]:
    if isinstance(value, (Tensor, SizesOf)):
        return [] if value.shape.run is None else [value.shape.run.of_ones(False)]
    if isinstance(value, PerDim):
        return [value.run]
    return [run for item in value for run in _runs_of(item)] if type(value) in (tuple, list) else []


def _least_rank(value: Any) -> int:
    if isinstance(value, Tensor):
        return 0 if value.shape.known else value.shape.least_rank
    return max(map(_least_rank, value), default=0) if type(value) in (tuple, list) else 0


def _shortest_run(value: Any) -> int:
    """How many dims a run has at least, where the dims from some number on are counted: `range(3, x.dim())`."""
    if isinstance(value, PerDim):
        return max(-value.more, 0)
    return max(map(_shortest_run, value), default=0) if type(value) in (tuple, list) else 0


def _marked(value: Any, marks: Mapping[Run, Marks]) -> Any:
    """A value with the marks in the place of its run."""
    if isinstance(value, Tensor) and value.shape.run is not None:
        return value.seen_as(_shape_marked(value.shape, marks), None)
    if isinstance(value, SizesOf):
        return _shape_marked(value.shape, marks).dims
    if isinstance(value, PerDim):
        return value.repeated(len(marks[value.run]))
    if isinstance(value, Dim):
        counts = {one: const(len(row)) for run, row in marks.items() if (one := _length_of(run)) in value.symbols}
        return value.subs(counts) if counts else value
    return type(value)(_arguments(value, marks)) if type(value) in (tuple, list) else value


def _shape_marked(shape: Shape, marks: Mapping[Run, Marks]) -> Shape:
    return shape if shape.run is None else shape.replace_run(Shape(marks[shape.run.of_ones(False)]))


def _in_common(values: Sequence[Any], marks: Sequence[Mapping[Run, Marks]]) -> Any:
    """What the results of the trials have in common. Raises RankNotKnown where they differ but for their marks."""
    first = values[0]
    if all(isinstance(value, Tensor) for value in values):
        return _tensor_in_common(values, marks)
    if all(isinstance(value, (tuple, list)) and len(value) == len(first) for value in values):
        items = [_in_common(column, marks) for column in zip(*values, strict=True)]
        return type(first)(*items) if hasattr(first, "_fields") else type(first)(items)
    if all(isinstance(value, Row) and len(value.parts) == len(first.parts) for value in values):
        return Row(tuple(_in_common(column, marks) for column in zip(*(value.parts for value in values), strict=True)))
    if all(isinstance(value, Many) and (value.count, value.varying) == (first.count, frozenset()) for value in values):
        if first.count is not None and not first.count.symbols.isdisjoint(_tried(marks)):
            raise RankNotKnown("the number of dims is not known")
        return Many(_in_common([value.group for value in values], marks), first.count)
    if all(type(value) is type(first) and value == first for value in values):
        return first
    raise RankNotKnown("the number of dims is not known")


def _tensor_in_common(values: Sequence[Tensor], marks: Sequence[Mapping[Run, Marks]]) -> Tensor:
    last = values[-1]
    if not all(value.shape.known and value.dtype == last.dtype for value in values):
        raise RankNotKnown("the number of dims is not known")
    rows = [value.shape.dims for value in values]
    if len({*map(len, rows)}) == 1:
        tried = _tried(marks)
        sizes = (
            column[0]
            if len({*column}) == 1 and tried.isdisjoint(column[0].symbols)
            else current().fresh("_", free=True)
            for column in zip(*rows, strict=True)
        )
        return last.seen_as(Shape(tuple(sizes)), None)
    for run in marks[-1]:
        own = [each[run] for each in marks]
        for kind, dims in ((run, own), (run.of_ones(), [(const(1),) * len(row) for row in own])):
            shape = _around(kind, rows, dims)
            if shape is not None:
                return last.seen_as(shape, None)
    raise RankNotKnown("the number of dims is not known")


def _tried(marks: Sequence[Mapping[Run, Marks]]) -> set[Symbol]:
    return {symbol for own in marks for row in own.values() for mark in row for symbol in mark.symbols}


def _around(run: Run, rows: Sequence[tuple[Dim, ...]], marks: Sequence[Marks]) -> Shape | None:
    """The shape with the run where all rows have their marks, None where they differ in more than these."""
    count = len(marks[-1])
    at = next((i for i in range(len(rows[-1])) if rows[-1][i : i + count] == marks[-1]), None)
    if at is None:
        return None
    front, back = rows[-1][:at], rows[-1][at + count :]
    same = all(row == (*front, *own, *back) for row, own in zip(rows, marks, strict=True))
    return Shape(front, run, back) if same else None
