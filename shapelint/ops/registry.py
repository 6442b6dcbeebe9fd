"""The table of operators and layers: each rule under every name by which PyTorch knows it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from shapelint.ops.operators import special_method
from shapelint.ops.signature import Signature

ROOMS = ("families", "elsewhere")
FAMILIES = tuple(
    f"{room}.{entry.name}" for room in ROOMS for entry in pkgutil.iter_modules([str(Path(__file__).parent / room)])
)
"""Every file of rules, by its room and name."""


@dataclass(frozen=True, slots=True)
class Example:
    """A call in short, `(B, C, H, W), 2`, with the shape that it gives, or the reason why it cannot run.

    For a layer, `constructor` holds what it is made with, and the arguments are those of the call of `method` that
    follows.
    """

    arguments: str
    gives: str | None = None
    fails: str | None = None
    constructor: str | None = None
    method: str = "forward"


@dataclass(slots=True, eq=False)
class Op:
    """An operator: its rule, the names that it goes by, and examples that show it.

    The rule is called with values bound to its own parameters; see `signature.py` for how.
    `reshapes_in_place` marks a rule whose in-place twin (`squeeze_`) may change the receiver's shape.
    """

    rule: Callable[..., Any]
    names: tuple[str, ...]
    reshapes_in_place: bool = False
    examples: list[Example] = field(default_factory=list)
    _signature: Signature | None = None

    @property
    def signature(self) -> Signature:
        """The rule's parameters, read once."""
        if self._signature is None:
            signature = Signature.of(self.rule)
            factored = any(parameter.name == "alpha" and parameter.keyword_only for parameter in signature.parameters)
            self._signature = replace(signature, factored=factored)
        return self._signature

    @property
    def formula(self) -> str:
        """The rule in one line: the first line of its docstring."""
        return _first_line(self.rule.__doc__)

    def gives(self, arguments: str, result: str) -> None:
        """Record an example that runs."""
        self.examples.append(Example(arguments, gives=result))

    def fails(self, arguments: str, reason: str) -> None:
        """Record an example that cannot run, with a piece of the reason."""
        self.examples.append(Example(arguments, fails=reason))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.rule(*args, **kwargs)


OF_WEIGHTS = frozenset("bias affine elementwise_affine embedding_dim num_parameters d_model".split())
"""Parameters that tell that a layer has weights."""


@dataclass(slots=True, eq=False)
class Layer:
    """A module of torch.nn: a class whose `__init__` keeps the sizes and whose `forward` is the rule.

    A class with other methods that are rules, such as a distribution, names them all in `METHODS`.
    """

    type: type
    names: tuple[str, ...]
    examples: list[Example] = field(default_factory=list)
    _signature: Signature | None = None

    @property
    def signature(self) -> Signature:
        """The constructor's parameters, read once."""
        if self._signature is None:
            constructor: Callable[..., Any] = getattr(self.type, "__init__")  # noqa: B009  (mypy: of the class itself)
            signature = Signature.of(constructor, method=True)
            weighted = any(parameter.name in OF_WEIGHTS for parameter in signature.parameters)
            self._signature = replace(signature, trailing=2) if weighted else signature  # the device and the dtype
        return self._signature

    @property
    def formula(self) -> str:
        """The rule in one line: the first line of the class's docstring."""
        return _first_line(self.type.__doc__)

    def gives(self, constructor: str, arguments: str, result: str, method: str = "forward") -> None:
        """Record an example that runs: what the layer is made with, what it is called with, and the result."""
        self.examples.append(Example(arguments, gives=result, constructor=constructor, method=method))

    def fails(self, constructor: str, arguments: str, reason: str, method: str = "forward") -> None:
        """Record an example that cannot be made or called, with a piece of the reason."""
        self.examples.append(Example(arguments, fails=reason, constructor=constructor, method=method))


def _first_line(docstring: str | None) -> str:
    """The first line without the address of a page that may follow."""
    return (docstring or "").strip().split("\n")[0].partition(" https://")[0]


_method_signatures: dict[tuple[type, str], Signature] = {}
_ops: dict[str, Op] = {}
_layers: dict[str, Layer] = {}
_stated: dict[str, Op | Layer] = {}
_stated_texts: dict[str, str] = {}


def op(*names: str, reshapes_in_place: bool = False) -> Callable[[Callable[..., Any]], Op]:
    """Register the decorated rule under these names: `torch.flatten`, `torch.Tensor.flatten`."""

    def register(rule: Callable[..., Any]) -> Op:
        entry = Op(rule, names, reshapes_in_place)
        add(entry)
        return entry

    return register


def add(entry: Op) -> None:
    """Put an operator into the table under its names; a name that is there already is an error of ours."""
    for name in entry.names:
        if name in _ops:
            raise ValueError(f"{name} has two rules")
        _ops[name] = entry


def layer(*names: str) -> Callable[[type], type]:
    """Register the decorated class as a layer under these names: `torch.nn.Linear`."""

    def register(cls: type) -> type:
        entry = Layer(cls, names)
        for name in names:
            if name in _layers:
                raise ValueError(f"{name} has two rules")
            _layers[name] = entry
        return cls

    return register


