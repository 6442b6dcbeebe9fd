"""`value.name`: of instances and classes of the program, tensors, layers, containers and imported modules."""

from __future__ import annotations

from typing import Any

from shapelint.interp.calls.classes import call_property, class_attribute
from shapelint.interp.inputs.annotated import field_of
from shapelint.interp.inputs.asked_attributes import may_be_no_tensor
from shapelint.interp.objects.external_names import external
from shapelint.interp.objects.formatted import attribute_under
from shapelint.interp.objects.hyperparameters import KEEPING
from shapelint.interp.objects.imports import found_under
from shapelint.interp.objects.rules import of_each, run_rule
from shapelint.interp.paths.defaults import standing_in
from shapelint.interp.paths.join import alternatives, choice
from shapelint.interp.state.decorators import decorators_of
from shapelint.interp.state.ground import Ground
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.method_names import (
    COPYING,
    MODULE_METHODS,
    ONLY_METHODS,
    READ_OF_TENSORS,
    SURELY_TENSOR,
    tensors_own,
)
from shapelint.interp.state.values import (
    Bound,
    Choice,
    ClassValue,
    Container,
    Deferred,
    DictObject,
    External,
    FunctionValue,
    Instance,
    Layer,
    ListObject,
    MethodOf,
    ModuleFile,
    OfClass,
    Partial,
    Ref,
    Super,
    Value,
    is_named,
    unknown,
)  # fmt: skip
from shapelint.ops.families.attributes import ATTRIBUTES, UNSURE, tensor_attribute
from shapelint.ops.families.packed import OF_PACKED, PackedSequence
from shapelint.ops.registry import find
from shapelint.ops.rows import SizesOf
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes
from shapelint.shapes import Shape


def attribute(frame: Frame, value: Value, name: str, expr: nodes.Expr) -> Value:
    """The attribute `name` of a value."""
    value = frame.world.settle(value)
    if isinstance(value, Choice):
        kept = [(one, path) for one, path in value.each() if one is not None]
        if not kept:
            return unknown(f".{name}")
        having = [(one, path) for one, path in kept if not _surely_lacks(frame, one, name)]
        values, paths = zip(*(having or kept), strict=True)
        return of_each(frame, values, lambda one: attribute(frame, one, name, expr), paths)
    if isinstance(value, Ref):
        return _of_object(frame, value, name, expr)
    if isinstance(value, Tensor):
        return _of_tensor(frame, value, name, expr)
    if isinstance(value, Unknown):
        return _of_unknown(frame, value, name, expr)
    if isinstance(value, External):
        return external(f"{value.name}.{name}")
    if isinstance(value, ModuleFile):
        found = found_under(value.frame.env, name, frame.machine)
        if found is None and value.frame.name.endswith("__init__.py"):
            inner = frame.machine.load(f".{name}", value.frame.name)  # a module of a package, imported somewhere
            found = ModuleFile(inner) if inner is not None else None
        return found if found is not None else unknown(f"{name} is not in {value.frame.name}", expr.at[0])
    if isinstance(value, ClassValue):
        found = _of_class(frame, value, name, expr)
        if found is None:
            applied = _applied(value) if name == "apply" else None
            return unknown(f"{value.name}.{name}", expr.at[0]) if applied is None else applied
        if isinstance(found, OfClass):
            return Bound(value, found.function)
        return Bound(value, found) if "classmethod" in decorators_of(found) else found
    if isinstance(value, Layer):
        return _of_layer(value, name)
    if isinstance(value, Super):
        return _of_super(frame, value, name)
    if isinstance(value, tuple) and name in getattr(value, "_fields", ()):
        return getattr(value, name)
    if isinstance(value, slice) and name in ("start", "stop", "step"):
        return getattr(value, name)
    if isinstance(value, FunctionValue) and name == "__name__":
        return value.name
    if isinstance(value, Partial) and name == "func":
        return value.function
    if isinstance(value, PackedSequence) and name in OF_PACKED:
        return getattr(value, name)
    return MethodOf(value, name)


