"""Whether what shapelint infers of real code is so when that code runs: every local of every call, beside its value.

    python -m benchmarks.soundness SCRIPT... --tree FOLDER [--seconds 60] [--calls 4]
    python -m benchmarks.soundness --doctests --tree FOLDER

Each script (or each docstring's examples) runs in a process of its own with a trace on the code under FOLDER; then
each of these files is analysed, and each value that a name was given is held against what was inferred for that
line. Sizes that a caller chooses are what the first inputs of the call make them. A disagreement is a false alarm that
waits for its day; so is a line that ran though it was held never to be reached.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from benchmarks.soundness.comparing import Tally, compare
from benchmarks.soundness.recording import Call, calls_of, doctests
from shapelint.interp.objects.loader import Loader


def main() -> int:
    """Run, analyse, compare, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("scripts", nargs="*", type=Path)
    parser.add_argument("--tree", type=Path, required=True)
    parser.add_argument("--doctests", action="store_true", help="also run the examples in the tree's docstrings")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument(
        "--calls", type=int, default=4, help="how many calls of one function to look at, in each script"
    )
    parser.add_argument("--verbose", action="store_true", help="say why scripts stop")
    arguments = parser.parse_args()
    tree = arguments.tree.resolve()
    by_path: defaultdict[str, list[Call]] = defaultdict(list)
    ended = 0
    sys.path.insert(0, str(tree.parent))
    with contextlib.suppress(Exception):  # once for all scripts; those that need it say so themselves
        importlib.import_module(tree.name)
    with tempfile.TemporaryDirectory(dir=tree.parent) as folder:
        scripts = [str(script.resolve()) for script in arguments.scripts]
        scripts += list(doctests(tree, Path(folder))) if arguments.doctests else []
        for script in scripts:
            calls, failed = calls_of(script, tree, arguments.calls, arguments.seconds)
            ended += not failed
            if failed and arguments.verbose:
                print(f"{script}: {failed[:150]}", file=sys.stderr)
            for call in calls:
                by_path[call.path].append(call)
        tally = Tally()
        loader = Loader()
        for path, calls in sorted(by_path.items()):
            tally.add(compare(path, calls, loader))
    print(f"{ended} of {len(scripts)} scripts ran to their end, through {len(by_path)} files")
    print(f"{tally.held} values as inferred; of {tally.tensors} tensors {tally.shapes} in their whole shape")
    print(f"{tally.other_inputs} calls with other inputs; {len(tally.limited)} functions too much work")
    for kind, rows in (("not as inferred", tally.wrong), ("ran, though not followed", tally.unreached)):
        print(f"{len(rows)} {kind}")
        for (path, line, name), what in sorted(rows.items()):
            print(f"  {path}:{line}: {name}{' ' if name else ''}{what}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
