"""What a docstring says of the entries of dicts: of one that a caller gives, or of one that a function returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from shapelint.interp.claims.believed import believe
from shapelint.interp.claims.claimed_shapes import believed_shape
from shapelint.interp.claims.claimed_values import meet_value
from shapelint.interp.claims.givens import givens_of
from shapelint.interp.claims.noted import note_claim
from shapelint.interp.inputs.symbolic import annotation_names, is_plain
from shapelint.interp.paths.join import alternatives, choice
from shapelint.interp.state.decorators import NO_BODY
from shapelint.interp.state.events import Given
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import Choice, DictObject, Instance, Ref, Value, unknown
from shapelint.notation.model import Role
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes
from shapelint.program.nodes import Attached
from shapelint.program.within import all_parts, roots
from shapelint.program.written import statements_of, targets_of

NO_PARAMETER = "no parameter has this name"


def holder_of(node: nodes.Function, said: str) -> nodes.Param | None:
    """The parameter that holds an argument by its name: the one of the `**` kind, the only one that is asked for it,
    or the only dict among them."""
    keywords = [param for param in node.params if param.kind == "kwargs"]
    asked = [param for param in node.params if (param.name, said) in _asked(node)]
    dicts = [param for param in node.params if annotation_names(param.annotation)[:1] in (["dict"], ["Dict"])]
    found = keywords or asked or dicts
    return found[0] if len(found) == 1 else None


def is_asked_for(node: nodes.Function, said: str) -> bool:
    """Whether a parameter is asked for what it holds under this key, or taken apart into names of which this is one."""
    return any((param.name, said) in _asked(node) for param in node.params) or place_in(node, said) is not None


def place_in(node: nodes.Function, said: str) -> tuple[nodes.Param, int] | None:
    """The parameter that is taken apart into names of which this is one, `q, action = data`, and at which place."""
    for param in node.params:
        for name, names in _taken_apart(node):
            if name == param.name and said in names:
                return param, names.index(said)
    return None


@lru_cache(maxsize=256)
def _taken_apart(node: nodes.Function) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The names that a function takes apart into others at its beginning, with these."""
    found = []
    bound: set[str] = set()
    for one in node.body:
        is_whole = isinstance(one, nodes.Assign) and isinstance(one.value, nodes.Name) and one.value.id not in bound
        bound |= targets_of(one)
        if not isinstance(one, nodes.Assign) or not isinstance(one.value, nodes.Name) or not is_whole:
            continue
        for target in one.targets:
            if isinstance(target, nodes.Sequence) and all(isinstance(item, nodes.Name) for item in target.items):
                found.append((one.value.id, tuple(item.id for item in target.items if isinstance(item, nodes.Name))))
    return tuple(found)


@lru_cache(maxsize=256)
def _asked(node: nodes.Function) -> frozenset[tuple[str, str]]:
    """What a function takes out of names under a key: `batch["image"]`, `batch.get("image")`."""
    parts = (part for one in statements_of(node) for part in all_parts(roots(one)))
    found = set()
    for part in parts:
        if isinstance(part, nodes.Subscript):
            whole, key = part.value, part.index
        elif isinstance(part, nodes.Call) and isinstance(part.func, nodes.Attribute) and part.func.attr == "get":
            whole, key = part.func.value, part.args[0].value if part.args else part.func
        else:
            continue
        if isinstance(whole, nodes.Name) and isinstance(key, nodes.Constant) and isinstance(key.value, str):
            found.add((whole.id, key.value))
    return frozenset(found)


def believe_entry(frame: Frame, attached: Attached, holder: nodes.Param, key: str | int) -> None:
    """An entry of a dict that a caller gives, or an item of a row, has the claimed shape."""
    assert isinstance(attached.subject, nodes.Name)
    shapes = note_claim(frame, attached, [Given(None, why_unknown="an input")], attached.subject.id, is_input=True)
    value = frame.world.settle(frame.env.get(holder.name))
    content = frame.world.heap.get(value.id) if isinstance(value, Ref) else None
    if content is not None and not isinstance(content, DictObject):
        return
    is_one = len(shapes) == 1 and attached.claim.role is not Role.ELEMENT
    if content is None and isinstance(value, Unknown) and value.origin:
        if is_one and frame.may_believe(attached):
            part = frame.part_of(value, f"[{key!r}]")
            believe(frame, part, believed_shape(frame, shapes[0], given=True), None)
        return
    if isinstance(key, int):
        return
    entries = content.entries if content is not None else {}
    if is_one:
        entries = {**entries, key: Tensor(believed_shape(frame, shapes[0], given=True), None)}
    if content is None:
        frame.env[holder.name] = frame.world.allocate(DictObject(entries, True, unknown("an entry of a dict")))
    else:
        frame.world.heap[value.id] = replace(content, entries=entries)


def meet_entries(frame: Frame, claims: Sequence[Attached], node: nodes.Function, value: Value, doubt: str) -> None:
    """Meet what the docstring says under names that the function has not with what it returns under these keys.

    The only such name is that of the only thing that is returned, where all inputs are spoken of.
    """
    value = frame.world.settle(value)
    spoken = {attached.subject.id for attached in claims if isinstance(attached.subject, nodes.Name)} | {"self", "cls"}
    is_only = len(frame.letters.entries) == 1 and all(p.name in spoken or is_plain(p) for p in node.params)
    ways = value.each() if isinstance(value, Choice) else ((value, None),)
    for attached in frame.letters.entries:
        assert isinstance(attached.subject, nodes.Name)
        name = attached.subject.id
        held = [(entry, path) for one, path in ways if (entry := _held(frame, one, name)) is not None]
        if not held:
            _meet_strange(frame, attached, value, is_only)
            continue
        entry = choice([one for one, _ in held], [path for _, path in held])
        if doubt:
            note_claim(frame, attached, givens_of(frame, entry), name, doubt=doubt)
        else:
            meet_value(frame, attached, entry, name)
    frame.letters.entries.clear()


def _meet_strange(frame: Frame, attached: Attached, value: Value, is_only: bool) -> None:
    """Meet a claim under a name that nothing has."""
    has_no_body = isinstance(value, Unknown) and value.given and value.reason.endswith(NO_BODY)
    if has_no_body or (is_only and all(isinstance(one, Tensor) for one in alternatives(value))):
        note_claim(frame, attached, givens_of(frame, value), "the result", doubt="" if has_no_body else NO_PARAMETER)
    else:
        note_claim(frame, attached, [Given(None, why_unknown=NO_PARAMETER)], "")


def _held(frame: Frame, value: Value, key: str) -> Value | None:
    """What a result holds under a name: a dict or an object, or the only one that does of several that are returned."""
    value = frame.world.settle(value)
    content = frame.world.heap.get(value.id) if isinstance(value, Ref) else None
    if isinstance(content, DictObject):
        return content.entries.get(key)
    if isinstance(content, Instance):
        return content.attrs.get(key)
    if type(value) is not tuple:
        return None
    held = [entry for item in value if (entry := _held(frame, item, key)) is not None]
    return held[0] if len(held) == 1 else None
