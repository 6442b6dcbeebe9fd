"""What a finding says can be understood by itself: whole sentences, and no sizes but those that it speaks of."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.linted import lint

MODULE = """
import torch
from torch import nn


class Scale(nn.Module):
    def __init__(self, factor, bias):
        super().__init__()


class Block(nn.Module):
    def __init__(self, dim, heads, width):
        super().__init__()
        self.dim, self.heads, self.width = dim, heads, width
        self.up = nn.Linear(width, dim)

    def forward(self, x):
        B, T, D = x.shape
        {line}
"""


def told(text: str) -> tuple[str, tuple[str, ...]]:
    """The headline and the notes of the one finding."""
    (finding,) = lint(text).findings
    return finding.message, finding.notes


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "return torch.cat([torch.rand(3, 4), torch.rand(5, 6)])",
            "these tensors cannot be joined: in cat along dim 0, dim 1 of (3, 4) is 4, that of (5, 6) is 6",
        ),
        (
            "return torch.rand(3, 4).view(5, 2)",
            "the elements do not fit: the number of elements of (3, 4) is 12, that of (5, 2) is 10",
        ),
        (
            "return torch.tensor(1.0).view(-1, 3)",
            "the elements do not fit: 1 element of () cannot make (-1, 3)",
        ),
        (
            "return torch.rand(7, 2).view(-1, 3)",
            "the elements do not fit: 14 elements of (7, 2) cannot make (-1, 3)",
        ),
        (
            "return torch.rand(7, 2, 3).expand(7, 2)",
            "this cannot be expanded: the tensor (7, 2, 3) has more dims than the 2 of expand",
        ),
        (
            "return torch.rand(7, 2).transpose(1, 2)",
            "there is no such dim: dim1 is 2, for a tensor of 2 dims",
        ),
        ("a, b = torch.rand(7).shape", "this cannot be unpacked: a shape of 1 dim (7,) for 2 names"),
        ("return Scale(2)", "this call cannot run: Scale.__init__(): the argument bias is missing"),
        ("return Scale(2, offset=1, bias=2)", "this call cannot run: Scale.__init__(): there is no parameter offset"),
    ],
)
def test_the_headline_of_what_cannot_run(line: str, message: str) -> None:
    assert told(MODULE.format(line=line))[0] == message


LETTER = """
import torch
from torch import nn


class Two(nn.Module):
    def __init__(self, dim, hidden, out):
        super().__init__()
        self.wide, self.narrow = nn.Linear(dim, hidden), nn.Linear(hidden, out)

    def forward(self, x):  # (B, T, dim)
        x = self.wide(x)  # (B, T, K)
        return self.narrow(x)  # (B, T, K)
"""


def test_a_letter_for_two_sizes_is_told_with_both() -> None:
    assert told(LETTER)[0] == "K stands for two sizes in these comments: here it is out, elsewhere hidden"


def test_the_sizes_of_a_witness_are_those_of_the_comment_and_the_shape_in_their_order() -> None:
    _, notes = told(MODULE.format(line="return self.up(x)  # (B, D, T)"))

    assert [note for note in notes if note.startswith("for ")] == ["for B=3, D=5, T=7, dim=2: (3, 7, 2), not (3, 5, 7)"]


def test_no_sizes_are_told_of_what_fails_for_all_of_them() -> None:
    message, notes = told(MODULE.format(line="return torch.softmax(x, 1, dim=1)"))

    assert "two values for the argument dim" in message
    assert not [note for note in notes if note.startswith("for ")]


UNNAMED = """
import torch


def f(rows):
    for row in rows:
        x = torch.zeros(len(row))
        c, d = x.shape
"""


def test_no_sizes_are_told_where_none_has_a_name() -> None:
    _, notes = told(UNNAMED)

    assert not [note for note in notes if note.startswith("for ")]


RESIDUAL = """
from torch import nn


class Block(nn.Module):
    def __init__(self, width, dim):
        super().__init__()
        self.conv = nn.Conv2d(width, dim, 3, padding=1)

    def forward(self, x):
        return self.conv(x) + x
"""


def test_a_shape_without_names_is_left_out_of_the_chain() -> None:
    message, notes = told(RESIDUAL)

    assert message == "runs only when dim == width"
    assert not [note for note in notes if "(_, _, _, _)" in note]


CALLS = """
import torch


def inner(x):
    return x @ torch.rand(3, 4)


def outer(y):
    return inner(y)


a = torch.rand(5, 6)
outer(a)
"""


def test_the_calls_on_the_way_to_an_operation_are_told_once() -> None:
    message, notes = told(CALLS)

    reason = "outer at line 10: the last dim of (5, 6) is 6, the second-last dim of (3, 4) is 3"
    assert message == f"this matrix product cannot run: {reason}"
    assert notes == ("x is (5, 6) from line 5", "outer at line 10 calls inner at line 6")


EQUATES = """
from torch import nn


