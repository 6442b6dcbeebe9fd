"""Makes frozen dataclasses quick to make: there are millions of small nodes and values, and none is ever changed."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import TypeVar

_T = TypeVar("_T")


def quick(cls: type[_T]) -> type[_T]:
    """The frozen dataclass with slots `cls`, its constructor one that fills the slots themselves.

    Python's own goes through `object.__setattr__` by name for each field, which takes more than twice as long.
    """
    names: dict[str, object] = {}
    parameters, body = ["self"], []
    for field in fields(cls):  # type: ignore[arg-type]
        name = field.name
        names[f"set_{name}"] = getattr(cls, name).__set__
        value = name
        if field.default_factory is not MISSING:
            names[f"make_{name}"], names["MISSING"] = field.default_factory, MISSING
            parameters.append(f"{name}=MISSING")
            value = f"make_{name}() if {name} is MISSING else {name}"
        elif field.default is not MISSING:
            names[f"default_{name}"] = field.default
            parameters.append(f"{name}=default_{name}")
        else:
            parameters.append(name)
        body.append(f"    set_{name}(self, {value})")
    exec("\n".join([f"def __init__({', '.join(parameters)}):", *body]), names)
    cls.__init__ = names["__init__"]  # type: ignore[assignment]
    return cls
