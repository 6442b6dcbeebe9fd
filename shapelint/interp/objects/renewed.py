"""Attributes that are set anew after construction: what `__init__` gave them is not what a method finds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from shapelint.dims import Dim
from shapelint.interp.objects.set_by_methods import CHANGING, attribute_of, methods_of, renewed
from shapelint.interp.state.decorators import has_no_body
from shapelint.interp.state.values import (
    Choice,
    ClassValue,
    Container,
    DictObject,
    FunctionValue,
    Instance,
    Layer,
    ListObject,
    Ref,
    Value,
)
from shapelint.interp.state.world import World
from shapelint.ops.rows import Many
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes
from shapelint.program.within import all_parts, roots
from shapelint.program.written import statements_of

ADDING = CHANGING | {"add_module", "register_module"}


def forget_renewed(world: World, ref: Ref, cls: ClassValue) -> None:
    """Make unknown what `__init__` or the class set an attribute to, where a method that runs later sets it anew.

    Layers stay: one that is exchanged is nearly always exchanged for its like (`reset_classifier`). Not so a loss, set
    anew to give many numbers and not their mean. What is None, and no method asks whether it is, waits for somebody to
    set it; so does what a method holds against a text or a number.
    """
    content = world.heap.get(ref.id)
    if not isinstance(content, Instance):
        return
    attrs = dict(content.attrs)
    reshaped: dict[str, int] | None = None
    hollow = _filled_again(world, cls, attrs)
    for name in _filled_by_nobody(world, cls, attrs) - hollow.keys():
        attrs[name] = Unknown(f"self.{name} is filled from outside", f"self.{name}")
    for name, line in {**renewed(cls), **hollow}.items():
        holder = next((one for one in (attrs, *(ancestor.attrs for ancestor in cls.lineage)) if name in one), None)
        if holder is not None and isinstance(holder[name], Tensor) and _is_whole(holder[name]):
            reshaped = renewed(cls, of_tensors=True) if reshaped is None else reshaped
            if name not in reshaped:
                continue
        if holder is not None and _may_differ(world, holder[name]):
            reason = f"self.{name} is set anew at line {line}"
            attrs[name] = Unknown(reason, f"self.{name}", unset=holder[name] is None)
    empty = {name for name, value in attrs.items() if value is None}
    for name in _never_tested(cls, empty) if empty else ():
        attrs[name] = Unknown(f"self.{name} is set from outside", f"self.{name}")
    set_of_others = _attributes_set_in(cls)
    for name in set_of_others & empty:  # `module.state = state` of all modules, of this one among them
        attrs[name] = Unknown(f"self.{name} may be set by now", f"self.{name}", unset=True)
    for name in _held_against_constants(cls) & empty if empty else ():
        attrs[name] = Unknown(f"self.{name} is set from outside", f"self.{name}", given=True, unset=True)
    waiting = {
        name: filled
        for name, value in attrs.items()
        if isinstance(value, Ref) and (filled := with_places_filled(world.heap.get(value.id))) is not None
    }
    for name in waiting.keys() & _items_set_in(cls) if waiting else ():
        world.heap[attrs[name].id] = waiting[name]
    if any(isinstance(method, FunctionValue) and has_no_body(method) for method in cls.attrs.values()):
        for name, value in attrs.items():
            if value is None or _is_zero(value):  # of what is to be extended, no size
                reason = f"self.{name} is set by what extends {cls.name}"
                attrs[name] = Unknown(reason, f"self.{name}", unset=value is None)
        for name in _left_empty(world, cls) - attrs.keys():
            attrs[name] = Unknown(f"self.{name} is set by what extends {cls.name}", f"self.{name}")
    world.heap[ref.id] = Instance(content.type, attrs, content.open)
    _forget_unfilled_within(world, attrs.values(), set_of_others, HELD_WITHIN)


def _left_empty(world: World, cls: ClassValue) -> set[str]:
    """The attributes that the class itself, or one that it extends, has as rows without items: `bands = ()`."""
    nearest: dict[str, Value] = {}
    for ancestor in cls.lineage:
        nearest = {**ancestor.attrs, **nearest}
    return {name for name, value in nearest.items() if value == () or _has_no_elements(world, value)}


HELD_WITHIN = 4  # how far down objects that an object holds are looked at, those in containers among them


def _attributes_set_in(cls: ClassValue) -> set[str]:
    """The attributes that methods of a class set of other objects: `block.attn.cache = zeros(b, n)`."""
    found: set[str] = set()
    for method in methods_of(cls).values():
        receiver = method.params[0].name if method.params else ""
        for statement in statements_of(method, inner=True):
            targets = statement.targets if isinstance(statement, nodes.Assign) else ()
            targets = (statement.target,) if isinstance(statement, nodes.AugAssign) else targets
            of_attributes = (target for target in targets if isinstance(target, nodes.Attribute))
            found.update(target.attr for target in of_attributes if not attribute_of(target, receiver))
    return found


def _forget_unfilled_within(world: World, values: Iterable[Value], set_outside: set[str], deep: int) -> None:
    """Make unknown what is None or 0, or has no elements, in the objects among some values, where a method sets it."""
    for value in values if deep else ():
        if isinstance(value, Many):
            _forget_unfilled_within(world, value.group, set_outside, deep)
        content = world.heap.get(value.id) if isinstance(value, Ref) else None
        if isinstance(content, (Container, ListObject)):
            _forget_unfilled_within(world, content.row, set_outside, deep - 1)
        if not isinstance(content, Instance):
            continue
        empty = {name for name, held in content.attrs.items() if held is None or _is_zero(held)}
        later = empty & (renewed(content.type).keys() | set_outside) if empty else empty
        unset: dict[str, Value] = {
            name: Unknown(f"{name} may be set by now", f"self.{name}", unset=content.attrs[name] is None)
            for name in later
        }
        for name in _filled_again(world, content.type, content.attrs):
            unset[name] = Unknown(f"{name} may be filled by now", f"self.{name}")
        if unset:
            content = Instance(content.type, {**content.attrs, **unset}, content.open)
            world.heap[value.id] = content
        _forget_unfilled_within(world, content.attrs.values(), set_outside, deep - 1)


def _is_zero(value: Value) -> bool:
    return isinstance(value, Dim) and value.value == 0


def _filled_again(world: World, cls: ClassValue, attrs: Mapping[str, Value]) -> dict[str, int]:
    """The attributes without elements that a method sets or fills, one that `__init__` may call among them."""
    hollow = {name for name, value in attrs.items() if _has_no_elements(world, value)}
    return {name: line for name, line in renewed(cls, again=True).items() if name in hollow} if hollow else {}


def _filled_by_nobody(world: World, cls: ClassValue, attrs: Mapping[str, Value]) -> set[str]:
    """The containers of modules into which no method puts anything: whoever keeps one has it filled from outside."""
    hollow = {
        name
        for name, value in attrs.items()
        if isinstance(value, Ref) and isinstance(world.heap.get(value.id), Container) and _has_no_elements(world, value)
    }
    for method in methods_of(cls).values() if hollow else ():
        receiver = method.params[0].name if method.params else ""
        statements = [*statements_of(method, inner=True)]
        targets = [each for one in statements if isinstance(one, nodes.Assign) for each in one.targets]
        targets += [one.target for one in statements if isinstance(one, nodes.AugAssign)]
        rows = [each.value if isinstance(each, nodes.Subscript) else each for each in targets]
        parts = all_parts([root for one in statements for root in roots(one)])
        callees = [part.func for part in parts if isinstance(part, nodes.Call)]
        rows += [each.value for each in callees if isinstance(each, nodes.Attribute) and each.attr in ADDING]
        hollow -= {attribute_of(row, receiver) for row in rows if method.name != "__init__" or row not in targets}
    return hollow


def _has_no_elements(world: World, value: Value) -> bool:
    if isinstance(value, Tensor):
        return any(size.value == 0 for size in value.shape.seen())
    content = world.heap.get(value.id) if isinstance(value, Ref) else None
    if isinstance(content, DictObject):
        return not content.entries and not content.open
    if isinstance(content, Container):
        return not content.row and content.kind != "Sequential"  # without parts that gives what it is given
    return isinstance(content, ListObject) and not content.row


def _items_set_in(cls: ClassValue) -> set[str]:
    """The attributes of which functions beside a class set an item, of another object: `self.owner.grads[i] = g`."""
    found: set[str] = set()
    for value in cls.frame.module.env.values():
        functions = value.attrs.values() if isinstance(value, ClassValue) else (value,)
        for node in (function.node for function in functions if isinstance(function, FunctionValue)):
            receiver = node.params[0].name if node.params else ""
            for statement in statements_of(node, inner=True) if isinstance(node, nodes.Function) else ():
                targets = statement.targets if isinstance(statement, nodes.Assign) else ()
                rows = (target.value for target in targets if isinstance(target, nodes.Subscript))
                others = (row for row in rows if not attribute_of(row, receiver))
                found.update(row.attr for row in others if isinstance(row, nodes.Attribute))
    return found


def with_places_filled(content: Value) -> ListObject | None:
    """A list in which None kept the place of each item, as somebody else may have filled it; None of another value."""
    if not isinstance(content, ListObject) or not content.row:
        return None
    groups = [part.group if isinstance(part, Many) else (part,) for part in content.row]
    if any(item is not None for group in groups for item in group):
        return None
    return ListObject(
        tuple(
            replace(part, group=tuple(_an_item() for _ in part.group), of=None, last=())
            if isinstance(part, Many)
            else _an_item()
            for part in content.row
        )
    )


def _an_item() -> Unknown:
    return Unknown("an item of a list that is filled elsewhere")


def take_for_made(test: nodes.Expr, holds: World, fails: World) -> None:
    """After `if self.cache is None: self.cache = ...`, what an earlier call left there is like what this one makes.

    The attributes that are set where the tested one is missing are taken over by the other path, on which they are not
    known. `holds` and `fails` are what is known after either.
    """
    for part in all_parts([test]):
        if not isinstance(part, nodes.Compare) or not isinstance(part.left, nodes.Attribute):
            continue
        right = part.comparators[0]
        if part.ops[0] in ("is", "is not") and isinstance(right, nodes.Constant) and right.value is None:
            made, found = (holds, fails) if part.ops[0] == "is" else (fails, holds)
            _take_over(part.left.attr, made, found)


def _take_over(tested: str, made: World, found: World) -> None:
    for key in made.heap.written_apart(found.heap):
        new, old = made.heap.get(key), found.heap.get(key)
        if not isinstance(new, Instance) or not isinstance(old, Instance):
            continue
        missing = {
            name: new.attrs[name]
            for name, value in old.attrs.items()
            if isinstance(value, Unknown) and value.unset and _is_whole(new.attrs.get(name))
        }
        if tested in missing:
            found.heap[key] = Instance(old.type, {**old.attrs, **missing}, old.open)


def _is_whole(value: Value) -> bool:
    """Whether a value is a size or a tensor that a later call does not add to: what grows begins without elements."""
    sizes = value.shape.seen() if isinstance(value, Tensor) else (value,)
    return isinstance(value, (Tensor, Dim)) and all(size.value != 0 for size in sizes)


def _may_differ(world: World, value: Value) -> bool:
    if isinstance(value, Choice):
        return any(isinstance(one, Ref) and _may_differ(world, one) for one in value.values)
    if isinstance(value, Ref):
        return isinstance(world.heap.get(value.id), (ListObject, DictObject)) or _has_no_elements(world, value)
    if isinstance(value, Layer):
        return hasattr(value.instance, "reduction")
    return value is None or isinstance(value, (bool, Dim, Tensor, tuple))


def _never_tested(cls: ClassValue, names: set[str]) -> set[str]:
    """Those of some attributes that no method tests in any way."""
    left = set(names)
    for method in methods_of(cls).values():
        receiver = method.params[0].name if method.params else ""
        for statement in statements_of(method):
            tests = roots(statement) if isinstance(statement, (nodes.If, nodes.While, nodes.Assert)) else []
            for part in all_parts(roots(statement)):
                if isinstance(part, nodes.Conditional):
                    tests.append(part.test)
                elif isinstance(part, (nodes.Boolean, nodes.Compare)):
                    tests.append(part)
            left -= {attribute_of(part, receiver) for part in all_parts(tests)}
    return left


def _held_against_constants(cls: ClassValue) -> set[str]:
    """The attributes that a method holds against a text or a number: `if self.mode == "user"`."""
    found: set[str] = set()
    for method in methods_of(cls).values():
        receiver = method.params[0].name if method.params else ""
        for statement in statements_of(method):
            for part in all_parts(roots(statement)):
                if isinstance(part, nodes.Compare) and part.ops[0] in ("==", "!=", "in", "not in"):
                    other = part.comparators[0]
                    among = other.items if isinstance(other, nodes.Sequence) else (other,)
                    if all(isinstance(one, nodes.Constant) and isinstance(one.value, (str, int)) for one in among):
                        found.add(attribute_of(part.left, receiver))
    return found
