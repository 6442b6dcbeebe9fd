"""Worlds that part at a branch and are joined after it."""

from __future__ import annotations

from shapelint.dims import const
from shapelint.interp.paths.join import join_worlds
from shapelint.interp.state.values import Choice, ListObject
from shapelint.interp.state.world import World

ONE, TWO, THREE = (ListObject((const(n),)) for n in (1, 2, 3))


def test_only_what_was_written_since_two_heaps_parted_may_differ() -> None:
    world = World()
    first, second, third = (world.allocate(ONE).id for _ in range(3))
    a, b = world.fork(), world.fork()
    assert a.heap.written_apart(b.heap) == []
    a.heap[second] = TWO
    b.heap[third] = TWO
    late = b.allocate(THREE).id
    assert a.heap.written_apart(b.heap) == b.heap.written_apart(a.heap) == [second, third, late]
    assert a.heap.written_apart(world.heap) == [second]
    assert first not in a.heap.written_apart(b.heap)


def test_a_join_is_what_a_join_of_every_object_gives() -> None:
    world = World()
    kept, changed, both = (world.allocate(ONE).id for _ in range(3))
    a, b = world.fork(), world.fork()
    a.heap[changed] = TWO
    a.heap[both], b.heap[both] = TWO, TWO
    of_a, of_b = a.allocate(TWO).id, b.allocate(THREE).id
    joined = join_worlds(a, b).heap
    assert joined[kept] is ONE
    assert joined[both] is TWO
    assert joined[changed] == ListObject((Choice((const(2), const(1))),))
    assert (joined[of_a], joined[of_b]) == (TWO, THREE)


def test_a_join_is_written_itself_so_that_a_later_one_sees_it() -> None:
    world = World()
    key = world.allocate(ONE).id
    a, b, untouched = world.fork(), world.fork(), world.fork()
    b.heap[key] = TWO
    joined = join_worlds(a, b)
    assert joined.heap.written_apart(untouched.heap) == [key]
    assert joined.heap[key] not in (ONE, TWO)
