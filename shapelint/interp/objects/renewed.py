"""Attributes that are set anew after construction: what `__init__` gave them is not what a method finds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from shapelint.dims import Dim
from shapelint.interp.objects.modules import REGISTER
from shapelint.interp.state.decorators import has_no_body
from shapelint.interp.state.method_names import CASTS
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

CHANGING = frozenset("append extend insert pop remove clear add update setdefault popleft appendleft".split())
"""The methods of a list, a dict, a set or a deque that change what it holds."""


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
            if value is None or (isinstance(value, Dim) and value.value == 0):  # of what is to be extended, no size
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
    for method in _methods(cls).values():
        receiver = method.params[0].name if method.params else ""
        for statement in statements_of(method, inner=True):
            targets = statement.targets if isinstance(statement, nodes.Assign) else ()
            of_attributes = (target for target in targets if isinstance(target, nodes.Attribute))
            found.update(target.attr for target in of_attributes if not _attribute_of(target, receiver))
    return found


def _forget_unfilled_within(world: World, values: Iterable[Value], set_outside: set[str], deep: int) -> None:
    """Make unknown what is None, or has no elements, in the objects among some values, where a method sets it later."""
    for value in values if deep else ():
        if isinstance(value, Many):
            _forget_unfilled_within(world, value.group, set_outside, deep)
        content = world.heap.get(value.id) if isinstance(value, Ref) else None
        if isinstance(content, (Container, ListObject)):
            _forget_unfilled_within(world, content.row, set_outside, deep - 1)
        if not isinstance(content, Instance):
            continue
        empty = {name for name, held in content.attrs.items() if held is None}
        later = empty & (renewed(content.type).keys() | set_outside) if empty else empty
        unset: dict[str, Value] = {
            name: Unknown(f"{name} may be set by now", f"self.{name}", unset=True) for name in later
        }
        for name in _filled_again(world, content.type, content.attrs):
            unset[name] = Unknown(f"{name} may be filled by now", f"self.{name}")
        if unset:
            content = Instance(content.type, {**content.attrs, **unset}, content.open)
            world.heap[value.id] = content
        _forget_unfilled_within(world, content.attrs.values(), set_outside, deep - 1)


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
    for method in _methods(cls).values() if hollow else ():
        receiver = method.params[0].name if method.params else ""
        statements = [*statements_of(method, inner=True)]
        targets = [each for one in statements if isinstance(one, nodes.Assign) for each in one.targets]
        targets += [one.target for one in statements if isinstance(one, nodes.AugAssign)]
        rows = [each.value if isinstance(each, nodes.Subscript) else each for each in targets]
        parts = all_parts([root for one in statements for root in roots(one)])
        callees = [part.func for part in parts if isinstance(part, nodes.Call)]
        rows += [each.value for each in callees if isinstance(each, nodes.Attribute) and each.attr in ADDING]
        hollow -= {_attribute_of(row, receiver) for row in rows if method.name != "__init__" or row not in targets}
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
                others = (row for row in rows if not _attribute_of(row, receiver))
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
            replace(part, group=tuple(_an_item() for _ in part.group), of=None)
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


def _methods(cls: ClassValue) -> dict[str, nodes.Function]:
    methods: dict[str, nodes.Function] = {}
    for ancestor in cls.lineage:
        for name, value in ancestor.attrs.items():
            if isinstance(value, FunctionValue) and isinstance(value.node, nodes.Function):
                methods.setdefault(name, value.node)
    return methods


def _never_tested(cls: ClassValue, names: set[str]) -> set[str]:
    """Those of some attributes that no method tests in any way."""
    left = set(names)
    for method in _methods(cls).values():
        receiver = method.params[0].name if method.params else ""
        for statement in statements_of(method):
            tests = roots(statement) if isinstance(statement, (nodes.If, nodes.While, nodes.Assert)) else []
            for part in all_parts(roots(statement)):
                if isinstance(part, nodes.Conditional):
                    tests.append(part.test)
                elif isinstance(part, (nodes.Boolean, nodes.Compare)):
                    tests.append(part)
            left -= {_attribute_of(part, receiver) for part in all_parts(tests)}
    return left


def _held_against_constants(cls: ClassValue) -> set[str]:
    """The attributes that a method holds against a text or a number: `if self.mode == "user"`."""
    found: set[str] = set()
    for method in _methods(cls).values():
        receiver = method.params[0].name if method.params else ""
        for statement in statements_of(method):
            for part in all_parts(roots(statement)):
                if isinstance(part, nodes.Compare) and part.ops[0] in ("==", "!=", "in", "not in"):
                    other = part.comparators[0]
                    among = other.items if isinstance(other, nodes.Sequence) else (other,)
                    if all(isinstance(one, nodes.Constant) and isinstance(one.value, (str, int)) for one in among):
                        found.add(_attribute_of(part.left, receiver))
    return found


def renewed(cls: ClassValue, *, of_tensors: bool = False, again: bool = False) -> dict[str, int]:
    """The attributes that methods set or fill after an instance was built, with the line at which one does.

    With `of_tensors` without what leaves the shape of a tensor as it is: writing into it, or another place or dtype.
    With `again` also by methods that `__init__` calls, and that are called again later.
    """
    methods = _methods(cls)
    carried = [*_carried_on(cls)]
    building = {"__init__"} if again else _called_from(["__init__", *_called_in_making(cls)], methods, carried)
    found: dict[str, int] = {}
    for name, method in (*methods.items(), *carried):
        if method.params:
            whole = name not in building
            statements = statements_of(method, inner=True) if whole else _of_functions_within(method)
            for attribute, line in _changed(statements, method.params[0].name, of_tensors):
                found.setdefault(attribute, line)
    return found


def _of_functions_within(method: nodes.Function) -> Iterator[nodes.Stmt]:
    """The statements of the functions that a method defines: a hook, say, which somebody calls later."""
    for statement in statements_of(method):
        if isinstance(statement, nodes.Function):
            yield from statements_of(statement, inner=True)


def _carried_on(cls: ClassValue) -> Iterator[tuple[str, nodes.Function]]:
    """The methods of ancestors that the one in their place goes on to: `super().fit(x)`, `Ancestor.fit(self, x)`."""
    nearest: dict[str, nodes.Function] = {}
    for ancestor in cls.lineage:
        for name, value in ancestor.attrs.items():
            if not isinstance(value, FunctionValue) or not isinstance(value.node, nodes.Function):
                continue
            if name not in nearest:
                nearest[name] = value.node
            elif _goes_on(nearest[name], name):
                nearest[name] = value.node
                yield name, value.node


def _goes_on(method: nodes.Function, name: str) -> bool:
    receiver = method.params[0].name if method.params else ""
    parts = (part for statement in statements_of(method) for part in all_parts(roots(statement)))
    return any(
        (isinstance(part, nodes.Name) and part.id == "super")
        or (
            isinstance(part, nodes.Attribute)
            and part.attr == name
            and isinstance(part.value, nodes.Name)
            and part.value.id != receiver
        )
        for part in parts
    )


def _called_in_making(cls: ClassValue) -> set[str]:
    """The names under which the class's metaclass calls something: methods of each new instance, among others."""
    maker = cls.maker
    statements = statements_of(maker.node) if maker is not None and isinstance(maker.node, nodes.Function) else ()
    parts = (part for statement in statements for part in all_parts(roots(statement)))
    calls = (part.func for part in parts if isinstance(part, nodes.Call))
    return {func.attr for func in calls if isinstance(func, nodes.Attribute)} - {"__call__"}


