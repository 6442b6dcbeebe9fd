"""Layers of torchlibrosa: spectrograms of signals with one channel, time before frequency.

What the library refuses is left open: it is not PyTorch's code, and its versions differ.
"""

from __future__ import annotations

from shapelint.dims import Dim
from shapelint.ops.along import of_rank
from shapelint.ops.elsewhere.audio import Framed, size_made_with
from shapelint.ops.layout import fresh_like
from shapelint.ops.needs import current
from shapelint.ops.registry import layer
from shapelint.ops.signature import Values
from shapelint.ops.tensor import Tensor
from shapelint.shapes import Shape


class OfFrames(Framed):
    """Layers made with a window and a hop, of a quarter of it by default."""

    def __init__(
        self, n_fft: Values = 2048, hop_length: Values = None, win_length: Values = None, window: Values = "hann",
        center: Values = True, pad_mode: Values = "reflect", *options: Values, **named: Values,
    ) -> None:  # fmt: skip
        window_size = size_made_with(n_fft)
        hop = size_made_with(hop_length, size_made_with(win_length, window_size) // 4)
        self.keep(window_size, win_length, hop, 0, center)

    def _spectrum(self, signal: Tensor) -> Tensor:
        signal = of_rank(signal, 2, ("_", "_"))
        length = signal.shape[-1]
        return fresh_like(signal, signal.shape.with_last(1, self.frames(length), self.n_fft // 2 + 1, dropping=1))


@layer("torchlibrosa.stft.Spectrogram", "torchlibrosa.Spectrogram")
class Spectrogram(OfFrames):
    """(B, n) -> (B, 1, n//hop_length + 1, n_fft//2 + 1), where that is centred. https://github.com/qiuqiangkong/torchlibrosa"""

    def forward(self, input: Tensor) -> Tensor:
        return self._spectrum(input)


@layer("torchlibrosa.stft.STFT", "torchlibrosa.STFT")
class STFT(OfFrames):
    """(B, n) -> twice (B, 1, n//hop_length + 1, n_fft//2 + 1), where that is centred. https://github.com/qiuqiangkong/torchlibrosa"""

    def forward(self, input: Tensor) -> tuple[Tensor, Tensor]:
        return self._spectrum(input), self._spectrum(input)


@layer("torchlibrosa.stft.ISTFT", "torchlibrosa.ISTFT")
class ISTFT(OfFrames):
    """(B, 1, T, F), (B, 1, T, F) -> (B, n), or (B, length). https://github.com/qiuqiangkong/torchlibrosa"""

    def forward(self, real_stft: Tensor, imag_stft: Tensor, length: Values = None) -> Tensor:
        size: Dim = current().fresh("_") if length is None else size_made_with(length)
        return fresh_like(real_stft, Shape((real_stft.shape[0], size)))


@layer("torchlibrosa.stft.LogmelFilterBank", "torchlibrosa.LogmelFilterBank")
class LogmelFilterBank:
    """(*, n_fft//2 + 1) -> (*, n_mels). https://github.com/qiuqiangkong/torchlibrosa"""

    def __init__(
        self, sr: Values = 22050, n_fft: Values = 2048, n_mels: Values = 64, *options: Values, **named: Values
    ) -> None:
        self.n_mels = size_made_with(n_mels)

    def forward(self, input: Tensor) -> Tensor:
        return fresh_like(input, input.shape.with_last(self.n_mels, dropping=1))


@layer(
    "torchlibrosa.augmentation.SpecAugmentation", "torchlibrosa.SpecAugmentation",
    "torchlibrosa.augmentation.DropStripes",
)  # fmt: skip
class SpecAugmentation:
    """(*) -> (*). https://github.com/qiuqiangkong/torchlibrosa"""

    def __init__(self, *options: Values, **named: Values) -> None:
        pass

    def forward(self, input: Tensor) -> Tensor:
        return fresh_like(input, input.shape)
