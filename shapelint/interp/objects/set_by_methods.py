"""What the methods of a class set of its objects, by their text: attributes by name, with the line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from shapelint.interp.objects.modules import REGISTER
from shapelint.interp.state.method_names import CASTS
from shapelint.interp.state.values import ClassValue, FunctionValue
from shapelint.program import nodes
from shapelint.program.within import all_parts, roots
from shapelint.program.written import statements_of

CHANGING = frozenset("append extend insert pop remove clear add update setdefault popleft appendleft".split())
"""The methods of a list, a dict, a set or a deque that change what it holds."""


def methods_of(cls: ClassValue) -> dict[str, nodes.Function]:
    """The methods of a class by their names, its own before those of its ancestors."""
    methods: dict[str, nodes.Function] = {}
    for ancestor in cls.lineage:
        for name, value in ancestor.attrs.items():
            if isinstance(value, FunctionValue) and isinstance(value.node, nodes.Function):
                methods.setdefault(name, value.node)
    return methods


def renewed(cls: ClassValue, *, of_tensors: bool = False, again: bool = False) -> dict[str, int]:
    """The attributes that methods set or fill after an instance was built, with the line at which one does.

    With `of_tensors` without what leaves the shape of a tensor as it is: writing into it, or another place or dtype.
    With `again` also by methods that `__init__` calls, and that are called again later.
    """
    methods = methods_of(cls)
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
    methods = methods_of(cls)
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
                    if isinstance(part, nodes.Call) and (called := attribute_of(part.func, receiver)):
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
                if name := attribute_of(inner, receiver):
                    yield name, statement.at[0]


def _registered(call: nodes.Call, receiver: str) -> str:
    """The name under which `self.register_buffer("cache", x)`, `setattr(self, "cache", x)` keep something, else ""."""
    values = [argument.value for argument in call.args]
    if isinstance(call.func, nodes.Name) and call.func.id == "setattr" and len(values) == 3:
        is_own = isinstance(values[0], nodes.Name) and values[0].id == receiver
        values = values[1:] if is_own else []
    elif attribute_of(call.func, receiver) not in REGISTER:
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
    name = attribute_of(target, receiver)
    return name != "" and name == attribute_of(func.value, receiver)


def attribute_of(expr: nodes.Expr, receiver: str) -> str:
    """`name` of `self.name`, "" for any other expression."""
    if isinstance(expr, nodes.Attribute) and isinstance(expr.value, nodes.Name) and expr.value.id == receiver:
        return expr.attr
    return ""
