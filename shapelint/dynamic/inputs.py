"""In the child: dummy values from their descriptions, and what a dummy is changed to when an operator refuses it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

INDEX_ARGUMENT = {
    "gather": 2, "scatter": 2, "scatter_": 2, "scatter_add": 2, "scatter_add_": 2, "index_select": 2,
    "index_add": 2, "index_add_": 2, "index_copy": 2, "index_fill": 2, "take_along_dim": 1, "take": 1,
    "embedding": 0, "embedding_bag": 0, "one_hot": 0, "cross_entropy": 1, "nll_loss": 1, "bincount": 0,
    "__getitem__": 1, "__setitem__": 1, "index_put_": 1, "repeat_interleave": 1, "multi_margin_loss": 1,
    "ctc_loss": 1,
}  # fmt: skip
MASK_ARGUMENT = {"masked_fill": 1, "masked_fill_": 1, "where": 0, "masked_select": 1, "masked_scatter": 1}

STAND_INS = frozenset({"module", "function"})

TO_INDEX = re.compile(
    r"scalar types?: Long|int32/int64|must be long|IndexTensor|used as indices|expected scalar type Long"
    r"|dtype.*[Ii]nt64|only applicable to index tensor|Expected.*(Long|Int)Tensor|index tensor|expected.*Long but"
    r"|not implemented for 'Float'|nll_loss.*Float|bincount only supports|to be int|integer tensor"
    r"|0D or 1D target|Expected dtype int"
)
TO_BOOL = re.compile(r"boolean (mask|tensor)|bool(ean)? mask|condition to be a boolean|expected.*Bool but|dtype bool")
TO_FLOAT = re.compile(
    r"with a bool tensor|not implemented for '(Bool|Long|Int)'|same dtype|but found (Long|Bool|Int)|floating point"
    r"|can only calculate the mean|requires? .*float|Expected.*[Ff]loat|Float did not match|dtype.*(Long|Bool)"
    r"|result type Float"
)
OUT_OF_RANGE = re.compile(
    r"out of range|out of bounds|out of range in self|must be smaller than num_classes|index \d+ is"
)
LENGTHS = re.compile(r"lengths?|sorted in decreasing|greater than 0", re.IGNORECASE)
NOT_DEFINITE = re.compile(r"positive.definite|singular")


@dataclass(slots=True)
class Dummies:
    """The values of one attempt. `kinds` overrides what a tensor holds, by its name; `made` are the tensors made."""

    kinds: dict[str, str] = field(default_factory=dict)
    made: dict[str, Any] = field(default_factory=dict)
    fake: bool = False
    build: Callable[[str], Any] | None = None  # makes an instance of a class of the program
    stand_ins: list[str] = field(default_factory=list)  # what stands for code that is not known: modules, functions

    def value(self, spec: Mapping[str, Any], name: str) -> Any:
        """The value that a description means."""
        kind = spec["kind"]
        if kind == "tensor":
            tensor = self._tensor(spec, name)
            self.made[name] = tensor
            return tensor
        if kind == "value":
            return spec["value"]
        if kind in ("list", "tuple"):
            items = [self.value(item, f"{name}[{i}]") for i, item in enumerate(spec["items"])]
            return tuple(items) if kind == "tuple" else items
        if kind == "dict":
            return {key: self.value(item, f"{name}[{key}]") for key, item in spec["items"].items()}
        if kind == "config":
            known = {key: self.value(item, f"{name}.{key}") for key, item in spec["items"].items()}
            return Config(known, self.stand_ins)
        guess = self.kinds.get(f"guess {name}") or spec["guess"]
        if guess.startswith("tensor"):
            shapes = spec.get("shapes") or [[2, 3]]
            shape = shapes[min(int(guess.partition(":")[2] or 0), len(shapes) - 1)]
            return self.value({"kind": "tensor", "shape": shape, "dtype": spec.get("dtype", "float32")}, name)
        if guess == "tensors":
            one = {"kind": "tensor", "shape": (spec.get("shapes") or [[2, 3]])[0], "dtype": "float32"}
            return self.value({"kind": "list", "items": [one, one]}, name)
        return self._guess(guess, name)

    def _guess(self, guess: str, name: str) -> Any:
        """A value for a parameter of which nothing is known but its name."""
        import torch
        from torch import nn

        if guess.startswith("instance:") and self.build is not None:
            return self.build(guess.partition(":")[2])
        if guess in STAND_INS:
            self.stand_ins.append(name)
        if guess == "module":
            return _pass_module()
        if guess == "norm":
            return nn.LayerNorm
        if guess == "activation":
            return nn.GELU
        if guess == "function":
            return lambda value, *_args, **_kwargs: value
        if guess == "config":
            return Config({}, self.stand_ins)
        if guess == "device":
            return torch.device("cpu")
        if guess == "dtype":
            return torch.float32
        plain: dict[str, Any] = {
            "int": 2,
            "one": 1,
            "float": 0.0,
            "bool": False,
            "str": "",
            "none": None,
            "pair": (2, 2),
        }
        return plain.get(guess, [2, 2])

    def _tensor(self, spec: Mapping[str, Any], name: str) -> Any:
        import torch

        shape = tuple(spec["shape"])
        kind = self.kinds.get(name) or spec["dtype"] or "float32"
        if kind == "zeros":
            return torch.zeros(shape, dtype=torch.int64)
        if kind == "index":
            return torch.randint(0, 2, shape, dtype=torch.int64)
        if kind.startswith("lengths"):
            return _lengths(shape, int(kind.partition(":")[2] or 2))
        if kind == "definite":
            square = torch.rand(shape)
            return square @ square.mT + torch.eye(shape[-1]) if len(shape) > 1 and shape[-1] == shape[-2] else square
        dtype = getattr(torch, kind, torch.float32)
        if kind == "bool":
            mask = torch.rand(shape) > 0.3
            return mask.index_fill(-1, torch.tensor([0]), True) if shape and shape[-1] else mask
        if not (dtype.is_floating_point or dtype.is_complex):
            return torch.randint(0, 2, shape, dtype=torch.int64).to(dtype)
        return torch.empty(shape, dtype=dtype) if self.fake else torch.rand(shape).to(dtype)


def _pass_module() -> Any:
    """A module that gives back its first argument."""
    from torch import nn

    class Pass(nn.Module):  # type: ignore[misc, no-any-unimported, unused-ignore]
        def forward(self, value: Any = None, *_args: Any, **_kwargs: Any) -> Any:
            return value

    return Pass()


def _lengths(shape: tuple[int, ...], longest: int) -> Any:
    import torch

    count = math.prod(shape)
    row = [max(1, longest - i * max(1, longest // max(count, 1))) for i in range(count)]
    return torch.tensor(row, dtype=torch.int64).reshape(shape)


class Config(SimpleNamespace):
    """Stands in for a configuration object: what the code uses as a size is there, the rest is guessed by its name."""

    def __init__(self, known: Mapping[str, Any], stand_ins: list[str]) -> None:
        super().__init__(**known)
        self.__dict__["_stand_ins"] = stand_ins

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Dummies(stand_ins=self._stand_ins).value({"kind": "unknown", "guess": guess_of(name, True)}, name)

    def get(self, name: str, default: Any = None) -> Any:
        """As a dict would."""
        return self.__dict__.get(name, default)

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name)


def guess_of(name: str, of_constructor: bool) -> str:
    """What a parameter of this name mostly is."""
    low = name.lower()
    for pattern, guess in GUESSES:
        if re.search(pattern, low):
            return guess
    return "int" if of_constructor else "tensor"


GUESSES = (
    (r"^(config|cfg|conf|args|hparams|opts?|params)$", "config"),
    (r"drop|^p$|rate|eps|momentum|alpha|beta|gamma|temperature|decay|scale$|^lr$|slope", "float"),
    (r"^(use|is|has|with|no|return|do|causal|bias|affine|training|verbose|inplace|pre_?norm|flash)", "bool"),
    (r"(bias|causal|first|bidirectional)$", "bool"),
    (r"norm_?(layer|class|fn|cls)?$", "norm"),
    (r"^act|activation|nonlinearity|^non_lin", "activation"),
    (r"^(fn|func|function|forward_fn|callback|transform|sampler|loss_fn|criterion)$", "function"),
    (
        r"module|model|encoder$|decoder$|backbone|^net|network|^block$|^layer$|^head$|sublayer|extractor|embedder",
        "module",
    ),
    (r"device", "device"),
    (r"dtype", "dtype"),
    (r"name|mode|type$|kind|path|^pool$|file", "str"),
    (r"(sizes|dims|channels_list|widths|depths|mults|layers_list|blocks_list|ratios)$", "list"),
)


@dataclass(slots=True)
class Refusal:
    """An operator refused its arguments: its name, the dummies that it took directly, each with its position."""

    operator: str
    took: list[tuple[str, int]]
    other: tuple[int, ...] = ()
    batch_first: bool = False


def repaired(error: BaseException, refusal: Refusal | None, dummies: Dummies) -> tuple[str, str] | None:
    """The dummy to be made of another kind after an error, and the kind; None where nothing is to be tried."""
    if refusal is None or not refusal.took:
        return None
    text = str(error)
    for pattern, kind, places in (
        (LENGTHS if "pack" in refusal.operator else None, "lengths", {refusal.operator: 1}),
        (OUT_OF_RANGE, "zeros", INDEX_ARGUMENT),
        (TO_BOOL, "bool", MASK_ARGUMENT),
        (TO_INDEX, "index", INDEX_ARGUMENT),
        (TO_FLOAT, "float32", {}),
        (NOT_DEFINITE, "definite", {}),
    ):
        if pattern is None or not pattern.search(text):
            continue
        name = _meant(refusal, places, kind, dummies)
        if name is None:
            continue
        if kind == "lengths":
            dim = 1 if refusal.batch_first else 0
            longest = refusal.other[dim] if len(refusal.other) > dim else 2
            kind = f"lengths:{longest}"
        if dummies.kinds.get(name) != kind:
            return name, kind
    return None


def _meant(refusal: Refusal, places: Mapping[str, int], kind: str, dummies: Dummies) -> str | None:
    at = places.get(refusal.operator)
    names = [name for name, position in refusal.took if position == at] if at is not None else []
    if not names:
        names = [name for name, _ in reversed(refusal.took)]
    for name in names:
        floating = bool(dummies.made[name].dtype.is_floating_point)
        if floating is (kind not in ("float32", "zeros")):
            return name
    return None