def set_by(cls: ClassValue, method: str) -> dict[str, int]:
    """The attributes that a method sets or fills, or one that it calls, with the line at which it does."""
    methods = _methods(cls)
    found: dict[str, int] = {}
    for name in sorted(_called_from([method], methods)):
        statements = statements_of(methods[name], inner=True)
        for attribute, line in _changed(statements, methods[name].params[0].name):
            found.setdefault(attribute, line)
    return found


def _called_from(
    starts: Sequence[str], methods: dict[str, nodes.Function], carried: Sequence[tuple[str, nodes.Function]] = ()
) -> set[str]:
    """Methods and those that they call on `self`, and so on: they build the instance.

    `carried` are those of ancestors that the ones in their place go on to, which call others in their turn.
    """
    reached, left = set[str](), list(starts)
    while left:
        name = left.pop()
        if name in reached or name not in methods or not methods[name].params:
            continue
        reached.add(name)
        for method in (methods[name], *(one for other, one in carried if other == name and one.params)):
            receiver = method.params[0].name
            for statement in statements_of(method):
                for part in all_parts(roots(statement)):
                    if isinstance(part, nodes.Call) and (called := _attribute_of(part.func, receiver)):
                        left.append(called)
    return reached


def _changed(statements: Iterable[nodes.Stmt], receiver: str, of_tensors: bool = False) -> Iterator[tuple[str, int]]:
    for statement in statements:
        targets: tuple[nodes.Expr, ...] = ()
        if isinstance(statement, nodes.Assign) and statement.value is not None:
            targets = () if of_tensors and _keeps_shape(statement, receiver) else statement.targets
        elif isinstance(statement, nodes.AugAssign):
            targets = () if of_tensors else (statement.target,)
        elif isinstance(statement, nodes.Expression) and isinstance(statement.value, nodes.Call):
            func = statement.value.func
            if isinstance(func, nodes.Attribute) and func.attr in CHANGING:
                targets = (func.value,)
            elif name := _registered(statement.value, receiver):
                yield name, statement.at[0]
        for target in targets:
            for part in target.items if isinstance(target, nodes.Sequence) else (target,):
                inner = part.value if isinstance(part, nodes.Subscript) else part
                if name := _attribute_of(inner, receiver):
                    yield name, statement.at[0]


