"""What a function asks of a value elsewhere: who asks it what no tensor has knows that it is none."""

from __future__ import annotations

from functools import lru_cache

from shapelint.interp.machine import Frame
from shapelint.interp.method_names import MODULE_METHODS, SURELY_TENSOR
from shapelint.interp.subjects import statements_within, text_of
from shapelint.ops.attributes import ATTRIBUTES, UNSURE
from shapelint.ops.registry import find
from shapelint.program import nodes
from shapelint.program.within import all_parts, roots

OF_OTHERS_TOO = frozenset("device dtype T H".split())
"""Attributes of tensors that a configuration or a module has as well."""
CONFIGURATIONS = frozenset("args cfg config conf configs opt opts options hparams hps params settings".split())


def may_be_no_tensor(frame: Frame, origin: str, name: str) -> bool:
    """Whether a value that is asked for this attribute is, by its name or what else is asked of it, no tensor."""
    if name not in OF_OTHERS_TOO:
        return False
    if origin.rpartition(".")[2] in CONFIGURATIONS:
        return True
    scope: Frame | None = frame
    while scope is not None:
        node = scope.function.node if scope.function is not None else None
        if isinstance(node, nodes.Function) and (origin, True) in _asked(node):
            return True
        scope = scope.parent
    return False


def is_asked_as_module(frame: Frame, name: str) -> bool:
    """Whether a function asks what goes by a name for what a module has and no tensor: `model.eval()`."""
    node = frame.function.node if frame.function is not None else None
    return isinstance(node, nodes.Function) and any(
        asked == name and not _is_of_tensors(attr) for asked, attr in _named_attributes(node) if attr in MODULE_METHODS
    )


@lru_cache(maxsize=256)
def _named_attributes(node: nodes.Function) -> frozenset[tuple[str, str]]:
    """What a function asks for attributes, each by its text, with what it is asked for."""
    parts = (part for one in statements_within(node.body) for part in all_parts(roots(one)))
    return frozenset((text_of(part.value), part.attr) for part in parts if isinstance(part, nodes.Attribute))


@lru_cache(maxsize=256)
def _asked(node: nodes.Function) -> frozenset[tuple[str, bool]]:
    """What a function asks for attributes, each by its text, and whether that is for one that no tensor has."""
    return frozenset((asked, not _is_of_tensors(attr)) for asked, attr in _named_attributes(node))


def _is_of_tensors(name: str) -> bool:
    return name in SURELY_TENSOR or name in ATTRIBUTES or name in UNSURE or find(f"torch.Tensor.{name}") is not None
