"""What a function asks of a value elsewhere: who asks it what no tensor has, or for a key, knows that it is none."""

from __future__ import annotations

from functools import lru_cache

from shapelint.interp.state.machine import Frame
from shapelint.interp.state.method_names import COPYING, MODULE_METHODS, SURELY_TENSOR
from shapelint.ops.families.attributes import ATTRIBUTES, UNSURE
from shapelint.ops.registry import find
from shapelint.program import nodes
from shapelint.program.written import expressions_within, text_of

OF_OTHERS_TOO = frozenset("device dtype T H".split())
"""Attributes of tensors that a configuration or a module has as well."""
CONFIGURATIONS = frozenset("args cfg config conf configs opt opts options hparams hps params settings".split())


def may_be_no_tensor(frame: Frame, origin: str, name: str) -> bool:
    """Whether a value that is asked for this attribute is, by its name or what else is asked of it, no tensor."""
    return is_no_tensor(frame, origin) or (name in OF_OTHERS_TOO and origin.rpartition(".")[2] in CONFIGURATIONS)


def is_no_tensor(frame: Frame, origin: str) -> bool:
    """Whether the function asks a value for what no tensor has, `op.adjoint`, `td["locs"]`: whatever its methods."""
    return _is_asked(frame, origin)


def _is_asked(frame: Frame, asked: str) -> bool:
    scope: Frame | None = frame
    while scope is not None:
        node = scope.function.node if scope.function is not None else None
        if isinstance(node, nodes.Function) and asked in _asked_of_no_tensors(node):
            return True
        scope = scope.parent
    return False


KEYS = "[...]"


@lru_cache(maxsize=256)
def _asked_of_no_tensors(node: nodes.Function) -> frozenset[str]:
    """What a function asks for an attribute that no tensor has, or for a key, each by its text, with `KEYS` behind it.

    What has keys has such an attribute, too.
    """
    found = {asked for asked, attr in _named_attributes(node) if not _is_of_tensors(attr)}
    for part in expressions_within(node):
        if isinstance(part, nodes.Subscript) and _is_key(part.index):
            found |= {text_of(part.value), text_of(part.value) + KEYS}
    return frozenset(found)


def _is_key(index: nodes.Expr) -> bool:
    return isinstance(index, nodes.Constant) and isinstance(index.value, str)


def is_asked_as_module(frame: Frame, name: str) -> bool:
    """Whether a function asks what goes by a name for what a module has and no tensor: `model.eval()`."""
    node = frame.function.node if frame.function is not None else None
    return isinstance(node, nodes.Function) and any(
        asked == name and not _is_of_tensors(attr) for asked, attr in _named_attributes(node) if attr in MODULE_METHODS
    )


@lru_cache(maxsize=256)
def _named_attributes(node: nodes.Function) -> frozenset[tuple[str, str]]:
    """What a function asks for attributes, each by its text, with what it is asked for."""
    return frozenset(
        (text_of(one.value), one.attr) for one in expressions_within(node) if isinstance(one, nodes.Attribute)
    )


def _is_of_tensors(name: str) -> bool:
    return (
        name in SURELY_TENSOR
        or name in COPYING
        or name in ATTRIBUTES
        or name in UNSURE
        or find(f"torch.Tensor.{name}") is not None
    )
