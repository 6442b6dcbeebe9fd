"""What docstrings, parameters' comments and annotations say of a function's inputs and result."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from shapelint.interp.claims.at_statements import take_definition
from shapelint.interp.claims.believed_inputs import believe_input, believe_sizes, perhaps_none
from shapelint.interp.claims.claimed_values import meet_value
from shapelint.interp.claims.code_names import size_named
from shapelint.interp.claims.entries import NO_PARAMETER, believe_entry, holder_of, is_asked_for, meet_entries, place_in
from shapelint.interp.claims.givens import givens_of, tensors_in
from shapelint.interp.claims.headed import AT_THE_HEAD, named_by
from shapelint.interp.claims.held_in_objects import held_in
from shapelint.interp.claims.named_subjects import NO_SUCH_NAME
from shapelint.interp.claims.names_of_parameters import names_of_others, parameter_meant, says_as_much
from shapelint.interp.claims.noted import note_claim
from shapelint.interp.inputs.symbolic import TENSOR_TYPES, is_plain, is_row
from shapelint.interp.objects.rows import items_of
from shapelint.interp.paths.join import alternatives, choice
from shapelint.interp.state.decorators import is_kernel, is_wrapped
from shapelint.interp.state.events import Given
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import (
    Choice,
    ClassValue,
    DictObject,
    FunctionValue,
    Instance,
    ListObject,
    Ref,
    Value,
    unknown,
)
from shapelint.notation.model import Claim, Name, Rest, Role
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes
from shapelint.program.nodes import Attached, Place
from shapelint.program.written import bound_in, returned_by
from shapelint.shapes import Shape


def claims_about(frame: Frame, node: nodes.Function) -> list[Attached]:
    """What is said of a function's inputs and result: in its own description, and in that of its class.

    A class's docstring speaks of the arguments of `__init__` by name, and else of `forward`.
    """
    claims = list(node.described.claims)
    if frame.cls is None or frame.function is None or frame.function.owner is not frame.cls:
        return claims
    return claims + claims_of_class(frame.cls, node)


def claims_of_class(cls: ClassValue, node: nodes.Function) -> list[Attached]:
    """What a class's docstring says of the inputs and the result of one of its methods."""
    names = {param.name for param in node.params}
    own = [attached for attached in cls.node.described.claims if not _is_of_constructor(cls, attached)]
    inputs = [param.name for param in node.params[1:]]
    strange = names_of_others(own, inputs, node) if node.name != "__init__" else {}
    main = "forward" if any("forward" in ancestor.attrs for ancestor in cls.lineage) else "__call__"
    found = []
    for attached in cls.node.described.claims:
        named = isinstance(attached.subject, nodes.Name) and {attached.subject.id, attached.subject.id.lower()} & names
        meant = named or (isinstance(attached.subject, nodes.Name) and attached.subject.id in strange)
        if (node.name == "__init__" and named) or (node.name == main and (attached.subject is None or meant)):
            found.append(attached)
    return found


def _is_of_constructor(cls: ClassValue, attached: Attached) -> bool:
    """Whether a claim names an argument of the class's `__init__`."""
    made = next((ancestor.attrs["__init__"] for ancestor in cls.lineage if "__init__" in ancestor.attrs), None)
    params = made.node.params if isinstance(made, FunctionValue) else ()
    return isinstance(attached.subject, nodes.Name) and any(p.name == attached.subject.id for p in params)