class Inner(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc = nn.Linear(width, width)

    def forward(self, x):
        return self.fc(x)


class Outer(nn.Module):
    def __init__(self, dim, hidden):
        super().__init__()
        self.up, self.inner = nn.Linear(dim, hidden), Inner(dim)

    def forward(self, x):
        return self.inner(self.up(x))
"""


def test_names_that_a_call_equates_are_told_with_the_line_that_does_it() -> None:
    message, notes = told(EQUATES)

    assert message == "runs only when dim == hidden"
    assert "forward at line 11: the last dim of the input is hidden, in_features is dim" in notes


def test_what_goes_wrong_by_a_docstring_is_a_sentence() -> None:
    text = (
        'import torch\n\n\ndef f(x):\n    """Take apart.\n\n    Args:\n        x: of shape (B, T)\n    """\n'
        "    B, T, D = x.shape\n    return B\n"
    )
    message, _ = told(text)

    assert (
        message == "docstring says that x is (B, T), but then line 10 cannot run: a shape of 2 dims (B, T) for 3 names"
    )


def test_what_one_comment_says_of_three_targets_is_told_once() -> None:
    text = (
        "import torch\n\n\ndef f(x):\n    B, T, D = x.shape\n    x = x.repeat(1, 3, 1).reshape(B, 3, T * D)\n"
        "    q, k, v = x.unbind(1)  # (B, T, D)\n    return q, k, v\n"
    )
    message, _ = told(text)

    assert message == "comment says (B, T, D), the code gives (B, T*D)"


ELSEWHERE = """
from torch import nn


class Drop(nn.Module):
    def forward(self, x):
        return x.sum(2)
"""


def test_a_line_of_another_file_is_told_with_its_file(tmp_path: Path) -> None:
    """And what goes in there is told without its line, which is none of the file at hand."""
    (tmp_path / "drop.py").write_text(ELSEWHERE)
    here = "import torch\nfrom drop import Drop\n\ny = Drop()(torch.rand(5, 6))\n"
    (finding,) = lint(here, path=str(tmp_path / "here.py")).findings

    assert (
        finding.message
        == f"there is no such dim: forward at line 7 of {tmp_path.name}/drop.py: dim 2 of a tensor of 2 dims"
    )
    assert finding.notes == ("x is (5, 6)",)


ALIKE = """
import torch
from torch import nn


class Shift(nn.Module):
    def __init__(self, most=192):
        super().__init__()
        self.most = most

    def forward(self, x, most=None):
        if most is not None:
            self.most = most
        return x * torch.ones(2 * self.most + 1)[:, None]


class Estimate(nn.Module):
    def __init__(self, most=192):
        super().__init__()
        self.most = most
        self.shift = Shift(most + 1)

    def forward(self, x):
        return self.shift(torch.ones(2 * self.most + 1, 3))
"""


def test_two_sizes_that_are_called_alike_are_told_apart() -> None:
    """Their texts are the same, so that the headline says `n against n`."""
    _, notes = told(ALIKE)

    assert "the two are called alike, and are 5 and 7" in notes


NAMELESS = """
import torch
from torch import nn


class Neck(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.first, self.second = nn.Conv2d(64 * width, 8, 1), nn.Conv2d(128 * width, 8, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.first(x[0]) + self.second(x[1])
"""


def test_a_size_without_a_name_goes_by_what_it_is_known_to_be() -> None:
    """A layer has taken it for one before."""
    headline, _ = told(NAMELESS)

    assert headline.endswith("the channel dim of the input is 64*width, in_channels is 128*width")


ONE_CHANNEL = """
import torch
from torch import nn


class Patches(nn.Module):
    def __init__(self, size, in_chans=3, dim=8):
        super().__init__()
        self.proj = nn.Conv2d(in_chans, dim, 3)
        self.shape = self.shape_of(size)

    def shape_of(self, size):
        return self.proj(torch.randn(1, 1, size[0], size[1])).shape
"""


def test_a_number_stands_behind_the_name_that_is_to_be_it() -> None:
    """`in_chans == 1`, and not the other way round."""
    headline, _ = told(ONE_CHANNEL)

    assert headline == "runs only when in_chans == 1"


ELSEWHERE_RIGHT = """
import torch
from torch import nn


class Head(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 260, 1)

    def forward(self, x, other):
        B, _, H, W = other.shape
        y = torch.nn.functional.interpolate(self.conv(x), scale_factor=2)  # (B, 516, H, W)
        return y
"""


def test_the_sizes_shown_differ_where_the_claim_is_wrong() -> None:
    """What else is said of it is not known to be wrong, and is shown as right."""
    _, notes = told(ELSEWHERE_RIGHT)

    given, said = notes[-1].split(": ")[1].split(", not ")
    wrong = [one != other for one, other in zip(given[1:-1].split(", "), said[1:-1].split(", "), strict=True)]
    assert wrong == [False, True, False, False]
