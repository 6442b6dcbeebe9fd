"""Fourier transforms: torch.fft, the short-time transform stft and its inverse."""

from __future__ import annotations

from collections.abc import Callable

from shapelint.dims import Dim, const
from shapelint.ops.along import ends_seen, found, replaced
from shapelint.ops.dtypes import floating
from shapelint.ops.families.decompose import complex_of
from shapelint.ops.families.reduce import real
from shapelint.ops.needs import CannotRun, Trouble, current, need, need_at_least, need_equal, need_rank
from shapelint.ops.registry import Op, add, op
from shapelint.ops.signature import DType, FlagNotKnown, Ints, Sizes, Values
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.shapes import NotKnown, Shape

PAGE = "https://docs.pytorch.org/docs/stable/generated/torch.fft."

Ending = Callable[[Dim, bool], Dim]
"""The size of the last transformed dim, from what was asked for or the input's own size (False)."""


def full(size: Dim, asked: bool) -> Dim:
    """All frequencies."""
    return size


def half(size: Dim, asked: bool) -> Dim:
    """The frequencies that are not the mirror image of others."""
    return size // 2 + 1


def whole(size: Dim, asked: bool) -> Dim:
    """As many points as a half spectrum stands for."""
    return size if asked else 2 * (size - 1)


KINDS: dict[str, tuple[Ending, bool]] = {
    "fft": (full, True), "ifft": (full, True), "rfft": (half, True), "irfft": (whole, False), "hfft": (whole, False),
    "ihfft": (half, True),
}  # fmt: skip
"""For each transform: the size of its last dim, and whether the result is complex."""


def transformed(input: Tensor, dims: list[int], sizes: list[Dim | None], ending: Ending, complex: bool) -> Tensor:
    """The input with its dims (in this order) brought to these sizes, the last one of them as `ending` says."""
    shape = input.shape
    for place, (at, asked) in enumerate(zip(dims, sizes, strict=True)):
        size = shape[at] if asked is None else asked
        given = asked is not None
        need_at_least(size, 1, f"{size} points for dim {at} of {shape}")
        if place == len(dims) - 1:
            size = ending(size, given)
            need_at_least(size, 1, f"{size} points of the result for dim {at} of {shape}")
        shape = replaced(shape, at, size)
    dtype = complex_of(floating(input.dtype)) if complex else real(input.dtype)
    return Tensor(shape, None, dtype, input.device)


def _dims_and_sizes(input: Tensor, s: Sizes | None, dim: Ints | None) -> tuple[Tensor, list[int], list[Dim | None]]:
    asked: list[Dim | None] = [None if size.value == -1 else size for size in s or ()]
    if dim is None:
        count = len(asked) if s is not None else input.rank
        if input.shape.known:
            need(count <= input.rank, f"{count} sizes for a tensor of {input.rank} dims {input.shape}")
        dim = tuple(range(-count, 0))
    need(s is None or len(asked) == len(dim), f"{len(asked)} sizes for {len(dim)} dims")
    if input.shape.known:
        need(input.rank > 0 or not dim, "a transform of a tensor of no dims", Trouble.DIM_INDEX)
    places = []
    for each in sorted(dim):
        input, _ = found(input, each)
    for each in dim:
        places.append(found(input, each)[1])
    need(len(set(places)) == len(places), f"a dim named twice: {dim}", Trouble.DIM_INDEX)
    return input, places, asked if s is not None else [None] * len(places)


def _one(name: str, ending: Ending, complex: bool) -> None:
    def rule(input: Tensor, n: Dim | None = None, dim: int = -1, norm: Values = None) -> Tensor:
        if input.shape.known:
            need(input.rank > 0, f"{name} of a tensor of no dims", Trouble.DIM_INDEX)
        input, at = found(input, dim)
        return transformed(input, [at], [n], ending, complex)

    _add(rule, name, "(*, d)", "(*, d)")


def _two(name: str, ending: Ending, complex: bool) -> None:
    def rule(input: Tensor, s: Sizes | None = None, dim: Ints = (-2, -1), norm: Values = None) -> Tensor:
        return transformed(*_dims_and_sizes(input, s, dim), ending, complex)

    _add(rule, f"{name}2", "(*, c, d)", "(*, c, d)")


def _many(name: str, ending: Ending, complex: bool) -> None:
    def rule(input: Tensor, s: Sizes | None = None, dim: Ints | None = None, norm: Values = None) -> Tensor:
        input, dims, sizes = _dims_and_sizes(input, s, dim)
        if ending is not full:
            need(len(dims) > 0, f"{name}n over no dims", Trouble.DIM_INDEX)
        return transformed(input, dims, sizes, ending, complex)

    _add(rule, f"{name}n", "(*d)", "(*d)")


