"""The forms of a comment, one table entry each: what is read, and beside it what only looks like it."""

from __future__ import annotations

import pytest
from reading_text import show

from shapelint.notation import might_hold_claim, read_comment
from shapelint.notation.model import Reading

# form: (what is read and how, what is no claim)
FORMS: dict[str, tuple[list[tuple[str, str]], list[str]]] = {
    "a row alone in brackets": (
        [
            ("(B, T, C)", "RESULT (B, T, C)"),
            ("[B, T]", "RESULT (B, T)"),
            ("(B , T , C)", "RESULT (B, T, C)"),
            ("(B,T,C)", "RESULT (B, T, C)"),
            ("(batch, seq)", "RESULT (batch, seq)"),
            ("(Batch, Channels, Height, Width)", "RESULT (Batch, Channels, Height, Width)"),
            ("(num_heads, head_dim)", "RESULT (num_heads, head_dim)"),
            ("(B,)", "RESULT (B)"),
            ("[K + 1]", "RESULT (K+1)"),
            ("(N)", "RESULT (N)"),
            ("torch.Size([2, 77, 768])", "RESULT (2, 77, 768)"),
            ("(4, 1000)", "RESULT (4, 1000)"),
            ("(2, 3)", "RESULT (2, 3)"),
            ("1x3x224x224", "RESULT (1, 3, 224, 224)"),
        ],
        [
            "(left, right)",
            "(x, y)",
            "[x1, y1, x2, y2]",
            "(row, col)",
            "(h, w)",
            "(a, b)",
            "(min, max)",
            "[CLS]",
            "[PAD]",
            "[-1]",
            "[1]",
            "(0, 1)",
            "[0, 1]",
            "(0, 2, 1)",
            "(1, 2, 3)",
            "[64, 128, 256]",
            "(optional)",
            "(see Fig. 3)",
            "(C) 2020 Someone",
            "(1) first; (2) second",
            "(foo, bar)",
            "(key, value) pairs",
        ],
    ),
    "a gloss behind the row": (
        [
            ("(B, K), one row per clip", "RESULT (B, K)"),
            ("(B, 3, H, W) image batch", "RESULT (B, 3, H, W)"),
            ("(B, T, 2) [x, y]", "RESULT (B, T, 2)"),
            ("(B, 2) (W, H)", "RESULT (B, 2)"),
            ("(B, T) in [0, 1]", "RESULT (B, T)"),
            ("(B, T, C)  e.g. (2, 3, 4)", "RESULT (B, T, C)"),
            ("(B, T)  # then dropout", "RESULT (B, T)"),
            ("type: ignore  # (B, K)", "RESULT (B, K)"),
            ("(B, T), int64", "RESULT (B, T) int64"),
            ("(B, T) float32", "RESULT (B, T) float32"),
            ("(B, T, C) layout", "RESULT (B, T, C)"),
        ],
        [
            "(B, T) = x.shape",
            "(B, T) * scale",
            "(B, K) order",
            "(C H L) (B C H L)",
            "(B, T) -> bool",
            "e.g., (B, T)",
            "type: (Tensor, int) -> Tensor",
            "type: ignore[arg, type]",
            "noqa: E501",
        ],
    ),
    "the word shape": (
        [
            ("shape: (n_seq, width)", "RESULT (n_seq, width)"),
            ("Shape (n_seq, width)", "RESULT (n_seq, width)"),
            ("shape = (foo, bar)", "RESULT (foo, bar)"),
            ("shape: ()", "RESULT ()"),
            ("shape [1, 3]", "RESULT (1, 3)"),
            ("The tensor has shape [B, T, C]", "RESULT (B, T, C)"),
            ("into shape (B, T, C)", "RESULT (B, T, C)"),
            ("output shape (B, V)", "RESULT (B, V)"),
            ("input shape: (B, V)", "INPUT (B, V)"),
            ("Shapes: (B, T), (B, D)", "RESULT[0/2] (B, T); RESULT[1/2] (B, D)"),
        ],
        [
            "same shape as x",
            "the shape of x changes",
            "Get the shape.",
            "kernel needs shape (B, H)",
            "broadcastable to shape (B, T)",
            "if the shape is (B, T)",
            "shape must be (B, T)",
        ],
    ),
    "a named tensor": (
        [
            ("mask: (B, 1, K)", "RESULT mask (B, 1, K)"),
            ("feats = [batch size, n mels]", "RESULT feats (<batch size>, <n mels>)"),
            ("q.shape: (B, h, n)", "RESULT q (B, h, n)"),
            ("q.shape == (B, h, n)", "RESULT q (B, h, n)"),
            ("q.size() = (B, h, n)", "RESULT q (B, h, n)"),
            ("x.size(): torch.Size([2, 3])", "RESULT x (2, 3)"),
            ("shape of w: (K, D)", "RESULT w (K, D)"),
            ("w shape: (K, D)", "RESULT w (K, D)"),
            ("w (shape): (K, D)", "RESULT w (K, D)"),
            ("w has shape (K, D)", "RESULT w (K, D)"),
            ("w is (K, D)", "RESULT w (K, D)"),
            ("codes is a (B, Q) tensor", "RESULT codes (B, Q)"),
            ("logits (B, V)", "RESULT logits (B, V)"),
            ("k, v: (B, h, n, d)", "RESULT k (B, h, n, d); RESULT v (B, h, n, d)"),
            ("q, k, v with shape (B, h, n, d)", "RESULT q (B, h, n, d); RESULT k (B, h, n, d); RESULT v (B, h, n, d)"),
            ("x and y are both (B, T)", "RESULT x (B, T); RESULT y (B, T)"),
            ("x: (B, T), mask: (B, 1, T)", "RESULT x (B, T); RESULT mask (B, 1, T)"),
            ("q (B, h, n, d), k (B, h, m, d)", "RESULT q (B, h, n, d); RESULT k (B, h, m, d)"),
            ("the mask has shape (B, T)", "RESULT mask (B, T)"),
            ("`x` will have shape `[B, T]`", "RESULT x (B, T)"),
            ("self.weight: (D_out, D_in)", "RESULT self.weight (D_out, D_in)"),
            ("x <- (B, T)", "RESULT x (B, T)"),
            ("A: (B, T)", "RESULT A (B, T)"),
            ("image: (3, 224, 224)", "RESULT image (3, 224, 224)"),
        ],
        [
            "stride: (2, 2)",
            "kernel_size = (3, 3)",
            "pad (l, r, t, b)",
            "size is (h, w)",
            "ratios (0.5, 1, 2)",
            "backbones (ViT, Swin)",
            "mode ('a', 'b')",
            "one of [gelu, relu]",
            "format: (name, size)",
            "K^T: (B, d, n)",
            "range [0, 1]",
            "coords in [-1, 1]",
            "version (1, 2)",
        ],
    ),
    "words before the row": (
        [
            ("flatten heads: (B, n, h*d)", "RESULT (B, n, h*d)"),
            ("pass through the layer (B, T, D)", "RESULT (B, T, D)"),
            ("reshape to `[n, B, d]`", "RESULT (n, B, d)"),
            ("now (B, 1, D)", "RESULT (B, 1, D)"),
            ("Step 2: (B, T, C)", "RESULT (B, T, C)"),
            ("2. project: (B, K, D)", "RESULT (B, K, D)"),
            ("- x: (B, T)", "RESULT x (B, T)"),
            ("output: (B, V)", "RESULT (B, V)"),
            ("input: (B, V)", "INPUT (B, V)"),
            ("returns (B, V)", "RESULT (B, V)"),
            ("in: (B, T)", "INPUT (B, T)"),
            ("from (B, T, D)", "INPUT (B, T, D)"),
            ("hidden state (1, B, H)", "RESULT (1, B, H)"),
            ("uniform zoom (B,)", "RESULT (B)"),
        ],
        [
            "at least (B, T)",
            "instead of (B, T, C)",
            "for each (batch, head)",
            "previously (B, T)",
            "needs (B, H, S, D)",
            "such as (B, T)",
            "the last dim to [n_heads, d_head]",
            "sum over (C, H, W) by hand",
            "returns a mask function (b, h) -> bool",
            "uses clamp(lo, hi)",
            "permute (0, 2, 1)",
            "TODO(ann, bob)",
            "raise error if not found",
        ],
    ),
    "arrows": (
        [
            ("(B, L, D) -> (B, D, L)", "INPUT (B, L, D); RESULT (B, D, L)"),
            ("(B, L, D)->(B, D, L)", "INPUT (B, L, D); RESULT (B, D, L)"),
            ("(B, L, D) => (B, D, L)", "INPUT (B, L, D); RESULT (B, D, L)"),
            ("(B, L, D) --> (B, D, L)", "INPUT (B, L, D); RESULT (B, D, L)"),
            ("(B, L, D) → (B, D, L)", "INPUT (B, L, D); RESULT (B, D, L)"),
            ("(B, L) -> (B, L, 1) -> (B, L, D)", "INPUT (B, L); LINK (B, L, 1); RESULT (B, L, D)"),
            ("-> (B, L, D)", "RESULT (B, L, D)"),
            ("→ (B, L, D)", "RESULT (B, L, D)"),
            ("spec: (B, F, L) -> mel: (B, M, L)", "INPUT spec (B, F, L); RESULT mel (B, M, L)"),
            ("x: (B, L) -> (B, L, D)", "INPUT x (B, L); RESULT (B, L, D)"),
            ("x -> (B, L, D)", "RESULT (B, L, D)"),
            ("x.shape -> (B, L)", "RESULT x (B, L)"),
            ("from (B, L, D) to (B, D, L)", "INPUT (B, L, D); RESULT (B, D, L)"),
            ("reshape (B, L, D) to (B, D, L)", "INPUT (B, L, D); RESULT (B, D, L)"),
            ("(B, T), (B, S) -> (B, T, S)", "INPUT[0/2] (B, T); INPUT[1/2] (B, S); RESULT (B, T, S)"),
            ("(B, C, H, W) -> flatten -> (B, C*H*W)", "INPUT (B, C, H, W); RESULT (B, C*H*W)"),
            ("(B, T) -> scalar", "INPUT (B, T); RESULT ()"),
            ("-> Tensor[B, K, D]", "RESULT (B, K, D)"),
        ],
        [
            "x -> y",
            "A -> B",
            "-> next",
            "-> [-1, 1]",
            "left-top -> right-bot",
            "(B, T) -> one of the many -> things here (B, D)",
            "norm -> pool -> fc",
        ],
    ),
    "operands": (
        [
            ("(B, n, d) @ (B, d, m)", "OPERAND[0/2] (B, n, d); OPERAND[1/2] (B, d, m)"),
            ("(B, n, d) @ (B, d, m) -> (B, n, m)", "OPERAND[0/2] (B, n, d); OPERAND[1/2] (B, d, m); RESULT (B, n, m)"),
            ("(B, n, d) x (B, d, m) = (B, n, m)", "OPERAND[0/2] (B, n, d); OPERAND[1/2] (B, d, m); RESULT (B, n, m)"),
            ("(B, n, d) + (1, n, d)", "OPERAND[0/2] (B, n, d); OPERAND[1/2] (1, n, d)"),
            ("(B, T) / (B, 1) = (B, T)", "OPERAND[0/2] (B, T); OPERAND[1/2] (B, 1); RESULT (B, T)"),
            ("(B, T) * (B, 1) -> (B, T)", "OPERAND[0/2] (B, T); OPERAND[1/2] (B, 1); RESULT (B, T)"),
            (
                "q: (B, n, d) @ k: (B, d, m) -> (B, n, m)",
                "OPERAND[0/2] q (B, n, d); OPERAND[1/2] k (B, d, m); RESULT (B, n, m)",
            ),
        ],
        [
            "(S, D)' @ S,V",
            "x @ y",
            "(a + b) * (c + d)",
        ],
    ),
    "several shapes and alternatives": (
        [
            ("(B, K), (B, K, 4)", "RESULT[0/2] (B, K); RESULT[1/2] (B, K, 4)"),
            ("(B, K) and (B, K, 4)", "RESULT[0/2] (B, K); RESULT[1/2] (B, K, 4)"),
            ("((B, K), (B, V))", "RESULT[0/2] (B, K); RESULT[1/2] (B, V)"),
            ("[(B, K), (B, V)]", "RESULT[0/2] (B, K); RESULT[1/2] (B, V)"),
            ("(B, C, H, W) or (C, H, W)", "RESULT (B, C, H, W) or (C, H, W)"),
            ("(B, C, H, W)/(C, H, W)", "RESULT (B, C, H, W) or (C, H, W)"),
            ("tuple of (B, T) and (B, D)", "RESULT[0/2] (B, T); RESULT[1/2] (B, D)"),
            ("input (B, T), output (B, D)", "INPUT (B, T); RESULT (B, D)"),
        ],
        [
            "(name, score), (name, score)",
            "(k=3, s=1)",
            "(i, j) and (j, i)",
        ],
    ),
    "lists of tensors": (
        [
            ("list of (B, D)", "ELEMENT (B, D)"),
            ("n_lvl x (B, K, D)", "ELEMENT (B, K, D)"),
            ("w: n_layers x (B, T)", "ELEMENT w (B, T)"),
            ("3 x (B, T, C)", "ELEMENT (B, T, C)"),
            ("(B, T, C) x 3", "ELEMENT (B, T, C)"),
            ("[(B, T, D), ...]", "ELEMENT (B, T, D)"),
            ("list[(B, T, D)]", "ELEMENT (B, T, D)"),
            ("each has shape (B, T)", "ELEMENT (B, T)"),
            ("list of tensors, each (B, T)", "ELEMENT (B, T)"),
        ],
        [
            "list of (name, score)",
            "N-best list of (text, token, hyp)",
            "[(name, value)]",
        ],
    ),
    "definitions": (
        [
            ("(B, P, D) where P = n*n", "RESULT (B, P, D); where P = n*n"),
            ("(B, N, 4), where N = h*w and B = 2*b", "RESULT (B, N, 4); where N = h*w; where B = 2*b"),
            ("(B, P), P = h*w", "RESULT (B, P); where P = h*w"),
            ("(B, N), with N = h * w", "RESULT (B, N); where N = h*w"),
            ("(B, T, d=64)", "RESULT (B, T, d); where d = 64"),
            ("(B, T, C) (B=4, T=8)", "RESULT (B, T, C); where B = 4; where T = 8"),
            ("(B, T, C); T = 8", "RESULT (B, T, C); where T = 8"),
            ("(B, T, C) = (32, 128, 512)", "RESULT (B, T, C); where B = 32; where T = 128; where C = 512"),
            ("[B, N] = [4, 8]", "RESULT (B, N); where B = 4; where N = 8"),
            ("(B, 3 (rgb), height(24), C(64))", "RESULT (B, 3, height, C); where height = 24; where C = 64"),
            ("(B, N, 4) where N is the number of boxes", "RESULT (B, N, 4)"),
            ("(B, N), dim=1", "RESULT (B, N)"),
        ],
        [
            "B = 4",
            "(k=3, s=1)",
            "(N=10)",
            "where N = 3",
        ],
    ),
    "layout and dtype": (
        [
            ("(heads, B, L) -> not contiguous anymore", "RESULT (heads, B, L) not-contiguous"),
            ("non-contiguous shape (B, H, W, C)", "RESULT (B, H, W, C) not-contiguous"),
            ("contiguous (B, C)", "RESULT (B, C) contiguous"),
            ("(B, C), contiguous", "RESULT (B, C) contiguous"),
            ("not contiguous anymore", "RESULT not-contiguous"),
            ("now contiguous", "RESULT contiguous"),
            ("float32[b, c]", "RESULT (b, c) float32"),
            ("ids: (B, L), int64", "RESULT ids (B, L) int64"),
            ("FloatTensor(B, C)", "RESULT (B, C)"),
        ],
        [
            "make it contiguous first",
            "we need contiguous memory here",
        ],
    ),
    "errors": (
        [
            ("ERROR: not contiguous", "RAISES 'not contiguous'"),
            ("-> error", "RAISES ''"),
            ("-> raises ValueError", "RAISES 'ValueError'"),
            ("raises RuntimeError", "RAISES 'RuntimeError'"),
            ("this fails: shapes do not match", "RAISES 'shapes do not match'"),
            ("fails", "RAISES ''"),
            ("Error: shapes do not match", "RAISES 'shapes do not match'"),
        ],
        [
            "error handling",
            "raise error if not found",
            "fails on windows",
            "error: see log when it happens",
            "returns an error code",
            "the error is small",
        ],
    ),
    "x between the dims": (
        [
            ("B x T x C", "RESULT (B, T, C)"),
            ("B x L x D -> L x B x D", "INPUT (B, L, D); RESULT (L, B, D)"),
            ("T x B x (C x D)", "RESULT (T, B, C*D)"),
            ("batch x time x dim", "RESULT (batch, time, dim)"),
            ("[n x B x d]", "RESULT (n, B, d)"),
            ("(N x 64 x 81)", "RESULT (N, 64, 81)"),
            ("N x 64 x 147 x 147", "RESULT (N, 64, 147, 147)"),
            ("z: [bs x nvars x patch_len]", "RESULT z (bs, nvars, patch_len)"),
            ("B \u00d7 T \u00d7 C", "RESULT (B, T, C)"),
            ("NxCxHxW", "RESULT (N, C, H, W)"),
            ("3xHxW", "RESULT (3, H, W)"),
            ("Nx4x4", "RESULT (N, 4, 4)"),
            ("Bx(H*W)xC", "RESULT (B, H*W, C)"),
            ("BxNxD+1", "RESULT (B, N, D+1)"),
            ("x: 1x3x224x224", "RESULT x (1, 3, 224, 224)"),
        ],
        [
            "1x1 conv",
            "3x3",
            "3 x 3 kernel",
            "2x upsampling",
            "NxM combinations",
            "4 x conv stem",
            "8 x 3 batch",
            "n_hidden -> 3 x n_hidden",
            "max x value",
            "box",
            "txt_dim",
        ],
    ),
    "bare commas, blanks, letters, scalars": (
        [
            ("B, K, h*w", "RESULT (B, K, h*w)"),
            ("B, C, H, W", "RESULT (B, C, H, W)"),
            ("bsz, seq_len, dim", "RESULT (bsz, seq_len, dim)"),
            ("2*Wh-1 * 2*Ww-1, nH", "RESULT ((2*Wh-1)*(2*Ww-1), nH)"),
            ("(b n d)", "RESULT (b, n, d)"),
            ("b n (h d)", "RESULT (b, n, h*d)"),
            ("b n (h d) -> b h n d", "INPUT (b, n, h*d); RESULT (b, h, n, d)"),
            ("'b t (h d) -> (b h) t d'", "INPUT (b, t, h*d); RESULT (b*h, t, d)"),
            ("[b c (h p) -> b h (c p)]", "INPUT (b, c, h*p); RESULT (b, h, c*p)"),
            ("B K D", "RESULT (B, K, D)"),
            ("B H' W' C", "RESULT (B, H', W', C)"),
            ("NCHW", "RESULT (N, C, H, W)"),
            ("BHWC -> BCHW", "INPUT (B, H, W, C); RESULT (B, C, H, W)"),
            ("HWC to CHW", "INPUT (H, W, C); RESULT (C, H, W)"),
            ("back to NCHW", "RESULT (N, C, H, W)"),
            ("scalar", "RESULT ()"),
            ("x: scalar", "RESULT x ()"),
            ("()", "RESULT ()"),
        ],
        [
            "x, y",
            "a, b",
            "Q, K, V",
            "q, k, v",
            "n_h, n_w",
            "names, scores",
            "N, C, H, W = x.shape",
            "a b c",
            "i j k",
            "BERT",
            "Time step embeddings",
            "(Sample 25 tokens)",
            "a scalar value is used here",
        ],
    ),
    "how a dim is written": (
        [
            ("(B, H_out, L-1, seq-len)", "RESULT (B, H_out, L-1, seq-len)"),
            ("(V + 1 + num-big-blanks, src len - 1)", "RESULT (V+1+num-big-blanks, <src len>-1)"),
            ("(B, C // 2, 2C, hs^2*d)", "RESULT (B, C//2, 2*C, hs**2*d)"),
            ("(B, T', C'')", "RESULT (B, T', C'')"),
            ("(B, ..., D)", "RESULT (B, *, D)"),
            ("(*, D)", "RESULT (*, D)"),
            ("(*spatial_dims, C)", "RESULT (*spatial_dims, C)"),
            ("(..., 1)", "RESULT (*, 1)"),
            ("(B, max(a, b), len(p), lens.max())", "RESULT (B, max(a, b), len(p), lens.max())"),
            ("(B, self.x, embed_channels[0])", "RESULT (B, self.x, embed_channels[0])"),
            ("(1|N, C)", "RESULT (1|N, C)"),
            ("(1 or B, C)", "RESULT (1|B, C)"),
            ("(N, 3/4, 2)", "RESULT (N, 3|4, 2)"),
            ("(None, -1, ?, _, C)", "RESULT (any:None, any:-1, any:?, any:_, C)"),
            ("(B, K²)", "RESULT (B, K**2)"),
            ("(B \u00d7 T, C)", "RESULT (B*T, C)"),
            ("(B, H·W, C)", "RESULT (B, H*W, C)"),
            ("(BxT, C)", "RESULT (B*T, C)"),
            ("(B, (h w), C)", "RESULT (B, h*w, C)"),
            ("(batch x head, d)", "RESULT (batch*head, d)"),
            ("(#batch, time)", "RESULT (any:#batch, time)"),
            ("(B, n layers * n directions)", "RESULT (B, <n layers>*<n directions>)"),
            ("(B, ceil(T/2))", "RESULT (B, ceil(T/2))"),
        ],
        [
            "(B, C, (t), w)",
            "(B, T, 0.5)",
            "[t, t-1, ..., t-n]",
            "[0, 1, ..., n]",
            "(B, the size)",
            "x[:, 1, :]",
            "w_{q,k}",
            "$(B, C)$",
        ],
    ),
    "code and citations": (
        [
            ("x.shape = [batch_size, seq_len]", "RESULT x (batch_size, seq_len)"),
            ("Tensor(B, C)", "RESULT (B, C)"),
        ],
        [
            "y = y.view(a, b)",
            "x = f(B, C)",
            "return x, (B, C)",
            "import a, b",
            "for i in (B, C):",
            "self.conv = nn.Conv2d(3, 3, kernel_size=(3, 3))",
            "Tuple[int, int]",
            "Conv2d(3, 64)",
            "f(B, C)",
            "(Doe et al., 2019)",
            "Copyright (c) Someone, Inc.",
            "[1e9, 2e9],",
            "print(x, (B, C))",
        ],
    ),
}

