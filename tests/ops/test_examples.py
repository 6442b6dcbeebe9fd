"""Every example that stands beside a rule: `(B, C, H, W), 2` gives `(B, C, H*W)`, or fails with the reason.

A row of sizes is a tensor where the rule takes one, `int64 (B, L)` is one everywhere; where a rule takes anything
at all both readings are tried.
"""

from __future__ import annotations

import ast
import re
from typing import Any

import pytest

from shapelint.dims import Dim, const, symbol
from shapelint.ops import registry
from shapelint.ops.call import apply_found, call_method, construct_found
from shapelint.ops.dtypes import DTYPE_NAMES
from shapelint.ops.needs import CannotRun, Context, using
from shapelint.ops.registry import Example, Found, Layer, Op
from shapelint.ops.signature import Parameter, Signature
from shapelint.ops.tensor import Tensor
from shapelint.shapes import NotKnown, Shape

TYPED = re.compile(r"\b(" + "|".join(DTYPE_NAMES) + r")\s*(?=\()")
KINDS = frozenset({"Dim", "int", "Sizes", "Ints", "Extent", "Padding", "bool", "str", "float", "DType"})
TENSORS = ("Tensor", "Operand", "Tensors")
OPERATIONS = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.FloorDiv: lambda a, b: a // b,
    ast.Mod: lambda a, b: a % b,
    ast.Pow: lambda a, b: a**b.value,
}


def parsed(text: str) -> ast.Call:
    tree = ast.parse(f"f({TYPED.sub(lambda m: m.group(1) + ' @ ', text)})", mode="eval").body
    assert isinstance(tree, ast.Call)
    return tree


def value(node: ast.expr) -> Any:
    """A node as a value: names are symbols, `int64 (B, L)` is a tensor."""
    if isinstance(node, ast.Constant):
        plain = isinstance(node.value, int) and not isinstance(node.value, bool)
        return const(node.value) if plain else node.value
    if isinstance(node, ast.Name):
        return symbol(node.id)
    if isinstance(node, ast.Tuple):
        return tuple(value(item) for item in node.elts)
    if isinstance(node, ast.List):
        return [value(item) for item in node.elts]
    if isinstance(node, ast.UnaryOp):
        inner = value(node.operand)
        return -inner
    assert isinstance(node, ast.BinOp), ast.dump(node)
    if isinstance(node.op, ast.MatMult):
        assert isinstance(node.left, ast.Name)
        return tensor(value(node.right), DTYPE_NAMES[node.left.id])
    return OPERATIONS[type(node.op)](value(node.left), value(node.right))


def tensor(sizes: tuple[Any, ...], dtype: str = "float32") -> Tensor:
    return Tensor(Shape.of(*sizes), "contiguous", dtype)


def meant(given: Any, parameter: Parameter | None, anywhere: bool) -> Any:
    """A row of sizes where a tensor is taken is a tensor; with `anywhere` also where anything is taken."""
    kind = parameter.kind.split(" | ")[0] if parameter is not None else "Values"
    if kind not in TENSORS and not (anywhere and kind not in KINDS):
        return given
    if isinstance(given, list) or (isinstance(given, tuple) and any(isinstance(item, tuple) for item in given)):
        return type(given)(meant(item, parameter, anywhere) for item in given)
    return tensor(given) if isinstance(given, tuple) and all(isinstance(item, Dim) for item in given) else given


def arguments(text: str, signature: Signature, anywhere: bool) -> tuple[list[Any], dict[str, Any]]:
    call, listed, args = parsed(text), list(signature.parameters), []
    for node in call.args:
        parameter = listed[0] if listed else None
        if parameter is not None and not parameter.variadic:
            listed.pop(0)
        args.append(meant(value(node), parameter, anywhere))
    named = {parameter.name: parameter for parameter in signature.parameters}
    kwargs = {str(word.arg): meant(value(word.value), named.get(str(word.arg)), anywhere) for word in call.keywords}
    return args, kwargs


def expected(text: str) -> list[Any]:
    found = [value(node) for node in parsed(text).args]
    return list(found[0]) if len(found) == 1 and found[0] and isinstance(found[0][0], tuple) else found


def tensors(result: Any) -> list[Tensor]:
    if isinstance(result, Tensor):
        return [result]
    return [t for item in result for t in tensors(item)] if isinstance(result, (tuple, list)) else []


def run(entry: Op | Layer, example: Example, anywhere: bool) -> Any:
    if isinstance(entry, Op):
        return apply_found(Found(entry), *arguments(example.arguments, entry.signature, anywhere))
    made = construct_found(entry, *arguments(example.constructor or "", entry.signature, anywhere))
    signature = registry.method_signature(type(made), example.method)
    return call_method(made, example.method, *arguments(example.arguments, signature, anywhere))


def every_example() -> list[Any]:
    entries: list[Op | Layer] = [*registry.operators(), *registry.layers()]
    return [pytest.param(entry, example, id=f"{entry.names[0]}({example.constructor or ''}{example.arguments})")
            for entry in entries for example in entry.examples]  # fmt: skip


@pytest.mark.parametrize(("entry", "example"), every_example())
def test_example(entry: Op | Layer, example: Example) -> None:
    troubles = [outcome(entry, example, anywhere) for anywhere in (False, True)]
    assert "" in troubles, "\n".join(dict.fromkeys(troubles))


def outcome(entry: Op | Layer, example: Example, anywhere: bool) -> str:
    """What is wrong with an example under one reading, or nothing."""
    context = Context()
    try:
        with using(context):
            given = tensors(run(entry, example, anywhere))
    except CannotRun as error:
        return "" if example.fails is not None and example.fails in error.reason else f"cannot run: {error.reason}"
    except NotKnown as why:
        return f"not known: {why}"
    if example.gives is None:
        return f"gives {[str(t.shape) for t in given]} and does not fail"
    shown, wanted = ", ".join(str(t.shape) for t in given), expected(example.gives)
    fits = len(given) == len(wanted) and all(same(t, s, context) for t, s in zip(given, wanted, strict=True))
    if not fits:
        return f"gives {shown}, not {example.gives}"
    return "".join(f"needs {need.reason}" for need in context.needs)


def same(given: Tensor, sizes: tuple[Any, ...], context: Context) -> bool:
    if given.rank != len(sizes):
        return False
    pairs = zip(given.shape.dims, Shape.of(*sizes).dims, strict=True)
    return all(of_the_data(a) or context.facts.normalize(a - b).value == 0 for a, b in pairs)


def of_the_data(size: Dim) -> bool:
    """A size that only the data tells: it may be called as one likes."""
    return any(not s.free for s in size.symbols)
