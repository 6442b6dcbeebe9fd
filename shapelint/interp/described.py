"""What docstrings, parameters' comments and annotations say of a function's inputs and result."""

from __future__ import annotations

from shapelint.interp.claims import meet_value, note_claim, take_definition
from shapelint.interp.events import Given
from shapelint.interp.iteration import items_of
from shapelint.interp.join import choice
from shapelint.interp.machine import Frame
from shapelint.interp.names import believed_shape, claimed
from shapelint.interp.values import Choice, Value
from shapelint.notation.model import Claim, Role
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes
from shapelint.program.nodes import Attached, Place


def claims_about(frame: Frame, node: nodes.Function) -> list[Attached]:
    """What is said of a function's inputs and result: in its own description, and in that of its class.

    A class's docstring speaks of the arguments of `__init__` by name, and else of `forward`.
    """
    claims = list(node.described.claims)
    if frame.cls is None or frame.function is None or frame.function.owner is not frame.cls:
        return claims
    names = {param.name for param in node.params}
    for attached in frame.cls.node.described.claims:
        named = isinstance(attached.subject, nodes.Name) and attached.subject.id in names
        if (node.name == "__init__" and named) or (node.name == "forward" and (attached.subject is None or named)):
            claims.append(attached)
    return claims


def believe_inputs(frame: Frame, node: nodes.Function) -> None:
    """Take in what is said of the function: definitions, then its inputs, each of which has its shape from here on."""
    for definition in node.described.definitions:
        take_definition(frame, definition)
    defaults = {
        param.name: isinstance(param.default, nodes.Constant) and param.default.value is None for param in node.params
    }
    names = [param.name for param in node.params if param.name not in ("self", "cls")]
    for attached in claims_about(frame, node):
        if speaks_of_result(attached):
            continue
        if attached.subject is not None:
            if isinstance(attached.subject, nodes.Name) and attached.subject.id in frame.env:
                _believe_input(frame, attached, attached.subject.id, defaults.get(attached.subject.id, False))
            else:
                note_claim(frame, attached, [Given(None, why_unknown="no parameter has this name")], "")
        elif attached.claim.index < len(names):
            name = names[attached.claim.index]
            _believe_input(frame, attached, name, defaults.get(name, False))


def speaks_of_result(attached: Attached) -> bool:
    """Whether a claim in the description of a function is about what it returns."""
    return attached.claim.role is Role.RESULT and attached.place is not Place.PARAMETER and attached.subject is None


def _believe_input(frame: Frame, attached: Attached, name: str, optional: bool) -> None:
    value = frame.world.settle(frame.env[name])
    if frame.recording and isinstance(value, Unknown) and optional and _is_one_tensor(attached.claim):
        _believe_optional(frame, attached, name)
        return
    if frame.recording and isinstance(value, Unknown) and len(attached.claim.shapes) > 1:
        _believe_one_of(frame, attached, name)
        return
    target = nodes.Name(attached.at, name)
    line = frame.lines.get(name, attached.at[0])
    meet_value(frame, attached, value, name, target=target, is_input=frame.recording)
    frame.lines[name] = line
    frame.letters.believed[name] = frame.env[name]


def _is_one_tensor(claim: Claim) -> bool:
    return len(claim.shapes) == 1 and claim.role is not Role.ELEMENT


def _believe_optional(frame: Frame, attached: Attached, name: str) -> None:
    """A parameter whose default is None: a tensor of the claimed shape, or None."""
    shapes = note_claim(frame, attached, [Given(None, why_unknown="an input")], name, is_input=True)
    tensor = Tensor(believed_shape(frame, shapes[0]), None)
    frame.env[name] = Choice((None, tensor))
    frame.letters.believed[name] = tensor


def _believe_one_of(frame: Frame, attached: Attached, name: str) -> None:
    note_claim(frame, attached, [Given(None, why_unknown="an input")], name, is_input=True)
    tensors = [Tensor(believed_shape(frame, claimed(frame, spec, None)), None) for spec in attached.claim.shapes]
    frame.env[name] = choice(list(tensors))


def meet_result(frame: Frame, node: nodes.Function, value: Value) -> Value:
    """Meet what is said of the function's result with what it returns; the value, perhaps believed."""
    for attached in claims_about(frame, node):
        if not speaks_of_result(attached):
            continue
        if attached.claim.count > 1:
            items, _ = (None, None) if isinstance(value, Tensor) else items_of(frame, value)
            if items is not None and len(items) == attached.claim.count:
                meet_value(frame, attached, items[attached.claim.index], f"result {attached.claim.index}")
            else:
                note_claim(frame, attached, [Given(None, why_unknown="several shapes for one value")], "the result")
        else:
            value = meet_value(frame, attached, value, "the result")
    return value
