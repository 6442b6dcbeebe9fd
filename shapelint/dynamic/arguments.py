"""The arguments of a call as descriptions: each parameter's abstract value with numbers put in for its sizes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shapelint.dims import Dim, Symbol
from shapelint.dynamic.inputs import guess_of
from shapelint.interp.state.events import Evidence
from shapelint.interp.state.values import Choice, Ratio, Value
from shapelint.ops.rows import Many, Row
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes
from shapelint.shapes import Run

OTHERWISE = 2
"""The size of what nothing is known of."""

KINDS = (
    (r"(^|_)(ids?|idx|index|indices|tokens?|labels?|targets?|classes|positions?|input_ids|words|chars)$", "index"),
    (r"(^|_)(mask|keep|valid|padding|is_pad)(_|$)|mask$", "bool"),
    (r"(^|_)(lens?|lengths?)$", "lengths:2"),
)

MOST_FLIPS = 6

RUN = (17, 19)
"""What stands for dims of unknown number, until an error tells more: sizes that nothing else has."""


@dataclass(slots=True)
class Filling:
    """Numbers for the symbols, dims for the runs of unknown length; `elements` counts what has been asked for."""

    sizes: Mapping[Symbol, int]
    run_dims: tuple[int, ...] = RUN
    elements: int = 0
    runs: dict[Run, tuple[int, ...]] = field(default_factory=dict)

    def number(self, size: Dim) -> int:
        """The number that a size is; a symbol without one is taken to be small."""
        env: dict[Any, int] = dict(self.sizes)
        for symbol in size.symbols:
            env.setdefault(symbol, OTHERWISE)
        try:
            return max(size.evaluate(env), 0)
        except (LookupError, ZeroDivisionError):
            return OTHERWISE


def constructor_params(evidence: Evidence) -> list[dict[str, Any]]:
    """The parameters with which a class is made: those of its `__init__`, else (a dataclass) its fields."""
    if evidence.function is not None:
        return params_of(evidence.function, skip=True)
    return [
        {"name": name, "kind": "keyword", "optional": False, "default": None, "type": []}
        for name in list(evidence.inputs)[1:]
        if name not in ("args", "kwargs")
    ]


def params_of(node: nodes.Function, *, skip: bool) -> list[dict[str, Any]]:
    """A function's parameters: name, kind, default, type; `skip` leaves out its receiver."""
    rows = []
    for param in node.params[1 if skip else 0 :]:
        default = param.default
        plain = default.value if isinstance(default, nodes.Constant) else ...
        rows.append(
            {
                "name": param.name,
                "kind": param.kind,
                "optional": default is not None,
                "default": plain if isinstance(plain, (bool, int, float, str)) else None,
                "type": _type_names(param.annotation),
            }
        )
    return rows


def _type_names(annotation: nodes.Expr | None) -> list[str]:
    from shapelint.interp.inputs.symbolic import annotation_names

    return annotation_names(annotation)


def arguments_of(
    params: Sequence[Mapping[str, Any]], evidence: Evidence, filling: Filling, *, of_constructor: bool
) -> dict[str, Any]:
    """The description of each argument; a parameter with a default of which nothing is known keeps it."""
    dotted = _dotted_sizes(evidence, filling)
    found: dict[str, Any] = {}
    for param in params:
        name = param["name"]
        if param["kind"] in ("args", "kwargs"):
            continue
        spec = _spec(evidence.inputs.get(name), name, filling, dotted)
        if isinstance(param["default"], float) and isinstance(evidence.inputs.get(name), Dim):
            continue  # a rate or a scale, no size
        if spec is None:
            if param["optional"] and not (dotted.get(name) and param["default"] is None):
                continue
            spec = _unknown(_typed(param, evidence), dotted.get(name), of_constructor=of_constructor)
        found[name] = spec
    first = next((spec["shape"] for spec in found.values() if spec["kind"] == "tensor" and spec["shape"]), [2, 3])
    for name, spec in found.items():
        if spec["kind"] == "unknown":
            spec["dtype"], spec["shapes"] = kind_of(name), _shapes_like(name, first)
    return found


def _shapes_like(name: str, first: list[int]) -> list[list[int]]:
    """Shapes that a tensor of which nothing is known may have beside one that is known, the likeliest first."""
    rows = [first, first[:1], first[:2], [1], []]
    if kind_of(name).startswith("lengths") or re.search(
        r"(labels?|targets?|classes|timesteps?|^t$|^y$)$", name.lower()
    ):
        rows[:2] = [first[:1], first]
    elif kind_of(name) in ("bool", "index"):
        rows[:3] = [first[:2], first, first[:1]]
    return [row for at, row in enumerate(rows) if row not in rows[:at]]


def _dotted_sizes(evidence: Evidence, filling: Filling) -> dict[str, dict[str, int]]:
    """What is known of attributes of parameters: `config.n_embd` is {"config": {"n_embd": 8}}."""
    found: dict[str, dict[str, int]] = {}
    for symbol, size in filling.sizes.items():
        head, dot, rest = symbol.name.partition(".")
        if dot and head in evidence.inputs and "." not in rest:
            found.setdefault(head, {})[rest] = size
    return found