FORMS: dict[Ending, str] = {
    full: "{}",
    half: "{}, the last dim becomes d//2 + 1",
    whole: "{}, the last dim becomes 2*(d - 1)",
}
LAST: dict[Ending, str] = {full: "{}", half: "{}//2 + 1", whole: "2*{} - 2"}


def _add(rule: Callable[..., Tensor], name: str, before: str, after: str) -> None:
    ending, _ = KINDS[name.rstrip("2n")]
    rule.__doc__ = f"{before} -> {FORMS[ending].format(after)}, unless sizes are asked for.\n\n{PAGE}{name}.html"
    entry = Op(rule, (f"torch.fft.{name}",))
    entry.gives("(B, H, W)", f"(B, H, {LAST[ending].format('W')})")
    if name[-1] in "2n":
        entry.gives("(B, H, W), (8, 8), (1, 2)", f"(B, 8, {ending(const(8), True)})")
        entry.fails("(2, 3), (8,), (0, 1)", "1 sizes for 2 dims")
    else:
        entry.gives("(B, H, W), 16, 1", f"(B, {ending(const(16), True)}, W)")
        entry.fails("(2, 3), dim=2", "dim 2 of a tensor of 2 dims")
    add(entry)


for _name, (_ending, _complex) in KINDS.items():
    _one(_name, _ending, _complex)
    _two(_name, _ending, _complex)
    _many(_name, _ending, _complex)


def _shift(input: Tensor, dim: Ints | None = None) -> Tensor:
    """(*) -> (*). https://docs.pytorch.org/docs/stable/generated/torch.fft.fftshift.html"""
    for each in dim or ():
        if input.shape.known:
            need(input.rank > 0, f"dim {each} of a tensor of 0 dims", Trouble.DIM_INDEX)
            found(input, each)
    return Tensor(input.shape, None, input.dtype, input.device)


add(Op(_shift, ("torch.fft.fftshift", "torch.fft.ifftshift")))


@op("torch.fft.fftfreq")
def fftfreq(n: Dim, d: Values = 1.0, *, dtype: DType | None = None, device: Values = None) -> Tensor:
    """n -> (n,). https://docs.pytorch.org/docs/stable/generated/torch.fft.fftfreq.html"""
    return Tensor(Shape((n,)), None, dtype or "float32")


fftfreq.gives("n", "(n,)")


