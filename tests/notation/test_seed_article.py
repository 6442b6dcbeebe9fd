"""Every shape comment of the article that the project grew from, and its docstrings."""

from __future__ import annotations

import pytest
from reading_text import show

from shapelint.notation import might_hold_claim, read_comment, read_docstring

TRAILING = [
    ("# (B, C, H, W)", "RESULT (B, C, H, W)"),
    ("# (B, C, H*W)", "RESULT (B, C, H*W)"),
    ("# (B, H*W, C)", "RESULT (B, H*W, C)"),
    ("# (B, C, C)", "RESULT (B, C, C)"),
    ("# (B, H*W, H*W)", "RESULT (B, H*W, H*W)"),
    ("# (B, C*H*W)", "RESULT (B, C*H*W)"),
    ("# (1, 1, D), where D = embed_dim", "RESULT (1, 1, D); where D = embed_dim"),
    ("# (B, D, H/ps, W/ps), where ps = patch_size", "RESULT (B, D, H/ps, W/ps); where ps = patch_size"),
    ("# (B, P, D), where P = H/ps * W/ps", "RESULT (B, P, D); where P = H/ps*(W/ps)"),
    ("# (B, 1, D)", "RESULT (B, 1, D)"),
    ("# (B, P+1, D)", "RESULT (B, P+1, D)"),
    (
        "# (B, P+1, D) + (1, P+1, D) = (B, P+1, D)",
        "OPERAND[0/2] (B, P+1, D); OPERAND[1/2] (1, P+1, D); RESULT (B, P+1, D)",
    ),
    ("# (8, 6, 10)", "RESULT (8, 6, 10)"),
    ("# (B, nh, P, d)", "RESULT (B, nh, P, d)"),
    ("# (B, nh, L, d)", "RESULT (B, nh, L, d)"),
    ("# (B, nh, P, L)", "RESULT (B, nh, P, L)"),
    ("# (B, 1, 1, L)", "RESULT (B, 1, 1, L)"),
    ("# (B, P, img_dim), img_dim = nh*d", "RESULT (B, P, img_dim); where img_dim = nh*d"),
    ("# (B, heads, L, D_head)", "RESULT (B, heads, L, D_head)"),
    ("# (heads, B, D_head, L) -> not contiguous anymore", "RESULT (heads, B, D_head, L) not-contiguous"),
    ("# -> error", "RAISES ''"),
    ("# non-contiguous shape (B, H, W, C)", "RESULT (B, H, W, C) not-contiguous"),
    ("# ERROR: not contiguous", "RAISES 'not contiguous'"),
]

OWN_LINE = [
    ("# K.transpose(2, 3).shape => (B, nh, d, L)", "RESULT K.transpose(2, 3) (B, nh, d, L)"),
    ("# attn_mask.shape -> (B, L)", "RESULT attn_mask (B, L)"),
]

NO_CLAIM = [
    "# merge heads and tokens",
    "# merge batch and heads",
    "# works just fine!",
    "# OK: will copy if needed",
    "# Or I can do this",
    "# Or this",
    "# I can now do im1 @ im2. This gives us",
    "# the image tokens of im1 dotted against",
    "# the image tokens of im2",
]


@pytest.mark.parametrize(("text", "expected"), TRAILING)
def test_a_trailing_comment_of_the_article_is_read(text: str, expected: str) -> None:
    assert show(read_comment(text)) == expected
    assert might_hold_claim(text)


@pytest.mark.parametrize(("text", "expected"), OWN_LINE)
def test_a_comment_on_its_own_line_is_read(text: str, expected: str) -> None:
    assert show(read_comment(text, own_line=True)) == expected


@pytest.mark.parametrize("text", NO_CLAIM)
def test_prose_of_the_article_is_no_claim(text: str) -> None:
    assert not read_comment(text)
    assert not read_comment(text, own_line=True)


def test_the_docstrings_of_the_article_are_read() -> None:
    shapes = "\n    img_toks (B, P, img_dim)\n    txt_toks (B, L, txt_dim)\n    attn_mask (B, L)\n    "
    expected = "INPUT img_toks (B, P, img_dim); INPUT txt_toks (B, L, txt_dim); INPUT attn_mask (B, L)"

    assert show(read_docstring(shapes)) == expected
    assert show(read_docstring("\n    D = embed_dim\n    ")) == "def D = embed_dim"
    assert show(read_docstring("\n  torch.rand, shape, Conv2d, Parameter, expand, flatten, transpose\n  ")) == ""
