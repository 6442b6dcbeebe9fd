"""How many wrong mutants of the fixtures are caught, by kind, and which are not: `python -m benchmarks.mutants --help`.

A mutant has one place changed, in a comment or in the code, and is wrong by what torch does with it. It is caught if
something new is found at the changed line or below; `at home` if that is in the function or class that was changed.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from functools import partial
from pathlib import Path

from tests.fixtures.mutation import Outcome, outcomes
from tests.fixtures.test_fixtures import PAGES, PROGRAMS, text_of
from tests.linted import findings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=10_000, help="mutants of comments and of code, of each program")
    parser.add_argument("--only", default="", help="programs whose name holds this text")
    options = parser.parse_args()

    by_kind: dict[str, list[Outcome]] = defaultdict(list)
    for path in (*PROGRAMS, *PAGES):
        if options.only in path.name:
            for outcome in outcomes(path.name, text_of(path), options.sample, partial(lines, path)):
                by_kind[outcome.mutant.kind].append(outcome)
                if not outcome.caught:
                    mutant = outcome.mutant
                    print(f"missed {mutant.program}:{mutant.line}: {mutant.kind}: {mutant.changed}")
    print(f"{'kind':30} {'wrong':>6} {'caught':>7} {'at home':>8}")
    for kind in sorted(by_kind):
        row(kind, by_kind[kind])
    for family in ("comment", "code"):
        row(f"all of {family}", [each for kind, group in by_kind.items() if kind.startswith(family) for each in group])


def lines(path: Path, text: str) -> list[int]:
    return [finding.line for finding in findings(text, path.name)]


def row(name: str, group: list[Outcome]) -> None:
    count = max(1, len(group))
    caught, at_home = (sum(each.caught for each in group), sum(each.at_home for each in group))
    print(f"{name:30} {len(group):6} {caught / count:7.1%} {at_home / count:8.1%}")


if __name__ == "__main__":
    main()
