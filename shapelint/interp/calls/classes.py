"""Classes of the program: making instances, finding attributes, dataclasses and named tuples."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from shapelint.dims import Dim
from shapelint.interp.calls.functions import call_function
from shapelint.interp.paths.flags import answers_known
from shapelint.interp.paths.join import alternatives
from shapelint.interp.state.decorators import SETTER, decorators_of, is_of_property, is_setter, wrapping
from shapelint.interp.state.machine import Frame, calls, evaluate, execute, invoke
from shapelint.interp.state.memory import call_key, is_held, made_again, made_since
from shapelint.interp.state.values import (
    PLAIN_ANCESTORS,
    Bound,
    ClassValue,
    External,
    FunctionValue,
    Instance,
    Layer,
    Ref,
    Value,
    unknown,
)  # fmt: skip
from shapelint.ops.tensor import OBJECT, UNSEEN, Unknown
from shapelint.program import nodes
from shapelint.program.written import statements_of


def class_attribute(cls: ClassValue, name: str) -> Value | None:
    """An attribute of a class or of its ancestors in the program, None where there is none.

    Nor is there one that a class of somebody else has, too, which Python looks at first.
    """
    for ancestor in cls.order:
        if isinstance(ancestor, str):
            if hides(ancestor, name):
                return None
        elif name in ancestor.attrs:
            found: Value = ancestor.attrs[name]
            return found
        elif name == "__init__" and _has_fields(ancestor):
            return None  # the decorator writes one, whatever the bases have
    return None


def hides(external: str, name: str) -> bool:
    """Whether a class that the program does not define has a method of its own under this name, as far as is known."""
    if external.startswith("torch.nn."):
        return name in ("__init__", "forward", "__call__")
    return name == "__init__" and external not in PLAIN_ANCESTORS and not external.endswith(BARE)


BARE = ("Generic", "Protocol", "ABC")
"""How the names of classes end that have no constructor."""


def call_property(frame: Frame, receiver: Ref, function: FunctionValue, expr: nodes.Expr) -> Value:
    """What a property gives."""
    site = nodes.Call(expr.at, expr, ())
    return call_function(frame, function, [receiver], {}, site)


@calls(ClassValue)
def make_instance(
    frame: Frame, cls: ClassValue, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call
) -> Value:
    """A new instance, as the class's metaclass makes it if that has a say in it."""
    if not frame.guarded and _may_be_of_another_class(frame, node.func):
        make = partial(make_instance, frame, cls, args, kwargs, node)
        return _made_if_it_runs(frame, make, f"what extends {cls.name}", node)
    if "**" not in kwargs and _lacks_some(cls, args, kwargs) and _is_filled_in(frame, cls):
        kwargs = {**kwargs, "**": True}
    maker = cls.maker
    if maker is not None:
        made = frame.world.settle(call_function(frame, maker, [cls, *args], dict(kwargs), node))
        content = frame.world.heap.get(made.id) if isinstance(made, Ref) else None
        if isinstance(content, Instance) and content.type is cls:
            return made
        if not frame.guarded:
            make = partial(plain_instance, frame, cls, args, kwargs, node)
            return _made_if_it_runs(frame, make, f"what the metaclass of {cls.name} makes", node)
    return plain_instance(frame, cls, args, kwargs, node)


def _lacks_some(cls: ClassValue, args: Sequence[Value], kwargs: Mapping[str, Value]) -> bool:
    """Whether a constructor is called without an argument that it needs."""
    constructor = class_attribute(cls, "__init__")
    if not isinstance(constructor, FunctionValue) or "*" in kwargs:
        return False
    needed = [param for param in constructor.node.params[1 + len(args) :] if param.kind in ("either", "keyword")]
    return any(param.default is None and param.name not in kwargs for param in needed)


def _is_filled_in(frame: Frame, cls: ClassValue) -> bool:
    """Whether a decorator that is not seen may give the constructor what a caller does not: `@gin.configurable`."""
    scope = Frame(frame.machine, cls.frame.module, parent=cls.frame, evidence=frame.evidence, depth=frame.depth)
    decorators = [one for each in cls.lineage for one in wrapping(each.node)] if not is_dataclass(cls) else []
    found = [
        frame.world.settle(evaluate(scope, one.func if isinstance(one, nodes.Call) else one)) for one in decorators
    ]
    return any(isinstance(one, (Unknown, External)) for one in found)


