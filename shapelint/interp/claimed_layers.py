"""What a comment with an arrow says of a layer where it is made: it is held against the layer applied to such an input.

`# (B, N, K) -> (B, C, K)` over `self.conv = nn.Conv1d(N, C, 1)` says what comes in, and what will come out.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from shapelint.interp.claimed_values import note_claim
from shapelint.interp.events import Given
from shapelint.interp.givens import givens_of
from shapelint.interp.machine import Frame, invoke
from shapelint.interp.names import believed_shape
from shapelint.interp.subjects import aside
from shapelint.interp.values import Container, Instance, Layer, Ref, Value
from shapelint.notation.model import Role
from shapelint.ops.tensor import Tensor
from shapelint.program import nodes
from shapelint.program.nodes import Attached


def meet_layers(frame: Frame, statement: nodes.Stmt, value: Value) -> None:
    """Meet the claims on the input and the result of the layers that a statement makes."""
    for before, after in _arrows(statement):
        layer = value if before.about is None else (frame.seen or {}).get(id(before.about))
        if not _is_layer(frame, layer):
            continue
        frame.met_before |= {id(before), id(after)}
        shapes = note_claim(frame, before, [Given(None, why_unknown="an input")], "the input", is_input=True)
        tensor = Tensor(believed_shape(frame, shapes[0]), None)
        note_claim(frame, after, _given_by(frame, layer, tensor, after), "what the layer gives")


def _arrows(statement: nodes.Stmt) -> Iterator[tuple[Attached, Attached]]:
    """The pairs of claims `(A) -> (B)` at a statement, each half of which is one shape without a name."""
    claims = [
        attached
        for attached in statement.notes.claims
        if attached.subject is None and attached.claim.count == 1 and len(attached.claim.shapes) == 1
    ]
    for before, after in pairwise(claims):
        if before.text == after.text and (before.claim.role, after.claim.role) == (Role.INPUT, Role.RESULT):
            yield before, after


def _is_layer(frame: Frame, value: Value) -> bool:
    value = frame.world.settle(value)
    content = frame.world.heap.get(value.id) if isinstance(value, Ref) else None
    if isinstance(content, Container):
        return content.kind == "Sequential"
    return isinstance(value, Layer) or (isinstance(content, Instance) and content.type.is_module)


def _given_by(frame: Frame, layer: Value, tensor: Tensor, attached: Attached) -> list[Given]:
    """What a layer makes of a tensor; nothing is known of it where the layer cannot take it."""
    call = nodes.Call(attached.at, nodes.Name(attached.at, "the layer"), ())
    with aside(frame):
        failures = frame.passed_over
        result = invoke(frame, frame.world.settle(layer), [tensor], {}, call)
        if frame.passed_over > failures:
            return [Given(None, why_unknown="the layer does not take such an input")]
        return givens_of(frame, result)