@op("torch.fft.rfftfreq")
def rfftfreq(n: Dim, d: Values = 1.0, *, dtype: DType | None = None, device: Values = None) -> Tensor:
    """n -> (n//2 + 1,). https://docs.pytorch.org/docs/stable/generated/torch.fft.rfftfreq.html"""
    return Tensor(Shape((n // 2 + 1,)), None, dtype or "float32")


rfftfreq.gives("n", "(n//2 + 1,)")


# -- the short-time transform ------------------------------------------------------------------------------------------


def _flag(value: Values, default: bool, name: str) -> bool:
    if value is None:
        return default
    if isinstance(value, bool):
        return value
    if isinstance(value, Unknown):
        raise FlagNotKnown(name, value)
    raise NotKnown(f"{name} is not known")


def _check_window(window: Tensor | None, win_length: Dim, n_fft: Dim) -> None:
    need_at_least(win_length, 1, f"win_length is {win_length}")
    need_at_least(n_fft, win_length, f"win_length is {win_length}, n_fft is {n_fft}")
    if window is not None:
        need_rank(window, 1, what="the window", trouble=Trouble.ARGUMENT)
        need_equal(window.shape[0], win_length, "the size of the window", "win_length")


def _with_signals(input: Tensor, rank: int) -> Tensor:
    """One signal of so many dims, or a batch of them; which of the two may be unknown."""
    input = ends_seen(input, 0, rank)
    if input.shape.known:
        need_rank(input, rank, rank + 1, trouble=Trouble.ARGUMENT)
    return input


@op("torch.stft", "torch.Tensor.stft")
def stft(
    input: Tensor, n_fft: Dim, hop_length: Dim | None = None, win_length: Dim | None = None,
    window: Tensor | None = None, center: bool = True, pad_mode: Values = "reflect", normalized: Values = False,
    onesided: Values = None, return_complex: Values = None, align_to_window: Values = None,
) -> Tensor:  # fmt: skip
    """(*b, n) -> (*b, n_fft//2 + 1, 1 + n//hop), real or complex; not centred: 1 + (n - n_fft)//hop frames.

    A signal or window of complex numbers gives all n_fft frequencies; without return_complex a last dim of 2 is added.
    https://docs.pytorch.org/docs/stable/generated/torch.stft.html
    """
    input = _with_signals(input, 1)
    hop = n_fft // 4 if hop_length is None else hop_length
    length = input.shape[-1]
    need_at_least(hop, 1, f"hop_length is {hop}")
    need_at_least(n_fft, 1, f"n_fft is {n_fft}")
    _check_window(window, n_fft if win_length is None else win_length, n_fft)
    if center:
        if pad_mode == "reflect":
            need_at_least(length - 1, n_fft // 2, f"{length} points cannot be padded with {n_fft // 2} by reflection")
        length = length + 2 * (n_fft // 2)
    need_at_least(length, n_fft, f"n_fft is {n_fft}, the signal has {length} points")
    is_complex = any(tensor is not None and (tensor.dtype or "").startswith("complex") for tensor in (input, window))
    frequencies = n_fft // 2 + 1 if _flag(onesided, not is_complex, "onesided") else n_fft
    frames = (length - n_fft) // hop + 1
    if return_complex is None and not is_complex:
        if input.dtype is not None:
            raise CannotRun("return_complex must be given for a real signal")
        raise NotKnown("whether stft gives complex numbers here")  # a real signal had a last dim of 2 in older versions
    shape = input.shape.with_last(frequencies, frames, dropping=1)
    if _flag(return_complex, True, "return_complex"):
        return Tensor(shape, None, complex_of(floating(input.dtype)), input.device)
    return Tensor(shape.with_last(const(2), dropping=0), None, real(input.dtype), input.device)


stft.gives("(B, T), 400, 160, return_complex=True", "(B, 201, T//160 + 1)")
stft.gives("(T,), 400, 100, center=False, return_complex=True", "(201, T//100 - 3)")
stft.fails("(2, 3, 4), 2, return_complex=True", "the input has 3 dims (2, 3, 4), not 1 or 2")


@op("torch.istft", "torch.Tensor.istft")
def istft(
    input: Tensor, n_fft: Dim, hop_length: Dim | None = None, win_length: Dim | None = None,
    window: Tensor | None = None, center: bool = True, normalized: Values = False, onesided: Values = None,
    length: Dim | None = None, return_complex: Values = False,
) -> Tensor:  # fmt: skip
    """(*b, n_fft//2 + 1, t) -> (*b, hop*(t - 1)); not centred: (*b, n_fft + hop*(t - 1)); with `length`: (*b, length).

    https://docs.pytorch.org/docs/stable/generated/torch.istft.html
    """
    if input.shape.known and input.rank == 4 and input.shape[-1].value == 2:
        pairs = f"the input {input.shape} holds pairs of numbers, and must hold complex ones (torch.view_as_complex)"
        raise CannotRun(pairs, Trouble.ARGUMENT)
    input = _with_signals(input, 2)
    hop = n_fft // 4 if hop_length is None else hop_length
    need_at_least(hop, 1, f"hop_length is {hop}")
    _check_window(window, n_fft if win_length is None else win_length, n_fft)
    complex_result = return_complex is True
    _check_frequencies(input, n_fft, onesided)
    size = n_fft + hop * (input.shape[-1] - 1)
    if length is not None:
        size = length
    elif center:
        size = size - 2 * (n_fft // 2)
    dtype = None if not isinstance(return_complex, bool) else input.dtype if complex_result else real(input.dtype)
    return Tensor(input.shape.with_last(size, dropping=2), None, dtype, input.device)


def _check_frequencies(input: Tensor, n_fft: Dim, onesided: Values) -> None:
    size, half_of_them = input.shape[-2], n_fft // 2 + 1
    if isinstance(onesided, bool):
        wanted = half_of_them if onesided else n_fft
        need_equal(size, wanted, f"dim -2 of {input.shape}", "the number of frequencies")
        return
    facts = current().facts
    if all(facts.equality(size, wanted) is False for wanted in (half_of_them, n_fft)):
        raise CannotRun(f"dim -2 of {input.shape} is {size}, the number of frequencies is {half_of_them}")


istft.gives("complex64 (B, 201, T), 400, 160", "(B, 160*T - 160)")
istft.gives("complex64 (B, 201, T), 400, 160, length=n", "(B, n)")
istft.fails("(B, 201, T, 2), 400", "holds pairs of numbers, and must hold complex ones")
istft.fails("complex64 (3, 200, 5), 400", "dim -2 of (3, 200, 5) is 200, the number of frequencies is 201")
