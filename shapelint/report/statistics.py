"""`--statistics`: how much was decided, the findings by rule, why claims are open, what was not followed to its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shapelint.checks.model import Report, Verdict
from shapelint.report.counts import by_code, cut_short, open_reasons, plural


def write(report: Report, names: Mapping[str, str]) -> str:
    """The tables as text; `names` are those of the rules."""
    total = len(report.annotations)
    lines = [f"{plural(report.files, 'file')}, {plural(total, 'comment')}, {report.seconds:.2f} s"]
    verdicts = [(verdict.value, report.count(verdict)) for verdict in Verdict]
    if total:
        width = max(len(str(total)), 5)
        lines += ["", "Comments"]
        lines += [f"  {count:>{width}}  {count / total:6.1%}  {name}" for name, count in verdicts]
    lines += _table("Findings", [(f"{code}  {names.get(code, '')}".rstrip(), count) for code, count in by_code(report)])
    lines += _table("Why comments are open", open_reasons(report))
    lines += _table("Functions and classes not followed to their end", cut_short(report))
    return "\n".join(lines) + "\n"


def data(report: Report) -> dict[str, dict[str, int]]:
    """The same as data, for the JSON report."""
    return {"findings": dict(by_code(report)), "open": dict(open_reasons(report)), "cut_short": dict(cut_short(report))}


MOST_ROWS = 30


def _table(title: str, rows: Sequence[tuple[str, int]]) -> list[str]:
    """A table, of which a person sees the most frequent rows; the JSON report has all of them."""
    listed = [f"  {count:>5}  {name}" for name, count in rows[:MOST_ROWS]]
    if len(rows) > MOST_ROWS:
        listed.append(f"  {sum(count for _, count in rows[MOST_ROWS:]):>5}  {len(rows) - MOST_ROWS} others")
    return ["", title, *listed] if listed else []
