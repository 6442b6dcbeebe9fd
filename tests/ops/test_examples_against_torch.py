"""Every example that stands beside a rule, run on PyTorch itself: it gives the shapes that are written, or it fails.

Each symbol gets a size of its own; the tensors are meta tensors where the operator knows them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from calls import filled, mapped, resolve
from opinfo import leaves
from test_examples import arguments, every_example, expected

from shapelint.dims import Dim, Symbol, product
from shapelint.ops import registry
from shapelint.ops.registry import Example, Layer, Op
from shapelint.ops.signature import Signature
from shapelint.ops.tensor import Tensor

pytestmark = pytest.mark.filterwarnings("ignore")

TRIES = 40
SIZES = (range(2, 12), range(6, 60, 6), (2, 4, 8, 16, 32, 64, 128), range(8, 88, 8))
LARGE = range(480, 4800, 480)
NOT_RUN = {
    "torch.nn.UninitializedParameter": "it makes a parameter whose shape is not known",
}


def distinct_sizes(symbols: list[Symbol]) -> Iterator[dict[Symbol, int]]:
    """Sizes for the symbols, no two equal; many, since an example may need some to divide others."""
    rng = random.Random(0)
    for attempt in range(TRIES):
        large = attempt >= TRIES - 4
        pool = LARGE if large else SIZES[attempt % len(SIZES)]
        if len(symbols) <= (2 if large else len(pool)):
            yield dict(zip(symbols, rng.sample(pool, len(symbols)), strict=True))


def spoken(value: Any, env: dict[Symbol, int]) -> Any:
    """An abstract value as torch takes it."""
    if isinstance(value, Tensor):
        dtype = getattr(torch, value.dtype or "float32")
        return filled([size.evaluate(env) for size in value.shape.dims], dtype)
    if isinstance(value, Dim):
        return value.evaluate(env)
    if isinstance(value, (tuple, list)):
        return type(value)(spoken(item, env) for item in value)
    if isinstance(value, dict):
        return {key: spoken(item, env) for key, item in value.items()}
    if isinstance(value, str) and isinstance(getattr(torch, value, None), torch.dtype):
        return getattr(torch, value)
    return value


def symbols_of(value: Any) -> set[Symbol]:
    """Every symbol in some abstract values."""
    if isinstance(value, Tensor):
        return symbols_of(tuple(value.shape.dims))
    if isinstance(value, Dim):
        return set(value.symbols)
    if isinstance(value, dict):
        return symbols_of(tuple(value.values()))
    return {s for item in value for s in symbols_of(item)} if isinstance(value, (tuple, list)) else set()


def functions(entry: Op | Layer) -> list[Callable[..., Any]]:
    """What the names of an entry stand for in torch."""
    return [found for name in entry.names if (found := resolve(name)) is not None and name.startswith("torch.")]


def outcomes(entry: Op | Layer, example: Example, anywhere: bool) -> Iterator[tuple[Any, dict[Symbol, int]]]:
    """What torch gives for an example at some sizes, or the exception, with the sizes."""
    made: tuple[list[Any], dict[str, Any]] = ([], {})
    if isinstance(entry, Layer):
        made = arguments(example.constructor or "", entry.signature, anywhere)
        signature = registry.method_signature(entry.type, example.method)
    else:
        signature = entry.signature
    args, kwargs = arguments(example.arguments, signature, anywhere)
    ways = [args, *packed(args, signature)]
    symbols = sorted(symbols_of([made[0], made[1], args, kwargs]), key=lambda s: s.name)
    for env in distinct_sizes(symbols):
        for function in functions(entry)[:2]:
            for device in devices(example, [made, args, kwargs], env):
                method = example.method if isinstance(entry, Layer) else ""
                results = [called(function, method, made, way, kwargs, env, device) for way in ways]
                yield next((r for r in results if not isinstance(r, Exception)), results[0]), env


def packed(args: list[Any], signature: Signature) -> list[list[Any]]:
    """`view(x, 2, 3)` as `view(x, (2, 3))`, which some functions want."""
    at = next((i for i, parameter in enumerate(signature.parameters) if parameter.variadic), None)
    return [] if at is None else [[*args[:at], tuple(args[at:])]]


def devices(example: Example, values: Any, env: dict[Symbol, int]) -> tuple[str, ...]:
    """Where to run: with real numbers if they are few, for meta tensors do not check all that real ones do."""
    if not small(values, env):
        return ("meta",)
    return ("cpu",) if example.fails is not None else ("cpu", "meta")


def small(values: Any, env: dict[Symbol, int]) -> bool:
    """Whether the tensors are few enough numbers to be computed with."""
    counts = [product(t.shape.dims).evaluate(env) for t in leaves(values) if isinstance(t, Tensor)]
    return max(counts, default=1) < 100_000


def called(function: Any, method: str, made: Any, args: Any, kwargs: Any, env: dict[Symbol, int], device: str) -> Any:
    def there(value: Any) -> Any:
        return mapped(spoken(value, env), lambda t: t.to(device))

    try:
        with torch.no_grad():
            if method:
                module = function(*there(made[0]), **there(made[1]))
                module = module.to(device) if hasattr(module, "to") else module
                function = module if method == "forward" else getattr(module, method)
            return function(*there(args), **there(kwargs))
    except Exception as error:
        return error


def shapes(result: Any) -> list[tuple[int, ...]]:
    """The shapes of all tensors of a result."""
    return [tuple(leaf.shape) for leaf in leaves(result) if isinstance(leaf, torch.Tensor)]


def agrees(result: Any, text: str, env: dict[Symbol, int]) -> bool:
    """Whether a result has the shapes that an example writes; a name of its own stands for any size."""
    given, wanted = shapes(result), expected(text)
    if len(given) != len(wanted):
        return False
    for shape, sizes in zip(given, wanted, strict=True):
        if len(shape) != len(sizes):
            return False
        for n, size in zip(shape, sizes, strict=True):
            if all(symbol in env for symbol in size.symbols) and size.evaluate(env) != n:
                return False
    return True


def disagreement(entry: Op | Layer, example: Example) -> str:
    """Where torch and an example part, or nothing."""
    refused = ""
    for anywhere in (False, True):
        runs, mistyped = 0, 0
        for result, env in outcomes(entry, example, anywhere):
            mistyped += isinstance(result, TypeError)
            if isinstance(result, Exception):
                refused = refused or f"torch refuses at {named(env)}: {type(result).__name__}: {str(result)[:200]}"
                runs += example.fails is not None
            elif example.fails is not None:
                if agrees(result, "()", env) or shapes(result):
                    return f"torch gives {shapes(result)} at {named(env)}"
            elif agrees(result, example.gives or "", env):
                return ""
            else:
                refused = f"torch gives {shapes(result)} at {named(env)}, not {example.gives}"
                break
            if runs >= 3:
                return ""
            if mistyped >= 3:
                break  # the arguments were meant otherwise
    return refused


def named(env: dict[Symbol, int]) -> dict[str, int]:
    return {symbol.name: n for symbol, n in env.items()}


def comparable(entry: Op | Layer, example: Example) -> bool:
    """Whether this torch can be asked."""
    without_gpu = "cuda" in example.arguments and not torch.cuda.is_available()
    return bool(functions(entry)) and not set(entry.names) & set(NOT_RUN) and not without_gpu


EXAMPLES = [param for param in every_example() if comparable(*param.values)]


@pytest.mark.parametrize(("entry", "example"), EXAMPLES)
def test_torch_agrees_with_the_example(entry: Op | Layer, example: Example) -> None:
    trouble = disagreement(entry, example)
    assert not trouble, trouble


def test_an_example_that_is_wrong_is_found() -> None:
    flatten = registry.find("torch.flatten").op
    assert disagreement(flatten, Example("(B, C, H, W), 2", gives="(B, C, W*H)")) == ""
    assert "not (B, C, H+W)" in disagreement(flatten, Example("(B, C, H, W), 2", gives="(B, C, H+W)"))
    assert "torch gives" in disagreement(flatten, Example("(B, C, H, W), 2", fails="dim 2"))
    assert "torch refuses" in disagreement(flatten, Example("(B, C), 2", gives="(B, C)"))
