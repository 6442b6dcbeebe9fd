"""Calls that torch refuses because of a shape or a dim: a rule must say so, and never of one that torch takes.

They are made from good samples by changing one size, adding or dropping a dim, or naming a dim that is not there;
to them come the databases' own `error_inputs`. torch is run on meta tensors and on real ones: only where both
refuse is the call bad, only where the real one runs is it good; what is between is nobody's mistake.
"""

from __future__ import annotations

import collections
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import torch
from calls import (
    Call,
    UnusableError,
    abstract,
    calls,
    databases,
    filled,
    mapped,
    resolve,
    rng_for,
    spellings,
    tensors_in,
)
from opinfo import Row, has_rule, numeric, print_rows, with_rule

from shapelint.ops.needs import CannotRun
from shapelint.shapes import NotKnown

NOT_OF_SHAPE = re.compile(
    r"dtype|scalar type|\btype\b|Float|Double|Long|Bool|floating|complex|integral|integer|device|cuda|cpu|implemented"
    r"|not supported|unsupported|layout|sparse|strided|grad|singular|positive.definite|converge|names?\b|out=|overlap"
    r"|same storage|generator|memory|resize|ill-condition|probability|must be (non-)?(negative|positive)|between 0 and"
    r"|alpha|beta|contiguous|keyword|argument '|quantile\(\) q|in the range \[0|driver|reduction|not a valid value"
    r"|Unknown|invalid (ord|norm)|Order must|non-zero|finite|inf\b|nan\b|pivots?|mode\b|nonempty|invalid combination"
    r"|out of bounds for dimension|data-dependent|value cannot be converted|mutat|ndarray|weights|monotonic|sorted"
    r"|up to 64 dims|but found std|maxnorm|requires|not allow|tensor list|undefined|allocate|overflow|storage",
    re.IGNORECASE,
)
"""Reasons that have nothing to do with shapes."""

UNSAFE = frozenset({"lu_unpack", "linalg.ldl_solve"})
"""Operators that write out of bounds when they are given bad sizes: run on meta tensors only."""

KEYWORDS_OF_DIMS = frozenset({"dim", "dims", "axis", "dim0", "dim1", "dim2", "start_dim", "end_dim", "source"})


@dataclass(frozen=True)
class Bad:
    """A call that torch refuses, with torch's reason."""

    call: Call
    reason: str


def outcome(call: Call) -> str | None:
    """torch's reason for refusing a call for its shapes, "" where it takes it, None where that is not clear."""
    on_meta = [mapped(v, lambda t: t.to("meta")) for v in (call.args, call.kwargs)]
    if call.name in UNSAFE:
        return _refusal(call, *on_meta) or None
    real = _refusal(call, call.args, call.kwargs)
    if real is None or real == "":
        return real
    if call.constructor is None:
        meta = _refusal(call, *on_meta)
        if meta == "" or (meta is None and "meta" not in real):
            return None
    return real


def _refusal(call: Call, args: Any, kwargs: Any) -> str | None:
    try:
        call.run(args, kwargs)
    except (RuntimeError, IndexError, ValueError, AssertionError) as error:
        text = str(error).split("\n")[0]
        return None if isinstance(error, NotImplementedError) or NOT_OF_SHAPE.search(text) else text or "an error"
    except Exception:
        return None
    return ""


def spoiled(call: Call, rng: random.Random, count: int) -> Iterator[Call]:
    """Calls made from a good one by one change each."""
    ways: list[tuple[str, Any, int]] = []
    tensors = tensors_in((call.args, call.kwargs))
    for number, t in enumerate(tensors[:4]):
        ways += [("grow", number, axis) for axis in range(t.dim())]
        ways += [("shrink", number, axis) for axis in range(t.dim()) if t.shape[axis] > 2]
        ways += [("drop", number, axis) for axis in range(t.dim())][:1]
        ways += [("add", number, 0)]
    ways += [("dim", key, shift) for key in KEYWORDS_OF_DIMS & set(call.kwargs) for shift in (7, -9)]
    ways += [("int", i, shift) for i, v in enumerate(call.args) if _has_int(v) for shift in (7, -9)]
    rng.shuffle(ways)
    for way, where, at in ways[:count]:
        if way == "dim":
            yield replace(call, kwargs={**call.kwargs, where: _shifted(call.kwargs[where], at)})
        elif way == "int":
            args = list(call.args)
            args[where] = _shifted(args[where], at)
            yield replace(call, args=tuple(args))
        else:
            yield _with_tensor(call, tensors[where], way, at)


def _has_int(value: Any) -> bool:
    if isinstance(value, (tuple, list)):
        return any(_has_int(item) for item in value)
    return isinstance(value, int) and not isinstance(value, bool)