RIGHT = [(form, text, expected) for form, (right, _) in FORMS.items() for text, expected in right]
WRONG = [(form, text) for form, (_, wrong) in FORMS.items() for text in wrong]


@pytest.mark.parametrize(("form", "text", "expected"), RIGHT, ids=[text for _, text, _ in RIGHT])
def test_a_comment_of_this_form_is_read(form: str, text: str, expected: str) -> None:
    comment = f"# {text}"

    assert show(read_comment(comment)) == expected, form
    assert might_hold_claim(comment)


@pytest.mark.parametrize(("form", "text"), WRONG, ids=[text for _, text in WRONG])
def test_what_only_looks_like_it_is_no_claim(form: str, text: str) -> None:
    reading = read_comment(f"# {text}")
    assert show(Reading(tuple(c for c in reading.claims if not c.tentative), reading.definitions)) == "", form
    assert show(read_comment(f"# {text}", own_line=True)) == "", form


def test_the_claims_own_text_is_where_it_says() -> None:
    text = "# x: (B, T, C) -> y: [B, C], where C = 2*D"
    reading = read_comment(text)

    assert [text[claim.start : claim.end] for claim in reading.claims] == ["(B, T, C)", "[B, C]"]
    assert [text[item.start : item.end] for item in reading.definitions] == ["C = 2*D"]
    assert [claim.shapes[0].text for claim in reading.claims] == ["(B, T, C)", "[B, C]"]


def test_a_row_of_numbers_or_of_bare_names_needs_a_statement_before_it() -> None:
    assert read_comment("# (4, 1000)")
    assert not read_comment("# (4, 1000)", own_line=True)
    assert read_comment("# k, t, c")
    assert not read_comment("# k, t, c", own_line=True)
