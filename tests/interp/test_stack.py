"""Room for deep recursion changes nothing of what a function gives."""

import sys

from shapelint.interp.state.stack import ROOM, with_room


def _depth(n: int) -> int:
    return 0 if n == 0 else 1 + _depth(n - 1)


@with_room
def counted(n: int, *, more: int = 0) -> int:
    """How deep it went."""
    return _depth(n) + more


def test_a_function_with_room_gives_what_it_gave():
    assert counted(sys.getrecursionlimit() // 3, more=2) == sys.getrecursionlimit() // 3 + 2
    assert counted.__name__ == "counted"
    assert counted.__doc__ == "How deep it went."


def test_it_asks_for_the_room_in_its_own_frame():
    assert counted.__code__.co_stacksize >= ROOM // 8
    assert _depth.__code__.co_stacksize < ROOM // 8
