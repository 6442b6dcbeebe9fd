"""What libcst need not read is left out, and every comment is attached as if it had read all."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest

from shapelint.program import lower, parse
from shapelint.program.positions import split_lines
from shapelint.program.silent import without_silent
from tests.program.reading_back import attachments
from tests.program.test_attach import ROWS

BLOCKS = '''\
import torch  # as ever


class Net(nn.Module):
    """Has # 1 claim."""

    def quiet(self, x):
        # to the moon
        return x

    @torch.jit.export  # as ever
    def loud(self, x):
        if x.dim() == 4:
            y = x
        elif x.dim() == 3:
            y = x[
                None
            ]  # (1, C, H, W)
        else:
            a = 1; b = 2
            # (B, C, H, W)
        try: y = f(y)
        except ValueError:
            return None
        return y
            # (B, D)


def after():
    pass
# (B, T)
'''
SILENT = """\
[]


class Net(nn.Module):
    []

    []

    @torch.jit.export  # as ever
    def loud(self, x):
        if x.dim() == 4:
            y = x
        elif x.dim() == 3:
            y = x[
                None
            ]  # (1, C, H, W)
        else:
            a = 1; b = 2
            # (B, C, H, W)
        []
        return y
            # (B, D)


[]
# (B, T)
"""


def test_what_is_silent_is_left_out() -> None:
    told = without_silent(ast.parse(BLOCKS), split_lines(BLOCKS))
    assert told == SILENT


@pytest.mark.parametrize("source", [BLOCKS, *(dedent(source) for source, _ in ROWS.values())])
def test_comments_are_attached_as_before(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = attachments(source, lower(source, ""))
    monkeypatch.setattr(parse, "without_silent", lambda _tree, lines: "\n".join(lines))
    assert quick == attachments(source, lower(source, ""))
