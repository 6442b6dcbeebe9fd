"""Objects that a call was given, held against what they were before it."""

from __future__ import annotations

from shapelint.dims import const
from shapelint.interp.paths.join import join_worlds
from shapelint.interp.paths.left_as_found import Touched, is_like, left_as_found
from shapelint.interp.state.values import Choice, ListObject
from shapelint.interp.state.world import World

ONE, TWO = (ListObject((const(n),)) for n in (1, 2))


def test_an_object_that_is_written_on_one_path_and_is_then_what_it_was_is_left_as_found() -> None:
    world = World()
    key = world.allocate(ListObject((Choice((const(1), const(2))),))).id
    Touched.before_call(world.heap, key)
    a, b = world.fork(), world.fork()
    a.heap[key], b.heap[key] = TWO, ONE
    assert not left_as_found(a.heap)
    assert left_as_found(join_worlds(a, b).heap)


def test_what_an_inner_call_wrote_to_objects_from_before_the_outer_one_was_written_by_that_too() -> None:
    world = World()
    old = world.allocate(ONE).id
    before = Touched.before_call(world.heap, old)
    new = world.allocate(ONE).id
    outer = Touched.before_call(world.heap, new)
    world.heap[old] = world.heap[new] = TWO
    assert set(world.heap.found) == {old, new}
    outer.give_back(world.heap)
    assert set(world.heap.found) == {old}
    assert not left_as_found(world.heap)
    before.give_back(world.heap)
    assert not world.heap.found


def test_one_of_several_values_is_alike_in_any_order() -> None:
    assert is_like(Choice((None, const(2))), Choice((const(2), None)))
    assert not is_like(Choice((None, const(2))), Choice((None, const(1))))
    assert not is_like(True, const(1))