def _spec(value: Value, name: str, filling: Filling, dotted: Mapping[str, Mapping[str, int]]) -> dict[str, Any] | None:
    """What a value is as a description, None where that is not known."""
    if isinstance(value, Dim):
        return {"kind": "value", "value": filling.number(value)}
    if isinstance(value, Tensor):
        return tensor_spec(value, name, filling)
    if isinstance(value, Choice):
        for kind in (Tensor, Dim, tuple):
            for one in value.values:
                if isinstance(one, kind):
                    return _spec(one, name, filling, dotted)
        return None
    if isinstance(value, Ratio):
        below = filling.number(value.denominator)
        return {"kind": "value", "value": filling.number(value.numerator) / below if below else 1.0}
    if isinstance(value, tuple):
        items = [_spec(item, name, filling, dotted) for item in value]
        return None if any(item is None for item in items) else {"kind": "tuple", "items": items}
    if isinstance(value, Row):
        items = [_spec(one, name, filling, dotted) for one in _few_of(value)]
        return None if any(item is None for item in items) else {"kind": "list", "items": items}
    if isinstance(value, (bool, str, float)):
        return {"kind": "value", "value": value}
    if isinstance(value, Unknown) and value.first.size is not None and value.first.size.symbols <= filling.sizes.keys():
        return {"kind": "value", "value": filling.number(value.first.size)}  # what is kept of it is used as a size
    return None


def _few_of(row: Row) -> list[Value]:
    """The items of a list; of as many as a caller gives, few."""
    times = [(part.group, OTHERWISE) if isinstance(part, Many) else ((part,), 1) for part in row.parts]
    return [one for group, count in times for one in group * count]


def tensor_spec(tensor: Tensor, name: str, filling: Filling) -> dict[str, Any]:
    """A tensor of numbers for sizes."""
    shape = tensor.shape
    middle: tuple[int, ...] = ()
    if shape.run is not None:
        middle = filling.runs.setdefault(shape.run, filling.run_dims)
    row = [*map(filling.number, shape.front), *middle, *map(filling.number, shape.back)]
    count = 1
    for size in row:
        count *= size
    filling.elements += count
    return {"kind": "tensor", "shape": row, "dtype": tensor.dtype or kind_of(name)}


def kind_of(name: str) -> str:
    """What a tensor of this name mostly holds."""
    return next((kind for pattern, kind in KINDS if re.search(pattern, name.lower())), "float32")


def _unknown(param: Mapping[str, Any], attributes: Mapping[str, int] | None, *, of_constructor: bool) -> dict[str, Any]:
    if attributes:
        items = {key: {"kind": "value", "value": size} for key, size in attributes.items()}
        return {"kind": "config", "items": items}
    return {"kind": "unknown", "guess": _guess(param, of_constructor=of_constructor)}


def _typed(param: Mapping[str, Any], evidence: Evidence) -> Mapping[str, Any]:
    """A parameter, with the class of the program that its name tells where no annotation does."""
    value = evidence.inputs.get(param["name"])
    is_named = isinstance(value, Unknown) and value.of_class is not None and not param["type"]
    return {**param, "type": [value.of_class.name]} if is_named and isinstance(value, Unknown) else param


def _guess(param: Mapping[str, Any], *, of_constructor: bool) -> str:
    types: list[str] = param["type"]
    plain = {
        "int": "int", "float": "float", "bool": "bool", "str": "str", "Tensor": "tensor", "Module": "module",
        "list": "list", "List": "list", "Sequence": "list", "tuple": "pair", "Tuple": "pair", "Callable": "function",
    }  # fmt: skip
    for name in types:
        if name in plain:
            return plain[name]
        if name[:1].isupper() and not re.search("Config|Args|Params|Options", name):
            return f"instance:{name}"
    return guess_of(param["name"], of_constructor)


def unknown_names(
    params: Iterable[Mapping[str, Any]], evidence: Evidence | None, of_constructor: bool
) -> dict[str, str]:
    """The parameters that have to be guessed, each with the first guess."""
    if evidence is None:
        return {}
    return {
        param["name"]: _guess(_typed(param, evidence), of_constructor=of_constructor)
        for param in params
        if not param["optional"]
        and param["kind"] not in ("args", "kwargs")
        and isinstance(evidence.inputs.get(param["name"]), (Unknown, type(None)))
    }


def variants_of(
    params: Sequence[Mapping[str, Any]],
    evidence: Evidence,
    constructor_params: Sequence[Mapping[str, Any]],
    constructor: Evidence | None,
) -> list[dict[str, Any]]:
    """The ways in which a call is tried: options left out, given, flipped; in eval mode."""
    optional = [
        param["name"]
        for param in params
        if param["optional"] and param["default"] is None and not isinstance(evidence.inputs.get(param["name"]), Dim)
    ]
    variants: list[dict[str, Any]] = [{"leave": optional, "set": {}}]
    given = [name for name in optional if isinstance(evidence.inputs.get(name), (Choice, Tensor))]
    if given:
        variants.append({"leave": [name for name in optional if name not in given], "set": {}})
    flips = [
        (param["name"], not param["default"])
        for rows in (params, constructor_params)
        for param in rows
        if isinstance(param["default"], bool)
    ]
    required = [
        param["name"]
        for param in params
        if not param["optional"] and isinstance(evidence.inputs.get(param["name"]), Unknown) and not param["type"]
    ]
    flips += [(name, value) for name in required[:2] for value in (False, True)]
    for name, value in flips[:MOST_FLIPS]:
        variants.append({"leave": optional, "set": {name: {"kind": "value", "value": value}}})
    if constructor is not None:
        variants.append({"leave": optional, "set": {}, "eval": True})
    vague = [name for name in optional if name not in given]
    if vague:
        given_specs = {name: _vague(name) for name in vague}
        variants.append({"leave": [], "set": given_specs, "given": vague})
    return variants


def _vague(name: str) -> dict[str, Any]:
    """Something for an option of which nothing is known: a tensor that broadcasts with every other one."""
    return {"kind": "tensor", "shape": [1], "dtype": kind_of(name)}
