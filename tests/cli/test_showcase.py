"""The program that README lints: its mistakes are real, and shapelint finds these and no others."""

from __future__ import annotations

import json
import runpy
from collections.abc import Callable
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parent.parent.parent / "fixtures" / "showcase" / "vit.py"
Run = Callable[..., tuple[int, str, str]]

MENDED = {
    "x = torch.cat([cls, x], dim=1)  # (B, P, D)": "x = torch.cat([cls, x], dim=1)  # (B, P+1, D)",
    ".transpose(1, 2)  # (B, L, nh, d)": ".transpose(1, 2)  # (B, nh, L, d)",
    "out.transpose(1, 2).view(B, L, self.nh * self.d)": "out.transpose(1, 2).reshape(B, L, self.nh * self.d)",
    "self.head = nn.Linear(4 * dim, n_classes)": "self.head = nn.Linear(dim, n_classes)",
}
"""Each mistake, and what would be right."""

FOUND_ON = (
    "x = torch.cat([cls, x], dim=1)",
    "K = self.key(x)",
    "out = out.transpose(1, 2)",
    "return self.head(x[:, 0])",
)


def lines_found(shapelint: Run, path: Path) -> list[int]:
    pytest.importorskip("shapelint.api")
    return [f["line"] for f in json.loads(shapelint(str(path), "--output-format", "json")[1])["findings"]]


def mended() -> str:
    text = PROGRAM.read_text(encoding="utf-8")
    for wrong, right in MENDED.items():
        assert text.count(wrong) == 1
        text = text.replace(wrong, right)
    return text


def test_each_mistake_is_found_on_its_line(shapelint: Run) -> None:
    lines = PROGRAM.read_text(encoding="utf-8").splitlines()
    expected = [number for number, line in enumerate(lines, 1) if line.strip().startswith(FOUND_ON)]

    assert len(expected) == 4
    assert lines_found(shapelint, PROGRAM) == expected


def test_the_mended_program_is_clean(shapelint: Run, tmp_path: Path) -> None:
    (tmp_path / "vit.py").write_text(mended(), encoding="utf-8")

    assert lines_found(shapelint, tmp_path / "vit.py") == []


def test_the_mistakes_in_the_code_are_real(tmp_path: Path) -> None:
    """torch refuses the program as it is, and again with only the view mended; wholly mended it runs."""
    pytest.importorskip("torch")
    with pytest.raises(RuntimeError, match="view size is not compatible"):
        runpy.run_path(str(PROGRAM), run_name="__main__")

    half = mended().replace("nn.Linear(dim, n_classes)", "nn.Linear(4 * dim, n_classes)")
    (tmp_path / "half.py").write_text(half, encoding="utf-8")
    with pytest.raises(RuntimeError, match="cannot be multiplied"):
        runpy.run_path(str(tmp_path / "half.py"), run_name="__main__")

    (tmp_path / "whole.py").write_text(mended(), encoding="utf-8")
    runpy.run_path(str(tmp_path / "whole.py"), run_name="__main__")
