"""Python's operators on tensors, each with the PyTorch function that it stands for."""

from __future__ import annotations

BINARY_OPERATORS = {
    "+": "torch.add", "-": "torch.sub", "*": "torch.mul", "/": "torch.div", "//": "torch.floor_divide",
    "%": "torch.remainder", "**": "torch.pow", "@": "torch.matmul", "&": "torch.bitwise_and",
    "|": "torch.bitwise_or", "^": "torch.bitwise_xor", "<<": "torch.bitwise_left_shift",
    ">>": "torch.bitwise_right_shift", "==": "torch.eq", "!=": "torch.ne", "<": "torch.lt", "<=": "torch.le",
    ">": "torch.gt", ">=": "torch.ge",
}  # fmt: skip
"""What `a OP b` calls, with the operands in this order also where only `b` is a tensor."""

UNARY_OPERATORS = {"-": "torch.neg", "+": "torch.positive", "~": "torch.bitwise_not"}
"""What `OP a` calls."""

BUILTINS = {"abs": "torch.abs", "len": "torch.Tensor.__len__", "round": "torch.round"}
"""What Python's own functions call when they are given a tensor."""

SPECIAL_METHODS = {
    "add": "+", "sub": "-", "mul": "*", "truediv": "/", "div": "/", "floordiv": "//", "mod": "%", "pow": "**",
    "matmul": "@", "and": "&", "or": "|", "xor": "^", "lshift": "<<", "rshift": ">>", "eq": "==", "ne": "!=",
    "lt": "<", "le": "<=", "gt": ">", "ge": ">=",
}  # fmt: skip
"""The name inside `__name__` of the method behind each operator."""

REVERSED = frozenset("add sub mul truediv div floordiv mod pow matmul and or xor lshift rshift".split())
"""Those with a twin `__rname__(self, other)` for `other OP self` and one `__iname__` for `self OP= other`."""


def special_method(name: str) -> tuple[str, bool] | None:
    """(the function behind a method like `__radd__`, whether its operands change places), or None."""
    inner = name.removeprefix("__").removesuffix("__")
    if inner in SPECIAL_METHODS:
        return BINARY_OPERATORS[SPECIAL_METHODS[inner]], False
    if inner[:1] in ("r", "i") and inner[1:] in REVERSED:
        return BINARY_OPERATORS[SPECIAL_METHODS[inner[1:]]], inner[0] == "r"
    if inner == "abs":
        return BUILTINS["abs"], False
    unary = {"neg": "-", "pos": "+", "invert": "~"}.get(inner)
    return (UNARY_OPERATORS[unary], False) if unary else None
