"""What a function asks of a value elsewhere: who asks it what no tensor has, or for a key, knows that it is none."""

from __future__ import annotations

from functools import lru_cache

from shapelint.interp.machine import Frame
from shapelint.interp.method_names import SURELY_TENSOR
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
        return has_keys(frame, origin)
    return origin.rpartition(".")[2] in CONFIGURATIONS or _is_asked(frame, origin)


def has_keys(frame: Frame, origin: str) -> bool:
    """Whether the function takes an item of a value by a key, `td["locs"]`: whatever its methods, it is no tensor."""
    return _is_asked(frame, f"{origin}{KEYS}")


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
    found: set[str] = set()
    for part in (part for one in statements_within(node.body) for part in all_parts(roots(one))):
        if isinstance(part, nodes.Attribute) and not _is_of_tensors(part.attr):
            found.add(text_of(part.value))
        elif isinstance(part, nodes.Subscript) and _is_key(part.index):
            found |= {text_of(part.value), text_of(part.value) + KEYS}
    return frozenset(found)


def _is_key(index: nodes.Expr) -> bool:
    return isinstance(index, nodes.Constant) and isinstance(index.value, str)


def _is_of_tensors(name: str) -> bool:
    return name in SURELY_TENSOR or name in ATTRIBUTES or name in UNSURE or find(f"torch.Tensor.{name}") is not None
