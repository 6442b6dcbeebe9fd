"""What was asked of something that a caller gives: the same again, on each path that knows of the answer."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TypeAlias

from shapelint.dims import Dim, const, symbol
from shapelint.interp.state.machine import Frame, evaluate
from shapelint.interp.state.method_names import READ_OF_TENSORS
from shapelint.interp.state.values import Value
from shapelint.ops.needs import Context
from shapelint.ops.tensor import Unknown
from shapelint.program import nodes
from shapelint.program.within import all_parts


def answered(frame: Frame, test: nodes.Expr) -> bool | None:
    """Whether a test holds by what was found before of the same value, None where nothing was."""
    asked = _asked(frame, test)
    flag = frame.machine.flags.get(asked[0]) if asked is not None else None
    value = frame.world.value_of(flag) if flag is not None else None
    if asked is not None and value is not None:
        return (value == 1) == asked[1]
    if asked is not None and (constant := _constant_asked(frame, test, asked)) is not None:
        which, it = constant
        if (known := frame.world.value_of(which)) is not None:
            return (known == it.value) == asked[1]
    if isinstance(test, nodes.Unary) and test.op == "not":
        answer = answered(frame, test.operand)
        return None if answer is None else not answer
    if isinstance(test, nodes.Boolean):
        settles = test.op == "or"
        answers = [answered(frame, part) for part in test.values]
        return settles if settles in answers else None if None in answers else not settles
    return None


def note_answer(frame: Frame, test: nodes.Expr, holds: bool) -> None:
    """Take it for a fact of this path that a test of what a caller gives holds, or does not."""
    asked = _asked(frame, test)
    if asked is None:
        return
    question, positive = asked
    flag = frame.machine.flags.get(question)
    if flag is None:
        flag = frame.machine.flags[question] = symbol("_", scope=next(Context.serial), free=False, minimum=0)
    frame.world.facts = frame.world.facts.equal(flag, const(1 if holds == positive else 0))
    constant = _constant_asked(frame, test, asked)
    if constant is not None and holds == positive:
        frame.world.facts = frame.world.facts.equal(*constant)


def _constant_asked(frame: Frame, test: nodes.Expr, asked: Asked) -> tuple[Dim, Dim] | None:
    """A number for which constant a value is, and that of the one it is asked to be: who is "a" is not "b"."""
    while isinstance(test, nodes.Unary):
        test = test.operand
    if not isinstance(test, nodes.Compare) or not isinstance(test.comparators[0], nodes.Constant):
        return None
    if test.ops[0] not in ("==", "!=", "is", "is not"):
        return None
    flags, question = frame.machine.flags, asked[0]
    whole = (question[0] if isinstance(question, tuple) else question, "which")
    which = flags.get(whole)
    if which is None:
        which = flags[whole] = symbol("_", scope=next(Context.serial), free=False, minimum=0)
    return which, flags.setdefault(("constant", test.comparators[0].value), const(len(flags)))


def keep_test(frame: Frame, test: nodes.Expr, value: Value) -> None:
    """Keep with a condition that is not known what it asks: `batched = x is not None and x.dim() == 3`."""
    if not isinstance(value, Unknown) or value.origin or value.told_by is not None:
        return
    if isinstance(test, (nodes.Boolean, nodes.Compare)):
        names = {part.id for part in all_parts([test]) if isinstance(part, nodes.Name)}
        if "self" not in names:
            value.told_by = test, {name: frame.env[name] for name in names if name in frame.env}


def test_kept(frame: Frame, value: Value) -> nodes.Expr | None:
    """What a condition under a name asks, while all that it asks of stands for what it stood for then."""
    if not isinstance(value, Unknown) or value.told_by is None:
        return None
    test, asked = value.told_by
    return test if all(frame.env.get(name) is one for name, one in asked.items()) else None


def answers_known(frame: Frame) -> tuple[tuple[Dim, int], ...]:
    """All that this path knows of what a caller gives, as far as it was asked: what a call gives may depend on it."""
    told = frame.world.facts.mentioned
    values = ((flag, frame.world.value_of(flag)) for flag in frame.machine.flags.values() if flag.as_symbol in told)
    return tuple((flag, value) for flag, value in values if value is not None)


Asked: TypeAlias = tuple[Hashable, bool]
"""What a test asks of which value, and whether the test holds where that is so."""


def _asked(frame: Frame, test: nodes.Expr) -> Asked | None:
    """What `flag`, `x is not None`, `mode == "a"` or all of several such ask, None of any other test."""
    if isinstance(test, nodes.Unary) and test.op == "not":
        asked = _asked(frame, test.operand)
        return (asked[0], not asked[1]) if asked is not None else None
    if isinstance(test, nodes.Boolean):
        parts = [_asked(frame, part) for part in test.values]
        return None if None in parts else ((test.op, tuple(parts)), True)
    subject: nodes.Expr = test
    wanted, positive = "to be true", True
    if isinstance(test, nodes.Compare) and len(test.ops) == 1:
        among = _constants(test.comparators[0])
        if test.ops[0] not in _POSITIVE or among is None:
            return None
        subject, positive = test.left, _POSITIVE[test.ops[0]]
        wanted = f"to be {among}"
    if not isinstance(subject, (nodes.Name, nodes.Attribute)):
        return None
    if isinstance(subject, nodes.Attribute) and subject.attr in READ_OF_TENSORS:
        return None  # to read it would tell that a tensor it is, on a path on which it may be None
    value = frame.world.settle(evaluate(frame, subject))
    if isinstance(value, Unknown) and value.given and value not in frame.world.written:
        return (value.first, wanted), positive
    return ((value, wanted), positive) if isinstance(value, Dim) and value in frame.machine.optional else None


_POSITIVE = {"==": True, "!=": False, "is": True, "is not": False, "in": True, "not in": False}


def _constants(expr: nodes.Expr) -> str | None:
    """A constant, or a row of such, as text; None of anything else."""
    if isinstance(expr, nodes.Constant):
        return repr(expr.value)
    if isinstance(expr, nodes.Sequence) and all(isinstance(item, nodes.Constant) for item in expr.items):
        return repr([item.value for item in expr.items if isinstance(item, nodes.Constant)])
    return None
