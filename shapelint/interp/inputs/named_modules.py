"""Which module of its own file a parameter is by its name, where nothing else tells: `critic`, `net` beside one class.

The functions of a training script take the model of that script. Only operations outside the module are told of by it:
see `checks/verdicts/belief.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import ClassValue, FunctionValue
from shapelint.program import nodes

OF_ANY_KIND = frozenset("model net network module policy".split())
"""What the only module of a file is called by those who train it."""

SHORTEST = 4  # letters of a name that is the end of a class's name


def class_named(param: nodes.Param, function: FunctionValue) -> ClassValue | None:
    """The module class of the same file that a parameter without annotation and default is named after, if one is."""
    name = param.name.replace("_", "").lower()
    if param.annotation is not None or param.default is not None or param.kind != "either" or not name:
        return None
    # A module that is given one wraps another kind of module.
    classes = {cls.name.lower(): cls for cls in _modules_beside(function.frame) if cls is not function.owner}
    if name in classes:
        return classes[name]
    if name in OF_ANY_KIND and len(classes) == 1:
        return next(iter(classes.values()))
    ending = [cls for key, cls in classes.items() if key.endswith(name)] if len(name) >= SHORTEST else []
    has_one = [cls for cls in ending if cls.name.lower().endswith(f"with{name}")]  # `EncoderWithAdaptor` is no adaptor
    # `AttentionLayer` beside `FullAttention`, be it imported.
    names = {key.lower() for key in function.frame.module.env if function.owner is None or key != function.owner.name}
    beginning = [key for key in names if key.startswith(name) and key != name]
    return ending[0] if len(ending) == 1 and not has_one and not beginning else None


def _modules_beside(frame: Frame) -> Iterator[ClassValue]:
    """The modules, but no losses, that the file of a function defines at its top."""
    frame = frame.module
    for name, value in frame.env.items():
        is_own = isinstance(value, ClassValue) and value.node.name == name and value.frame is frame
        if is_own and value.is_module and "loss" not in name.lower():
            yield value
