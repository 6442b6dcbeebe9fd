"""Names of methods that tell what they are called of: a tensor, an array as well, a module."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shapelint.dims import Dim
from shapelint.interp.state.values import Value
from shapelint.ops.registry import find
from shapelint.ops.rows import SizesOf
from shapelint.ops.tensor import Unknown

MODULE_METHODS = frozenset(
    "parameters named_parameters modules named_modules children named_children buffers named_buffers state_dict"
    " load_state_dict train eval to cuda cpu half float double bfloat16 apply zero_grad requires_grad_ register_buffer"
    " register_parameter add_module register_module get_submodule get_parameter register_forward_hook type share_memory"
    " register_forward_pre_hook register_full_backward_hook extra_repr compile forward __call__ init_weights"
    " __setattr__".split()
)
"""The methods of nn.Module that are its own."""


SURELY_TENSOR = frozenset(
    "shape ndim dim size view reshape permute transpose unsqueeze squeeze flatten masked_fill softmax contiguous expand"
    " matmul bmm new_zeros new_ones new_full detach chunk unbind device dtype T mT H mH float long bool half view_as"
    " expand_as repeat_interleave numel type_as masked_fill_ scatter_ gather topk argmax is_cuda is_contiguous"
    " unflatten".split()
)
"""Names that a value is only asked for when it is a tensor."""

READ_OF_TENSORS = frozenset("shape ndim device dtype T mT H mH is_cuda".split())
"""Those of them that are no methods."""

OF_ARRAYS = frozenset("shape ndim size view reshape transpose squeeze flatten device dtype T mT argmax".split())
"""Those of them that an array of NumPy has, too, though with another meaning."""


_TENSOR_METHODS = frozenset(
    "permute unsqueeze expand bmm matmul repeat_interleave unflatten expand_as view_as type_as softmax scatter_ gather"
    " scatter_add index_select narrow movedim roll flip masked_select masked_fill masked_fill_ unfold swapaxes relu"
    " sigmoid clamp clamp_ baddbmm addmm index_fill index_add tril triu diag_embed unbind detach topk"
    " mul div mm mv addcmul addcdiv exp sqrt rsqrt tanh abs neg pow log_softmax logsumexp eq ne gt ge lt le lerp"
    " clamp_min clamp_max masked_scatter cumprod bernoulli multinomial new new_empty new_tensor byte int".split()
)
CASTS = frozenset("to type float double half bfloat16 contiguous detach clone cpu cuda".split())
"""Methods that give what they are called of in another dtype or place, so that it stands for the same as before."""


COPYING = frozenset("copy astype".split())
"""Methods that arrays have and tensors have not, as do other things, of which they give one that is alike."""


_REGROUPINGS = frozenset({"view", "reshape"})
_REDUCTIONS = frozenset("sum mean std var prod argmax argmin amax amin cumsum".split())
_SORTING = frozenset("sort argsort max min median".split())
"""Methods that lists and arrays have, too, though without a `dim`; a list sorts itself by keywords alone."""
ONLY_METHODS = _TENSOR_METHODS | _REDUCTIONS | _REGROUPINGS | CASTS


def is_called_of_tensors(name: str, args: Sequence[Value], kwargs: Mapping[str, Value]) -> bool:
    """Whether a method of this name is a tensor's: nothing else has it, or what else has it gives the same shape."""
    if name in _REGROUPINGS:
        spread = kwargs.get("*", ())
        return len(args) > 1 or any(map(_is_size, (*args, *(spread if isinstance(spread, tuple) else ()))))
    if name in ("transpose", "flatten", "squeeze"):  # an array's takes the order of all dims, or of its elements
        places = [*args, *(value for key, value in kwargs.items() if key in ("dim", "start_dim", "end_dim"))]
        return bool(places) and all(isinstance(one, Dim) for one in places) and (len(args) == 2 or name != "transpose")
    if name in ("chunk", "split", "norm"):
        return "dim" in kwargs or (name != "norm" and bool(args) and _is_size(args[0]))
    if name == "repeat":
        return len(args) > 2  # an array's takes the numbers, and an axis
    if name == "t":
        return not args and not kwargs
    if name in _SORTING:
        return not kwargs.keys().isdisjoint(("dim", "keepdim", "descending")) or (name == "sort" and bool(args))
    if name.endswith("_") and name not in MODULE_METHODS:
        return find(f"torch.Tensor.{name}") is not None
    return name in _TENSOR_METHODS or (name in _REDUCTIONS and (bool(args) or "dim" in kwargs or "axis" in kwargs))


def _is_size(value: Value) -> bool:
    return isinstance(value, (Dim, SizesOf)) or (type(value) is tuple and all(map(_is_size, value)))


def tensors_own(value: Unknown) -> frozenset[str]:
    """The names that show an unknown value to be a tensor; what has no name of its own may be an array."""
    return SURELY_TENSOR - OF_ARRAYS if value.is_result or not value.origin else SURELY_TENSOR


RESHAPING = frozenset(
    "t_ transpose_ swapaxes_ swapdims_ squeeze_ unsqueeze_ resize_ resize_as_ as_strided_ set_".split()
)
"""Methods that work in place, and leave a tensor of another shape."""
