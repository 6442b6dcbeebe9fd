"""Every kind of syntax is lowered to its node, with the span of its own source text."""

from __future__ import annotations

import sys

import pytest

from shapelint.program import CannotParse, has_claims, imports_torch, lower, nodes
from shapelint.program.nodes import Stmt
from tests.program.reading_back import attachments, statements, text_at


def only(source: str) -> Stmt:
    [statement] = lower(source, "").body
    return statement


EXPRESSIONS = {
    "1": "Constant",
    "a": "Name",
    "a.b": "Attribute",
    "a[1]": "Subscript",
    "a[1:2, ...]": "Subscript",
    "f(a, *b, c=1, **d)": "Call",
    "-a": "Unary",
    "not a": "Unary",
    "a @ b": "Binary",
    "a and b or c": "Boolean",
    "0 < a <= b": "Compare",
    "a not in b": "Compare",
    "a if b else c": "Conditional",
    "(a, *b)": "Sequence",
    "[a, b]": "Sequence",
    "{a, b}": "Sequence",
    "{a: b, **c}": "Dict",
    "lambda a, /, b=1, *c, d, **e: a": "Lambda",
    "[a for a in b if c]": "Comprehension",
    "{a for a in b}": "Comprehension",
    "{a: b for a, b in c}": "Comprehension",
    "(a for a in b for c in d)": "Comprehension",
    "(a := b)": "Walrus",
    'f"{a} {b!r:>{c}}"': "FString",
}


@pytest.mark.parametrize(("source", "kind"), EXPRESSIONS.items())
def test_an_expression(source: str, kind: str) -> None:
    statement = only(source)
    assert isinstance(statement, nodes.Expression)
    assert type(statement.value).__name__ == kind
    bare = source[1:-1] if kind == "Walrus" else source
    assert text_at(source, statement.value.at) == bare


STATEMENTS = {
    "a = b = c": "Assign",
    "a: int": "Assign",
    "a: int = 1": "Assign",
    "a //= b": "AugAssign",
    "raise A from b": "Raise",
    "raise": "Raise",
    "assert a, b": "Assert",
    "del a, b[0]": "Delete",
    "pass": "Control",
    "import a.b, c as d": "Import",
    "from ..a import b as c": "Import",
    "from a import *": "Import",
    "for a, b in c:\n    break\nelse:\n    pass": "For",
    "while a:\n    continue": "While",
    "with a as b, c:\n    pass": "With",
    "try:\n    pass\nexcept (A, B) as c:\n    pass\nelse:\n    pass\nfinally:\n    pass": "Try",
    "match a:\n    case 1:\n        pass": "Match",
    "def f(): global a": "Function",
    "async def f():\n    async for a in b: await c\n    async with a: pass": "Function",
    "@a\nclass A(B, metaclass=C): pass": "Class",
    "if a: pass\nelif b: pass\nelse: pass": "If",
}
if sys.version_info >= (3, 11):
    STATEMENTS["try:\n    pass\nexcept* A:\n    pass"] = "Try"
if sys.version_info >= (3, 12):
    STATEMENTS["type A = B"] = "Assign"
    STATEMENTS["def f[T](a: T) -> T: pass"] = "Function"


@pytest.mark.parametrize(("source", "kind"), STATEMENTS.items())
def test_a_statement(source: str, kind: str) -> None:
    statement = only(source)
    assert type(statement).__name__ == kind
    assert text_at(source, statement.at) == source.removeprefix("@a\n")


def test_imports_name_what_they_bind() -> None:
    module = lower("import a.b, c as d\nfrom ..a import b as c, e\nfrom . import f\n", "")
    assert [(each.module, each.names) for each in module.body if isinstance(each, nodes.Import)] == [
        (None, (("a.b", "a"), ("c", "d"))),
        ("..a", (("b", "c"), ("e", "e"))),
        (".", (("f", "f"),)),
    ]


def test_parameters() -> None:
    function = only("def f(a, /, b=1, *c, d, e=2, **g) -> None: pass")
    assert isinstance(function, nodes.Function)
    assert [(each.name, each.kind, each.default is not None) for each in function.params] == [
        ("a", "positional", False),
        ("b", "either", True),
        ("c", "args", False),
        ("d", "keyword", False),
        ("e", "keyword", True),
        ("g", "kwargs", False),
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f(): yield 1", True),
        ("def f():\n    for x in y: yield from x", True),
        ("def f(): return 1", False),
        ("def f():\n    def g(): yield 1", False),
        ("def f(): return lambda: (yield)", False),
        ("async def f(): await g()", False),
    ],
)
def test_generators(source: str, expected: bool) -> None:
    function = only(source)
    assert isinstance(function, nodes.Function)
    assert function.is_generator is expected


IMPORTED = '''
def f(x):
    """Args:
        x: a tensor (B, C).
    """
    def g(y):
        yield y
    return g(x)
'''


