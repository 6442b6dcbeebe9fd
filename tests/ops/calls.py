"""The calls of PyTorch's own operator and module databases, and their values as rules take them."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch

from shapelint.dims import Dim, const
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.shapes import Shape

INTERNAL = re.compile(r"^(torch\.|_|jiterator_|H$|T$|mH$|mT$|hash_tensor$)")
"""Names of the database that no user writes (`torch.ops...`), or that are attributes and no calls."""


class UnusableError(Exception):
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
    if isinstance(value, torch.nn.Module):
        raise UnusableError(type(value).__name__)
    if callable(value) or isinstance(value, torch.Generator):
        return Unknown(f"a {type(value).__name__}")
    raise UnusableError(type(value).__name__)


def abstract_tensor(value: torch.Tensor, size: Sizing = const) -> Tensor:
    """What is known of a real tensor. Strides are numbers only where the sizes are."""
    if value.layout != torch.strided or value.is_nested or value.is_quantized:
        raise UnusableError(str(value.layout))
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
        owned = "." not in name or (name.startswith("linalg.") and name in (a.name for a in op.aliases))
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
            if function is None or ("Tensor." in spelling and not isinstance(args[0], torch.Tensor)):
                continue
            yield Call(op.name, spelling, function, args, kwargs)


def module_calls(info: Any, per_op: int, seed: int) -> Iterator[Call]:
    """The calls of a module's samples."""
    torch.manual_seed(seed)
    name = info.module_cls.__name__
    try:
        found = list(
            info.module_inputs_func(info, device="cpu", dtype=torch.float32, requires_grad=False, training=True)
        )
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
