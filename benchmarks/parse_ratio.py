"""How many times its own parse each file of a folder takes to lint, in processor time, the worst first.

    python benchmarks/parse_ratio.py FOLDER_OR_FILE... [--worst 10] [--most 20]

All files are linted in one process, in order, without a cache: a module that several import is read by the first of
them. The parse is that of libcst, once warm. Exit status 1 where a file is above `--most`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import libcst

from shapelint.api import lint_source, warm_up
from shapelint.project.settings import Settings
from shapelint.source import Source, read_source


@dataclass(frozen=True, slots=True)
class Timed:
    """The seconds of processor time that a file took to lint, and that its parse takes."""

    path: Path
    lint: float
    parse: float

    @property
    def ratio(self) -> float:
        """How many times its parse the file took."""
        return self.lint / self.parse


def seconds(run: Callable[[], object]) -> float:
    """The processor time of a call."""
    start = time.process_time()
    run()
    return time.process_time() - start


def timed(paths: Sequence[Path]) -> Iterator[Timed]:
    """Each file that can be parsed, linted once; the faster of two parses counts, the first may wait for the disk."""
    for path in paths:
        source = read_source(path)
        if not isinstance(source, Source):
            continue
        data = path.read_bytes()
        try:
            parse = min(seconds(partial(libcst.parse_module, data)) for _ in range(2))
        except Exception:  # what libcst says of a file that is no Python does not matter here
            continue
        yield Timed(path, seconds(partial(lint_source, source, Settings())), parse)


def main() -> int:
    """Print the ratio of all files together, and the files with the highest."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("paths", nargs="+", type=Path, metavar="FOLDER_OR_FILE")
    parser.add_argument("--worst", type=int, default=10)
    parser.add_argument("--most", type=float, default=20)
    options = parser.parse_args()
    warm_up()
    paths = [path for root in options.paths for path in (sorted(root.rglob("*.py")) if root.is_dir() else [root])]
    rows = sorted(timed(paths), key=lambda row: -row.ratio)
    if not rows:
        print("no file that can be parsed", file=sys.stderr)
        return 1
    lint, parse = sum(row.lint for row in rows), sum(row.parse for row in rows)
    above = sum(row.ratio > options.most for row in rows)
    print(f"{len(rows)} files: {lint:.2f} s, {lint / parse:.1f} times the parse; {above} above {options.most:g} times")
    for row in rows[: options.worst]:
        print(f"{row.ratio:8.1f}  {row.lint:7.3f} s / {row.parse:.4f} s  {row.path}")
    return 1 if above else 0


if __name__ == "__main__":
    sys.exit(main())
