"""Every rule against torch, on the sample inputs of PyTorch's own operator and module databases.

usage: python tests/ops/opinfo.py [--only REGEX] [--missing] [--wrong] [--bad] [--symbolic] [--per-op N] [--seed N] [-v]

Each sample is called under every spelling (function, method, in-place twin); what torch gives is compared with what
the rule gives, with sizes as numbers and with a symbol for each size. Without a choice of sections all are printed.
`bad_calls.py` makes calls that torch refuses. As a module: `walk(...)` yields a Row for each call.
"""

from __future__ import annotations

import argparse
import collections
import importlib
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import torch
from calls import (
    Call,
    Sizing,
    UnusableError,
    abstract,
    calls,
    dtype_name,
    resized,
    shown,
    tensors_in,
)

from shapelint.dims import Dim, const, symbol
from shapelint.ops import registry
from shapelint.ops.call import apply, construct, forward
from shapelint.ops.needs import CannotRun, Context, using
from shapelint.ops.rows import Many
from shapelint.ops.rows import Row as PiecesInARow
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.shapes import NotKnown

warnings.filterwarnings("ignore")


def _import_families() -> dict[str, str]:
    """Import every family; those that cannot be imported are left out, so that the rest can be judged."""
    broken = {}
    for family in registry.FAMILIES:
        try:
            importlib.import_module(f"shapelint.ops.{family}")
        except Exception as error:
            broken[family] = f"{type(error).__name__}: {error}"
    registry.FAMILIES = tuple(family for family in registry.FAMILIES if family not in broken)
    return broken


BROKEN = _import_families()
"""Families that do not import, with the reason. Empty unless somebody is at work on one."""

DATA_DEPENDENT = frozenset(
    [
        "nonzero",
        "nonzero_static",
        "argwhere",
        "masked_select",
        "unique",
        "unique_consecutive",
        "repeat_interleave",
        "bincount",
        "combinations",
        "segment_reduce",
        "to_sparse",
        "__getitem__",
        "nn.functional.one_hot",
        "histogramdd",
        "broadcast_shapes",
        "tensor_split",
        "item",
    ]
)
"""Operators whose result may have a size that only the data tells: a fresh symbol is a right answer."""


@dataclass
class Row:
    """How a rule did on one call: `verdict` is one of VERDICTS."""

    call: Call
    verdict: str
    detail: str = ""
    dtype: str = ""
    strides: str = ""


VERDICTS = ("right", "vague", "not known", "wrong", "false alarm", "crash", "no rule")


# -- comparing ---------------------------------------------------------------------------------------------------------


def leaves(value: Any, evaluate: Callable[[Dim], int | None] | None = None) -> list[Any]:
    """The results of a call in order, nested tuples opened; of a row as many as there are at these sizes."""
    if isinstance(value, (tuple, list)):
        return [leaf for item in value for leaf in leaves(item, evaluate)]
    if isinstance(value, PiecesInARow) and evaluate is not None:
        parts = (
            (part, 1) if not isinstance(part, Many) else (part.group, evaluate(part.count)) for part in value.parts
        )
        return [leaf for part, times in parts for _ in range(times or 0) for leaf in leaves(part, evaluate)]
    return [value]


def compare(real: Any, given: Any, evaluate: Callable[[Dim], int | None]) -> tuple[str, str, str, str]:
    """(verdict, detail, dtypes that differ, strides that differ) of the results of torch and of a rule."""
    theirs, ours = leaves(real), leaves(given, evaluate)
    if len(theirs) != len(ours):
        return "wrong", f"torch gives {len(theirs)} results, the rule {len(ours)}", "", ""
    vague, dtypes, strides = "", [], []
    for position, (a, b) in enumerate(zip(theirs, ours, strict=True)):
        at = f"result {position}: " if len(ours) > 1 else ""
        if isinstance(b, Unknown) and not isinstance(a, torch.Tensor):
            continue  # whether two tensors are equal and the like
        if isinstance(b, Unknown):
            vague = vague or f"{at}unknown: {b.reason}"
            continue
        if isinstance(a, torch.Tensor) != isinstance(b, Tensor):
            return "wrong", f"{at}torch gives {shown(a)}, the rule {b!r}", "", ""
        if not isinstance(a, torch.Tensor):
            if type(a) is int and isinstance(b, Dim) and evaluate(b) not in (None, a):
                return "wrong", f"{at}torch gives {a}, the rule {b}", "", ""
            continue
        if b.shape.run is not None:
            vague = vague or f"{at}{b.shape}"
            continue
        sizes = [evaluate(d) for d in b.shape.dims]
        if len(sizes) != a.dim() or any(s not in (None, n) for s, n in zip(sizes, a.shape, strict=True)):
            return "wrong", f"{at}torch gives {tuple(a.shape)}, the rule {b.shape}", "", ""
        if None in sizes:
            vague = vague or f"{at}{b.shape}"
        if b.dtype is not None and b.dtype != dtype_name(a.dtype):
            dtypes.append(f"{at}{dtype_name(a.dtype)}, not {b.dtype}")
        steps = b.strides
        if steps is not None and a.layout == torch.strided and a.numel():
            values = [evaluate(s) for s in steps]
            pairs = zip(a.shape, a.stride(), values, strict=True)
            if None not in values and any(n > 1 and s != v for n, s, v in pairs):
                strides.append(f"{at}{tuple(a.shape)} has {a.stride()}, not {tuple(values)}")
    return "vague" if vague else "right", vague, "; ".join(dtypes), "; ".join(strides)


