"""The decorators of a function of the program: their names, and whether they may make another function of it."""

from __future__ import annotations

import re

from shapelint.interp.state.values import Choice, External, FunctionValue, Partial, Value
from shapelint.program import nodes

_TRANSPARENT = frozenset(
    "staticmethod classmethod property cached_property setter abstractmethod override overload final wraps no_grad"
    " enable_grad inference_mode set_grad_enabled autocast custom_fwd custom_bwd script script_method script_if_tracing"
    " ignore unused export compile disable lru_cache cache typechecked jaxtyped beartype typecheck deprecated"
    " contextmanager fixture parametrize amp custom_op triton_op impl_abstract".split()
)


_BY_NAME = re.compile("register|doc|custom_[fb]wd$")
"""What leaves a function as it is by its name: `autocast_custom_fwd` of what torch has under two names."""


def leaves_as_it_is(decorator: Value) -> bool:
    """Whether a decorator, or each of which it may be one, is none of the program's and leaves a function as it is."""
    if isinstance(decorator, Choice):
        return all(map(leaves_as_it_is, decorator.values))
    if isinstance(decorator, Partial):
        return leaves_as_it_is(decorator.function)
    return isinstance(decorator, External) and decorator.name.rsplit(".", 1)[-1] in _TRANSPARENT


def is_wrapped(node: nodes.Function | nodes.Lambda) -> bool:
    """Whether a decorator may give the function other arguments than a caller gives, or a caller another result."""
    return isinstance(node, nodes.Function) and bool(node.decorators and wrapping(node))


def wrapping(node: nodes.Function | nodes.Lambda | nodes.Class) -> list[nodes.Expr]:
    """The decorators of a function or class that are not known to leave it as it is, in their order."""
    decorators = () if isinstance(node, nodes.Lambda) else node.decorators
    dotted = [name_of(decorator) for decorator in decorators]
    names = ["" if name.startswith("triton.") else name.rsplit(".", 1)[-1] for name in dotted]
    strange = [bool(name) and name not in _TRANSPARENT and not _BY_NAME.search(name) for name in names]
    return [decorator for decorator, is_strange in zip(decorators, strange, strict=True) if is_strange]


def decorators_of(value: Value, last: bool = False) -> set[str]:
    """The names of the decorators of a function of the program; only the last part of a dotted one, if asked."""
    if isinstance(value, FunctionValue) and isinstance(value.node, nodes.Function) and value.node.decorators:
        names = {name_of(decorator) for decorator in value.node.decorators}
        return {name.rsplit(".", 1)[-1] for name in names} if last else names
    return set()


def operators_of(node: nodes.Function) -> list[str]:
    """The names by which torch calls a function that a decorator registers: `custom_op("mine::norm", ...)`.

    What a fake of it gives is as large as what it gives itself.
    """
    calls = [one for one in node.decorators if isinstance(one, nodes.Call) and one.args]
    calls = [one for one in calls if name_of(one).rsplit(".", 1)[-1] in _REGISTERING]
    names = [one.args[0].value.value for one in calls if isinstance(one.args[0].value, nodes.Constant)]
    return [f"torch.ops.{name.replace('::', '.')}" for name in names if isinstance(name, str) and "::" in name]


_REGISTERING = frozenset({"custom_op", "triton_op", "register_fake", "impl_abstract"})


def is_of_property(node: nodes.Function) -> bool:
    """Whether a `def` is another part of the property that has its name already: what sets or deletes it."""
    return is_setter(node) or any(_ends_with(name_of(one), f"{node.name}.deleter") for one in node.decorators)


def is_setter(node: nodes.Function) -> bool:
    """Whether a `def` is what sets the property of its name: `@width.setter`, `@Base.width.setter`."""
    return any(_ends_with(name_of(decorator), f"{node.name}.setter") for decorator in node.decorators)


def _ends_with(dotted: str, end: str) -> bool:
    return f".{dotted}".endswith(f".{end}")


SETTER = ".setter"
"""How the name ends under which a class holds what sets a property: no name that a program can write."""


def is_property(value: Value) -> bool:
    """Whether a function of the program is called where the attribute is read."""
    return not {"property", "cached_property"}.isdisjoint(decorators_of(value, last=True))


def is_kernel(function: FunctionValue) -> bool:
    """Whether a function is a kernel, of Triton or CuTe: their blocks are indexed and broadcast by other rules."""
    return any(name.startswith(("triton.", "cute.")) or name.endswith(".kernel") for name in decorators_of(function))


def is_of_arrays(function: FunctionValue) -> bool:
    """Whether Numba compiles a function, which takes arrays of NumPy for it, whatever their annotations say."""
    names = decorators_of(function)
    return any(name.startswith(("numba.", "nb.")) or name.rsplit(".", 1)[-1] in ("njit", "vectorize") for name in names)


NO_BODY = "has no body"
"""What is said of the result of a function that only says what others of its name give."""


def has_no_body(function: FunctionValue) -> bool:
    """Whether a function only says that others of its name take its place."""
    return not {"overload", "abstractmethod"}.isdisjoint(decorators_of(function, last=True)) or _only_raises(function)


def _only_raises(function: FunctionValue) -> bool:
    body = _body_of(function)
    first = body[0] if len(body) == 1 else None
    if not isinstance(first, (nodes.Raise, nodes.Return)) or first.value is None:
        return False
    return name_of(first.value) in ("NotImplementedError", "NotImplemented")


def gives_nothing(function: FunctionValue) -> bool:
    """Whether a method does nothing but return None: what takes its place in another class may well give something."""
    is_method = function.owner is not None and isinstance(function.node, nodes.Function)
    return is_method and all(
        (isinstance(one, nodes.Control) and one.kind == "pass")
        or (isinstance(one, nodes.Return) and (one.value is None or _is_none(one.value)))
        for one in _body_of(function)
    )


def _body_of(function: FunctionValue) -> list[nodes.Stmt]:
    """The statements of a function that do something: no docstring, no `...`."""
    body = function.node.body if isinstance(function.node, nodes.Function) else ()
    return [one for one in body if not (isinstance(one, nodes.Expression) and isinstance(one.value, nodes.Constant))]


def _is_none(expr: nodes.Expr) -> bool:
    return isinstance(expr, nodes.Constant) and expr.value is None


def name_of(expr: nodes.Expr) -> str:
    """The dotted name that an expression is, "" for any other."""
    if isinstance(expr, nodes.Name):
        return expr.id
    if isinstance(expr, nodes.Attribute):
        inner = name_of(expr.value)
        return f"{inner}.{expr.attr}" if inner else ""
    return name_of(expr.func) if isinstance(expr, nodes.Call) else ""