def _may_be_of_another_class(frame: Frame, func: nodes.Expr) -> bool:
    """Whether a class is that of an object, or the one that a class method is called on.

    It may be one that extends the class at hand, and is made of other arguments.
    """
    function = frame.function.node if frame.function is not None else None
    if not isinstance(func, nodes.Name) or not isinstance(function, nodes.Function):
        return _is_class_of_self(func)
    if function.params and function.params[0].name == func.id and frame.caller is None:
        return "classmethod" in decorators_of(frame.function)
    values = [
        one.value
        for one in statements_of(function)
        if isinstance(one, nodes.Assign) and any(isinstance(t, nodes.Name) and t.id == func.id for t in one.targets)
    ]
    return bool(values) and all(value is not None and _is_class_of_self(value) for value in values)


def _is_class_of_self(func: nodes.Expr) -> bool:
    """Whether this is `self.__class__` or `type(self)`."""
    if isinstance(func, nodes.Call):
        return isinstance(func.func, nodes.Name) and func.func.id == "type" and len(func.args) == 1
    return isinstance(func, nodes.Attribute) and func.attr == "__class__"


def _made_if_it_runs(frame: Frame, make: Callable[[], Value], otherwise: str, node: nodes.Call) -> Value:
    """The instance; an unknown where it cannot be made so: it may be of another class, or made of other things."""
    passed_over = frame.passed_over
    frame.guarded += 1
    try:
        made = make()
    finally:
        frame.guarded -= 1
    return made if frame.passed_over == passed_over else unknown(otherwise, node.at[0])


def finish_instance(frame: Frame, cls: ClassValue, ref: Ref) -> None:
    """Do to an instance whose `__init__` has run what the class's metaclass does to each of them."""
    maker = cls.maker
    if maker is not None:
        frame.guarded += 1
        frame.machine.built[cls] = ref
        try:
            call_function(frame, maker, [cls], {}, nodes.Call(cls.node.at, nodes.Name(cls.node.at, cls.name), ()))
        finally:
            frame.machine.built.pop(cls, None)
            frame.guarded -= 1


def plain_instance(
    frame: Frame, cls: ClassValue, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call
) -> Value:
    """A new instance, with what `__init__` (or a dataclass's fields and its `__post_init__`) sets."""
    if cls in frame.machine.built:
        return frame.machine.built[cls]
    externals = list(cls.externals)
    if any(name.endswith(("NamedTuple", "Enum", "IntEnum", "TypedDict", "Protocol")) for name in externals):
        return unknown(f"an instance of {cls.name}", node.at[0])
    if any(name.startswith("torch.autograd") for name in externals):
        return unknown(f"the function {cls.name}", node.at[0])
    if not cls.is_module and any(_makes_classes(one.metaclass) for one in cls.lineage):
        return unknown(f"an instance of {cls.name}, a class that its metaclass makes", node.at[0])
    if (maker := class_attribute(cls, "__new__")) is not None:
        made = _made_instead(frame, cls, maker, args, kwargs, node)
        if made is not None:
            return made
        of_tensors = any(name.endswith("Tensor") for name in externals)
        return unknown(f"{'what' if of_tensors else OBJECT.rstrip()} __new__ of {cls.name} makes", node.at[0])
    key = call_key(frame.world, args, kwargs)
    key = None if key is None else (key, answers_known(frame))
    known = frame.machine.remembered.get((cls, key)) if key is not None else None
    if known is not None and frame.world.facts.say_all_of(known[2]) and is_held(frame.world, known[0]):
        return made_again(frame.world, *known[:2])
    facts = frame.world.facts
    ref = frame.world.allocate(Instance(cls, {}, open=not cls.known_whole))
    constructor = class_attribute(cls, "__init__")
    if isinstance(constructor, FunctionValue):
        heap, failures = frame.world.heap, len(frame.failures)
        lowest, heap.lowest = heap.lowest, float("inf")
        call_function(frame, constructor, [ref, *args], dict(kwargs), node)
        _keep_sizes_given(frame, ref, constructor, args, kwargs)
        heap = frame.world.heap
        if key is not None and heap.lowest >= ref.id and len(frame.failures) == failures and not frame.guarded:
            frame.machine.remembered[cls, key] = ref, made_since(frame.world, ref, ref.id - 1), facts
        heap.lowest = min(heap.lowest, lowest)
    elif is_dataclass(cls):
        _set_fields(frame, ref, cls, args, kwargs)
        _run_post_init(frame, ref, cls, node)
    else:
        make_base_layer(frame, ref, cls, args, kwargs, node)
    return ref


def _made_instead(
    frame: Frame, cls: ClassValue, maker: Value, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call
) -> Value | None:
    """The layer, or what code gives that is not seen, which `__new__` makes in the place of an instance.

    None where it makes something else, or may set what the methods of an instance ask for.
    """
    if not isinstance(maker, FunctionValue):
        return None
    world, passed_over = frame.machine.world, frame.passed_over
    frame.machine.world = world.fork()
    frame.guarded += 1
    try:
        made = frame.world.settle(call_function(frame, maker, [cls, *args], dict(kwargs), node))
    finally:
        frame.guarded -= 1
    if frame.passed_over == passed_over and all(_is_another(frame, cls, one) for one in alternatives(made)):
        return made
    frame.machine.world = world
    return None


