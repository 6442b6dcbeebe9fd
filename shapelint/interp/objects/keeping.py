"""Modules of unknown make that by their names keep the shape: norms, activations, dropouts.

Nearly every block of a model takes its norm and its activation as a class, `norm_layer(dim)`, and calls what that gives
by such a name. Who calls a module a norm means one that any other norm can take the place of.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from shapelint.interp.paths.join import mapped
from shapelint.interp.state.ground import Ground
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import Choice, Value
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes
from shapelint.program.written import text_of

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_FINDS = re.compile(r"_?(?:get|choose|select|resolve|find|parse|load|lookup)", re.IGNORECASE)
_NORMS = frozenset("norm norms layernorm batchnorm groupnorm instancenorm rmsnorm bn ln normalization".split())
_ACTIVATIONS = frozenset("act acts activation activations nonlinearity".split())
_OTHERS = _ACTIVATIONS | frozenset("dropout drop dropouts droppath".split())
_LAYERS = frozenset("conv linear dense pool upsample downsample deconv".split())
_SAYS_NOTHING = frozenset(
    "fn func function class cls type name layer module op out in q k v pre post final first last".split()
)


def kept_by_name(frame: Frame, callee: Unknown, node: nodes.Call, args: Sequence[Value]) -> Value | None:
    """What a call of an unknown norm, activation or dropout gives: its first argument's shape. None for other calls."""
    keeps = args and (callee.keeps or _keeps_the_shape(node.func))
    if not keeps or _is_an_actor(frame, node.func) or _is_taken_apart(frame, node):
        return None
    given = frame.world.settle(args[0])
    if isinstance(given, Choice) and all(isinstance(frame.world.settle(one), Tensor) for one in given.values):
        return mapped(given, lambda one: _made_from(frame.world.settle(one)))
    if isinstance(given, Unknown) and given.origin and _is_of_self(node.func):
        given = Ground(frame.world).as_tensor(given)
    if not isinstance(given, Tensor):
        return None
    if _meaning(_name_of(node.func)) in _ACTIVATIONS:
        frame.evidence.halved.update(given.shape.back[-1:] or given.shape.front[1:2] + given.shape.front[-1:])
    return _made_from(given)


def _is_taken_apart(frame: Frame, node: nodes.Call) -> bool:
    """Whether what a call gives is several things, `x, logdet = self.norm(x)`."""
    statement = frame.statement
    if not isinstance(statement, nodes.Assign) or statement.value is not node:
        return False
    return any(isinstance(target, nodes.Sequence) for target in statement.targets)


def makes_what_keeps(call: nodes.Call) -> bool:
    """Whether a call gives an activation or a dropout by its names: `act_layer()`, `getattr(nn, activation)()`.

    Not so of a class that is made of a layer, too, `Conv2dNormActivation`, nor of a norm: `weight_norm(conv)` gives the
    layer that it is given. Of what is given to a call only the one thing that it is to find counts: a block is made
    with an activation, too.
    """
    while isinstance(call.func, nodes.Call):
        call = call.func
    name = text_of(call.func).rpartition(".")[2]
    if _meaning(name) in _OTHERS:
        return name[:1].islower() or _LAYERS.isdisjoint(word.lower() for word in _WORD.findall(name))
    is_looked_up = name == "getattr" and len(call.args) > 1
    given = call.args[1].value if is_looked_up else call.args[0].value if len(call.args) == 1 else None
    finds = isinstance(given, (nodes.Name, nodes.Attribute)) and (is_looked_up or _FINDS.match(name))
    return bool(finds) and _meaning(text_of(given).rpartition(".")[2]) in _OTHERS


def _is_an_actor(frame: Frame, func: nodes.Expr) -> bool:
    """Whether `act` is short for who acts, as its function is given states, or its class is an agent's."""
    if text_of(func).rpartition(".")[2].split("_")[0] != "act":
        return False
    node = frame.function.node if frame.function is not None else None
    names = [param.name for param in node.params] if isinstance(node, nodes.Function) else []
    names += [frame.cls.name] if frame.cls is not None else []
    return any(_OF_AGENTS.search(name) is not None for name in names)


_OF_AGENTS = re.compile(r"^(?:states?|obs|observations?|actions?)$|agent|actor|polic(?:y|ies)", re.IGNORECASE)


def _made_from(given: Tensor) -> Tensor:
    return replace(given, layout=None, dtype=None, expanded=False, items=None)


def _is_of_self(func: nodes.Expr) -> bool:
    """Whether a module is the object's own, so that what it is given is a tensor; `frame.drop(names)` is none."""
    while isinstance(func, (nodes.Attribute, nodes.Subscript)):
        func = func.value
    return isinstance(func, nodes.Name) and func.id == "self"


def _keeps_the_shape(func: nodes.Expr) -> bool:
    """Whether a module goes by such a name: `self.norm1`, `block.attn_drop`, `self.norms[i]`, `act`."""
    is_function = isinstance(func, nodes.Name)  # one called `norm` may well give a norm
    return _meaning(_name_of(func)) in (_OTHERS if is_function else _NORMS | _OTHERS)


def _name_of(func: nodes.Expr) -> str:
    if isinstance(func, nodes.Subscript):
        func = func.value
    return func.id if isinstance(func, nodes.Name) else func.attr if isinstance(func, nodes.Attribute) else ""


@lru_cache(maxsize=4096)
def _meaning(name: str) -> str:
    """The last word of a name that says something: `norm` of `norm_layer` and of `final_norm2`."""
    words = [word.lower() for word in _WORD.findall(name)]
    return next((word for word in reversed(words) if word not in _SAYS_NOTHING), "")
