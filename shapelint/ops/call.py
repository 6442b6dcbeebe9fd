"""Calling a rule by the name of an operator or layer, as a program does."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from shapelint.ops.needs import CannotRun, Exchanged, Trouble, WrongKind, current
from shapelint.ops.open_rank import has_counts, has_ones, has_open_sizes, whatever_the_rank, without_ones
from shapelint.ops.registry import Found, Layer, find, find_layer, find_method, has_method, method_signature
from shapelint.ops.signature import OtherKind
from shapelint.ops.tensor import PERHAPS_ARRAYS, Tensor, Unknown
from shapelint.shapes import NotKnown, RankNotKnown


def apply(name: str, args: Sequence[Any], kwargs: Mapping[str, Any] | None = None) -> Any:
    """What the operator of this full name returns. Raises CannotRun; NotKnown, also where there is no such operator."""
    found = find(name)
    if found is None:
        raise NotKnown(f"the operator {name}")
    return apply_found(found, args, kwargs or {})


def apply_found(found: Found, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """What an operator returns for these values."""
    if any(isinstance(value, Tensor) and value.device == "numpy" for value in args):
        return _of_array(found, args, kwargs)
    if found.method and args and isinstance(args[0], Tensor) and _may_be_no_tensor(args[0]):
        return _perhaps_of_array(found, args, kwargs)
    return _applied(found, args, kwargs)


def _may_be_no_tensor(tensor: Tensor) -> bool:
    """Whether what is taken for a tensor may be an array, or an object with operators of its own, of unknown code."""
    run = tensor.shape.run
    return tensor.device in PERHAPS_ARRAYS or (run is not None and not run.given and not tensor.shape.seen())


def gives_tensor(found: Found | None) -> bool:
    """Whether an operator of torch gives one tensor, be it of whatever shape, or fails."""
    return found is not None and _is_rule_of_tensor(found.op.rule) and not found.op.names[0].startswith("numpy.")


def method_gives_tensor(instance: Any, name: str) -> bool:
    """Whether a layer's method gives one tensor or fails."""
    return has_method(type(instance), name) and _is_rule_of_tensor(getattr(type(instance), name))


def _is_rule_of_tensor(rule: Callable[..., Any]) -> bool:
    return getattr(rule, "__annotations__", {}).get("return") == "Tensor"


