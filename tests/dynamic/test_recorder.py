"""What passes a claim is noted where it passes; the program does not notice that it is watched."""

from __future__ import annotations

import traceback
from typing import Any

import pytest

from shapelint.dynamic.instrument import instrumented
from shapelint.dynamic.recorder import Recorder
from shapelint.dynamic.rewriting import RECORDER
from shapelint.source.pieces import Piece

torch = pytest.importorskip("torch")


def executed(text: str) -> tuple[dict[str, Any], Recorder]:
    code, program = instrumented(Piece("import torch; B, T = 2, 3\n" + text), "program.py")
    recorder = Recorder(program)
    names: dict[str, Any] = {"__name__": "program", RECORDER: recorder}
    exec(code, names)
    recorder.finish()
    return names, recorder


def noted(recorder: Recorder) -> dict[int, str]:
    """By line: how the values of its claims fitted (`r` right, `w` wrong, `u` undecided), one letter a value."""
    recorder.finish()
    found: dict[int, str] = {}
    for index, tally in sorted(recorder.tallies.items()):
        line = recorder.program.watches[index].at[0] - 1
        word = "r" * tally.right + "w" * (tally.wrong + tally.labels) + "u" * tally.undecided
        found[line] = found.get(line, "") + word
    return found


PLACES = {
    "assigned": ("x = torch.ones(B, T)  # (B, T)", {1: "r"}),
    "unpacked": ("a, b = torch.ones(B, 6).chunk(2, 1)  # (B, T)", {1: "rr"}),
    "one each": ("a, b = torch.ones(B, 1), torch.ones(T)  # (B, 1), (T,)", {1: "rr"}),
    "sizes": ("b, t = torch.ones(B, T).shape  # (B, T)", {1: "r"}),
    "augmented": ("x = torch.ones(B, T)\nx += 1  # (B, T)", {2: "r"}),
    "by itself": ("x = torch.ones(B, T)\nx.t()  # (T, B)", {2: "r"}),
    "named": ("x = torch.ones(B, T)\ny = x.sum()  # x: (B, T)", {2: "r"}),
    "named between two bindings": (
        "x = torch.ones(B, T)\n# x: (B, T)\nx = x.t()\n# x: (T, B)\nx = x[0]",
        {2: "r", 4: "r"},
    ),
    "named between, and neither": ("x = torch.ones(B, T)\n# x: (T, T)\nx = x.t()", {2: "w"}),
    "named below": ("# x: (B, T)\nx = torch.ones(B, T)", {1: "r"}),
    "above": ("# (B, T)\nx = torch.ones(B, T)", {1: "r"}),
    "of the value above": ("x = torch.ones(B, T)\n# (B, T)\nx = x.t()", {2: "r"}),
    "a link": ("x = (torch.ones(B, T)\n  .t()  # (T, B)\n  .sum())", {2: "r"}),
    "operands": ("x = torch.ones(B, T) @ torch.ones(T, 4)  # (B, T) @ (T, 4) = (B, 4)", {1: "rrr"}),
    "wrong operand": ("x = torch.ones(B, T) @ torch.ones(T, 4)  # (B, T) @ (4, T) = (B, 4)", {1: "rwr"}),
    "arrow": ("x = torch.ones(B, T).t()  # (B, T) -> (T, B)", {1: "rr"}),
    "an error": ("try:\n  torch.ones(B, T).view(7)  # ERROR: too few\nexcept RuntimeError: pass", {2: "r"}),
    "no error": ("torch.ones(B, T).view(6)  # ERROR: too few", {1: "w"}),
    "in a loop": ("for n in (1, 2, 3):\n  x = torch.ones(n, T)  # (n, T)", {2: "rrr"}),
    "letters in a loop": ("for n in (1, 2, 3):\n  x = torch.ones(n, T)  # (N, T)", {2: "rrr"}),
    "in a comprehension": ("xs = [\n  torch.ones(n, T)  # (n, T)\n  for n in (1, 2)]", {2: "rr"}),
    "no tensor": ("x = 'text'  # (B, T)", {1: "u"}),
}


@pytest.mark.parametrize("name", PLACES)
def test_where_a_claim_stands(name: str) -> None:
    text, expected = PLACES[name]

    assert noted(executed(text)[1]) == expected


def test_a_function_and_its_description() -> None:
    names, recorder = executed(
        'def f(x, w):\n    """\n    x: (B, T)\n    w: (T, D)\n\n'
        '    Returns:\n        (B, T)\n    """\n    return x @ w\n'
    )
    names["f"](torch.ones(2, 3), torch.ones(3, 4))

    assert noted(recorder) == {3: "r", 4: "r", 7: "w"}


def test_letters_are_bound_anew_in_each_call() -> None:
    names, recorder = executed("def f(x):\n    y = x * 2  # (M, N)\n    return y.t()  # (N, M)\n")
    names["f"](torch.ones(2, 3))
    names["f"](torch.ones(4, 5))

    assert noted(recorder) == {2: "rr", 3: "rr"}


def test_calls_within_calls_have_letters_of_their_own() -> None:
    names, recorder = executed(
        "def f(n):\n    x = torch.ones(n, 3)  # (N, 3)\n    n > 1 and f(n - 1)\n    x  # (N, 3)\n"
    )
    names["f"](3)

    assert noted(recorder) == {2: "rrr", 4: "rrr"}


def test_generators_and_coroutines() -> None:
    names, recorder = executed(
        "def g(n):\n    for i in range(n):\n        yield torch.ones(n, 3)\n"
        "        x = torch.ones(n, 2)  # (n, 2)\n\n\n"
        "async def c(n):\n    return torch.ones(n, 3)  # (n, 3)\n"
    )
    first, second = names["g"](2), names["g"](3)
    for _ in zip(first, second, strict=False):
        pass
    with pytest.raises(StopIteration):
        names["c"](4).send(None)

    assert noted(recorder) == {4: "rrr", 8: "r"}


def test_constructor_parameters_and_attributes_have_names() -> None:
    names, recorder = executed(
        "class M(torch.nn.Module):\n    def __init__(self, dim, heads):\n        super().__init__()\n"
        "        self.d = dim // heads\n    def forward(self, x):\n"
        "        x = x.view(2, -1, self.d)  # (2, heads, d)\n"
        "        return x.flatten(1)  # (2, dim), where dim = heads*d\n"
    )
    names["M"](6, 3)(torch.ones(2, 6))

    assert noted(recorder) == {6: "r", 7: "rr"}


def test_errors_keep_their_lines_and_their_type() -> None:
    names, _ = executed(
        "def f(x):\n    B, T = x.shape\n    y = x.t()  # (T, B)\n    return y.view(\n        77)  # (77,)\n"
    )
    with pytest.raises(RuntimeError) as raised:
        names["f"](torch.ones(2, 3))
    frames = traceback.extract_tb(raised.value.__traceback__)

    assert [frame.lineno for frame in frames if frame.filename == "program.py"] == [5]


def test_the_program_does_not_notice() -> None:
    names, _ = executed(
        "def f(x):\n    'doc'\n    y = x.t()  # (T, B)\n    return sorted(locals())\n\n\n"
        "class A:\n    def f(self):\n        return super().__repr__()  # (2, 3)\n"
    )

    assert names["f"](torch.ones(2, 3)) == ["x", "y"]
    assert names["f"].__doc__ == "doc"
    assert "A object" in names["A"]().f()