def _is_another(frame: Frame, cls: ClassValue, value: Value) -> bool:
    content = frame.world.heap.get(value.id) if isinstance(value, Ref) else None
    if isinstance(content, Instance):
        return content.type is not cls and cls not in content.type.lineage
    return isinstance(value, Layer) or (isinstance(value, Unknown) and UNSEEN in value.reason)


def _makes_classes(metaclass: Value) -> bool:
    """Whether a metaclass of the program makes the classes: a named tuple of what is written as fields."""
    return isinstance(metaclass, ClassValue) and class_attribute(metaclass, "__new__") is not None


def _keep_sizes_given(
    frame: Frame, ref: Ref, constructor: FunctionValue, args: Sequence[Value], kwargs: Mapping[str, Value]
) -> None:
    """Keep the sizes that an instance was made with, under the names of the parameters, for its comments to use."""
    content = frame.world.heap.get(ref.id)
    if not isinstance(content, Instance):
        return
    params = [param for param in constructor.node.params[1:] if param.kind in ("positional", "either", "keyword")]
    places = [param.name for param in params if param.kind != "keyword"]
    given = {**constructor.defaults, **dict(zip(places, args, strict=False)), **kwargs}
    sizes = {
        f"({param.name})": value
        for param in params
        if _may_be_size(value := frame.world.settle(given.get(param.name))) and param.name not in content.attrs
    }
    if sizes:
        frame.world.heap[ref.id] = replace(content, attrs={**sizes, **content.attrs})


def _may_be_size(value: Value) -> bool:
    """Whether a value is a size, or one that a caller chooses and nothing has shown to be none."""
    return isinstance(value, Dim) or (isinstance(value, Unknown) and value.free and value.origin != "")


def make_base_layer(
    frame: Frame, ref: Ref, cls: ClassValue, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call
) -> None:
    """Construct the layer or distribution that comes after a class, if one does; its attributes are the instance's.

    In the order of the instance's own class if that has none yet: a mixin before it hands its arguments on to it.
    """
    content = frame.world.heap.get(ref.id)
    of_instance = isinstance(content, Instance) and "<base>" not in content.attrs and cls in content.type.order
    order = list(content.type.order if isinstance(content, Instance) and of_instance else cls.order)
    order = order[order.index(cls) + 1 :]
    layers = [one for one in order if isinstance(one, str) and one.startswith(PACKAGES) and one != "torch.nn.Module"]
    if not layers or not isinstance(content, Instance):
        return
    only_keeps = "Pool" in layers[0] and isinstance(class_attribute(content.type, "forward"), FunctionValue)
    frame.guarded += only_keeps  # a pool is made of anything; a forward of one's own may take it otherwise
    made = invoke(frame, External(layers[0]), args, kwargs, node)
    frame.guarded -= only_keeps
    attrs = dict(content.attrs)
    attrs["<base>"] = made
    if isinstance(made, Layer):
        attrs.update({key: value for key, value in vars(made.instance).items() if not key.startswith("_")})
    frame.world.heap[ref.id] = Instance(content.type, attrs, content.open)
    following = next((one for one in order[order.index(layers[0]) + 1 :] if not isinstance(one, str)), None)
    constructor = class_attribute(following, "__init__") if following is not None and following.is_module else None
    if isinstance(
        constructor, FunctionValue
    ):  # a layer calls what comes after it, and gives it nothing; not so a mixin
        hands_on = layers[0].endswith("Mixin")
        call_function(frame, constructor, [ref, *args] if hands_on else [ref], kwargs if hands_on else {}, node)


PACKAGES = ("torch.nn.", "torch.distributions.")
"""Where the classes are that programs extend and of which there are rules."""


def is_dataclass(cls: ClassValue) -> bool:
    """Whether the class or an ancestor is decorated as a dataclass."""
    return any(map(_has_fields, cls.lineage))


def _has_fields(cls: ClassValue) -> bool:
    """Whether a decorator makes the constructor of a class of its fields."""
    for decorator in cls.node.decorators:
        target = decorator.func if isinstance(decorator, nodes.Call) else decorator
        name = target.attr if isinstance(target, nodes.Attribute) else getattr(target, "id", "")
        if name in ("dataclass", "define", "frozen", "attrs"):
            return True
    return False


