"""The words that people use in shape comments: sizes, coordinates, types, verbs, and words that only prose has."""

from __future__ import annotations

import re

from shapelint.notation.model import Anything, Binary, Call, DimSpec, Name, Num, OneOf, Rest


def words(text: str) -> frozenset[str]:
    """The words of a text as a set, to keep the tables below readable."""
    return frozenset(text.split())


# Words that are sizes alone or as a part of a snake_case, camelCase or hyphenated name.
SIZE_WORDS = words("""
    b bs bsz bz nb batch batches batchsize minibatch n num nr count counts number c ch chan chans channel channels h
    ht height heights w wd width widths d dim dims dimension dimensions t time times l len length lengths s seq seqs
    sequence sequences seqlen k m p q g r e f v z head heads nhead nheads nh hd hs hw hid hidden feat feats feature
    features embed embedding embeddings emb embd tokens tok toks vocab size sizes frame frames step steps timestep
    timesteps depth queries classes layers group groups patch patches point points positions sample samples window
    windows chunk chunks beam beams blocks expert experts rank rows cols columns pixel pixels slots neighbor
    neighbors anchors level levels codebook codebooks bin bins freq freqs frequency mel mels spatial atoms residues
    nodes edges cams cameras joints keypoints vertices faces triangles rays boxes proposals speakers spk utt bsize
    bdim ndim ndims odim idim adim edim lmax tmax channels_last hdim subbands bands fft nfft hop hypos nbest
    microphones mics srcs tokens_per_image landmarks corners candidates trees
""")

# Capital letters that name a size by long habit; X, Y and I are left out, as are Q, K, V as a set (see confusions).
CAPITALS = frozenset("BCDEFGHKLMNOPQRSTUVWZA")
SMALL = frozenset("bcdefghklmnpqrstwv")

COORDINATES = words("""
    x y z u v cx cy cz x0 y0 x1 y1 x2 y2 x3 y3 x4 y4 xmin ymin xmax ymax x_min y_min x_max y_max xc yc left top right
    bottom row col column yaw pitch roll lat lon theta phi dx dy dz dw dh tx ty tz qx qy qz qw ux uy xx yy xy x_center
    y_center center_x center_y x_c y_c up down front back start end begin stop lower upper low high lo hi first last
    red green blue alpha r g rgb bgr cos sin real imag mean std mu sigma var logvar before after i j ii jj
""")

# Words with which names of what a tensor holds end, such as `w_scale, h_scale`, and those of what is no tensor at all.
VALUE_WORDS = words("scale offset shift ratio mean std angle score scores weight weights coord coords prob probs")
RECORD_WORDS = words("stats info infos meta metas cfg config dict kwargs")

# Rows of sides, colours and atoms that are made of letters which are sizes elsewhere.
SIDES = frozenset(
    tuple(text.split())
    for text in (
        "r g b",
        "b g r",
        "l r t b",
        "t l b r",
        "l t r b",
        "t b l r",
        "t r b l",
        "n s m",
        "s m l",
        "max min",
        "min max",
        "in out",
        "out in",
        "a b",
        "a b c",
        "a b c d",
        "h h o",
        "o h h",
        "h o h",
    )
)

SPECIAL_TOKENS = frozenset(
    ["CLS", "SEP", "MASK", "UNK", "PAD", "BOS", "EOS", "SOS", "BLANK", "NULL", "EOT", "SOT", "INST"]
)

TYPE_WORDS = words("""
    int str float bool bytes none tensor tensors any optional union list tuple dict set callable type object iterable
    iterator module string integer boolean ndarray array numpy torch true false self cls np void char
    torch.tensor nn.module torch.dtype torch.device
""")

# Words that mean a thing and not a size: a tuple that holds one is a record.
OBJECT_WORDS = words("""
    name names key value values label labels score scores loss losses path filename file url id ids args kwargs
    config model optimizer scheduler data dataset item items index idx indices logits mask masks weight weights bias
    prob probs probability target targets pred preds prediction predictions word words phoneme phonemes message error
    stride padding dilation kernel_size dropout activation norm relu conv linear softmax attention attn grad gamma
    beta momentum lr epoch hypothesis hyp positive negative query_points output_text transcript speech text_ref
    parameter parameters param params function method option options version date title description
    yes no on off train test val valid eval cpu cuda gpu same zeros reflect etc eg
""")

# Words that never stand in the name of a size; one of them in a bracket makes it prose.
PROSE_WORDS = words("""
    the a an this that these those it its is are was were be been being has have had do does did not no if else when
    then than so as at by for from on onto to with without within which who whose what where while we you they i he
    our your their my can could may might must shall should will would need needs use used uses using because since
    but also only both either neither each every all any some more most less least many much few such other another
    same here there see e.g i.e eg ie etc via into like unlike after before during default defaults optional optionally
    however instead note todo fixme hack xxx just very too first second third last next previous left right above
    below true false allow allows ignore ignored make makes keep keeps avoid and or et al usually always never
    often currently already still again almost about of do go up us me over whole own wrong
""")

# Words of prose that name a size beside surer ones: `(B, out, H, W)`, `(B, past + new, D)`.
BESIDE_SIZES = words("out new old")

