"""`import` statements: modules of the project, found by the loader; all others are known by name only."""

from __future__ import annotations

from collections.abc import Sequence

from shapelint.interp.objects.external_names import external, is_not_seen
from shapelint.interp.objects.rows import row_of
from shapelint.interp.paths.join import choice
from shapelint.interp.state.machine import Frame, Machine
from shapelint.interp.state.values import Choice, Deferred, External, ModuleFile, Value
from shapelint.program import nodes

ALIASES = {
    "torch.nn.modules": "torch.nn",
    "torch.nn.parameter": "torch.nn",
    "torch.functional": "torch",
    "torch._tensor": "torch",
    "einops.einops": "einops",
}
"""Modules whose contents are known under another's name."""


def import_names(frame: Frame, statement: nodes.Import) -> None:
    """Bind the names of an import statement; what they stand for is looked up when they are used."""
    if statement.module is None:
        for dotted, bound in statement.names:
            whole = dotted if bound != dotted.split(".")[0] else bound
            frame.env[bound] = Deferred(whole, None, frame)
        return
    for original, bound in statement.names:
        if original == "*":
            _import_all(frame, statement.module)
        else:
            frame.env[bound] = Deferred(statement.module, original, frame)


def is_for_type_checkers(test: nodes.Expr) -> bool:
    """Whether a branch is one that no run takes: `if TYPE_CHECKING:`."""
    if isinstance(test, nodes.Boolean):
        return any(map(is_for_type_checkers, test.values))
    return (test.attr if isinstance(test, nodes.Attribute) else getattr(test, "id", "")) == "TYPE_CHECKING"


def without_star_imports(body: Sequence[nodes.Stmt]) -> tuple[nodes.Stmt, ...]:
    """The statements but for `from module import *`.

    A package that loads its parts when they are used lists them so for type checkers: to follow the list is to run
    all of its files for the sake of one.
    """
    return tuple(each for each in body if not (isinstance(each, nodes.Import) and ("*", "*") in each.names))


def found_under(env: dict[str, Value], name: str, machine: Machine) -> Value:
    """What a name stands for, None for one that is not there; what was imported under it is looked for by now.

    Of several imports, `except ImportError` among them, one takes the place of another: what is seen, or known here,
    stands for that of which nothing is known.
    """
    value = env.get(name)
    if isinstance(value, Deferred):
        value = env[name] = resolve(value, machine)
    elif isinstance(value, Choice) and any(isinstance(one, Deferred) for one in value.values):
        each = [(resolve(one, machine) if isinstance(one, Deferred) else one, path) for one, path in value.each()]
        known = [pair for pair in each if pair[0] is not None and not _is_strange(pair[0])]
        kept = [pair for pair in each if not (known and _is_strange(pair[0]))]
        value = env[name] = choice([one for one, _ in kept], [path for _, path in kept])
    return value


def _is_strange(value: Value) -> bool:
    return isinstance(value, External) and is_not_seen(value.name)


def resolve(deferred: Deferred, machine: Machine) -> Value:
    """What an imported name stands for: something of the project, or a full name.

    What is looked for already is asked for by itself, where modules import each other: it is the module of that name.
    """
    module, name = deferred.module, deferred.name
    importer = deferred.importer.module.name
    loaded = machine.load(module, importer)
    if name is None:
        return ModuleFile(loaded) if loaded is not None else External(ALIASES.get(module, module))
    asked = (id(loaded), name)
    if loaded is not None and name in loaded.env and asked not in machine.resolving:
        machine.resolving.add(asked)
        try:
            return found_under(loaded.env, name, machine)
        finally:
            machine.resolving.discard(asked)
    if loaded is not None or module.startswith("."):
        inner = machine.load(module + name if module.endswith(".") else f"{module}.{name}", importer)
        return ModuleFile(inner) if inner is not None else External(f"{module}.{name}")
    full = f"{ALIASES.get(module, module)}.{name}"
    if module.startswith("torch.nn.modules."):
        full = f"torch.nn.{name}"
    return external(full)


def _import_all(frame: Frame, module: str) -> None:
    """Bind every name that a module exports; a later import takes a name from an earlier one, as in Python.

    A package that lists its parts so has each of them run when a name of it is first used.
    """
    listed = frame.machine.names_of(module, frame.module.name) if frame.module.name.endswith("__init__.py") else None
    if listed is not None:
        frame.env.update({name: Deferred(module, name, frame) for name in listed})
        return
    loaded = frame.machine.load(module, frame.module.name)
    if loaded is not None:
        frame.env.update({name: loaded.env[name] for name in _exported(frame, loaded)})


def _exported(frame: Frame, loaded: Frame) -> Sequence[str]:
    """The names that a module gives where all are asked for: those that it lists, else all but the private ones."""
    listed = row_of(frame, loaded.env["__all__"]) if "__all__" in loaded.env else (None,)
    if all(isinstance(name, str) for name in listed):
        return [name for name in listed if isinstance(name, str) and name in loaded.env]
    return [name for name in loaded.env if not name.startswith("_")]
