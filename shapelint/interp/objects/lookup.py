"""What a plain name stands for: local, enclosing, module, builtin; or, in a Markdown block, whatever it must be."""

from __future__ import annotations

from shapelint.interp.objects.external_names import BUILTINS
from shapelint.interp.objects.imports import found_under
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import Builtin, External, Value
from shapelint.ops.tensor import Unknown

_BUILTIN = {name: Builtin(name) for name in BUILTINS}


def lookup(frame: Frame, name: str, line: int = 0) -> Value:
    """The value of a name. A name that nothing defines is unknown; in an open program the same unknown each time."""
    scope = _scope_of(frame, name)
    if scope is not None:
        rebound = frame.module.rebound_by_functions
        if rebound and (name in scope.rebound_by_functions or (scope is not frame and name in rebound)):
            return Unknown(f"{name} is set by another function, too", "", line)
        return found_under(scope.env, name, frame.machine)
    if name in _BUILTIN:
        return _BUILTIN[name]
    if name == "__name__":
        return "__main__"
    if name == "__debug__":
        return True
    if frame.module.open_names:
        value = _assumed_import(name) or Unknown(
            f"{name} is not defined here", name, line, free=True, may_be_none=False
        )
        frame.module.env[name] = value
        return value
    return Unknown(f"{name} is not defined here", "", line)


def is_defined(frame: Frame, name: str) -> bool:
    """Whether a name stands for something at this point; in an open program every name does."""
    return _scope_of(frame, name) is not None or name in BUILTINS or frame.module.open_names


def _scope_of(frame: Frame, name: str) -> Frame | None:
    scope: Frame | None = frame
    while scope is not None:
        if name in scope.env:
            return scope
        scope = scope.parent
    return frame.module if name in frame.module.env else None


def _assumed_import(name: str) -> Value:
    """In a Markdown block the usual short names stand for the usual modules."""
    usual = {"torch": "torch", "nn": "torch.nn", "F": "torch.nn.functional", "np": "numpy", "math": "math"}
    usual |= {"einops": "einops", "rearrange": "einops.rearrange", "repeat": "einops.repeat", "reduce": "einops.reduce"}
    return External(usual[name]) if name in usual else None