def _set_fields(frame: Frame, ref: Ref, cls: ClassValue, args: Sequence[Value], kwargs: Mapping[str, Value]) -> None:
    attrs: dict[str, Value] = {}
    fields: dict[str, Value] = {}
    for ancestor in reversed(list(cls.lineage)):
        for statement in ancestor.node.body if _has_fields(ancestor) else ():
            if isinstance(statement, nodes.Assign) and statement.annotation is not None:
                target = statement.targets[0]
                if isinstance(target, nodes.Name):
                    fields[target.id] = ancestor.attrs.get(target.id)
    for position, (name, default) in enumerate(fields.items()):
        if position < len(args):
            attrs[name] = args[position]
        elif name in kwargs:
            attrs[name] = kwargs[name]
        else:
            attrs[name] = default if default is not None else Unknown(f"the field {name}", name)
    frame.world.heap[ref.id] = Instance(cls, attrs, open=False)


def _run_post_init(frame: Frame, ref: Ref, cls: ClassValue, node: nodes.Call) -> None:
    """What a dataclass makes of its fields; those that only this takes (`InitVar`) stand among them by their names."""
    function, content = class_attribute(cls, "__post_init__"), frame.world.heap.get(ref.id)
    if isinstance(function, FunctionValue) and isinstance(content, Instance):
        given = {p.name: content.attrs[p.name] for p in function.node.params[1:] if p.name in content.attrs}
        call_function(frame, function, [ref], given, node)


def run_class_body(frame: Frame, node: nodes.Class) -> ClassValue:
    """The class that a `class` statement makes: its bases, and the names that its body defines."""
    bases = tuple(evaluate(frame, base) for base in node.bases)
    metaclass = None if node.metaclass is None else evaluate(frame, node.metaclass)
    cls = ClassValue(node, frame, tuple(base for base in bases if not isinstance(base, str)), {}, metaclass)
    inner = Frame(frame.machine, frame.module, parent=frame, cls=cls, evidence=frame.evidence, depth=frame.depth)
    inner.name = node.name
    inner.recording = frame.recording
    for statement in node.body:
        if isinstance(statement, nodes.Function):
            if is_setter(statement):
                cls.attrs[statement.name + SETTER] = FunctionValue(statement, frame, cls, {})
            if is_of_property(statement):
                continue
            defaults = {p.name: evaluate(inner, p.default) for p in statement.params if p.default is not None}
            cls.attrs[statement.name] = FunctionValue(statement, frame, cls, defaults)
            inner.env[statement.name] = cls.attrs[statement.name]
        else:
            execute(inner, statement)
    for name, value in inner.env.items():
        cls.attrs.setdefault(name, value)
    for name, value in _set_by_hooks(node).items():
        if not isinstance(class_attribute(cls, name), FunctionValue):  # wrapped, a method takes and gives the same
            cls.attrs[name] = value
    if frame.recording:
        frame.machine.classes.append(cls)
    return cls


def made_of(frame: Frame, cls: ClassValue) -> Value:
    """What stands under the name of a class: the class, or what a decorator of the program makes of it alone."""
    for decorator in wrapping(cls.node):
        maker = frame.world.settle(evaluate(frame, decorator))
        if isinstance(maker, ClassValue) or (isinstance(maker, FunctionValue) and _calls_what_it_is_given(maker)):
            return unknown(f"what a decorator makes of {cls.name}", cls.node.at[0])
    return cls


def _calls_what_it_is_given(function: FunctionValue) -> bool:
    """Whether a function gives what its first parameter gives: `def singleton(cls): return cls()`."""
    params = function.node.params
    returned = statements_of(function.node) if isinstance(function.node, nodes.Function) and params else ()
    return any(
        isinstance(one, nodes.Return)
        and isinstance(one.value, nodes.Call)
        and isinstance(one.value.func, nodes.Name)
        and one.value.func.id == params[0].name
        for one in returned
    )


def _set_by_hooks(node: nodes.Class) -> dict[str, Value]:
    """The attributes that Python's hooks set on each class or instance before anything else is done with it."""
    hooks = (each for each in node.body if isinstance(each, nodes.Function) and each.name in HOOKS)
    assigned = (each for hook in hooks for each in statements_of(hook) if isinstance(each, nodes.Assign))
    targets = [(target, each) for each in assigned for target in each.targets if isinstance(target, nodes.Attribute)]
    return {target.attr: unknown(f"the attribute {target.attr}", each.at[0]) for target, each in targets}


HOOKS = ("__new__", "__init_subclass__")


@calls(Bound)
def call_bound(
    frame: Frame, bound: Bound, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call
) -> Value:
    """A method of the program, called on its receiver."""
    return invoke(frame, bound.function, [bound.receiver, *args], kwargs, node)
