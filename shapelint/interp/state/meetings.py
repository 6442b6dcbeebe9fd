"""Tensors that meet in one operation and cannot: on two devices, or of two dtypes. Told only where both are sure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shapelint.interp.state.events import Found
from shapelint.interp.state.placement import FIXED, INPUTS, WITH_WEIGHTS, operator_of, tensors_in
from shapelint.ops.tensor import DEFAULT_DEVICE, FLOATING, INPUT_DEVICE, INTEGRAL, PLAIN_ATTRIBUTE, Tensor

if TYPE_CHECKING:
    from shapelint.interp.state.suspicions import Applied

TOGETHER = frozenset(
    "+ - * / // % ** @ == != < <= > >= & | ^"
    " add sub subtract mul multiply div divide true_divide floor_divide remainder fmod pow eq ne lt le gt ge"
    " logical_and logical_or logical_xor maximum minimum atan2 where lerp addcmul addcdiv masked_fill"
    " add_ sub_ mul_ div_ masked_fill_ masked_scatter_"
    " matmul mm bmm mv dot addmm baddbmm addbmm einsum linear bilinear embedding outer cross kron cdist"
    " cat concat concatenate stack hstack vstack dstack"
    " conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d"
    " gather scatter scatter_ scatter_add scatter_add_ index_select index_add index_add_ take_along_dim"
    " scaled_dot_product_attention cosine_similarity pairwise_distance mse_loss l1_loss smooth_l1_loss cross_entropy"
    " nll_loss binary_cross_entropy binary_cross_entropy_with_logits kl_div grid_sample".split()
)
"""Operators that take all their tensors from one device; a tensor of no dims may come from the CPU."""

TAKE_ONE_DTYPE = frozenset(
    "@ matmul mm bmm mv dot addmm baddbmm addbmm linear conv1d conv2d conv3d conv_transpose1d conv_transpose2d"
    " conv_transpose3d nn.Linear nn.Conv1d nn.Conv2d nn.Conv3d nn.ConvTranspose1d nn.ConvTranspose2d"
    " nn.ConvTranspose3d nn.LSTM nn.GRU nn.RNN".split()
)
"""Operators that refuse an integer tensor beside one of floats, which autocast does not convert."""


def made_elsewhere(applied: Applied) -> Found | None:
    """A tensor made without `device=` that meets one of the inputs' or parameters' device."""
    return _meeting(applied, DEFAULT_DEVICE)


def left_behind(applied: Applied) -> Found | None:
    """A plain attribute, which `module.to(device)` leaves where it is, that meets one of the module's device."""
    return _meeting(applied, PLAIN_ATTRIBUTE)


def _meeting(applied: Applied, place: str) -> Found | None:
    met = _tensors_that_meet(applied)
    strays = [tensor for tensor in met if tensor.device == place and tensor.shape.known and tensor.rank > 0]
    fixed = [tensor for tensor in met if tensor.device in FIXED]
    if not strays or not (fixed or applied.what in WITH_WEIGHTS):
        return None
    stray = strays[0]
    if fixed:
        other = f"a tensor {fixed[0].shape}"
        where = INPUT_DEVICE if fixed[0].device in INPUTS else fixed[0].device
    else:
        other, where = f"the weights of {applied.what}", "the device of the module"
    if place == PLAIN_ATTRIBUTE:
        reason = f"the plain attribute {stray.shape} stays where __init__ made it, and meets {other} on {where}"
        return reason, None, ("register_buffer(name, tensor) makes it go where the module goes",)
    reason = f"a tensor {stray.shape} made without device= meets {other} on {where}"
    source = "x.device, where x is an input," if where == INPUT_DEVICE else "the device of a parameter"
    return reason, None, (f"device= with {source} makes it where it is needed",)


def _tensors_that_meet(applied: Applied) -> list[Tensor]:
    """The tensors of an operation that have to lie on one device."""
    name = operator_of(applied.what)
    if name in TOGETHER or applied.what in WITH_WEIGHTS:
        return tensors_in((*applied.args, *applied.kwargs.values()))
    if name == "x[...]":  # an index from the CPU is taken everywhere, one from elsewhere only there
        return [tensor for tensor in tensors_in(applied.args) if tensor.device in FIXED or tensor is applied.args[0]]
    if name == "item assignment" and tensors_in(applied.args[1]):  # with slices alone it copies across devices
        return tensors_in((applied.args[0], applied.args[2]))
    return []


def mixed_dtypes(applied: Applied) -> Found | None:
    """A product of floats with whole numbers or bools."""
    tensors = [tensor for tensor in tensors_in((*applied.args, *applied.kwargs.values())) if _takes_part(tensor)]
    whole = next((tensor for tensor in tensors if tensor.dtype == "bool" or tensor.dtype in INTEGRAL), None)
    floats = next((tensor for tensor in tensors if tensor.dtype in FLOATING), None)
    weight = getattr(applied.made, "weight", None)
    if whole is None or (applied.what.startswith("nn.") and isinstance(weight, Tensor) and weight.dtype is None):
        return None
    if applied.what.startswith("nn."):
        other = f"the weights of {applied.what}, which are floats"
    elif floats is not None:
        other = f"{floats.shape} of {floats.dtype}"
    else:
        return None
    reason = f"a tensor {whole.shape} of {whole.dtype} is multiplied with {other}"
    return reason, None, ("PyTorch converts neither: .float() or .to(other.dtype) does",)


def _takes_part(tensor: Tensor) -> bool:
    return tensor.dtype is not None and not (tensor.shape.known and tensor.rank == 0)
