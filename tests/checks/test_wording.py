"""A finding answers in the words of the comments, where these have words for a size."""

from __future__ import annotations

import pytest

from tests.linted import lint

PROGRAM = """
import torch
from torch import nn


class Attention(nn.Module):
    def __init__(self, dim, n_heads):
        super().__init__()
        assert dim % n_heads == 0
        self.nh, self.d = n_heads, dim // n_heads
        self.cls = nn.Parameter(torch.zeros(1, 1, dim))

    def forward(self, x):  # (B, L, dim)
        B, L, _ = x.shape
        {line}
"""

HEADS = "q = x.view(B, L, self.nh, self.d).transpose(1, 2)"
TOKEN = "return torch.cat([self.cls.expand(B, -1, -1), x], dim=1)"


@pytest.mark.parametrize(
    ("line", "shown", "label"),
    [
        (f"{HEADS}  # (B, L, nh, d)", "(B, nh, L, d)", "dim 2 is nh, not L; dim 3 is L, not nh"),
        (f"{HEADS}  # (B, L, n_heads, d)", "(B, n_heads, L, d)", "dim 2 is n_heads, not L; dim 3 is L, not n_heads"),
        (f"{TOKEN}  # (B, L, dim)", "(B, L+1, dim)", "dim 2 is L+1, not L"),
        ("return x.view(B, -1)  # (B, L)", "(B, dim*L)", "dim 2 is dim*L, not L"),
        ("return x.new_zeros(B, 7)  # (B, L)", "(B, 7)", "dim 2 is 7, not L"),
    ],
)
def test_sizes_are_told_in_the_words_of_the_comments(line: str, shown: str, label: str) -> None:
    (finding,) = lint(PROGRAM.format(line=line)).findings

    assert finding.message.endswith(f"the code gives {shown}")
    assert finding.label == label
    assert finding.fix is not None
    assert finding.fix.title == shown


def test_the_sizes_of_a_witness_go_by_the_same_words_and_in_json_by_the_names_of_the_code() -> None:
    (finding,) = lint(PROGRAM.format(line=f"{HEADS}  # (B, L, nh, d)")).findings

    assert "nh=" in finding.notes[-1]
    assert "n_heads=" not in finding.notes[-1]
    assert "n_heads" in finding.witness


def test_the_shape_that_a_finding_proposes_is_true() -> None:
    wrong = PROGRAM.format(line=f"{TOKEN}  # (B, L, dim)")
    (finding,) = lint(wrong).findings
    assert finding.fix is not None

    mended = lint(wrong.replace("# (B, L, dim)", f"# {finding.fix.title}"))
    assert not mended.findings


MERGE = '''
from torch import nn


class Merge(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.reduction = nn.Linear(4 * dim, 2 * dim)

    def forward(self, x):
        """Halve the sides.

        Args:
            x: shape [B, C, H, W]

        Returns:
            shape [B, 2 * C, H // 2, W // 2]
        """
        B, H, W, C = x.shape
        x = x.reshape(B, H // 2, 2, W // 2, 2, C).permute(0, 1, 3, 4, 2, 5).flatten(3)
        return self.reduction(x)
'''


def test_a_name_of_the_code_is_no_word_for_what_a_wrong_comment_takes_it_for() -> None:
    first, second = lint(MERGE).findings

    assert first.message == "docstring says [B, C, H, W] of x, the code gives (B, H, W, C)"
    assert second.message == "docstring says [B, 2 * C, H // 2, W // 2], the code gives (B, H//2, W//2, 2*dim)"
    assert second.label == "dim 2 is H//2, not 2*C; dim 3 is W//2, not H//2; dim 4 is 2*dim, not W//2"


@pytest.mark.parametrize(
    ("made", "proposed"),
    [
        ("torch.zeros(len(row), 1, 3)", None),  # a size without a name
        ("torch.zeros(len(rows), 1, 3) if flag else torch.zeros(len(rows), 2, 3)", None),  # one of two
        ("torch.zeros(len(rows), 1, 3)", "(len(rows), 1, 3)"),
    ],
)
def test_a_shape_is_proposed_where_it_is_the_only_one_and_has_names(made: str, proposed: str | None) -> None:
    text = f"import torch\n\n\ndef f(rows, flag):\n    for row in rows:\n        y = {made}  # (N, 2)\n"
    (finding,) = lint(text).findings
    assert (finding.fix.title if finding.fix else None) == proposed