def _of_class(frame: Frame, cls: ClassValue, name: str, expr: nodes.Expr) -> Value | None:
    """What a class has under a name; unknown where `Config.width = ...` sets it anew, no matter when."""
    found = class_attribute(cls, name)
    if found is None or isinstance(found, (FunctionValue, OfClass)):
        return found
    for owner in cls.lineage:
        for which in (("", name), (owner.name, name)):
            if which in owner.frame.module.set_on_names or (which[0] and which in frame.machine.set_on_names):
                return Unknown(f"{owner.name}.{name} is set anew", line=expr.at[0])
    return found


def _applied(cls: ClassValue) -> Value | None:
    """What `apply` of a function of autograd calls: its `forward`, which is given a context first in the older way."""
    forward = class_attribute(cls, "forward")
    if not isinstance(forward, FunctionValue) or not any(n.startswith("torch.autograd") for n in cls.externals):
        return None
    called = Bound(cls, forward) if "classmethod" in decorators_of(forward) else forward
    has_context = class_attribute(cls, "setup_context") is None
    return Partial(called, (Unknown("the context of a function of autograd"),), ()) if has_context else called


def _of_tensor(frame: Frame, value: Tensor, name: str, expr: nodes.Expr) -> Value:
    if name == "shape":
        return value.shape.dims if value.shape.known else SizesOf(value.shape)
    if name == "ndim":
        return frame.world.rank_of(value.shape)
    if name in ATTRIBUTES or name in UNSURE:
        return run_rule(frame, expr, lambda args, _: tensor_attribute(args[0], name), [value], {}, f".{name}")
    return MethodOf(value, name)


def _of_object(frame: Frame, value: Ref, name: str, expr: nodes.Expr) -> Value:
    content = frame.world.heap.get(value.id)
    if isinstance(content, Instance):
        if name in content.attrs:
            return content.attrs[name]
        found = _of_class(frame, content.type, name, expr)
        if found is not None:
            return _bound(frame, value, content.type, found, expr)
        if name == "__class__":
            return content.type
        return _missing(frame, value, content, name)
    if isinstance(content, Container) and content.parts is not None and name in dict(content.parts):
        return dict(content.parts)[name]
    return MethodOf(value, name)


def _bound(frame: Frame, receiver: Ref, cls: ClassValue, found: Value, expr: nodes.Expr) -> Value:
    if isinstance(found, OfClass):
        return Bound(cls, found.function)
    if not isinstance(found, FunctionValue):
        return found
    kinds = decorators_of(found)
    if "staticmethod" in kinds:
        return found
    if "classmethod" in kinds:
        return Bound(cls, found)
    if kinds & {"property", "cached_property", "functools.cached_property"}:
        if "abstractmethod" in decorators_of(found, last=True):
            return unknown(f"the property {found.name} is abstract", expr.at[0])
        return call_property(frame, receiver, found, expr)
    return Bound(receiver, found)


def _surely_lacks(frame: Frame, value: Value, name: str) -> bool:
    """Whether a value is of the program, or of Python, and has no such attribute: one of several that is not meant."""
    content = frame.world.heap.get(value.id) if isinstance(value, Ref) else None
    if isinstance(content, (ListObject, DictObject)):
        return not hasattr(list if isinstance(content, ListObject) else dict, name) and name in SURELY_TENSOR
    if not isinstance(content, Instance) or content.open or not content.type.known_whole or name in content.attrs:
        return False
    found = (class_attribute(content.type, each) for each in (name, "__getattr__"))
    return all(each is None for each in found) and name not in MODULE_METHODS and not name.startswith("_")


def _missing(frame: Frame, receiver: Ref, content: Instance, name: str) -> Value:
    """An attribute that nothing was seen to set: a method of nn.Module, else a value that keeps its name."""
    if (name in MODULE_METHODS and content.type.is_module) or name == KEEPING:
        return MethodOf(receiver, name)
    bases = alternatives(content.attrs.get("<base>"))
    if name != "forward" and all(isinstance(base, Layer) and hasattr(base.instance, name) for base in bases):
        return choice([_of_layer(base, name) for base in bases])
    under = attribute_under(frame, receiver, name) if content.open else None
    if under is not None:
        return under
    if name == "training":  # on all paths the same, so that it need not be written into the module
        modes = frame.machine.modes
        return modes.setdefault(receiver.id, Unknown("training mode", "", may_be_none=False, given=True))
    value: Value = Unknown(f"self.{name} is not set in what is known of {content.type.name}", f"self.{name}")
    frame.world.heap[receiver.id] = Instance(content.type, {**content.attrs, name: value}, content.open)
    return value


