"""Functions of other libraries: operators of PyTorch under another name, and those that a signature describes.

What such a library refuses is left open: it is not PyTorch's code, and its versions differ.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from shapelint.dims import Dim
from shapelint.ops.families.axes import squeeze
from shapelint.ops.families.einsum import einsum
from shapelint.ops.families.join import cat, stack
from shapelint.ops.families.matmul import matmul
from shapelint.ops.families.padding import pad
from shapelint.ops.families.pointwise import elementwise
from shapelint.ops.families.solve import solve
from shapelint.ops.needs import CannotRun, current
from shapelint.ops.registry import Op, add, op
from shapelint.ops.signature import RowValues, Signature, Values
from shapelint.ops.stated import stated
from shapelint.ops.tensor import Tensor
from shapelint.shapes import NotKnown, Shape

OTHER_NAMES: dict[Op, tuple[str, ...]] = {
    einsum: ("opt_einsum.contract", "torch_complex.functional.einsum"),
    matmul: ("torch_complex.functional.matmul",),
    stack: ("torch_complex.functional.stack",),
    cat: ("torch_complex.functional.cat",),
    pad: ("torch_complex.functional.pad",),
    squeeze: ("torch_complex.functional.squeeze",),
}
"""Operators that go by these names, too."""

SIGNATURES: dict[str, str] = {
    "torch_complex.functional.trace": "(..., n, n) -> (...)",
    "torch_complex.functional.reverse": "(...) -> (...)",
    "torch_complex.tensor.ComplexTensor.inverse2": "(..., n, n) -> (..., n, n)",
    "torchaudio.functional.psd": "(..., C, F, T) -> (..., F, C, C)",
    "torchaudio.functional.mvdr_weights_souden": "(..., F, C, C), (..., F, C, C) -> (..., F, C)",
    "torchaudio.functional.mvdr_weights_rtf": "(..., F, C), (..., F, C, C) -> (..., F, C)",
    "torchaudio.functional.rtf_evd": "(..., F, C, C) -> (..., F, C)",
    "torchaudio.functional.rtf_power": "(..., F, C, C), (..., F, C, C) -> (..., F, C)",
    "torchaudio.functional.apply_beamforming": "(..., F, C), (..., C, F, T) -> (..., F, T)",
    "torchaudio.functional.resample": "(..., T) -> (..., t)",
    "torchaudio.functional.compute_deltas": "(..., F, T) -> (..., F, T)",
    "torchaudio.functional.phase_vocoder": "(..., F, T) -> (..., F, t)",
    **dict.fromkeys(
        (
            f"torchaudio.functional.{name}"
            for name in (
                "amplitude_to_DB mu_law_encoding mu_law_decoding preemphasis deemphasis lowpass_biquad highpass_biquad"
                " bandpass_biquad bandreject_biquad equalizer_biquad contrast gain dcshift mask_along_axis"
                " treble_biquad bass_biquad allpass_biquad band_biquad deemph_biquad riaa_biquad biquad lfilter"
                " filtfilt overdrive phaser flanger dither pitch_shift"
            ).split()
        ),
        "(...) -> (...)",
    ),
    **{
        f"torchvision.ops.{module}{name}": signature
        for module in ("", "boxes.")
        for name, signature in {
            "box_area": "(n, 4) -> (n)",
            "box_iou": "(n, 4), (m, 4) -> (n, m)",
            "generalized_box_iou": "(n, 4), (m, 4) -> (n, m)",
            "distance_box_iou": "(n, 4), (m, 4) -> (n, m)",
            "complete_box_iou": "(n, 4), (m, 4) -> (n, m)",
            "box_convert": "(..., 4) -> (..., 4)",
            "clip_boxes_to_image": "(..., 4) -> (..., 4)",
            "remove_small_boxes": "(n, 4) -> (kept)",
            "nms": "(n, 4), (n) -> (kept)",
            "batched_nms": "(n, 4), (n), (n) -> (kept)",
            "masks_to_boxes": "(n, H, W) -> (n, 4)",
        }.items()
    },
    **{
        f"kornia.{module}.{name}": signature
        for module, functions in {
            "filters": {
                "gaussian_blur2d box_blur median_blur sobel laplacian bilateral_blur guided_blur": "(...) -> (...)",
                "unsharp_mask motion_blur spatial_gradient_magnitude": "(...) -> (...)",
                "spatial_gradient": "(B, C, H, W) -> (B, C, 2, H, W)",
            },
            "color": {
                "rgb_to_grayscale bgr_to_grayscale": "(..., 3, H, W) -> (..., 1, H, W)",
                "grayscale_to_rgb": "(..., 1, H, W) -> (..., 3, H, W)",
                "rgb_to_bgr bgr_to_rgb rgb_to_hsv hsv_to_rgb rgb_to_hls hls_to_rgb": "(...) -> (...)",
                "rgb_to_lab lab_to_rgb rgb_to_ycbcr ycbcr_to_rgb rgb_to_yuv yuv_to_rgb": "(...) -> (...)",
            },
            "geometry.subpix": {
                "spatial_softmax2d": "(B, C, H, W) -> (B, C, H, W)",
                "spatial_soft_argmax2d spatial_expectation2d": "(B, C, H, W) -> (B, C, 2)",
            },
            "geometry.transform": {
                "hflip vflip rot180 rotate translate scale shear": "(...) -> (...)",
            },
            "geometry.conversions": {
                "convert_points_to_homogeneous": "(..., D) -> (..., D+1)",
                "convert_points_from_homogeneous": "(..., D+1) -> (..., D)",
                "axis_angle_to_rotation_matrix angle_axis_to_rotation_matrix": "(N, 3) -> (N, 3, 3)",
                "rotation_matrix_to_axis_angle rotation_matrix_to_angle_axis": "(N, 3, 3) -> (N, 3)",
                "quaternion_to_rotation_matrix": "(..., 4) -> (..., 3, 3)",
                "rotation_matrix_to_quaternion": "(..., 3, 3) -> (..., 4)",
                "normalize_quaternion": "(..., 4) -> (..., 4)",
            },
        }.items()
        for names, signature in functions.items()
        for name in names.split()
    },
    "torchvision.ops.stochastic_depth": "(...) -> (...)",
    "torchvision.transforms.functional.normalize": "(..., C, H, W) -> (..., C, H, W)",
}
"""What each function takes and gives, in the words of a signature that a project may state (`stated.py`)."""


def left_open(rule: Callable[..., Any]) -> Callable[..., Any]:
    """A rule that tells nothing where it would refuse."""
    signature = Signature.of(rule)

    def lenient(*arguments: RowValues, **named: RowValues) -> Any:
        try:
            positional, others = signature.bind(arguments, named)
            return rule(*positional, **others)
        except CannotRun as refusal:
            raise NotKnown(refusal.reason) from None

    lenient.__doc__ = rule.__doc__
    return lenient


def _shorter(name: str) -> str:
    """The name under which kornia gives out a function of a part of its geometry, too."""
    return re.sub(r"^kornia\.geometry\.\w+\.", "kornia.geometry.", name)


for _entry, _names in OTHER_NAMES.items():
    add(Op(_entry.rule, _names, examples=_entry.examples))

for _name, _signature in SIGNATURES.items():
    _op = stated(_name, _signature, names_sizes=False)
    assert isinstance(_op, Op)
    _names = (_name, _shorter(_name)) if _shorter(_name) != _name else (_name,)
    add(Op(left_open(_op.rule), _names))


def _filtered(
    input: Tensor, kernel: Values, border_type: Values = "reflect", normalized: Values = False,
    padding: Values = "same", *options: Values, **named: Values,
) -> Tensor:  # fmt: skip
    """(*, H, W), kernel -> (*, H, W), where that is padded. https://kornia.readthedocs.io"""
    if padding != "same":
        raise NotKnown("what a filter leaves of the sides")
    return input.made(input.shape)


