"""The finding of Example 1.3 of the article, and a report of it, as the analysis hands them over."""

from __future__ import annotations

from shapelint.checks.model import Annotation, Edit, Finding, Fix, Report, Verdict

SOURCE = tuple(["..."] * 227 + ["im1 @ im2                                     # (B, C, C)"])

FINDING = Finding(
    code="SHP102",
    severity="error",
    message="comment says (B, C, C), the code gives (B, H*W, H*W)",
    path="model.py",
    line=228,
    column=49,
    end_line=228,
    end_column=58,
    label="dims 2 and 3 are H*W, not C",
    declared="(B, C, C)",
    inferred="(B, H*W, H*W)",
    witness={"B": 4, "C": 3, "H": 4, "W": 4},
    notes=(
        "im1 is (B, H*W, C) from line 222, im2 is (B, C, H*W) from line 223",
        "for B=4, C=3, H=4, W=4: (4, 16, 16), not (4, 3, 3)",
    ),
    fix=Fix((Edit(228, 49, 228, 58, "(B, H*W, H*W)"),)),
)

WARNING = Finding("SHP302", "warning", "size: 100%, certain", "pkg/net.py", 3, 1, 3, 4)


WHY = "unknown function f"


def claims(proved: int = 0, refuted: int = 0, assumed: int = 0, unsure: int = 0) -> tuple[Annotation, ...]:
    """So many claims of each verdict."""
    counts = {
        Verdict.PROVED: proved,
        Verdict.REFUTED: refuted,
        Verdict.ASSUMED: assumed,
        Verdict.OPEN: unsure,
    }
    return tuple(
        Annotation("model.py", 1, 1, "# (B, C)", "x", "(B, C)", None, verdict, WHY if verdict is Verdict.OPEN else None)
        for verdict, count in counts.items()
        for _ in range(count)
    )


REPORT = Report((FINDING,), claims(30, 1, 3), files=1, seconds=0.25, sources={"model.py": SOURCE})