def _shifted(value: Any, by: int) -> Any:
    if isinstance(value, (tuple, list)):
        items = list(value)
        for i, item in enumerate(items):
            if _has_int(item):
                items[i] = _shifted(item, by)
                break
        return type(value)(items) if not isinstance(value, torch.Size) else tuple(items)
    return value + by if _has_int(value) else value


def _with_tensor(call: Call, old: torch.Tensor, way: str, axis: int) -> Call:
    sizes = list(old.shape)
    if way == "grow":
        sizes[axis] += 1
    elif way == "shrink":
        sizes[axis] -= 1
    elif way == "drop":
        sizes.pop(axis)
    else:
        sizes.insert(0, 2)
    new = filled(sizes, old.dtype)

    def swap(t: torch.Tensor) -> torch.Tensor:
        return new if t is old else t

    return replace(call, args=mapped(call.args, swap), kwargs=mapped(call.kwargs, swap))


def error_calls(only: str = "") -> Iterator[Call]:
    """The databases' own calls that must fail."""
    operators, modules = databases()
    pattern = re.compile(only)
    for op in operators:
        if op.error_inputs_func is None or not pattern.search(op.name):
            continue
        torch.manual_seed(0)
        try:
            found = list(op.error_inputs("cpu"))
        except Exception:
            continue
        for error in found:
            sample = error.sample_input
            for spelling in spellings(op)[:2]:
                function = resolve(spelling)
                if function is None or ("Tensor." in spelling and not isinstance(sample.input, torch.Tensor)):
                    continue
                yield Call(op.name, spelling, function, (sample.input, *sample.args), dict(sample.kwargs))
    for info in modules:
        name = info.module_cls.__name__
        if info.module_error_inputs_func is None or not pattern.search(f"nn.{name}"):
            continue
        try:
            found = list(
                info.module_error_inputs_func(
                    info, device="cpu", dtype=torch.float32, requires_grad=False, training=True
                )
            )
        except Exception:
            continue
        for error in found:
            sample = getattr(error, "module_error_input", error)
            made, given = sample.constructor_input, sample.forward_input
            if given is None:
                continue
            try:
                module = info.module_cls(*made.args, **made.kwargs)
            except Exception:
                continue
            made_of = (tuple(made.args), dict(made.kwargs))
            yield Call(name, f"torch.nn.{name}", module, tuple(given.args), dict(given.kwargs), made_of)


def spoiled_calls(only: str = "", per_op: int = 4, seed: int = 0, each: int = 6) -> Iterator[Call]:
    """Spoiled calls of the first spellings of every operator, and of every module."""
    for call in calls(only, per_op, seed):
        if call.in_place and rng_for(seed, str(call)).random() < 0.7:
            continue
        yield from spoiled(call, rng_for(seed, str(call)), each)


def walk_bad(only: str = "", per_op: int = 4, seed: int = 0, each: int = 6) -> Iterator[Row]:
    """A row for each such call that has a rule: "caught", "missed", "not known", or for good ones as `numeric` does."""
    for source, listed in (("errors", error_calls(only)), ("spoiled", spoiled_calls(only, per_op, seed, each))):
        for call in listed:
            if not has_rule(call):
                continue
            try:
                abstract((call.args, call.kwargs, call.constructor))
            except UnusableError:
                continue
            yield from _judged(call, source)


def _judged(call: Call, source: str) -> Iterator[Row]:
    reason = outcome(call)
    if reason is None:
        return
    if reason == "":
        row = numeric(call, call.run(call.args, call.kwargs))
        row.verdict = f"good: {row.verdict}"
        yield row
        return
    try:
        given = with_rule(call)
    except NotKnown as why:
        yield Row(call, "not known", f"{why} (torch: {reason})")
    except CannotRun as why:
        yield Row(call, "caught", why.reason)
    except Exception as error:
        yield Row(call, "crash", f"{type(error).__name__}: {error} (torch: {reason})")
    else:
        yield Row(call, "missed", f"{source}: the rule gives {getattr(given, 'shape', given)}, torch: {reason}")


def report(only: str, per_op: int, seed: int, most: int) -> None:
    """Print how the bad calls were met."""
    rows: dict[str, list[Row]] = collections.defaultdict(list)
    for row in walk_bad(only, per_op, seed):
        rows[row.verdict].append(row)
    for verdict in ("crash", "missed", "not known", "good: crash", "good: false alarm", "good: wrong"):
        print_rows(f"bad calls: {verdict}", rows[verdict], most)
    count = sum(len(rows[verdict]) for verdict in ("caught", "missed", "not known", "crash"))
    good = {key.removeprefix("good: "): len(value) for key, value in rows.items() if key.startswith("good: ")}
    print(f"\nbad calls: {len(rows['caught']) / max(count, 1):7.2%} of {count} caught; among them good ones: {good}")