def with_rule(call: Call, size: Sizing = const, context: Context | None = None) -> Any:
    """What the rule gives for a call. Raises NotKnown, CannotRun, UnusableError."""
    args, kwargs = abstract(call.args, size), abstract(call.kwargs, size)
    with using(context or Context()):
        if call.constructor is None:
            return apply(call.spelling, args, kwargs)
        made = construct(call.spelling, abstract(call.constructor[0]), abstract(call.constructor[1]))
        return forward(made, args, kwargs)


def has_rule(call: Call) -> bool:
    """Whether the table knows this spelling."""
    if call.constructor is not None:
        return registry.find_layer(call.spelling) is not None
    return registry.find(call.spelling) is not None


def judged(call: Call, rule: Callable[[], Any], real: Any, evaluate: Callable[[Dim], int | None]) -> Row:
    """The row of a call whose rule is run by `rule` and that gives `real` in torch."""
    try:
        given = rule()
    except NotKnown as why:
        return Row(call, "not known", str(why))
    except CannotRun as why:
        return Row(call, "false alarm", why.reason)
    except Exception as error:
        return Row(call, "crash", f"{type(error).__name__}: {error}")
    try:
        return Row(call, *compare(real, given, evaluate))
    except Exception as error:
        return Row(call, "crash", f"result {given!r}: {type(error).__name__}: {error}")


def numeric(call: Call, real: Any) -> Row:
    """The rule on a call with sizes as numbers."""
    return judged(call, lambda: with_rule(call), real, lambda d: d.value)


def symbolic(call: Call, real: Any) -> list[Row]:
    """The rule on a call with a symbol for each size over 1, held to torch at these sizes and at two other ones."""
    found = sorted({n for t in tensors_in((call.args, call.kwargs)) for n in t.shape if n > 1})
    if not found or call.constructor is not None:
        return []
    letters = {n: symbol(f"s{n}", scope=-1) for n in found}
    context = Context()
    try:
        given = with_rule(call, lambda n: letters.get(n, const(n)), context)
    except NotKnown as why:
        return [Row(call, "not known", str(why))]
    except CannotRun as why:
        return [Row(call, "false alarm", why.reason)]
    except Exception as error:
        return [Row(call, "crash", f"{type(error).__name__}: {error}")]
    rows = []
    for change in ({n: n for n in found}, {n: n + 5 + 3 * i for i, n in enumerate(found)}, {n: 3 * n for n in found}):
        env = {letters[n].as_symbol: new for n, new in change.items()}
        if change[found[0]] != found[0]:
            args, kwargs = resized(call.args, change), resized(call.kwargs, change)
            try:
                real = call.run(args, kwargs)
            except Exception:
                continue
        broken = next((need for need in context.needs if evaluated(need.left - need.right, env) not in (0, None)), None)
        if broken is not None:
            rows.append(Row(call, "false alarm", f"at {change} a need fails: {broken.reason}"))
            continue
        row = judged(call, lambda: given, real, lambda d, env=env: evaluated(d, env))
        row.detail = row.detail and f"at {change}: {row.detail}"
        rows.append(row)
    worst = max(rows, key=lambda row: VERDICTS.index(row.verdict), default=None)
    return [] if worst is None else [worst]


def evaluated(d: Dim, env: dict[Any, int]) -> int | None:
    """The number that a dim is for these sizes, None where it holds what they do not give."""
    try:
        return d.evaluate(env)
    except LookupError:
        return None