VERBS = words("""
    reshape reshaped view flatten flattened transpose transposed permute permuted expand expanded squeeze unsqueeze
    concat concatenate concatenated cat stack stacked sum mean average pad padded split convert converted project
    projected gather gathered select repeat repeated broadcast broadcasted reduce pool upsample downsample embed
    encode decode normalize apply compute computed get make create creates merge combine swap move add multiply
    matmul softmax attention slice crop resize resized rearrange unfold fold interpolate sample chunk unbind
    recover restore retrieve infer inflate recompute obtain produce form format order args yields pairs items keys
    columns fields names modes options choices range ranges values interval version versions
    kernel kernels stride strides padding pads axes axis epochs seeds formats orders
    one two consider let expected expect got actual gives give maps dense sparse
    build ensure change fill keep load init initialize initialise update remove drop find predict append prepend extract
    returns return outputs result results output input inputs note shape size step todo fixme hack xxx warning
    note: here now e.g eg i.e ie example final finally then and or but so where with from to into of in as
    originally previously before after new old original
""")

DTYPE = re.compile(
    r"(?<![\w.])(?:torch\.)?(u?int(?:8|16|32|64)|float(?:16|32|64)|bf(?:loat)?16|fp?(?:16|32|64)|i(?:8|16|32|64)|bool|long|half|double|complex(?:64|128)?)"
    r"(?![\w.(])",
    re.IGNORECASE,
)
DTYPE_NAMES = {
    "bf16": "bfloat16",
    **{f"{short}{bits}": f"float{bits}" for short in ("f", "fp") for bits in (16, 32, 64)},
    **{f"i{bits}": f"int{bits}" for bits in (8, 16, 32, 64)},
    "long": "int64",
    "half": "float16",
    "double": "float64",
    "complex": "complex64",
}

LAYOUTS = words("""
    NCHW NHWC NCL NLC NCT NTC NCW NWC NCDHW NDHWC NCTHW NTCHW NCTV NTVC NHW NCD NDC NDHW NHWD NTHWC NTHW NTD NDT NLD
    BCHW BHWC BCL BLC BCT BTC BTD BDT BLD BDL BCN BNC BND BDN BCW BHW BCDHW BDHWC BCTHW BTCHW BTHWC BHLD BLHD BHTD
    BTHD BSHD BHSD BNHD BHND BNHW BTHW BNCHW BTNC BNTC BKHW BQC BQK BHQK BSD BSH BTV BLV BTF BFT BHTT BCHWD BHWCN
    CHW HWC CDHW DHWC TCHW THWC CTHW TBC TND TNC LBC LBD LND LNC SBH SBD KCHW CHWN TCHW OIHW HWIO OIDHW HWNC
    NLHC NHLC BLHC BHLC BCP BPC BPD NHWS NSC
""")

# Before a bracket these are no functions: `x(b, c, h, w)` is of that shape, `List[B, D]` holds tensors.
TENSOR_LETTERS = frozenset("xyz")
LISTS = frozenset(["List", "list"])

_PARTS = re.compile(r"[a-z]+|[A-Z]+(?![a-z])|[A-Z][a-z]*|\d+")
_COUNT = re.compile(r"N[b-df-hj-np-tv-z]|n[b-df-hj-mp-tv-z][a-z]{2}|niters?$|[A-Z](?:in|out|max|min|len)\d?$")
_SINGLE = re.compile(r"[A-Za-z](?:_?\d{0,2}|_[A-Za-z]{1,6})['\u2032]*$")


def is_letter(text: str) -> bool:
    """Whether a name is a single letter, primes and digits behind it not counted."""
    return len(text.rstrip("'\u20320123456789")) == 1


def is_mixed(text: str) -> bool:
    """Whether a name is a small letter and a capital, `aT` or `xH`, which no word is."""
    return len(text) == 2 and text[0].islower() and text[1].isupper()


def name_strength(text: str) -> int:
    """How sure it is that a name means a size: 2 by habit or by its parts, 1 perhaps, 0 a record's or a type's word."""
    bare = text.rstrip("'\u2032")
    lower = bare.lower()
    if len(bare) == 1:
        return 2 if bare in CAPITALS or bare in SMALL else 1 if bare not in "xyuij" else 0
    if lower in SIZE_WORDS:
        return 2
    words_of_no_size = lower in COORDINATES or lower in TYPE_WORDS or lower in OBJECT_WORDS or lower in PROSE_WORDS
    words_of_no_size = words_of_no_size or lower in BESIDE_SIZES
    if words_of_no_size and not is_mixed(bare):
        return 0
    if text != bare:
        return 2
    if _SINGLE.match(bare) and bare[0] in CAPITALS | SMALL and lower.partition("_")[2] not in OBJECT_WORDS:
        return 2 if bare[0].isupper() or "_" in bare or bare[0] in "bcdhklmnstw" else 1
    if (len(bare) == 2 and bare[0] in CAPITALS and bare[1].islower()) or _COUNT.match(bare):
        return 2
    parts = [part.lower() for part in _PARTS.findall(bare)]
    if any(part in SIZE_WORDS and len(part) > 1 for part in parts) or (parts and parts[0] in ("n", "d", "num")):
        return 2
    if bare.isupper() and len(bare) <= 3:
        return 2 if set(bare) <= CAPITALS else 1
    return 1


def strength(item: DimSpec | Rest) -> int:
    """The same for any dim: 3 is neutral (a number, any size), else that of its surest or its least sure name."""
    match item:
        case Anything(text) if text.startswith("#"):
            return name_strength(text[1:])
        case Num() | Anything():
            return 3
        case Rest():
            return 3
        case Name(text):
            return name_strength(text)
        case Binary(_, left, right):
            sides = [side for side in (strength(left), strength(right)) if side != 3]
            return max(sides, default=3)
        case Call():
            return 2
        case OneOf(choices):
            sides = [strength(choice) for choice in choices if strength(choice) != 3]
            return max(sides, default=3)