def believe_inputs(frame: Frame, claims: Sequence[Attached], node: nodes.Function) -> None:
    """Take in what is said of the function: definitions, then its inputs, each of which has its shape from here on."""
    for definition in node.described.definitions:
        take_definition(frame, definition)
    optional = perhaps_none(node)
    names = [param.name for param in node.params if param.name not in ("self", "cls")]
    rows = {param.name for param in node.params if is_row(param)}
    plain = {param.name for param in node.params if is_plain(param)}
    wrapped = is_wrapped(node)
    spoken = {attached.subject.id for attached in claims if isinstance(attached.subject, nodes.Name)}
    of_class = frame.cls.node.described.claims if frame.cls is not None else ()
    own = [attached for attached in claims if not any(attached is one for one in of_class)]
    others = {**names_of_others(of_class, names, node), **names_of_others(own, names, node)}
    annotated = {_name_said(one): _rank_said(one) for one in claims if one.place is Place.ANNOTATION}
    for attached in claims:
        if speaks_of_result(attached) or _speaks_of_a_local(attached, node):
            continue
        name, slip = "", False
        if isinstance(attached.subject, nodes.Name):
            name = parameter_meant(attached.subject.id, names, spoken)
            slip = name.lower() != attached.subject.id.lower()
            if not name and attached.subject.id in others:
                name = others[attached.subject.id]
                slip = not says_as_much(attached.subject.id, name)
        elif attached.subject is None and attached.claim.index < len(names):
            name = names[attached.claim.index]
        of_items = name in rows and attached.claim.role is not Role.ELEMENT
        if (
            attached.place is Place.DOCSTRING
            and None not in (ranks := {annotated.get(name), _rank_said(attached)})
            and len(ranks) > 1
        ):
            doubt = "the annotation says another number of dims, and this may list what it holds"
            note_claim(frame, attached, [Given(None, why_unknown=doubt)], name, is_input=True)
        elif name in frame.env and (slip or of_items or wrapped or name in plain or _is_no_block(frame, name)):
            shapes = note_claim(frame, attached, [Given(None, why_unknown="an input")], name, is_input=True)
            if of_items and not slip and not wrapped:
                believe_sizes(frame, attached, name, shapes)
        elif name in frame.env:
            believe_input(frame, attached, name, name in optional)
        elif isinstance(attached.subject, nodes.Name) and (row := place_in(node, attached.subject.id)) is not None:
            believe_entry(frame, attached, *row)
        elif isinstance(attached.subject, nodes.Name) and (holder := holder_of(node, attached.subject.id)) is not None:
            believe_entry(frame, attached, holder, attached.subject.id)
        elif isinstance(attached.subject, nodes.Name) and attached.place is Place.DOCSTRING:
            frame.letters.entries.append(attached)
        elif attached.subject is not None:
            note_claim(frame, attached, [Given(None, why_unknown=NO_PARAMETER)], "")
        else:
            note_claim(frame, attached, [Given(None, why_unknown="the function has no such input")], "")


def _is_no_block(frame: Frame, name: str) -> bool:
    """Whether a parameter of a kernel is a number or an address: what is said of it, is said of a tensor there."""
    value, function = frame.env[name], frame.function
    return isinstance(value, Tensor) and value.shape == Shape() and function is not None and is_kernel(function)


def _name_said(attached: Attached) -> str:
    return attached.subject.id if isinstance(attached.subject, nodes.Name) else ""


def _rank_said(attached: Attached) -> int | None:
    """The number of dims that a claim tells, if it does."""
    shapes = attached.claim.shapes
    open_ended = len(shapes) != 1 or any(isinstance(item, Rest) for item in shapes[0].items)
    return None if open_ended else len(shapes[0].items)


def _speaks_of_a_local(attached: Attached, node: nodes.Function) -> bool:
    """Whether a docstring speaks of a name that the function itself binds: what it has at the end."""
    if attached.place is not Place.DOCSTRING or not isinstance(attached.subject, nodes.Name):
        return False
    name = attached.subject.id
    is_local = name not in {param.name for param in node.params} and name in bound_in(node)
    return is_local and not is_asked_for(node, name)


def note_unmet(frame: Frame, attached: Attached, names: Collection[str], why: str) -> None:
    """Note a claim of a class's docstring that no method meets: what the class is made with is an input."""
    subject = attached.subject
    if isinstance(subject, nodes.Name) and subject.id in names:
        note_claim(frame, attached, [Given(None, why_unknown="an input")], subject.id, is_input=True)
    else:
        reason = NO_PARAMETER if subject is not None else why
        note_claim(frame, attached, [Given(None, why_unknown=reason)], "")


def speaks_of_result(attached: Attached) -> bool:
    """Whether a claim in the description of a function is about what it returns."""
    subject = attached.subject
    of_a_type = isinstance(subject, nodes.Name) and subject.id in TENSOR_TYPES and attached.place is Place.DOCSTRING
    is_plain = attached.claim.role in (Role.RESULT, Role.ELEMENT)  # what a function takes it tells of by name
    unnamed = is_plain and attached.place is not Place.PARAMETER and subject is None
    return unnamed or of_a_type


def meet_result(frame: Frame, claims: Sequence[Attached], node: nodes.Function, value: Value) -> Value:
    """Meet what is said of the function's result with what it returns; the value, perhaps believed."""
    for attached in claims:
        if _speaks_of_a_local(attached, node):
            _meet_local(frame, attached)
        if not speaks_of_result(attached):
            continue
        if _lists_results(frame, attached, node, value):
            note_claim(frame, attached, [Given(None, why_unknown=NAMES_OF_RESULTS)], "the result")
            continue
        doubt = _WRAPPED if is_wrapped(node) and attached.place is Place.DOCSTRING else ""
        if attached.claim.count > 1 or attached.claim.item is not None:
            given = choice(frame.yields) if node.is_generator and frame.yields else value
            _meet_part(frame, attached, node, given, _told_beside(claims, attached), doubt)
        elif doubt:
            note_claim(frame, attached, givens_of(frame, value), "the result", doubt=doubt)
        elif _several(frame, held := held_in(frame, value)):
            _meet_each(frame, attached, "the result", held)
        elif held is not value:
            meet_value(frame, attached, held, "the result")
        else:
            value = meet_value(frame, attached, value, "the result")
    meet_entries(frame, claims, node, value, _WRAPPED if is_wrapped(node) else "")
    _meet_awaited(frame, node, value)
    return value


