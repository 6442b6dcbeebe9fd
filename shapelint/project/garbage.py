"""When Python looks for garbage: between two files rather than in the midst of one.

Interpreting a file makes very many small objects, most of which are in use until its end, and gone then, as nothing
that is done with holds itself (`Analysis.let_go`, `drop_unused`). Those that are in use after it are nodes of modules
that others import: looking through them, as Python does from time to time, frees little.
"""

from __future__ import annotations

import gc

MOST_NEW = 2_000_000
"""How many more objects there may be than after the last look before another is worth it."""

MOST_WITHIN_A_FILE = 3_000_000
"""As many in one file make Python look by itself, so that no file takes all memory."""


def put_off_collecting() -> None:
    """Leave it to `collect_between_files`."""
    gc.set_threshold(MOST_WITHIN_A_FILE, 20, 100)


def share_what_there_is() -> None:
    """What is there now is in use for good: it is not to be looked through, nor so copied by each process forked."""
    gc.freeze()


def collect_between_files() -> None:
    """Free what the files so far have left behind, once that may be much."""
    if gc.get_count()[0] >= MOST_NEW:
        gc.collect()
        if gc.get_freeze_count():  # in a process that is shapelint's alone
            gc.freeze()
