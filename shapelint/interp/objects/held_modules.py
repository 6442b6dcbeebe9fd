"""The modules that an object holds which extends nn.Sequential, nn.ModuleList or another container."""

from __future__ import annotations

from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import Choice, Container, Instance, Layer, Ref, Value, unknown
from shapelint.ops.tensor import Unknown


def whole_base(frame: Frame, content: Instance) -> Value:
    """The layer that an instance extends; of an nn.Sequential with the modules that were set as attributes, too."""
    base = content.attrs["<base>"]
    container = frame.world.heap.get(base.id) if isinstance(base, Ref) else None
    if not isinstance(container, Container) or container.parts is None:
        return base
    if content.open:
        return unknown("a Sequential with parts under names that are not known")
    held = {name for name, _ in container.parts}
    added = [
        (name, value)
        for name, value in content.attrs.items()
        if name != "<base>" and name not in held and _is_part(frame, value)
    ]
    if not added:
        return base
    return frame.world.allocate(Container.of(container.kind, (*container.parts, *added)))


def _is_part(frame: Frame, value: Value) -> bool:
    """Whether an attribute is, or may be, a module: what an unknown call gave is one for all that is known."""
    if isinstance(value, Choice):
        return any(_is_part(frame, one) for one in value.values)
    if isinstance(value, Layer) or (isinstance(value, Unknown) and (value.is_result or not value.origin)):
        return True
    content = frame.world.heap.get(value.id) if isinstance(value, Ref) else None
    return isinstance(content, Container) or (isinstance(content, Instance) and content.type.is_module)


def children_of(frame: Frame, content: Instance) -> list[tuple[str, Value]] | None:
    """The modules that an instance holds under its attributes, in the order in which they were set, each of them once.

    None where an attribute may be a module, or may not, and where two layers are alike, which may be one.
    """
    found: list[tuple[str, Value]] = []
    for name, value in content.attrs.items():
        if name.startswith("("):  # what it was made with
            continue
        value = frame.world.settle(value)
        is_lost = isinstance(value, Ref) and value.id not in frame.world.heap  # made where this path does not lead
        if content.open or is_lost or isinstance(value, (Choice, Unknown)) or name == "<base>":
            return None
        if not _is_part(frame, value):
            continue
        if all(other != value for _, other in found):
            found.append((name, value))
        elif isinstance(value, Layer):
            return None
    return found


def held_by(frame: Frame, content: Instance) -> Container | None:
    """The container that an object is by what it extends, None for any other object."""
    base = whole_base(frame, content) if "<base>" in content.attrs else None
    found = frame.world.heap.get(base.id) if isinstance(base, Ref) else None
    return found if isinstance(found, Container) else None
