"""Sound outside of PyTorch: what librosa, soundfile and scipy.signal read, transform and give, as arrays.

What these libraries refuse is left open, and so is a number of dims that only a file knows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint.dims import Dim, const
from shapelint.ops.elsewhere.libraries import left_open
from shapelint.ops.elsewhere.numpy_array import as_array
from shapelint.ops.needs import KindNotKnown, current
from shapelint.ops.registry import Op, add, layer
from shapelint.ops.signature import RowValues
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.shapes import NotKnown, Shape

LIBROSA = "https://librosa.org/doc/latest/generated/librosa"


def _size(value: Any, name: str = "_") -> Dim:
    """A size that is given; one that nobody knows where it is none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return const(value)
    found = current().as_size(value) if isinstance(value, Unknown) else value
    return found if isinstance(found, Dim) else current().fresh(name, minimum=1)


def _signal(value: Any) -> Shape:
    if not isinstance(value, Tensor):
        raise KindNotKnown("whether it is an array")
    return current().settle(value).shape


def _array(shape: Shape) -> Tensor:
    return as_array(Tensor(shape))


def _of_any_length(name: str = "_") -> Dim:
    return current().fresh(name, minimum=1)


# -- librosa -----------------------------------------------------------------------------------------------------------


def _mel_filters(
    *, sr: RowValues = 22050, n_fft: RowValues = None, n_mels: RowValues = 128, fmin: RowValues = 0.0,
    fmax: RowValues = None, htk: RowValues = False, norm: RowValues = "slaney", dtype: RowValues = None,
) -> Tensor:  # fmt: skip
    return _array(Shape((_size(n_mels), _size(n_fft) // 2 + 1)))


def _mel_filters_by_place(*arguments: RowValues, **named: RowValues) -> Tensor:
    """Releases before 0.10 take the rate, the window and the number of filters by their places, too."""
    return _mel_filters(**{**dict(zip(("sr", "n_fft", "n_mels", "fmin", "fmax"), arguments, strict=False)), **named})


def _frames(length: Dim, n_fft: Dim, hop_length: Any, win_length: Any, center: Any) -> Dim:
    if not isinstance(center, bool):
        return _of_any_length()
    hop = (n_fft if win_length is None else _size(win_length)) // 4 if hop_length is None else _size(hop_length)
    return (length + 2 * (n_fft // 2) - n_fft if center else length - n_fft) // hop + 1


def _stft(
    y: RowValues, n_fft: RowValues = 2048, hop_length: RowValues = None, win_length: RowValues = None,
    window: RowValues = "hann", center: RowValues = True, dtype: RowValues = None, pad_mode: RowValues = "constant",
    **named: RowValues,
) -> Tensor:  # fmt: skip
    shape, window_size = _signal(y), _size(n_fft)
    frames = _frames(shape[-1], window_size, hop_length, win_length, center)
    return _array(shape.with_last(window_size // 2 + 1, frames, dropping=1))


def _melspectrogram(
    *, y: RowValues = None, sr: RowValues = 22050, S: RowValues = None, n_fft: RowValues = 2048,
    hop_length: RowValues = 512, win_length: RowValues = None, window: RowValues = "hann", center: RowValues = True,
    pad_mode: RowValues = "constant", power: RowValues = 2.0, n_mels: RowValues = 128, **named: RowValues,
) -> Tensor:  # fmt: skip
    if y is None:
        spectrogram = _signal(S)
        return _array(spectrogram.with_last(_size(n_mels), spectrogram[-1], dropping=2))
    shape = _signal(y)
    frames = _frames(shape[-1], _size(n_fft), hop_length, win_length, center)
    return _array(shape.with_last(_size(n_mels), frames, dropping=1))


def _signal_back(stft_matrix: RowValues, *arguments: RowValues, length: RowValues = None, **named: RowValues) -> Tensor:
    size = _of_any_length() if length is None else _size(length)
    return _array(_signal(stft_matrix).with_last(size, dropping=2))


def _resampled(
    y: RowValues, *rates: RowValues, axis: RowValues = -1, res_type: RowValues = None, **named: RowValues
) -> Tensor:
    if axis != -1 and axis != const(-1):
        raise NotKnown("resampled along another axis than the last")
    return _array(_signal(y).with_last(_of_any_length(), dropping=1))


def _of_length(data: RowValues, size: RowValues, axis: RowValues = -1, **named: RowValues) -> Tensor:
    if axis != -1 and axis != const(-1):
        raise NotKnown("cut along another axis than the last")
    return _array(_signal(data).with_last(_size(size), dropping=1))


def _same(data: RowValues, *arguments: RowValues, **named: RowValues) -> Tensor:
    return _array(_signal(data))


def _loaded(
    path: RowValues, sr: RowValues = 22050, mono: RowValues = True, *arguments: RowValues, **named: RowValues
) -> Any:
    if mono is not True:
        raise NotKnown("a file with any number of channels")
    return _array(Shape((_of_any_length(),))), Unknown("the rate of a file")


def _loaded_tensor(
    uri: RowValues, frame_offset: RowValues = 0, num_frames: RowValues = -1, normalize: RowValues = True,
    channels_first: RowValues = True, *arguments: RowValues, **named: RowValues,
) -> Any:  # fmt: skip
    return Tensor(Shape((_of_any_length(), _of_any_length()))), Unknown("the rate of a file")


# -- soundfile, scipy --------------------------------------------------------------------------------------------------


def _read(
    file: RowValues, frames: RowValues = -1, start: RowValues = 0, stop: RowValues = None,
    dtype: RowValues = "float64", always_2d: RowValues = False, *arguments: RowValues, **named: RowValues,
) -> Any:  # fmt: skip
    if always_2d is True:
        shape = Shape((_of_any_length(), _of_any_length()))
    else:
        shape = Shape.unknown(given=True, why="a file with any number of channels")
    return _array(shape), Unknown("the rate of a file")


@layer("soundfile.SoundFile")
class SoundFile:
    """An open file: `read` gives (n, c) with always_2d, as many dims as it has channels for without."""

    METHODS = frozenset({"read"})

    def __init__(self, file: RowValues, *options: RowValues, **named: RowValues) -> None:
        self.frames, self.samplerate, self.channels = (Unknown("what a file tells") for _ in range(3))

    def read(
        self, frames: RowValues = -1, dtype: RowValues = "float64", always_2d: RowValues = False, **named: RowValues
    ) -> Tensor:
        sound: Tensor = _read(self, frames, always_2d=always_2d)[0]
        return sound


def _convolved(in1: RowValues, in2: RowValues, mode: RowValues = "full", *others: RowValues) -> Tensor:
    a, b = _signal(in1), _signal(in2)
    if mode == "same":
        return _array(a)
    if not a.known or not b.known or len(a) != len(b):
        raise NotKnown("the number of dims is not known")
    if mode == "full":
        return _array(Shape(tuple(n + m - 1 for n, m in zip(a, b, strict=True))))
    return _array(Shape(tuple(_of_any_length() for _ in a)))


_RULES: dict[str, tuple[Callable[..., Any], str]] = {
    "librosa.filters.mel": (_mel_filters_by_place, "n_fft, n_mels -> (n_mels, n_fft//2 + 1)"),
    "librosa.stft": (_stft, "(*a, n) -> (*a, n_fft//2 + 1, n//hop_length + 1), where that is centred"),
    "librosa.istft": (_signal_back, "(*a, F, T) -> (*a, n), or (*a, length)"),
    "librosa.griffinlim": (_signal_back, "(*a, F, T) -> (*a, n), or (*a, length)"),
    "librosa.feature.melspectrogram": (_melspectrogram, "(*a, n) -> (*a, n_mels, n//hop_length + 1)"),
    "librosa.resample": (_resampled, "(*a, n) -> (*a, m)"),
    "librosa.util.fix_length": (_of_length, "(*a, n), size -> (*a, size)"),
    "librosa.load": (_loaded, "a file -> (n,), rate, where it is made mono"),
    **{
        f"librosa.{name}": (_same, "(*) -> (*)")
        for name in "power_to_db amplitude_to_db db_to_power db_to_amplitude mu_compress mu_expand".split()
    },
    "torchaudio.load": (_loaded_tensor, "a file -> (c, n), rate"),
    "soundfile.read": (_read, "a file -> (n, c), rate, with always_2d"),
    **{
        f"scipy.signal.{name}": (_convolved, "(n, ...), (m, ...) -> (n + m - 1, ...), or (n, ...) in mode same")
        for name in ("convolve", "fftconvolve")
    },
}

for _name, (_rule, _formula) in _RULES.items():
    _page = f"{LIBROSA}.{_name.removeprefix('librosa.')}.html" if _name.startswith("librosa.") else ""
    _lenient = left_open(_rule)
    _lenient.__doc__ = f"{_formula}.\n\n{_page}".rstrip()
    add(Op(_lenient, (_name,)))
