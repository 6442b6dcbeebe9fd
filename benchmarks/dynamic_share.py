"""Of the findings and open claims in a folder of code, how many a run decides, and why the rest cannot be run.

    python benchmarks/dynamic_share.py FOLDER [--seconds 30]

The code has to be importable here: install its package, with what it needs, beside shapelint and torch.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import Counter
from pathlib import Path

from shapelint.api import lint_source
from shapelint.checks.model import Verdict
from shapelint.dynamic.confirm import run_source
from shapelint.dynamic.limits import Limits
from shapelint.dynamic.runner import Runner
from shapelint.interp.objects.loader import Loader
from shapelint.project.settings import Settings
from shapelint.source import Source, read_source


def kind_of(reason: str) -> str:
    """A reason without its names and numbers."""
    reason = re.sub(r"^not run: ", "", reason)
    reason = re.sub(r"^line \d+: ", "", reason)
    head = re.match(r"(\w+(?:Error|Exception)): (.*)", reason)
    if head is None:
        return re.sub(r"\d+", "N", reason)
    text = re.sub(r"'[^']*'|\"[^\"]*\"|\[[^\]]*\]|\([^)]*\)", "_", head[2])
    return f"{head[1]}: {re.sub(r'[0-9]+', 'N', text)[:60]}"


def main() -> int:
    """Lint, run, count."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    answers: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    claims = 0
    start = time.perf_counter()
    loader = Loader()
    with Runner(Limits(seconds=arguments.seconds)) as runner:
        for path in sorted(arguments.folder.rglob("*.py")):
            source = read_source(path)
            if not isinstance(source, Source):
                continue
            report = lint_source(source, Settings())
            claims += len(report.annotations)
            if not report.findings and not report.count(Verdict.OPEN):
                continue
            outcome = run_source(source, loader, runner)
            if outcome is None:
                continue
            rows = [(f"finding {found.code}", one, found.line) for found, one in outcome.findings]
            rows += [("open claim", one, place[0]) for place, one in outcome.claims.items()]
            for what, answer, line in rows:
                word = "not run" if answer.text.startswith("not run") else answer.text
                answers[f"{what.split()[0]}: {word}"] += 1
                if word == "not run":
                    reasons[kind_of(answer.text)] += 1
                if arguments.verbose:
                    print(f"{path}:{line}: {what}: {answer.text}", flush=True)
    total = sum(answers.values())
    decided = sum(count for word, count in answers.items() if not word.endswith("not run"))
    print(f"{claims} claims; {total} findings and open claims, {decided} decided by a run", end="")
    print(f" ({decided / total:.0%}), {time.perf_counter() - start:.0f} s" if total else "")
    for word, count in answers.most_common():
        print(f"  {count:4} {word}")
    print("not run because:")
    for reason, count in reasons.most_common(25):
        print(f"  {count:4} {reason}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
