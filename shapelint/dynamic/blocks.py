"""The names that a block of an article uses and does not define: sizes and tensors for them, and the usual imports."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from typing import Any

from shapelint.dims import Facts
from shapelint.dynamic.arguments import Filling, kind_of, tensor_spec
from shapelint.dynamic.sizes import sizings, symbols_of
from shapelint.dynamic.study import Study
from shapelint.interp.state.events import ClaimMet, Evidence
from shapelint.ops.tensor import Tensor
from shapelint.program import nodes
from shapelint.program.parse import parse_python
from shapelint.program.skipping import without_prose
from shapelint.shapes import Shape

IMPORTS = {
    "torch": "torch",
    "nn": "torch.nn",
    "F": "torch.nn.functional",
    "np": "numpy",
    "math": "math",
    "einops": "einops",
    "rearrange": "einops.rearrange",
    "repeat": "einops.repeat",
    "reduce": "einops.reduce",
}


def names_of_block(study: Study) -> tuple[dict[str, Any], dict[str, str]]:
    """A description of a value for each name that the block leaves open, and what each of the usual imports names."""
    missing = set(_undefined(without_prose(study.piece.text, parse_python).tree))
    imports = {name: full for name, full in IMPORTS.items() if name in missing}
    evidence = study.functions[0].evidence if study.functions else Evidence("")
    shapes = _shapes_named(evidence, missing)
    facts = Facts() if evidence is None else evidence.facts
    found = sizings(facts, symbols_of(evidence, (size for shape in shapes.values() for size in shape.seen())), count=1)
    filling = Filling(found[0] if found else {})
    by_name = {symbol.name: size for symbol, size in filling.sizes.items()}
    names: dict[str, Any] = {}
    for name in sorted(missing - set(imports)):
        if name in shapes:
            names[name] = tensor_spec(Tensor(shapes[name]), name, filling)
            if shapes[name].run is not None:  # the child tries how many dims there are
                before, after = (list(map(filling.number, row)) for row in (shapes[name].front, shapes[name].back))
                names[name] |= {"before": before, "after": after}
        elif name in ("DEVICE", "device"):
            names[name] = {"kind": "unknown", "guess": "device"}
        elif name in by_name or (len(name) <= 2 and name[0].isupper()):
            names[name] = {"kind": "value", "value": by_name.get(name, 2)}
        elif name.islower():
            names[name] = {"kind": "tensor", "shape": [], "dtype": kind_of(name), "before": [], "after": []}
        else:
            names[name] = {"kind": "value", "value": 2}
    return names, imports


def _shapes_named(evidence: Evidence, missing: set[str]) -> dict[str, Shape]:
    """The shape of each open name that is a tensor, where an event tells it."""
    found: dict[str, Shape] = {}
    for event in evidence.events:
        for source in getattr(event, "sources", ()):
            if source.name in missing:
                found.setdefault(source.name, source.shape)
        if isinstance(event, ClaimMet) and isinstance(event.attached.subject, nodes.Name):
            name = event.attached.subject.id
            if name in missing and event.given and event.given[0].shape is not None:
                found.setdefault(name, event.given[0].shape)
    return found


def _undefined(tree: ast.Module) -> Iterator[str]:
    """The names that the block reads and that neither it nor Python defines."""
    defined = set(dir(builtins))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            defined.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            defined.add(node.name)
        elif isinstance(node, ast.arg):
            defined.add(node.arg)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            defined.update((alias.asname or alias.name).partition(".")[0] for alias in node.names)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in defined:
            yield node.id
