"""What a comment beside a layer says is met where the layer is applied: `nn.Conv2d(3, 64, 7)  # (B, 64, H, W)`.

It may as well tell what comes in, how the weights lie, or what the steps behind the layer make of it, of an example. So
it is refuted only by another number of channels than the layer gives or takes, and left open else.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

from shapelint.interp.claims.givens import givens_of
from shapelint.interp.claims.names import forget_letters
from shapelint.interp.claims.noted import note_claim
from shapelint.interp.state.events import Given
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import Container, Instance, Layer, Ref, Value
from shapelint.notation.model import Claim, Num, Role
from shapelint.ops.tensor import Tensor
from shapelint.program import nodes
from shapelint.program.nodes import Attached
from shapelint.shapes import Shape

NOT_APPLIED = "the layer is not applied where that can be followed"
AN_EXAMPLE = "it may be said of another input, or of a step before or after"


@dataclass(frozen=True, slots=True)
class SaidOfLayer:
    """A claim at a layer where it is made, with the frame that makes it."""

    attached: Attached
    layer: Value
    frame: Frame


def keep_for_layers(frame: Frame, statement: nodes.Stmt, value: Value) -> None:
    """Keep what is said of the layers that a statement makes, of each one shape, until they are applied."""
    for attached in statement.notes.claims:
        if id(attached) in frame.met_before or not _is_plain(attached):
            continue
        layer = frame.world.settle(value if attached.about is None else (frame.seen or {}).get(id(attached.about)))
        key = key_of(frame, layer)
        if key is not None:
            frame.machine.said_of_layers.setdefault(key, []).append(SaidOfLayer(attached, layer, frame))
            frame.met_before.add(id(attached))
            frame.evidence.of_layers.append(attached)


def _is_plain(attached: Attached) -> bool:
    claim = attached.claim
    is_one = claim.count == 1 and len(claim.shapes) == 1 and len(claim.shapes[0].items) > 1
    return is_one and attached.subject is None and claim.role in (Role.RESULT, Role.INPUT) and not claim.tentative


def key_of(frame: Frame, value: Value) -> Hashable:
    """By what a layer, or a module, is known again where it is applied; None of anything else."""
    value = frame.world.settle(value)
    if isinstance(value, Layer):
        return id(value)  # two that are made with the same arguments may have one instance
    content = frame.world.heap.get(value.id) if isinstance(value, Ref) else None
    is_one = isinstance(content, Container) and content.kind == "Sequential"
    is_one = is_one or (isinstance(content, Instance) and content.type.is_module)
    return ("object", value.id) if is_one else None


def meet_applied(frame: Frame, layer: Value, args: Sequence[Value], result: Value) -> None:
    """Meet what is said of a layer with what it gives, where a function that is judged applies it."""
    said = frame.machine.said_of_layers.get(key_of(frame, layer), ())
    for one in said:
        scope = _scope(frame, one.frame)
        if scope is None or frame.guarded:
            continue
        claim = one.attached.claim
        taken = [_of_rank(each, claim) for value in args[:1] for each in givens_of(frame, value)]
        if claim.role is Role.INPUT:
            given, others = taken, []
        else:
            given = [_of_rank(each, claim) for each in givens_of(frame, _first(result))]
            others = [*taken, *_weight(frame, layer)]
        wrong = all(_has_other_channels(layer, claim, each) for each in (*given, *others))
        given += [each for each in others if _is_said_of(claim, each)]
        _note(scope, one.attached, given, "" if wrong else AN_EXAMPLE)


def _note(scope: Frame, attached: Attached, given: list[Given], doubt: str) -> None:
    """Note a claim whose names and numbers tell nothing of other comments: no size gets a name by it."""
    machine, world, letters = scope.machine, scope.machine.world, dict(scope.letters.bound)
    machine.world = world.fork()
    note_claim(scope, attached, given, "what the layer gives", any_of=True, doubt=doubt, own_example=True)
    machine.world = world
    forget_letters(scope, letters)


def _first(value: Value) -> Value:
    """The output of a layer that gives more beside it, as a recurrent one and attention do."""
    return value[0] if type(value) is tuple and value else value


def _scope(frame: Frame, made_in: Frame) -> Frame | None:
    """The frame in which the names of a comment are to be read: where the layer is made, with the letters of the
    function that is judged; None where it is none that tells of the layer."""
    top = frame
    while top.caller is not None:
        top = top.caller
    if top is made_in:
        return top
    is_forward = top.function is not None and top.function.name == "forward" and top.recording
    if not is_forward or top.evidence.constructor is not made_in.evidence:
        return None
    scope = Frame(
        frame.machine, made_in.module, parent=made_in.parent, function=made_in.function, cls=made_in.cls,
        evidence=top.evidence, recording=True, name=made_in.name,
    )  # fmt: skip
    scope.env, scope.letters = made_in.env, top.letters
    return scope


def _of_rank(given: Given, claim: Claim) -> Given:
    """A value as a comment tells of it that may leave out the batch."""
    shape = given.shape
    if shape is None or not shape.known or shape.rank != len(claim.shapes[0].items) + 1:
        return given
    return replace(given, shape=Shape(shape.dims[1:]))


def _weight(frame: Frame, layer: Value) -> list[Given]:
    weight = getattr(layer.instance, "weight", None) if isinstance(layer, Layer) else None
    return givens_of(frame, weight) if isinstance(weight, Tensor) else []


def _is_said_of(claim: Claim, given: Given) -> bool:
    """Whether a claim has as many dims as a value, and as its numbers those that the value has."""
    items, shape = claim.shapes[0].items, given.shape
    if shape is None or not shape.known or shape.rank != len(items):
        return False
    pairs = zip(items, shape.dims, strict=True)
    return all(size.value == item.value for item, size in pairs if isinstance(item, Num))


def _has_other_channels(layer: Value, claim: Claim, given: Given) -> bool:
    """Whether a claim has another number where a value has as many channels as the layer gives, or takes."""
    items, shape = claim.shapes[0].items, given.shape
    if not isinstance(layer, Layer) or shape is None or not shape.known or shape.rank != len(items):
        return False
    channels = [getattr(layer.instance, name, None) for name in CHANNELS]
    pairs = zip(items, shape.dims, strict=True)
    return any(
        isinstance(item, Num) and size in channels and size.value not in (None, item.value) for item, size in pairs
    )


CHANNELS = ("in_channels", "out_channels", "in_features", "out_features", "num_features")
