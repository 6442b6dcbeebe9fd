"""What a comment with an arrow says of a layer where it is made: it is held against the layer applied to such an input.

`# (B, N, K) -> (B, C, K)` over `self.conv = nn.Conv1d(N, C, 1)` says what comes in, and what will come out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from shapelint.dims import Dim, Facts
from shapelint.interp.claims.claimed_shapes import believed_shape
from shapelint.interp.claims.givens import givens_of
from shapelint.interp.claims.names import part_letters
from shapelint.interp.claims.noted import note_claim
from shapelint.interp.claims.subjects import aside
from shapelint.interp.state.events import Given
from shapelint.interp.state.machine import Frame, invoke
from shapelint.interp.state.values import Container, Instance, Layer, Ref, Value
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
        letters = dict(frame.letters.bound)
        shapes = note_claim(frame, before, [Given(None, why_unknown="an input")], "the input", is_input=True)
        tensor = Tensor(believed_shape(frame, shapes[0]), None)
        given, facts = _given_by(frame, layer, tensor, after)
        for name, size in _solved(frame, letters, facts).items():
            frame.letters.bound[name] = size
        note_claim(frame, after, given, "what the layer gives")
        part_letters(frame, letters)  # what comes in may be of other sizes at the next one


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


def _given_by(frame: Frame, layer: Value, tensor: Tensor, attached: Attached) -> tuple[list[Given], Facts]:
    """What a layer makes of a tensor, and what it needs; nothing is known of it where the layer cannot take it."""
    call = nodes.Call(attached.at, nodes.Name(attached.at, "the layer"), ())
    with aside(frame):
        failures = frame.passed_over
        result = invoke(frame, frame.world.settle(layer), [tensor], {}, call)
        if frame.passed_over > failures:
            return [Given(None, why_unknown="the layer does not take such an input")], frame.world.facts
        return givens_of(frame, result), frame.world.facts


def _solved(frame: Frame, before: Mapping[str, Dim], facts: Facts) -> dict[str, Dim]:
    """The letters of what comes in that a layer tells, `C` of `(B, N, C)` by `nn.Linear(dim, 2*dim)`."""
    new = {name: size for name, size in frame.letters.bound.items() if name not in before}
    letters = {one for size in new.values() for one in size.symbols}
    found = {name: facts.normalize(facts.resolved(size)) for name, size in new.items()}
    return {name: size for name, size in found.items() if size.symbols.isdisjoint(letters)}
