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
import random
import re
import sys
import warnings
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import torch  # noqa: E402

from shapelint.dims import Dim, const, symbol  # noqa: E402
from shapelint.ops import registry  # noqa: E402
from shapelint.ops.call import apply, construct, forward  # noqa: E402
from shapelint.ops.needs import CannotRun, Context, using  # noqa: E402
from shapelint.ops.tensor import Tensor, Unknown  # noqa: E402
from shapelint.shapes import NotKnown, Shape  # noqa: E402

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

INTERNAL = re.compile(r"^(torch\.|_|jiterator_|H$|T$|mH$|mT$|hash_tensor$)")
"""Names of the database that no user writes (`torch.ops...`), or that are attributes and no calls."""

DATA_DEPENDENT = frozenset(
    "nonzero nonzero_static argwhere masked_select unique unique_consecutive repeat_interleave bincount combinations"
    " segment_reduce to_sparse __getitem__ nn.functional.one_hot histogramdd broadcast_shapes tensor_split item".split()
)
"""Operators whose result may have a size that only the data tells: a fresh symbol is a right answer."""


class Unusable(Exception):
    """A sample that cannot be expressed in abstract values (sparse, nested, a callable)."""


@dataclass(frozen=True)
class Call:
    """One call of a database, with real values. `name` is the database's, `spelling` the full name called."""

    name: str
    spelling: str
    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    constructor: tuple[tuple[Any, ...], dict[str, Any]] | None = None

    @property
    def in_place(self) -> bool:
        return self.spelling.endswith("_") and not self.spelling.endswith("__")

    def run(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """What torch returns for these values."""
        if self.in_place or self.name.endswith("_"):
            args, kwargs = copied(args), copied(kwargs)
        with torch.no_grad():
            return self.function(*args, **kwargs)

    def __str__(self) -> str:
        given = [shown(a) for a in self.args] + [f"{key}={shown(value)}" for key, value in self.kwargs.items()]
        if self.constructor is not None:
            made = [shown(a) for a in self.constructor[0]]
            made += [f"{key}={shown(value)}" for key, value in self.constructor[1].items()]
            return f"{self.spelling}({', '.join(made)})({', '.join(given)})"
        return f"{self.spelling}({', '.join(given)})"


@dataclass
class Row:
    """How a rule did on one call: `verdict` is one of VERDICTS."""

    call: Call
    verdict: str
    detail: str = ""
    dtype: str = ""
    strides: str = ""


VERDICTS = ("right", "vague", "not known", "wrong", "false alarm", "crash", "no rule")


# -- values ------------------------------------------------------------------------------------------------------------


def mapped(value: Any, change: Callable[[torch.Tensor], Any]) -> Any:
    """The value with every tensor in it changed."""
    if isinstance(value, torch.Tensor):
        return change(value)
    if isinstance(value, list):
        return [mapped(item, change) for item in value]
    if isinstance(value, tuple) and not isinstance(value, torch.Size):
        return tuple(mapped(item, change) for item in value)
    if isinstance(value, dict):
        return {key: mapped(item, change) for key, item in value.items()}
    return value


def copied(value: Any) -> Any:
    """The value with every tensor cloned."""
    return mapped(value, lambda t: t.detach().clone())


def shown(value: Any) -> str:
    """A value in short, for people."""
    if isinstance(value, torch.Tensor):
        return f"{dtype_name(value.dtype)}{list(value.shape)}"
    if isinstance(value, (list, tuple)):
        inner = ", ".join(shown(item) for item in value)
        return f"[{inner}]" if isinstance(value, list) else f"({inner},)"
    return repr(value)


def dtype_name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


Sizing = Callable[[int], "Dim"]


def abstract(value: Any, size: Sizing = const) -> Any:
    """The value as rules take it; the sizes of tensors become what `size` makes of them."""
    if isinstance(value, torch.Tensor):
        return abstract_tensor(value, size)
    if value is None or isinstance(value, (bool, str, float, complex)) or value is Ellipsis:
        return value
    if isinstance(value, int):
        return const(value)
    if isinstance(value, (torch.dtype, torch.memory_format, torch.layout)):
        return str(value).removeprefix("torch.")
    if isinstance(value, torch.device):
        return str(value)
    if isinstance(value, slice):
        return slice(*(abstract(part, size) for part in (value.start, value.stop, value.step)))
    if isinstance(value, list):
        return [abstract(item, size) for item in value]
    if isinstance(value, tuple):
        return tuple(abstract(item, size) for item in value)
    if isinstance(value, dict):
        return {key: abstract(item, size) for key, item in value.items()}
    if hasattr(value, "__index__") and not hasattr(value, "shape"):
        return const(int(value))
    if callable(value) or isinstance(value, torch.Generator):
        return Unknown(f"a {type(value).__name__}")
    raise Unusable(type(value).__name__)


def abstract_tensor(value: torch.Tensor, size: Sizing = const) -> Tensor:
    """What is known of a real tensor. Strides are numbers only where the sizes are."""
    if value.layout != torch.strided or value.is_nested or value.is_quantized:
        raise Unusable(str(value.layout))
    shape = Shape(tuple(size(n) for n in value.shape))
    numeric = all(d.value is not None for d in shape.dims)
    contiguous = value.is_contiguous()
    layout: Any = "contiguous" if contiguous else tuple(const(n) for n in value.stride()) if numeric else None
    expanded = any(step == 0 and n > 1 for n, step in zip(value.shape, value.stride(), strict=True))
    return Tensor(shape, layout, dtype_name(value.dtype), str(value.device.type), expanded)


def tensors_in(value: Any) -> list[torch.Tensor]:
    """Every tensor in a value, in order."""
    found: list[torch.Tensor] = []
    mapped(value, found.append)
    return found


# -- comparing ---------------------------------------------------------------------------------------------------------


def leaves(value: Any) -> list[Any]:
    """The results of a call in order, nested tuples opened."""
    if isinstance(value, (tuple, list)) and not isinstance(value, (torch.Size,)):
        return [leaf for item in value for leaf in leaves(item)]
    return [value]


def compare(real: Any, given: Any, evaluate: Callable[[Dim], int | None]) -> tuple[str, str, str, str]:
    """(verdict, detail, dtypes that differ, strides that differ) of the results of torch and of a rule."""
    theirs, ours = leaves(real), leaves(given)
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
            if any(n > 1 and s not in (None, v) for n, s, v in zip(a.shape, a.stride(), values, strict=True)):
                strides.append(f"{at}{tuple(a.shape)} has {a.stride()}, not {tuple(values)}")
    return "vague" if vague else "right", vague, "; ".join(dtypes), "; ".join(strides)


def with_rule(call: Call, size: Sizing = const, context: Context | None = None) -> Any:
    """What the rule gives for a call. Raises NotKnown, CannotRun, Unusable."""
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


def resized(value: Any, change: dict[int, int]) -> Any:
    """The value with its tensors' sizes changed; indices become 0."""

    def new(t: torch.Tensor) -> torch.Tensor:
        return filled([change.get(n, n) for n in t.shape], t.dtype)

    return mapped(value, new)


def filled(sizes: list[int], dtype: torch.dtype) -> torch.Tensor:
    """A tensor of these sizes with harmless values."""
    if dtype.is_floating_point or dtype.is_complex:
        t = torch.rand(sizes, dtype=torch.float32).to(dtype)
        if len(sizes) > 1 and sizes[-1] == sizes[-2]:
            t = t + sizes[-1] * torch.eye(sizes[-1], dtype=dtype)
        return t
    return torch.zeros(sizes, dtype=dtype)


# -- the databases -----------------------------------------------------------------------------------------------------


@cache
def databases() -> tuple[list[Any], list[Any]]:
    """(operators, modules) of PyTorch, one of each name."""
    from torch.testing._internal.common_methods_invocations import op_db
    from torch.testing._internal.common_modules import module_db

    operators = {op.name: op for op in reversed(op_db) if not INTERNAL.match(op.name) or op.name.startswith("__")}
    modules = {module.module_cls.__name__: module for module in reversed(module_db)}
    return [operators[name] for name in sorted(operators)], [modules[name] for name in sorted(modules)]


def resolve(path: str) -> Callable[..., Any] | None:
    """What a dotted name below `torch` stands for."""
    found: Any = torch
    for part in path.split(".")[1:]:
        found = getattr(found, part, None)
    return found if callable(found) else None


def spellings(op: Any) -> list[str]:
    """Every full name under which a user may call an operator of the database, its aliases too."""
    names: list[str] = []
    for name in (op.name, *(alias.name.removeprefix("torch.") for alias in op.aliases)):
        plain = f"torch.{name}"
        method = f"torch.Tensor.{name.rsplit('.', 1)[-1]}"
        owned = "." not in name or name.startswith("linalg.") and name in (a.name for a in op.aliases)
        if not name.startswith("__") and resolve(plain) is not None:
            names.append(plain)
        if owned and name != "broadcast_tensors" and resolve(method) is not None:
            names.append(method)
        twin = f"{method}_"
        if owned and not name.startswith("__") and not name.endswith("_") and resolve(twin) is not None:
            names.append(twin)
        if "." not in name and resolve(f"torch.nn.functional.{name}") is not None:
            names.append(f"torch.nn.functional.{name}")
    return list(dict.fromkeys(names))


def rng_for(seed: int, name: str) -> random.Random:
    return random.Random(zlib.crc32(f"{seed}:{name}".encode()))


def dtypes_of(op: Any) -> list[torch.dtype]:
    if torch.float32 in op.dtypes:
        return [torch.float32]
    return sorted(op.dtypes, key=str)[:1]


@cache
def drawn(name: str, count: int, seed: int) -> list[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Some sample inputs of the operator of this name, drawn by `seed`."""
    op = next(op for op in databases()[0] if op.name == name)
    torch.manual_seed(seed)
    try:
        found = [s for dtype in dtypes_of(op) for s in op.sample_inputs("cpu", dtype)]
    except Exception:
        return []
    rng_for(seed, name).shuffle(found)
    return [((s.input, *s.args), dict(s.kwargs)) for s in found[:count]]


def samples(op: Any, per_op: int, seed: int) -> list[tuple[tuple[Any, ...], dict[str, Any]]]:
    """So many sample inputs of an operator; the first ones of more."""
    return drawn(op.name, max(per_op, 8), seed)[:per_op]


def operator_calls(op: Any, per_op: int, seed: int) -> Iterator[Call]:
    """The calls of an operator's samples, each under every spelling that takes it."""
    names = spellings(op)
    for args, kwargs in samples(op, per_op, seed):
        for spelling in names:
            function = resolve(spelling)
            if function is None or "Tensor." in spelling and not isinstance(args[0], torch.Tensor):
                continue
            yield Call(op.name, spelling, function, args, kwargs)


def module_calls(info: Any, per_op: int, seed: int) -> Iterator[Call]:
    """The calls of a module's samples."""
    torch.manual_seed(seed)
    name = info.module_cls.__name__
    try:
        found = list(info.module_inputs_func(info, device="cpu", dtype=torch.float32, requires_grad=False, training=True))
    except Exception:
        return
    rng_for(seed, name).shuffle(found)
    for sample in [s for s in found if s.forward_input is not None][:per_op]:
        made, given = sample.constructor_input, sample.forward_input
        try:
            module = info.module_cls(*made.args, **made.kwargs)
        except Exception:
            continue
        spelling = f"torch.nn.{name}"
        yield Call(name, spelling, module, tuple(given.args), dict(given.kwargs), (tuple(made.args), dict(made.kwargs)))


def calls(only: str = "", per_op: int = 8, seed: int = 0) -> Iterator[Call]:
    """Every call of the databases whose name matches `only`."""
    pattern = re.compile(only)
    operators, modules = databases()
    for op in operators:
        if pattern.search(op.name):
            yield from operator_calls(op, per_op, seed)
    for info in modules:
        if pattern.search(f"nn.{info.module_cls.__name__}"):
            yield from module_calls(info, per_op, seed)


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
        except Unusable:
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