def entry_of(cls: type) -> Layer:
    """The entry of a registered class, for its examples: `entry_of(Linear).gives("3, 4", "(B, 3)", "(B, 4)")`."""
    return next(entry for entry in _layers.values() if entry.type is cls)


def has_method(cls: type, name: str) -> bool:
    """Whether a layer's class has a rule for the method of this name."""
    return name in getattr(cls, "METHODS", ("forward",))


def method_signature(cls: type, name: str = "forward") -> Signature:
    """The parameters of a layer's method, read once."""
    if (cls, name) not in _method_signatures:
        _method_signatures[cls, name] = Signature.of(getattr(cls, name), method=True)
    return _method_signatures[cls, name]


@lru_cache(maxsize=1)
def load() -> None:
    """Import every family, which fills the table."""
    for family in FAMILIES:
        importlib.import_module(f"shapelint.ops.{family}")


def state(operators: Mapping[str, str]) -> bool:
    """Know these operators, a name and a signature each, in the place of those that were stated before.

    They go before the operators of the table. Whether anything has changed. Raises NotationError.
    """
    if operators == _stated_texts:
        return False
    from shapelint.ops.stated import stated

    made = {name: stated(name, text) for name, text in operators.items()}
    for kept, new in ((_stated, made), (_stated_texts, operators)):
        kept.clear()
        kept.update(new)  # type: ignore[arg-type]
    find.cache_clear()
    find_layer.cache_clear()
    return True


@dataclass(frozen=True, slots=True)
class Found:
    """An operator that a name stands for; `in_place` where the name is that of its twin, `relu_` of `relu`.

    `reversed` where the operands change places, as in `__rsub__`. `method` is the name of a tensor's method.
    """

    op: Op
    in_place: bool = False
    reversed: bool = False
    method: str = ""


@lru_cache(maxsize=4096)
def find(name: str) -> Found | None:
    """The operator of this full name (`torch.Tensor.add_`), or None."""
    stated = _stated.get(name)
    if isinstance(stated, Op):
        return Found(stated)
    load()
    if name.startswith(("torch.torch.", "torch.ops.aten.", "torch.functional.")):
        return _spelled_otherwise(name)
    method = name.removeprefix("torch.Tensor.") if name.startswith("torch.Tensor.") else ""
    if name in _ops:
        return Found(_ops[name], method=method)
    if name.endswith("_") and not name.endswith("__") and name[:-1] in _ops:
        return Found(_ops[name[:-1]], in_place=True, method=method)
    special = special_method(name.removeprefix("torch.Tensor."))
    if special is not None and special[0] in _ops:
        return Found(_ops[special[0]], reversed=special[1], method=method)
    return None


def find_method(name: str, device: str | None) -> Found | None:
    """The method of this name of a tensor, or of an array of NumPy (whose device is "numpy"), or None.

    A complex tensor of two parts has methods of its own beside those of a tensor.
    """
    if device == "numpy":
        return find(f"numpy.ndarray.{name}")
    return find(f"torch.Tensor.{name}") or find(f"torch_complex.tensor.ComplexTensor.{name}")


def _spelled_otherwise(name: str) -> Found | None:
    """The operator of a name that goes through torch twice, or through torch.ops: `torch.ops.aten.mm.default`.

    What is written in torch.functional (`torch.functional.istft`) is found in torch, too.
    """
    if name.startswith("torch.torch."):
        return find(name.removeprefix("torch."))
    if name.startswith("torch.functional."):
        return find(f"torch.{name.removeprefix('torch.functional.')}")
    inner, *rest = name.removeprefix("torch.ops.aten.").split(".")
    if len(rest) > 1 or (rest and (rest[0] in _OF_AN_OPERATOR or rest[0].startswith("_"))):
        return None  # `torch.ops.aten.mm.overloads()` is asked of the operator
    return find(f"torch.{inner}") or find(f"torch.Tensor.{inner}")


_OF_AN_OPERATOR = frozenset(["decompose", "name", "op", "op_overloads", "overloads", "py_impl", "redispatch", "tags"])
"""What of an operator of torch.ops is no overload of it."""


@lru_cache(maxsize=4096)
def find_layer(name: str) -> Layer | None:
    """The layer of this full name (`torch.nn.Linear`, `torch.nn.modules.linear.Linear`), or None."""
    stated = _stated.get(name)
    if isinstance(stated, Layer):
        return stated
    load()
    for written, public in MODULES:
        if name.startswith(written) and name not in _layers:
            name = public + name.rpartition(".")[2]
    return _layers.get(name)


MODULES = (("torch.nn.modules.", "torch.nn."), ("torch.distributions.", "torch.distributions."))
"""Where the classes of a package are written, and where everybody finds them."""


def operators() -> Iterator[Op]:
    """Every operator, once, in the order of its first name."""
    load()
    yield from sorted({id(entry): entry for entry in _ops.values()}.values(), key=lambda entry: entry.names[0])


def layers() -> Iterator[Layer]:
    """Every layer, once, in the order of its first name."""
    load()
    yield from sorted({id(entry): entry for entry in _layers.values()}.values(), key=lambda entry: entry.names[0])


def listing() -> list[tuple[str, str]]:
    """(names, rule in one line) of everything known, for people."""
    entries: list[Op | Layer] = [*operators(), *layers()]
    return [(", ".join(entry.names), entry.formula) for entry in entries]