def _of_array(found: Found, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """What it returns for an array of NumPy: by the array's own method of that name, if there is one.

    What NumPy would refuse is left open.
    """
    own = find_method(found.method, "numpy") if found.method else None
    try:
        return _applied(own or found, args, kwargs)
    except CannotRun as refusal:
        raise NotKnown(refusal.reason) from None


def _perhaps_of_array(found: Found, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """What a method returns for a tensor; arguments that it does not take may be those of another object's method.

    So may those of an array be of which a product is another one there.
    """
    try:
        return _applied(found, args, kwargs)
    except CannotRun as refusal:
        is_product = refusal.trouble is Trouble.MATMUL and args[0].device in PERHAPS_ARRAYS
        of_array = find_method(found.method, "numpy") if is_product else None
        if refusal.trouble is Trouble.ARGUMENT or of_array is not None:  # `dot` of matrices
            raise NotKnown(f"whether it is a tensor: {refusal.reason}") from None
        raise


def _ruled(rule: Callable[..., Any], positional: Sequence[Any], named: Mapping[str, Any]) -> Any:
    """What the rule gives; where only dims unknown in number stand in its way, what it gives whatever they are."""
    try:
        return rule(*positional, **named)
    except RankNotKnown:
        return whatever_the_rank(rule, positional, named)
    except ZeroDivisionError as error:  # by a size that is 0 on a path that is not taken
        raise NotKnown(str(error)) from None


def _applied(found: Found, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    if found.reversed:
        args = tuple(reversed(args))
    try:
        if has_ones([*args, *kwargs.values()]):
            return _beside_ones(found, args, kwargs)
        if has_open_sizes([*args, *kwargs.values()]):
            return whatever_the_rank(lambda *a, **k: _applied(found, a, k), args, kwargs)
        if has_counts([*args, *kwargs.values()]):
            with suppress(RankNotKnown):  # else it is a size as any other: `x.new_zeros(x.dim())`
                return whatever_the_rank(lambda *a, **k: _applied(found, a, k), args, kwargs)
        positional, named = found.op.signature.bind(args, kwargs)
        result = _ruled(found.op.rule, positional, named)
    except (WrongKind, OtherKind) as refusal:
        if found.method:  # whose first argument is the tensor before the dot
            raise
        raise _exchanged(found, args, kwargs, refusal) or refusal from None
    if not found.in_place or found.op.reshapes_in_place:
        return result
    return _written_back(positional[0], result)


def _beside_ones(found: Found, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """What an operator gives where there are runs of ones, or whatever they are where that cannot be told."""
    try:
        return whatever_the_rank(lambda *a, **k: _applied(found, a, k), args, kwargs)
    except RankNotKnown:
        plain = {name: without_ones(value) for name, value in kwargs.items()}
        return _applied(found, [without_ones(value) for value in args], plain)


def _exchanged(
    found: Found, args: Sequence[Any], kwargs: Mapping[str, Any], refusal: WrongKind | OtherKind
) -> Exchanged | None:
    """What is wrong with a call whose arguments are of kinds that fit if just two of them change places."""
    name = found.op.names[0]
    is_lenient = name.startswith("torch.nn.functional.") or not name.startswith("torch.")
    if isinstance(refusal, OtherKind) and is_lenient:
        return None  # written in Python, where a number may do for a tensor
    if any(isinstance(value, Tensor) and value.device == "numpy" for value in args):
        return None
    fitting = []
    sure = [at for at, value in enumerate(args[:4]) if not isinstance(value, Unknown)]
    for i, j in itertools.combinations(sure, 2):
        changed = [args[j] if at == i else args[i] if at == j else value for at, value in enumerate(args)]
        try:
            positional, named = found.op.signature.bind(changed, kwargs)
            fitting.append((i, j, found.op.rule(*positional, **named)))
        except (CannotRun, NotKnown, TypeError, AttributeError):  # a rule takes values of its own kinds for granted
            continue
    if len(fitting) != 1:
        return None
    i, j, result = fitting[0]
    return Exchanged(f"{refusal}; arguments {i + 1} and {j + 1} stand in each other's place", result)


def _written_back(receiver: Tensor, result: Any) -> Tensor:
    """The receiver after an in-place operation, whose result must have the receiver's own shape."""
    if isinstance(result, Tensor) and result.shape.known and receiver.shape.known:
        facts = current().facts
        fits = result.rank == receiver.rank and all(
            facts.equality(a, b) is not False for a, b in zip(result.shape.dims, receiver.shape.dims, strict=True)
        )
        if not fits:
            raise CannotRun(f"the result {result.shape} does not fit into {receiver.shape} in place", Trouble.BROADCAST)
    return receiver


def construct(name: str, args: Sequence[Any], kwargs: Mapping[str, Any] | None = None) -> Any:
    """An instance of the layer of this full name. Raises CannotRun; NotKnown, also where there is no such layer."""
    found = find_layer(name)
    if found is None:
        raise NotKnown(f"the layer {name}")
    return construct_found(found, args, kwargs or {})


def construct_found(found: Layer, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """An instance of a layer, made with these values."""
    kept = {key: value for key, value in kwargs.items() if key not in ("device", "dtype")}
    positional, named = found.signature.bind(args, kept)
    made = found.type(*positional, **named)
    if kwargs.get("dtype") is not None:
        for attribute, value in list(vars(made).items()):
            if isinstance(value, Tensor):
                setattr(made, attribute, replace(value, dtype=None))
    return made


def forward(instance: Any, args: Sequence[Any], kwargs: Mapping[str, Any] | None = None) -> Any:
    """What a layer's instance returns for these values. Raises CannotRun or NotKnown."""
    return call_method(instance, "forward", args, kwargs or {})


def call_method(instance: Any, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """What a method of a layer's instance returns for these values. Raises CannotRun; NotKnown, also without a rule."""
    if not has_method(type(instance), name):
        raise NotKnown(f"the method {name} of a {type(instance).__name__}")
    if has_ones([*args, *kwargs.values()]):
        args = [without_ones(value) for value in args]
        kwargs = {key: without_ones(value) for key, value in kwargs.items()}
    positional, named = method_signature(type(instance), name).bind(args, kwargs)
    return _ruled(getattr(instance, name), positional, named)