def _of_layer(value: Layer, name: str) -> Value:
    if not name.startswith("_") and name != "forward":
        found: Any = getattr(value.instance, name, None)
        if isinstance(found, Shape):
            return found.dims if found.known else SizesOf(found)
        if found is not None and not callable(found):
            return found
        if name in ("weight", "bias") and hasattr(value.instance, name):
            return None
    return MethodOf(value, name)


def _of_super(frame: Frame, value: Super, name: str) -> Value:
    content = frame.world.heap.get(value.receiver.id) if isinstance(value.receiver, Ref) else None
    order = content.type.order if isinstance(content, Instance) else value.start.order
    if value.start.bases and not is_named(value.start.bases[0]):
        return MethodOf(value, name)  # an ancestor of which nothing is known comes first
    for cls in order[order.index(value.start) + 1 :] if value.start in order else order[1:]:
        if isinstance(cls, str):
            if cls in ("object", "abc.ABC"):
                continue
            break  # an ancestor that is not of the program comes first
        if name in cls.attrs:
            found = cls.attrs[name]
            if isinstance(found, OfClass) or "classmethod" in decorators_of(found):
                made = content.type if isinstance(content, Instance) else value.receiver
                return Bound(made, found.function if isinstance(found, OfClass) else found)
            is_static = name == "__new__" or "staticmethod" in decorators_of(found)
            return Bound(value.receiver, found) if isinstance(found, FunctionValue) and not is_static else found
    return MethodOf(value, name)


def _method_of_module(frame: Frame, value: Unknown, name: str) -> Value | None:
    """A method of the module that a caller's is taken for where it is called."""
    content = frame.world.heap.get(value.default.id) if isinstance(value.default, Ref) else None
    found = class_attribute(content.type, name) if isinstance(content, Instance) else None
    if not isinstance(found, FunctionValue) or decorators_of(found):
        return None
    return standing_in(frame.part_of(value, f".{name}"), Bound(value.default, found))


def _of_nameless(value: Unknown, name: str) -> Unknown:
    """An attribute of an unknown without a name: the same each time, and neither the whole nor another one of its."""
    whole = value.first
    if (part := whole.parts.get(f".{name}")) is None:
        part = whole.parts[f".{name}"] = Unknown(
            value.reason, line=value.line, is_result=value.is_result, of_input=value.of_input, given=value.given
        )
        part.made = value.made
    return part


def _has_tables(frame: Frame) -> bool:
    """Whether a file imports what makes tables or sparse matrices: these have a shape, and their own ways with it."""
    values = frame.module.env.values()
    imported = [value.module for value in values if isinstance(value, Deferred)]
    imported += [value.name for value in values if isinstance(value, External)]
    return not _OF_TABLES.isdisjoint(name.partition(".")[0] for name in imported)


_OF_TABLES = frozenset({"scipy", "pandas", "polars"})


def _of_unknown(frame: Frame, value: Unknown, name: str, expr: nodes.Expr) -> Value:
    """An attribute of an unknown: of a named one a size of that name, or a tensor's where only tensors have it."""
    if not value.origin:
        is_method = (
            name in ONLY_METHODS or name in COPYING or (name in tensors_own(value) and name not in READ_OF_TENSORS)
        )
        return MethodOf(value, name) if is_method else _of_nameless(value, name)
    field = field_of(frame, value, name)
    if field is not None:
        return field
    method = _method_of_module(frame, value, name)
    if method is not None:
        return method
    if name in COPYING:
        return MethodOf(value, name)
    if may_be_no_tensor(frame, value.origin, name):
        return frame.part_of(value, f".{name}")
    if name in ("shape", "size", "ndim", "dim", "device", "dtype", "T", "mT") or find(f"torch.Tensor.{name}"):
        is_read = name in READ_OF_TENSORS and name in tensors_own(value)  # `encoder.dim` may be a number, its call not
        is_read = is_read or (name == "shape" and value.is_result and not _has_tables(frame))  # arrays have it, too
        tensor = Ground(frame.world).as_tensor(value) if is_read else None
        if tensor is not None:
            return attribute(frame, tensor, name, expr)
        return MethodOf(value, name)
    return frame.part_of(value, f".{name}")
