"""What annotations tell of attributes of what a caller gives: `config: Settings`, of which `eps: float` is a field."""

from __future__ import annotations

from shapelint.interp.state.machine import Frame, evaluate
from shapelint.interp.state.values import ClassValue, Value
from shapelint.ops.signature import NumberType
from shapelint.ops.tensor import Unknown
from shapelint.program import nodes


def class_annotated(frame: Frame, annotation: nodes.Expr | None) -> ClassValue | None:
    """The class of the program that an annotation names, of which a caller gives an instance, or None instead."""
    if isinstance(annotation, nodes.Binary) and _is_none(annotation.right):  # `Encoder | None`
        annotation = annotation.left
    if isinstance(annotation, nodes.Subscript) and isinstance(annotation.value, nodes.Name):
        annotation = annotation.index if annotation.value.id == "Optional" else None
    if isinstance(annotation, nodes.Constant) and isinstance(annotation.value, str) and annotation.value.isidentifier():
        annotation = nodes.Name(annotation.at, annotation.value)  # of a class that stands below
    if not isinstance(annotation, (nodes.Name, nodes.Attribute)):
        return None
    found = frame.world.settle(evaluate(frame, annotation))
    return found if isinstance(found, ClassValue) else None


def _is_none(annotation: nodes.Expr | None) -> bool:
    return isinstance(annotation, nodes.Constant) and annotation.value is None


def field_of(frame: Frame, whole: Unknown, name: str) -> Value:
    """An attribute of what a caller gives, by the annotation of its class's field: a number, which has no dims, or a
    part that is an instance of another class; None where no annotation tells."""
    for cls in whole.first.annotated.lineage if whole.first.annotated is not None else ():
        for statement in cls.node.body:
            if not isinstance(statement, nodes.Assign) or statement.annotation is None:
                continue
            if not any(isinstance(target, nodes.Name) and target.id == name for target in statement.targets):
                continue
            if isinstance(statement.annotation, nodes.Name) and statement.annotation.id == "float":
                return NumberType("float32")
            part = frame.part_of(whole, f".{name}")
            is_int = isinstance(statement.annotation, nodes.Name) and statement.annotation.id == "int"
            if is_int and not _is_none(statement.value):
                part.free = True  # a size, and no row of them, where it stands alone for sizes
            part.annotated = class_annotated(cls.frame, statement.annotation)
            return part
    return None