def walk(only: str = "", per_op: int = 8, seed: int = 0, *, symbols: bool = False) -> Iterator[Row]:
    """A row for each call that torch takes; with `symbols` the sizes are symbols."""
    for call in calls(only, per_op, seed):
        if not has_rule(call):
            if not symbols:
                yield Row(call, "no rule")
            continue
        try:
            real = call.run(call.args, call.kwargs)
        except Exception:
            continue
        try:
            abstract((call.args, call.kwargs, call.constructor))
        except UnusableError:
            continue
        if symbols:
            yield from symbolic(call, real)
        else:
            yield numeric(call, real)


# -- the command -------------------------------------------------------------------------------------------------------


@dataclass
class Tally:
    """Rows counted and kept by verdict."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: collections.defaultdict(list))

    def add(self, row: Row) -> None:
        self.rows[row.verdict].append(row)

    def totals(self) -> str:
        count = sum(len(rows) for verdict, rows in self.rows.items() if verdict != "no rule")
        words = [f"{verdict} {len(self.rows[verdict])}" for verdict in VERDICTS if self.rows.get(verdict)]
        share = len(self.rows["right"]) / count if count else 0.0
        return f"{share:7.2%} of {count} calls right: " + ", ".join(words)


def print_rows(title: str, rows: list[Row], most: int) -> None:
    print(f"\n== {title}: {len(rows)}")
    by_text: dict[tuple[str, str], list[Row]] = collections.defaultdict(list)
    for row in rows:
        by_text[(row.call.spelling, re.sub(r"\d+", "N", row.detail))].append(row)
    for group in list(by_text.values())[:most]:
        print(f"{len(group):4}x {group[0].call}\n      {group[0].detail}")


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--only", default="", help="regex searched in the database's name (nn.Linear for modules)")
    ap.add_argument("--missing", action="store_true", help="spellings without a rule")
    ap.add_argument("--wrong", action="store_true", help="numeric runs")
    ap.add_argument("--symbolic", action="store_true", help="symbolic runs")
    ap.add_argument("--bad", action="store_true", help="calls that torch refuses")
    ap.add_argument("--layout", action="store_true", help="also list dtypes and strides that differ")
    ap.add_argument("--per-op", type=int, default=8)
    ap.add_argument("--seed", type=int, default=0)
    ap.add_argument("--most", type=int, default=60, help="groups of rows printed in each section")
    a = ap.parse_args()
    for family, why in BROKEN.items():
        print(f"NOT IMPORTED {family}: {why}")
    every = not (a.missing or a.wrong or a.symbolic or a.bad)
    if a.missing or a.wrong or every:
        print_numeric(a, every)
    if a.symbolic or every:
        tally = Tally()
        for row in walk(a.only, a.per_op, a.seed, symbols=True):
            tally.add(row)
        for verdict in ("crash", "false alarm", "wrong", "not known"):
            print_rows(f"symbolic: {verdict}", tally.rows[verdict], a.most)
        vague = [row for row in tally.rows["vague"] if row.call.name not in DATA_DEPENDENT]
        print_rows("symbolic: vague", vague, a.most)
        print(f"\nsymbolic {tally.totals()}")
    if a.bad or every:
        from bad_calls import report

        report(a.only, a.per_op, a.seed, a.most)


def print_numeric(a: Any, every: bool) -> None:
    tally = Tally()
    for row in walk(a.only, a.per_op, a.seed):
        tally.add(row)
    if a.missing or every:
        missing = sorted({row.call.spelling for row in tally.rows["no rule"]})
        print(f"== without a rule: {len(missing)}\n" + "  ".join(missing))
    if a.wrong or every:
        for verdict in ("crash", "false alarm", "wrong", "not known"):
            print_rows(verdict, tally.rows[verdict], a.most)
        vague = [row for row in tally.rows["vague"] if row.call.name not in DATA_DEPENDENT]
        print_rows("vague", vague, a.most)
        judged_rows = [row for rows in tally.rows.values() for row in rows]
        dtypes, strides = [r for r in judged_rows if r.dtype], [r for r in judged_rows if r.strides]
        if a.layout:
            print_rows("dtype differs", [Row(r.call, r.verdict, r.dtype) for r in dtypes], a.most)
            print_rows("strides differ", [Row(r.call, r.verdict, r.strides) for r in strides], a.most)
        print(f"\n{tally.totals()}; dtype differs {len(dtypes)}, strides differ {len(strides)}")


if __name__ == "__main__":
    main()