add(Op(left_open(_filtered), ("kornia.filters.filter2d",)))


# -- torch_complex -----------------------------------------------------------------------------------------------------


@op("torch_complex.tensor.ComplexTensor", "torch_complex.ComplexTensor")
def complex_tensor(real: Tensor, imag: Tensor | None = None, device: Values = None) -> Tensor:
    """(*), (*) -> (*): the two parts as one, which has a tensor's methods. https://pypi.org/project/torch-complex"""
    return elementwise(real, real if imag is None else imag, dtype=None)


complex_tensor.gives("(B, L), (B, L)", "(B, L)")
complex_tensor.gives("(B, L)", "(B, L)")
complex_tensor.fails("(2, 3), (2, 4)", "3 against 4")


@op("torch_complex.functional.solve")
def complex_solve(b: Tensor, a: Tensor, return_LU: Values = False) -> Tensor:
    """(*a, n, k), (*a, n, n) -> (*a, n, k). https://pypi.org/project/torch-complex"""
    if return_LU is not False:
        raise NotKnown("the factors of a matrix")
    result: Tensor = solve.rule(a, b)
    return result


complex_solve.gives("(B, n, k), (B, n, n)", "(B, n, k)")
complex_solve.fails("(3, 2), (4, 4)", "dim -2 of the right side (3, 2) is 3")


# -- torchvision: images -----------------------------------------------------------------------------------------------

IMAGES = "torchvision.transforms.functional."


@op(f"{IMAGES}to_tensor", f"{IMAGES}pil_to_tensor")
def to_tensor(pic: Values) -> Tensor:
    """An image -> (C, H, W). https://docs.pytorch.org/vision/stable/transforms.html"""
    return Tensor(Shape(tuple(current().fresh(name, minimum=1) for name in "CHW")), None)


def _resized(img: Values, size: Values) -> Tensor:
    """A tensor with the last two dims of another size."""
    if not isinstance(img, Tensor):
        raise NotKnown("an image that may be no tensor")
    sizes = tuple(size) if isinstance(size, (tuple, list)) else ()
    if len(sizes) != 2 or not all(isinstance(one, Dim) for one in sizes):
        sizes = tuple(current().fresh(name, minimum=1) for name in "HW")
    return Tensor(current().settle(img).shape.with_last(*sizes, dropping=2), None, img.dtype, img.device)


@op(f"{IMAGES}resize", f"{IMAGES}center_crop")
def resize(img: Values, size: Values = None, *others: Values, output_size: Values = None, **named: Values) -> Tensor:
    """(*, H, W) to a pair (h, w) -> (*, h, w); to one number, sizes that are not known.

    https://docs.pytorch.org/vision/stable/transforms.html
    """
    return _resized(img, output_size if size is None else size)


resize.gives("(B, C, H, W), (h, w)", "(B, C, h, w)")
resize.gives("(B, C, H, W), 256", "(B, C, new_height, new_width)")


@op(f"{IMAGES}crop")
def crop(img: Values, top: Values, left: Values, height: Values, width: Values) -> Tensor:
    """(*, H, W) with a height h and a width w -> (*, h, w). https://docs.pytorch.org/vision/stable/transforms.html"""
    return _resized(img, (height, width))


crop.gives("(C, H, W), 0, 0, h, w", "(C, h, w)")
