"""Functions and classes that are known by their full name: operators, layers, and a few of Python's own library."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from shapelint.dims import Dim, const
from shapelint.interp.calls.bare_modules import MODULE, bare_module
from shapelint.interp.calls.data_loaders import OF_DATA
from shapelint.interp.calls.refilled import REFILLING
from shapelint.interp.inputs.cut_numbers import take_shares
from shapelint.interp.objects.arithmetic import as_number, number_of, operate, ratio
from shapelint.interp.objects.combined_rows import OF_ITERTOOLS
from shapelint.interp.objects.containers import KINDS, make_container
from shapelint.interp.objects.external_names import is_not_seen
from shapelint.interp.objects.operands import plain
from shapelint.interp.objects.rows import any_of, items_of, row_of
from shapelint.interp.objects.rules import of_each, run_rule
from shapelint.interp.objects.spread_sizes import with_sizes_spread
from shapelint.interp.paths.join import alternatives, choice
from shapelint.interp.state.ground import Ground
from shapelint.interp.state.machine import Frame, invoke
from shapelint.interp.state.memory import call_key
from shapelint.interp.state.remaking import DEEPEST, copied
from shapelint.interp.state.values import (
    Choice,
    DictObject,
    External,
    Layer,
    Partial,
    Ratio,
    Ref,
    Value,
    unknown,
)  # fmt: skip
from shapelint.interp.state.versions import ASKS_FOR_SCRIPTING, parse
from shapelint.ops.call import apply_found, construct_found, gives_tensor
from shapelint.ops.families.activation import ELEMENTWISE
from shapelint.ops.registry import Layer as LayerRule
from shapelint.ops.registry import find, find_layer
from shapelint.ops.signature import NumberType
from shapelint.ops.tensor import OBJECT, UNSEEN, Tensor, Unknown
from shapelint.program import nodes

Special = Callable[[Frame, Sequence[Value], Mapping[str, Value], nodes.Call], Value]


IDENTITY = External("shapelint.identity")
"""A function that gives its first argument back: what a decorator that changes no shape amounts to."""


def call_external(
    frame: Frame, name: str, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call
) -> Value:
    """What a function or class of this full name gives."""
    special = SPECIAL.get(name)
    if special is not None:
        return special(frame, args, kwargs, node)
    own = frame.machine.operators.get(name.removesuffix(".default")) if name.startswith("torch.ops.") else None
    if own is not None:
        return invoke(frame, own, args, kwargs, node)
    if name.startswith("torch.nn.") and name[9:] in KINDS:
        return make_container(frame, name[9:], args, kwargs, node)
    if name.startswith(("math.", "numpy.")):
        number = _mathematics(frame, name, args, node)
        if number is not None:
            return number
    found = find(name)
    args, kwargs = with_sizes_spread(frame, found, args, kwargs)
    if "**" in kwargs and args and name in MAKERS:
        kwargs = {key: value for key, value in kwargs.items() if key != "**"}
    spread = "*" in kwargs or "**" in kwargs
    if found is not None:
        if spread:
            return unknown(f"{name} with arguments that are not known", node.at[0])
        of_tensor = gives_tensor(found)
        return run_rule(
            frame, node, lambda a, k: apply_found(found, a, k), args, kwargs, short(name), of_tensor=of_tensor
        )
    layer = find_layer(name)
    if layer is not None:
        filled = _with_rest(layer, args, kwargs) if spread else None
        if filled is not None:
            kwargs = filled
        elif spread:
            made = unknown(f"{name} with arguments that are not known", node.at[0])
            made.keeps = any(known in ELEMENTWISE for known in layer.names)
            return made
        return _layer(frame, layer, name, args, kwargs, node)
    return unknown(what_made(short(name), node.at[0], UNSEEN * is_not_seen(name)), node.at[0])


def what_made(name: str, line: int, more: str = "") -> str:
    """Why nothing is known of what a function gives, or of the object that a class makes, as its name tells."""
    own = name.rpartition(".")[2]
    of_self = name.startswith("self.")  # a module that the instance holds, by the name of a layer
    is_class = not of_self and own[:1].isupper() and not own.isupper() and own.isidentifier() and own not in _OF_TENSORS
    return f"{OBJECT}{name} makes at line {line}{more}" if is_class else f"unknown function {name} at line {line}{more}"


_OF_TENSORS = frozenset({"Tensor", "Variable", "Parameter", "Buffer"})


MAKERS = frozenset(
    f"torch.{name}{like}" for name in "empty zeros ones rand randn full randint".split() for like in ("", "_like")
) | {"torch.tensor", "torch.eye"}
"""Operators of which the options that nobody knows tell no more than a dtype or a device: `empty((n, m), **kwargs)`."""

PLAIN_OPTIONS = ("Linear.", "Conv", "BatchNorm", "LayerNorm.", "GroupNorm.", "InstanceNorm", "Embedding.")
"""Layers whose rules take any option as it comes: it is a size, or changes no shape."""


def _with_rest(layer: LayerRule, args: Sequence[Value], kwargs: Mapping[str, Value]) -> dict[str, Value] | None:
    """The keywords of a layer that is made with others that nobody knows: any of those that it has a default for.

    None where what it must be given is not told, or more than keywords is not known.
    """
    if not any(f"{name.removeprefix('torch.nn.')}.".startswith(PLAIN_OPTIONS) for name in layer.names):
        return None
    parameters = layer.signature.parameters
    named = {key: value for key, value in kwargs.items() if key != "**"}
    rest = [one for one in parameters[len(args) :] if one.name not in named and not one.name.startswith("_")]
    if (
        "*" in kwargs
        or any(one.variadic for one in parameters)
        or any(one.default is inspect.Parameter.empty for one in rest)
    ):
        return None
    return {**named, **{one.name: Unknown(f"{one.name}, which **kwargs may hold", given=True) for one in rest}}


def _layer(
    frame: Frame, layer: LayerRule, name: str, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call
) -> Value:
    """A new layer; what was made before with like arguments serves again in it, since a layer never changes."""
    key = call_key(frame.world, args, kwargs)
    if key is not None and (name, key) in frame.machine.remembered:
        return replace(frame.machine.remembered[name, key], at=node.at, scope=frame.scope)

    def make(args: Sequence[Any], kwargs: Mapping[str, Any]) -> Layer:
        return Layer(construct_found(layer, args, kwargs), short(name), node.at, frame.scope)

    made = run_rule(frame, node, make, args, kwargs, short(name))
    if key is not None and isinstance(made, Layer):
        frame.machine.remembered[name, key] = made
    return made


def short(name: str) -> str:
    """A full name as people write it."""
    return name.replace("torch.nn.functional.", "F.").replace("torch.nn.", "nn.").replace("torch.Tensor.", ".")


def _first(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    return args[0] if args else unknown("a function without arguments", node.at[0])


def _copied(deep: int) -> Special:
    """`copy.copy`, and with `deep` how far down it is followed `copy.deepcopy`."""

    def special(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
        return copied(frame.world, args[0], deep) if args else unknown("a function without arguments", node.at[0])

    return special


def _decorating(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    return args[0] if args and not isinstance(args[0], (Dim, bool, str, float, type(None))) else IDENTITY


def _partial(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    return Partial(args[0], tuple(args[1:]), tuple(kwargs.items())) if args else unknown("partial()", node.at[0])


def _checkpoint(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    if not args:
        return unknown("checkpoint()", node.at[0])
    kept = {k: v for k, v in kwargs.items() if k not in ("use_reentrant", "preserve_rng_state", "context_fn")}
    return invoke(frame, args[0], args[1:], kept, node)


def _checkpoint_sequential(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    return invoke(frame, args[0], args[2:], {}, node) if len(args) > 2 else unknown("checkpoint", node.at[0])


def _ordered_dict(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    if not args:
        return frame.world.allocate(DictObject(dict(kwargs)))
    content = frame.world.heap.get(args[0].id) if isinstance(args[0], Ref) else None
    if isinstance(content, DictObject):
        return frame.world.allocate(content)
    items, _ = items_of(frame, args[0])
    entries: dict[object, Value] = {}
    for item in items or ():
        pair, _ = items_of(frame, item)
        if pair is None or len(pair) != 2 or not isinstance(pair[0], str):
            return frame.world.allocate(DictObject(entries, True))
        entries[pair[0]] = pair[1]
    element = _second_of(frame, any_of(frame, row_of(frame, args[0]))) if items is None else None
    return frame.world.allocate(DictObject(entries, items is None, element))


def _second_of(frame: Frame, pairs: Value) -> Value:
    """What stands second in each of the pairs that a value may be; None where it may be something else."""
    found = [items_of(frame, one)[0] for one in alternatives(frame.world.settle(pairs))]
    seconds = [pair[1] for pair in found if pair is not None and len(pair) == 2]
    return choice(seconds) if len(seconds) == len(found) and found else None


def _default_dict(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    """A dict that holds an entry of unknown kind under every other key."""
    made = _ordered_dict(frame, args[1:], kwargs, node)
    content = frame.world.heap.get(made.id)
    return frame.world.allocate(DictObject(content.entries if isinstance(content, DictObject) else {}, True))


def _named_context(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    return IDENTITY


def _is_tensor(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    return True if args and isinstance(args[0], Tensor) else unknown("a condition", node.at[0])


def _size(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    items, _ = items_of(frame, args[0]) if args else ([], None)
    return tuple(items) if items is not None else unknown("torch.Size", node.at[0])


def _device(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    return unknown("a device", node.at[0])


def _environment(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    """A flag of the environment, which hardly anyone sets: what the code has for that case. A number may be any."""
    default = args[1] if len(args) > 1 else kwargs.get("default")
    is_flag = default is None or isinstance(default, bool) or (isinstance(default, str) and not default.isdigit())
    return default if is_flag else unknown("a variable of the environment", node.at[0])


def _read(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    """What is read from a file is for who writes that to choose."""
    return Unknown(FROM_A_FILE, line=node.at[0], given=True, is_result=True)


FROM_A_FILE = "what a file holds"
READERS = (
    "numpy.load", "numpy.loadtxt", "numpy.genfromtxt", "numpy.fromfile", "torch.load", "pickle.load", "pickle.loads",
    "joblib.load", "json.load", "scipy.io.loadmat", "safetensors.torch.load_file", "h5py.File", "tifffile.imread",
)  # fmt: skip
"""What reads arrays, or objects that hold them, of which no code tells the shape."""


def _is_scripting(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    """Whether TorchScript runs the code; a function that is called is run by Python, so that its checks hold."""
    return unknown("whether TorchScript runs this", node.at[0]) if frame.recording else False


def _reduce(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    items, _ = items_of(frame, args[1]) if len(args) in (2, 3) else (None, None)
    row = [*args[2:], *(items or ())]
    if items is None or not row:
        return unknown("reduce() of a row of unknown length", node.at[0])
    total = row[0]
    for item in row[1:]:
        total = frame.world.settle(invoke(frame, args[0], [total, item], {}, node))
    return total


def _operator(op: str) -> Special:
    """A function of the module `operator` on two values; those in place give what the plain ones do."""

    def special(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
        return operate(frame, node, op, *args) if len(args) == 2 else unknown(f"operator of {op}", node.at[0])

    return special


def _annotated(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    return args[1] if len(args) > 1 else unknown("a value under an annotation", node.at[0])


OPERATORS = {"add": "+", "sub": "-", "mul": "*", "floordiv": "//", "truediv": "/", "mod": "%", "matmul": "@"}

SPECIAL: dict[str, Special] = {
    "os.getenv": _environment,
    **dict.fromkeys(READERS, _read),
    **REFILLING,
    **OF_DATA,
    "os.environ.get": _environment,
    **dict.fromkeys(ASKS_FOR_SCRIPTING, _is_scripting),
    "functools.reduce": _reduce,
    "operator.concat": _operator("+"),
    "operator.iconcat": _operator("+"),
    **{f"operator.{name}": _operator(op) for name, op in OPERATORS.items()},
    **{f"operator.i{name}": _operator(op) for name, op in OPERATORS.items()},
    MODULE: bare_module,
    "torch.jit.annotate": _annotated,
    "functools.partial": _partial,
    "functools.wraps": _named_context,
    "functools.lru_cache": _decorating,
    "functools.cache": _decorating,
    "shapelint.identity": _first,
    "copy.deepcopy": _copied(DEEPEST),
    "copy.copy": _copied(1),
    "typing.cast": _annotated,
    "torch.jit.script": _decorating,
    "torch.compile": _decorating,
    "torch.jit.ignore": _decorating,
    "torch.jit.export": _decorating,
    "torch.utils.checkpoint.checkpoint": _checkpoint,
    "torch.utils.checkpoint.checkpoint_sequential": _checkpoint_sequential,
    "collections.OrderedDict": _ordered_dict,
    "collections.defaultdict": _default_dict,
    "torch.no_grad": _named_context,
    "torch.inference_mode": _named_context,
    "torch.enable_grad": _named_context,
    "torch.is_tensor": _is_tensor,
    "torch.Size": _size,
    "torch.device": _device,
    **{f"itertools.{name}": row_rule for name, row_rule in OF_ITERTOOLS.items()},
    **dict.fromkeys(
        (
            "packaging.version.parse",
            "packaging.version.Version",
            "distutils.version.LooseVersion",
            "distutils.version.StrictVersion",
            "looseversion.LooseVersion",
            "pkg_resources.parse_version",
        ),
        parse,
    ),
}


def _mathematics(frame: Frame, name: str, args: Sequence[Value], node: nodes.Call) -> Value | None:
    """What a function of `math` or numpy gives on numbers, None for other values and functions."""
    values = [plain(frame, value) for value in args]
    module, name = name.rsplit(".", 1)
    if name == "prod" and len(values) == 1 and isinstance(values[0], (tuple, list)):
        size = const(1)
        for item in values[0]:
            number = number_of(item)
            if number is None:
                return unknown(f"{name} of values that are not known", node.at[0])
            size = size * number
        return size
    is_array = any(isinstance(value, Tensor) for value in values)
    if len(values) == 1 and not is_array and name in ("ceil", "floor", "trunc", "sqrt", "log2", "abs"):
        if isinstance(values[0], Unknown):
            return _of_unknown(frame, module, name, values[0], node)
        if isinstance(values[0], Choice):
            return of_each(frame, values[0].values, lambda one: _rounded(frame, name, one), values[0].paths)
        return _rounded(frame, name, args[0] if isinstance(args[0], Ratio) else values[0])
    of_numbers = module == "math" or all(isinstance(value, (Dim, float, Ratio, NumberType)) for value in values)
    if of_numbers and name in FLOATING_RESULTS:
        return NumberType("float32")
    return None


FLOATING_RESULTS = frozenset("log exp sin cos tan tanh pow log10 log1p sqrt atan atan2 sinh cosh erf hypot".split())


def _of_unknown(frame: Frame, module: str, name: str, value: Unknown, node: nodes.Call) -> Value:
    """The same of a number that is not known: it is calculated of sizes, or none that stays as it is."""
    if name in ("ceil", "floor", "trunc"):
        take_shares(frame, value)
        number = as_number(frame, node, value)
        if isinstance(number, NumberType):
            return Ground(frame.world).fresh(frame.hint or "n", minimum=0)
        if not isinstance(number, Unknown):
            return _rounded(frame, name, number)
    if module == "math" and name in ("sqrt", "log2"):
        return NumberType("float32")
    return unknown(f"{name} of a value that is not known", node.at[0])


def _rounded(frame: Frame, name: str, value: Value) -> Value:
    if isinstance(value, float):
        value = ratio(*_float_parts(value)) if name in ("ceil", "floor", "trunc") else value
    if isinstance(value, Ratio):
        if name == "ceil":
            return -((-value.numerator) // value.denominator)
        return value.numerator // value.denominator
    size = number_of(value)
    is_whole = name in ("ceil", "floor", "trunc")
    if size is None:
        if is_whole and isinstance(value, NumberType):
            return Ground(frame.world).fresh(frame.hint or "n", minimum=0)
        return value if name not in ("sqrt", "log2") and not isinstance(value, float) else NumberType("float32")
    if is_whole:
        return size
    known = frame.world.value_of(size)
    if known is not None and known > 0 and name in ("sqrt", "log2"):
        root = round(known**0.5) if name == "sqrt" else known.bit_length() - 1
        if (root * root if name == "sqrt" else 1 << root) == known:
            return Ratio(const(root), const(1))
    return NumberType("float32", size if name == "sqrt" else None)


def _float_parts(value: float) -> tuple[Dim, Dim]:
    fraction = Fraction(value).limit_denominator(4096)
    return const(fraction.numerator), const(fraction.denominator)