def _registered(call: nodes.Call, receiver: str) -> str:
    """The name under which `self.register_buffer("cache", x)`, `setattr(self, "cache", x)` keep something, else ""."""
    values = [argument.value for argument in call.args]
    if isinstance(call.func, nodes.Name) and call.func.id == "setattr" and len(values) == 3:
        is_own = isinstance(values[0], nodes.Name) and values[0].id == receiver
        values = values[1:] if is_own else []
    elif _attribute_of(call.func, receiver) not in REGISTER:
        values = []
    name = values[0] if values else None
    return name.value if isinstance(name, nodes.Constant) and isinstance(name.value, str) else ""


def _keeps_shape(statement: nodes.Assign, receiver: str) -> bool:
    """Whether a tensor is written into, or is itself in another place or dtype: `self.cache = self.cache.to(x)`."""
    target, value = statement.targets[0], statement.value
    if len(statement.targets) != 1:
        return False
    if isinstance(target, nodes.Subscript):
        return True
    func = value.func if isinstance(value, nodes.Call) else None
    if not isinstance(func, nodes.Attribute) or func.attr not in CASTS:
        return False
    name = _attribute_of(target, receiver)
    return name != "" and name == _attribute_of(func.value, receiver)


def _attribute_of(expr: nodes.Expr, receiver: str) -> str:
    """`name` of `self.name`, "" for any other expression."""
    if isinstance(expr, nodes.Attribute) and isinstance(expr.value, nodes.Name) and expr.value.id == receiver:
        return expr.attr
    return ""


def statements_of(function: nodes.Function, *, inner: bool = False) -> Iterator[nodes.Stmt]:
    """The statements of a function, those within its blocks among them; of what it defines only if `inner`."""
    stack: list[object] = list(function.body)
    while stack:
        node = stack.pop()
        if inner or not isinstance(node, (nodes.Function, nodes.Class)):
            for block in ("body", "orelse", "handlers", "cases", "final"):
                statements = getattr(node, block, None)
                if isinstance(statements, tuple):
                    stack.extend(statements)
        if isinstance(node, nodes.Stmt):
            yield node