def _meet_awaited(frame: Frame, node: nodes.Function, value: Value) -> None:
    """Meet what comments at the head of the body say of locals at the end, and of what the code has no name for."""
    strange = {name for one in frame.letters.awaited if (name := named_by(one)) not in bound_in(node)}
    for attached in frame.letters.awaited:
        name = named_by(attached)
        if name not in bound_in(node) and len(strange) > 1:
            note_claim(frame, attached, [Given(None, why_unknown=NO_SUCH_NAME)], "")
            continue
        results = tensors_in(frame, value) or [value]
        meant = [*_at_the_end(frame, name), *(given for one in results for given in givens_of(frame, one))]
        note_claim(frame, attached, meant, name, any_of=len(meant) > 1, doubt=AT_THE_HEAD)


_OF_A_SHAPE = re.compile(r"\b(?:shaped?|sized?|dims?|dimensions?)\b", re.IGNORECASE)


def _lists_results(frame: Frame, attached: Attached, node: nodes.Function, value: Value) -> bool:
    """Whether what looks like a shape in a docstring is the names of what is returned, in their order.

    They are those in a `return`, or words that are no sizes, as many as there are values.
    """
    shapes = attached.claim.shapes
    if attached.place is not Place.DOCSTRING or len(shapes) != 1 or _OF_A_SHAPE.search(attached.text):
        return False
    names = tuple(item.text if isinstance(item, Name) else "" for item in shapes[0].items)
    if len(names) < 2 or not all(names):
        return False
    is_worded = all(len(one) > 2 and one not in frame.letters.bound and size_named(frame, one) is None for one in names)
    counts = {len(one) for one in alternatives(frame.world.settle(value)) if type(one) is tuple}
    return names in _returned_names(node) or (is_worded and len(names) in counts)


def _meet_local(frame: Frame, attached: Attached) -> None:
    """Meet a claim of the docstring on a local name with what it stands for where the function returns."""
    assert isinstance(attached.subject, nodes.Name)
    name = attached.subject.id
    givens = _at_the_end(frame, name)
    doubt = "it may speak of what the name was before"
    note_claim(frame, attached, givens or [Given(None, why_unknown=doubt)], name, doubt=doubt)


def _at_the_end(frame: Frame, name: str) -> list[Given]:
    """What a local name stands for where the function returns."""
    ways = [(env, world) for kind, env, world in frame.exits if kind == "return"] or [(frame.env, frame.world)]
    values = [world.settle(env[name]) for env, world in ways if name in env]
    return [given for value in values for given in givens_of(frame, value)]


_WRAPPED = "a decorator may make another result of it"
NAMES_OF_RESULTS = "it lists the names of what is returned"
_WHICH = "it is not told which of the results is meant"


def _told_beside(claims: Sequence[Attached], attached: Attached) -> dict[str, int]:
    """The results of which a docstring tells beside one, by name, with their places among those that it tells of."""
    count, within = attached.claim.count, attached.claim.within
    beside = [one.claim for one in claims if (one.claim.count, one.claim.within) == (count, within)]
    return {claim.item: claim.index for claim in beside if claim.item is not None}


def _meet_part(
    frame: Frame, attached: Attached, node: nodes.Function, value: Value, beside: Mapping[str, int], doubt: str
) -> None:
    """Meet a claim on one of several results, in each of the forms in which the function returns them."""
    claim = attached.claim
    returned = _returned_names(node)
    value = frame.world.settle(value)
    ways = value.each() if isinstance(value, Choice) else ((value, None),)
    found = [(_part(frame, one, claim, returned, beside), path) for one, path in ways]
    parts = [(part, path) for part, path in found if part is not None]
    if not parts:
        _meet_any(frame, attached, value)
        return
    part = choice([part for part, _ in parts], [path for _, path in parts])
    about = claim.item or f"result {claim.index}"
    if doubt:
        note_claim(frame, attached, givens_of(frame, part), about, doubt=doubt)
    elif _several(frame, part) and claim.role is not Role.ELEMENT:
        _meet_each(frame, attached, about, part)
    else:
        meet_value(frame, attached, part, about)