def test_what_is_within_a_function_of_an_imported_file_is_lowered_when_it_is_used() -> None:
    (function,) = lower(IMPORTED, "imported.py", comments=False).body
    assert isinstance(function, nodes.Function)
    assert set(function.missing or ()) == {"body", "is_generator", "described"}
    _, inner, returned = function.body
    assert isinstance(inner, nodes.Function)
    assert inner.is_generator
    assert isinstance(returned, nodes.Return)
    assert not function.is_generator
    assert len(function.described.claims) == 1
    assert not function.missing
    with pytest.raises(AttributeError):
        _ = function.no_field  # type: ignore[attr-defined]


def test_a_file_that_is_imported_and_linted_is_lowered_once() -> None:
    imported = lower(IMPORTED + "# ours\n", "a.py", comments=False)
    linted = lower(IMPORTED + "# ours\n", "b.py")
    assert (imported.path, linted.path) == ("a.py", "b.py")
    assert imported.body[0] is linted.body[0]
    assert isinstance(linted.body[0], nodes.Function)
    assert not linted.body[0].missing
    with_claim = IMPORTED + "x = torch.zeros(2)  # (2,)\n"
    assert lower(with_claim, "a.py", comments=False).body[0] is not lower(with_claim, "a.py").body[0]


def test_what_cannot_be_lowered_is_told_of_a_linted_file_that_was_imported_before() -> None:
    text = f"def f(x):\n    return {'lambda: ' * 900}x\n"
    lower(text, "deep.py", comments=False)
    with pytest.raises(CannotParse, match="nested too deeply"):
        lower(text, "deep.py")


@pytest.mark.parametrize(
    ("pattern", "literal", "irrefutable", "binds"),
    [
        ("1", True, False, ()),
        ("-1", True, False, ()),
        ("None", True, False, ()),
        ("A.b", True, False, ()),
        ("_", False, True, ()),
        ("a", False, True, ("a",)),
        ("1 as a", True, False, ("a",)),
        ("[a, *b]", False, False, ("a", "b")),
        ("{'k': a, **b}", False, False, ("a", "b")),
        ("A(a, k=b)", False, False, ("a", "b")),
        ("[a, 1] | [1, a]", False, False, ("a",)),
        ("a if a > 1", False, False, ("a",)),
    ],
)
def test_cases(pattern: str, literal: bool, irrefutable: bool, binds: tuple[str, ...]) -> None:
    match = only(f"match x:\n    case {pattern}:\n        pass")
    assert isinstance(match, nodes.Match)
    [case] = match.cases
    assert (case.literal is not None, case.irrefutable, case.binds) == (literal, irrefutable, binds)


def test_a_long_run_of_elif_does_not_nest_and_keeps_its_comments() -> None:
    source = "if a0: pass\n" + "".join(f"elif a{n}:\n    x = f()  # (B, C)\n" for n in range(500)) + "else: pass\n"
    assert len(attachments(source, lower(source, ""))) == 500


def test_an_if_in_an_else_keeps_the_comment_of_the_else() -> None:
    source = "if a:\n    pass\nelse:  # (B, C)\n    if b:  # (B, D)\n        pass\n    # (B, K)\n"
    assert attachments(source, lower(source, "")) == [
        "(B, C) HEADER -",
        "(B, D) HEADER if b:  # (B, D)",
        "(B, K) BELOW -",
    ]


def test_every_statement_is_kept() -> None:
    source = "class A:\n    def f(self):\n        try:\n            a\n        except B:\n            c\n        d\n"
    names = [type(each).__name__ for each in statements(lower(source, "").body)]
    assert names == ["Class", "Function", "Try", "Expression", "Expression", "Expression"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import torch", True),
        ("import numpy as np, torch.nn as nn", True),
        ("from torch import nn", True),
        ("from einops import rearrange", True),
        ("    from torchvision.ops import nms", True),
        (">>> import torch", True),
        ("from .layers import *\ntorch.cat(x)", True),
        ("from .layers import *\nnn.Linear(2, 3)", True),
        ("from .layers import *", False),
        ("from .layers import cat\ntorch.cat(x)", False),
        ("import numpy", False),
        ("x = torch", False),
        ("# import torch", False),
        ("import numpy  # not torch", False),
        ("", False),
    ],
)
def test_imports_torch(text: str, expected: bool) -> None:
    assert imports_torch(f"import os\n{text}\n") is expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = f()  # (B, C)", True),
        ("x = f()  # why not", False),
        (
            "def f():\n    for x in y:\n        try: pass\n        finally:\n            x = g()  # (B, C)",
            True,
        ),
        ('def f(x: Float[Tensor, "b c"]): pass', True),
        ("", False),
    ],
)
def test_has_claims(source: str, expected: bool) -> None:
    assert has_claims(lower(source, "")) is expected
