"""A BatchNorm of samples that a view has merged with another dim: its statistics are taken over both together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shapelint.interp.state.events import Found

if TYPE_CHECKING:
    from shapelint.interp.state.suspicions import Applied


def norm_over_merged_batch(applied: Applied) -> Found | None:
    """A BatchNorm of a tensor whose first dim is a product of sizes that a caller chooses, `(B*T, D)`."""
    input = applied.known(0, "input")
    if input is None or input.rank < 2:
        return None
    first = input.shape[0]
    factors = sorted(first.symbols, key=lambda symbol: symbol.name)
    is_product = len(first.sorted_terms) == 1 and not first.opaque and len(factors) > 1
    if not is_product or not all(symbol.free for symbol in factors):
        return None
    names = " and ".join(str(symbol.dim) for symbol in factors)
    reason = f"{applied.name.removeprefix('nn.')} of {input.shape} takes mean and variance over {names} together"
    return reason, None, ("what fills up a shorter sequence is counted, and each step as a sample of its own",)