def _meet_any(frame: Frame, attached: Attached, value: Value) -> None:
    """Meet a claim on one of several results where nothing tells which is meant: it is right if one has its shape."""
    tensors = tensors_in(frame, value) or []
    givens = [given for tensor in tensors for given in givens_of(frame, tensor)]
    if attached.claim.item is not None or not givens:
        givens = [Given(None, why_unknown=_WHICH)]
    note_claim(frame, attached, givens, "the result", any_of=True, doubt=_WHICH if len(tensors) != 1 else "")


def _part(
    frame: Frame, value: Value, claim: Claim, returned: list[tuple[str, ...]], beside: Mapping[str, int]
) -> Value | None:
    """The part of a result that a claim speaks of: an item, what a key or a field holds; None where there is none."""
    value = frame.world.settle(value)
    if isinstance(value, Unknown):
        return value
    content = frame.world.heap.get(value.id) if isinstance(value, Ref) else None
    if isinstance(content, DictObject) and claim.item is not None:
        if claim.item in content.entries:
            return content.entries[claim.item]
        return unknown(f"what {claim.item} holds") if content.open else None
    if isinstance(content, Instance):
        return content.attrs.get(claim.item or "")
    if not isinstance(value, tuple) and not isinstance(content, ListObject):
        return value if claim.count == 1 and content is None else None
    items, element = items_of(frame, value)
    if claim.within is not None:
        place, of = claim.within
        whole = items[place] if items is not None and len(items) == of else None
        return None if whole is None else _part(frame, whole, replace(claim, within=None), [], {})
    if items is None:
        if (entry := _entry(frame, element, claim.item)) is not None:  # what each of any number of dicts holds
            return entry
        return (element if claim.role is Role.ELEMENT else value) if claim.count == 1 else None
    held = [entry for item in items if (entry := _entry(frame, item, claim.item)) is not None]
    if len(held) == 1:
        return held[0]
    places = {names.index(claim.item) for names in returned if len(names) == len(items) and claim.item in names}
    if len(places) == 1:
        return items[places.pop()]
    if len(items) == claim.count > 1 and not places:
        return items[claim.index]
    if claim.count > 1 and not places:
        between = {_place_beside(claim, beside, names) for names in returned if len(names) == len(items)} - {None}
        if len(between) == 1:
            (left,) = between
            return None if left is None else items[left]
    return value if claim.count == 1 and not places else None


def _place_beside(claim: Claim, beside: Mapping[str, int], names: tuple[str, ...]) -> int | None:
    """The place of a result that has another name in the docstring, `data` and `lengths` of `return y, lengths, mask`.

    It is the one that is left between those that are told of by name before it and after it, if as many are told of.
    """
    known = {index: names.index(item) for item, index in beside.items() if names.count(item) == 1}
    ends = {-1: -1, **known, claim.count: len(names)}
    if claim.index in known or not known or sorted(ends.values()) != [ends[index] for index in sorted(ends)]:
        return None
    before = max(index for index in ends if index < claim.index)
    after = min(index for index in ends if index > claim.index)
    is_told = ends[after] - ends[before] == after - before
    return ends[before] + claim.index - before if is_told else None


def _entry(frame: Frame, value: Value, key: str | None) -> Value | None:
    """What a dict holds under a key, None where it is no dict, or does not hold it."""
    value = frame.world.settle(value)
    content = frame.world.heap.get(value.id) if isinstance(value, Ref) else None
    return content.entries.get(key) if isinstance(content, DictObject) and key is not None else None


def _returned_names(node: nodes.Function) -> list[tuple[str, ...]]:
    """The names in each `return a, b` of a function, with "" for what is no name."""
    rows = [value.items for value in returned_by(node) if isinstance(value, nodes.Sequence)]
    return [tuple(item.id if isinstance(item, nodes.Name) else "" for item in row) for row in rows]


def _several(frame: Frame, value: Value) -> bool:
    """Whether a value is, on some path, a tuple or list of which an item may be a tensor."""
    return any(tensors_in(frame, one) is not None for one in alternatives(frame.world.settle(value)))


def _meet_each(frame: Frame, attached: Attached, about: str, value: Value) -> None:
    """Meet one shape with a result of several tensors, on each path: it is not refuted of several.

    It is right if all have it, and if one of those that are returned together does: a cache, say, is seldom told of.
    """
    if isinstance(value, tuple):
        _meet_any(frame, attached, value)
        return
    tensors: list[Value] = []
    of_any_number = False
    for one in alternatives(frame.world.settle(value)):
        inner = tensors_in(frame, one)
        tensors += [one] if inner is None else inner
        of_any_number = of_any_number or (inner is not None and items_of(frame, one)[0] is None)
    givens = [given for tensor in tensors for given in givens_of(frame, tensor)]
    note_claim(frame, attached, givens, about, doubt=_WHICH if len(tensors) > 1 or of_any_number else "")
