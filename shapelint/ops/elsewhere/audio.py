"""Transforms of torchaudio: spectrograms, scales and masks of them, resampling.

What the library refuses is left open: it is not PyTorch's code, and its versions differ.
"""

from __future__ import annotations

from math import gcd

from shapelint.dims import Dim, const
from shapelint.ops.layout import fresh_like
from shapelint.ops.needs import current
from shapelint.ops.registry import layer
from shapelint.ops.signature import Values
from shapelint.ops.tensor import Tensor, Unknown

PAGE = "https://docs.pytorch.org/audio/stable/transforms.html"


def size_made_with(value: object, otherwise: Dim | None = None) -> Dim:
    """A size that a transform is made with; one that nobody knows where it is none."""
    if value is None and otherwise is not None:
        return otherwise
    if isinstance(value, int) and not isinstance(value, bool):
        return const(value)
    found = current().as_size(value) if isinstance(value, Unknown) else value
    return found if isinstance(found, Dim) else current().fresh("_")


class Framed:
    """Transforms of a signal into frames."""

    def keep(self, n_fft: Values, win_length: Values, hop_length: Values, pad: Values, center: Values) -> None:
        self.n_fft = size_made_with(n_fft)
        self.win_length = size_made_with(win_length, self.n_fft)
        self.hop_length = size_made_with(hop_length, self.win_length // 2)
        self.pad, self.center = size_made_with(pad), center

    def frames(self, length: Dim) -> Dim:
        """How many frames a signal of this length makes."""
        if not isinstance(self.center, bool):
            return current().fresh("_")
        length = length + 2 * self.pad
        return (
            length + 2 * (self.n_fft // 2) - self.n_fft if self.center else length - self.n_fft
        ) // self.hop_length + 1

    def _framed(self, signal: Tensor, rows: Dim) -> Tensor:
        return fresh_like(signal, signal.shape.with_last(rows, self.frames(signal.shape[-1]), dropping=1))


@layer("torchaudio.transforms.Spectrogram")
class Spectrogram(Framed):
    """(..., T) -> (..., n_fft//2 + 1, T//hop_length + 1), where that is centred. https://docs.pytorch.org/audio"""

    def __init__(
        self, n_fft: Values = 400, win_length: Values = None, hop_length: Values = None, pad: Values = 0,
        window_fn: Values = None, power: Values = 2.0, normalized: Values = False, wkwargs: Values = None,
        center: Values = True, pad_mode: Values = "reflect", onesided: Values = True, return_complex: Values = None,
    ) -> None:  # fmt: skip
        self.keep(n_fft, win_length, hop_length, pad, center)
        self.onesided = onesided

    def forward(self, waveform: Tensor) -> Tensor:
        if not isinstance(self.onesided, bool):
            return self._framed(waveform, current().fresh("_"))
        return self._framed(waveform, self.n_fft // 2 + 1 if self.onesided else self.n_fft)


@layer("torchaudio.transforms.MelSpectrogram")
class MelSpectrogram(Framed):
    """(..., T) -> (..., n_mels, T//hop_length + 1), where that is centred. https://docs.pytorch.org/audio"""

    def __init__(
        self, sample_rate: Values = 16000, n_fft: Values = 400, win_length: Values = None, hop_length: Values = None,
        f_min: Values = 0.0, f_max: Values = None, pad: Values = 0, n_mels: Values = 128, window_fn: Values = None,
        power: Values = 2.0, normalized: Values = False, wkwargs: Values = None, center: Values = True,
        pad_mode: Values = "reflect", onesided: Values = None, norm: Values = None, mel_scale: Values = "htk",
    ) -> None:  # fmt: skip
        self.keep(n_fft, win_length, hop_length, pad, center)
        self.n_mels = size_made_with(n_mels)

    def forward(self, waveform: Tensor) -> Tensor:
        return self._framed(waveform, self.n_mels)


@layer("torchaudio.transforms.MFCC", "torchaudio.transforms.LFCC")
class MFCC:
    """(..., T) -> (..., n_mfcc, frames). https://docs.pytorch.org/audio"""

    def __init__(self, sample_rate: Values = 16000, n_mfcc: Values = 40, *options: Values, **named: Values) -> None:
        self.rows = size_made_with(n_mfcc)

    def forward(self, waveform: Tensor) -> Tensor:
        return fresh_like(waveform, waveform.shape.with_last(self.rows, current().fresh("_"), dropping=1))


@layer("torchaudio.transforms.MelScale")
class MelScale:
    """(..., F, T) -> (..., n_mels, T). https://docs.pytorch.org/audio"""

    def __init__(self, n_mels: Values = 128, *options: Values, **named: Values) -> None:
        self.n_mels = size_made_with(n_mels)

    def forward(self, specgram: Tensor) -> Tensor:
        return fresh_like(specgram, specgram.shape.with_last(self.n_mels, specgram.shape[-1], dropping=2))


@layer(
    "torchaudio.transforms.AmplitudeToDB", "torchaudio.transforms.ComputeDeltas", "torchaudio.transforms.TimeMasking",
    "torchaudio.transforms.FrequencyMasking", "torchaudio.transforms.SlidingWindowCmn", "torchaudio.transforms.Vol",
    "torchaudio.transforms.Fade", "torchaudio.transforms.Preemphasis", "torchaudio.transforms.Deemphasis",
    "torchaudio.transforms.MuLawEncoding", "torchaudio.transforms.MuLawDecoding",
)  # fmt: skip
class SameShape:
    """(*) -> (*). https://docs.pytorch.org/audio"""

    def __init__(self, *options: Values, **named: Values) -> None:
        pass

    def forward(self, waveform: Tensor, mask_value: Values = 0.0) -> Tensor:
        return fresh_like(waveform, waveform.shape)


@layer("torchaudio.transforms.Resample")
class Resample:
    """(..., T) -> (..., ceil(T * new_freq / orig_freq)). https://docs.pytorch.org/audio"""

    def __init__(self, orig_freq: Values = 16000, new_freq: Values = 16000, *options: Values, **named: Values) -> None:
        self.orig_freq, self.new_freq = size_made_with(orig_freq), size_made_with(new_freq)

    def forward(self, waveform: Tensor) -> Tensor:
        old, new = self.orig_freq.value, self.new_freq.value
        if old is None or new is None:
            return fresh_like(waveform, waveform.shape.with_last(current().fresh("_"), dropping=1))
        old, new = old // gcd(old, new), new // gcd(old, new)
        return fresh_like(waveform, waveform.shape.with_last((waveform.shape[-1] * new + old - 1) // old, dropping=1))
