"""Docstrings in each style: whose shape each claim is, the results in order, and the sizes that are defined."""

from __future__ import annotations

import pytest
from reading_text import show, show_claim

from shapelint.notation import might_hold_claim, read_docstring

READ = {
    "plain lines": (
        """
        x (B, T)
        y: (B, C)
        z = (B, D)
        `q` and `k` have shape `[b, h]`
        w: tensor of shape [K, D]
        """,
        ["INPUT x (B, T)", "INPUT y (B, C)", "INPUT z (B, D)", "INPUT q (b, h)", "INPUT k (b, h)", "INPUT w (K, D)"],
    ),
    "names that are said to be optional": (
        """Flow.

        Parameters
        ----------
        x : Tensor, shape (bs, dim)
        (optionally) y : Tensor, shape (bs, n)

        Returns
        -------
        xt : Tensor, shape (bs, dim)
        (optional) eps: Tensor, shape (bs, n) such that xt = x + eps
        """,
        ["INPUT x (bs, dim)", "INPUT y (bs, n)", "RESULT[0/2] xt (bs, dim)", "RESULT[1/2] eps (bs, n)"],
    ),
    "products in the row of a line, and many words below": (
        """
        Args:
            cov (torch.complex64): (B, F, (taps + 1) * C, (taps + 1) * C)
                is the power normalized spatio-temporal covariance matrix.
        """,
        ["INPUT cov (B, F, (taps+1)*C, (taps+1)*C)"],
    ),
    "a row of results below its head": (
        """
        Returns:
            (tuple): tuple containing:

            x: decoded scores (B, T, D)
            lengths: (B,)
        """,
        ["RESULT[0/2] x (B, T, D)", "RESULT[1/2] lengths (B)"],
    ),
    "entries of a dict below its name": (
        """
        Args:
            batch:
                points: (num_points, per_point, C)
                counts: one number for each, of shape (num_points, 1)
            x:
                shape: (B, C)
                which is laid beside them
            y: (B, D)
        """,
        [
            "INPUT points (num_points, per_point, C)",
            "INPUT counts (num_points, 1)",
            "INPUT x (B, C)",
            "INPUT y (B, D)",
        ],
    ),
    "images of a support set": (
        """
        :param shots: the embeddings of the support set images, tensor of shape [shots, bs, 64]
        """,
        ["INPUT shots (shots, bs, 64)"],
    ),
    "steps that go on in words": (
        """
        Input: (levels, features, lon, lat) → flatten (levels*features) →
        apply the network → reshape back.
        """,
        ["INPUT (levels, features, lon, lat)", "LINK (levels*features)"],
    ),
    "a range, and a shape after it": (
        """Equalize.

        Args:
            tiles: a set of tiles, values must be in the range [0, 1].
              (B, 2GH, C, TH/2)
            masks: masks in the range [0, 1]. (B, H, W)
            scales: scales in the range [0, 1].
        """,
        ["INPUT tiles (B, 2*GH, C, TH/2)", "INPUT masks (B, H, W)"],
    ),
    "a row with a number in it that ends the line": (
        """
        Return:
            centre: the sampled points' own positions, [B, 1, 3]
            kernel: the size that all windows have, (2, 2)
        """,
        ["RESULT[0/2] centre (B, 1, 3)"],
    ),
    "a pair that is described by itself, and what follows it": (
        """
        Returns
        -------
        pair of torch.Tensor
            The node features are of shape (N, H, D_out)
            The edge features are of shape (F, H, F_out).
        torch.Tensor, optional
            The attention values of shape (E, H, 1).
        """,
        [],
    ),
    "a window of a picture is no shape of it": (
        """
        Returns:
            features: puts the tokens in an order in which each grid of
                (merge_size, merge_size) lies together.
            patches: the tokens in blocks of (n, m) each, of shape (N, L, D)
        """,
        ["RESULT[1/2] patches (N, L, D)"],
    ),
    "a letter for real numbers before a row": (
        """
        u: r(B D L)
        A: c(D N) or r(D N)
        q: (B L D)
        z: b (h w) c
        """,
        ["INPUT q (B, L, D)", "INPUT z (b, h*w, c)"],
    ),
    "a field without its second colon, and values behind a row": (
        """
        :param query          (N, Length_{query}, C)
        :param shapes         (n_levels, 2), [(H_0, W_0), (H_1, W_1), ..., (H_{L-1}, W_{L-1})]
        :param starts         (n_levels, ), [0, H_0*W_0, H_0*W_0+H_1*W_1]
        :return output        (N, C)
        """,
        ["INPUT query (N, Length_query, C)", "INPUT shapes (n_levels, 2)", "INPUT starts (n_levels)", "RESULT (N, C)"],
    ),
    "a row by crosses before what it is": (
        """
        :param boxes: (proposals x 4)
            Ground truth for each
        :param anchors: (proposals x 4) Anchors/Proposal boxes
        :param size: (H x W) size of a picture
        """,
        ["INPUT boxes (proposals, 4)", "INPUT anchors (proposals, 4)"],
    ),
    "what is known of pairs, and pairs": (
        """
        Args:
            z:
                [*, N_res, N_res, C_z] pair representation
            size: [H, W] pair of sizes
        """,
        ["INPUT z (*, N_res, N_res, C_z)"],
    ),
    "a tensor of some dimensions": (
        """
        :param encoded: encoded images, a tensor of dimension (batch_size, num_pixels, encoder_dim)
        :param sentences: sentence-level data, a tensor of dimensions (n_sentences, word_pad_len)
        :param lengths: lengths, a tensor of dimension (batch_size)
        :param sizes: the number of channels along each dimension (C, D)
        """,
        [
            "INPUT encoded (batch_size, num_pixels, encoder_dim)",
            "INPUT sentences (n_sentences, word_pad_len)",
            "INPUT lengths (batch_size)",
        ],
    ),
    "the batch alone, where nothing else is said": (
        """
        Args:
            x: [bsz, seq_len, bits]
            time: [bsz]
            step (Tensor): (N)
            kept: the choices (N)
        """,
        ["INPUT x (bsz, seq_len, bits)", "INPUT time (bsz)", "INPUT step (N)"],
    ),
    "a number that is told of with what it is for": (
        """
        args:
            width: int, dimension of the input. The input should have shape
                (B, T, width).
            kind: string, one of "a" and "b", for (B, T)
            x: integers (B, T)
        """,
        ["INPUT x (B, T)"],
    ),
    "sequences in time, and those of tensors": (
        """
        Args:
            frames: Input sequences. (B, T, D)
            states: Sequence of the states of each layer (B, D)
            words (Sequence[Tensor]): the words (T, D)
        """,
        ["INPUT frames (B, T, D)", "ELEMENT states (B, D)", "ELEMENT words (T, D)"],
    ),
    "a row of what is described": (
        """Step.

        Inputs: x, u/(u, v)
            x: tensor of shape (B, D)
            u: a state for each layer. Tensor of shape (L, B, H).
            v: a state for those that have one.
                Tensor of shape (L, B, H).
            y: (B, L)
            L: number of layers
        """,
        ["INPUT x (B, D)", "INPUT u (L, B, H)", "INPUT y (B, L)"],
    ),
    "each of what a value is of, and an article": (
        """Pick.

        Args:
            y: A ``(batch_shape) x n x m``-dim tensor.

        Returns:
            - vals: Responses of each heatmap in
                shape (B, K, top)
            - rows: Each row in shape (B, K)
        """,
        ["RESULT[0/2] vals (B, K, top)", "ELEMENT[1/2] rows (B, K)"],
    ),
    "an arrow": ("(B, T) -> (B, C)", ["INPUT (B, T)", "RESULT (B, C)"]),
    "Google": (
        """Attend.

        Args:
            query (torch.Tensor): Query tensor (#batch, time1, size).
            bias (torch.Tensor): Bias for all of it (#batch, 1, time1).
            key, value: tensors of shape [B, T,
                D], one each.
            mask (Tensor, optional): must be of shape (B, T) or (B, 1, T). If None, nothing.
            n (int): how many (by default, two)
            xs (list): list of tensors of shape (B, D)

        Returns:
            Tensor: Output (#batch, time1, d_model).
        """,
        [
            "INPUT query (any:#batch, time1, size)",
            "INPUT bias (any:#batch, 1, time1)",
            "INPUT key (B, T, D)",
            "INPUT value (B, T, D)",
            "INPUT mask (B, T) or (B, 1, T)",
            "ELEMENT xs (B, D)",
            "RESULT (any:#batch, time1, d_model)",
        ],
    ),
    "the stated type of a parameter": (
        """
        Args:
            a (list): tensors of shape (B, T)
            b (List[Tensor], optional): shape (B, T)
            c (tuple): (h, c), the two states
            d (int, optional): (B, T)
            e (Tensor or None): (B, T)
            f (Optional[Tensor]): (B, T)
            g (list): [height, width]
            h (tuple): each of shape (B, T)
            i (list or Tensor): of shape (B, T)
        """,
        [
            "ELEMENT a (B, T)",
            "ELEMENT b (B, T)",
            "INPUT e (B, T)",
            "INPUT f (B, T)",
            "ELEMENT h (B, T)",
        ],
    ),
    "the stated type of a parameter (NumPy)": (
        """
        Parameters
        ----------
        a : list of torch.Tensor
            Of shape (B, T).
        b : tuple
            (h, c), tuple of the two states
        c : torch.Tensor
            Of shape (B, T).
        d : Tensor (B, T)
            The tensor.
        """,
        ["ELEMENT a (B, T)", "INPUT c (B, T)", "INPUT d (B, T)"],
    ),
    "the stated type of a parameter (Sphinx)": (
        """
        :param list a: tensors of shape (B, T)
        :param torch.Tensor b: of shape (B, T)
        :param int c: (B, T)
        """,
        ["ELEMENT a (B, T)", "INPUT b (B, T)"],
    ),
    "what a flat tensor had been": (
        """
        Args:
            acts: Flattened tensor [B, T, U, V+1]
            denom: Tensor of shape [B, T, U] flattened.
            alphas: Flattened features (B, D)
            betas: memory of shape [B, T, U]
        """,
        ["INPUT alphas (B, D)", "INPUT betas (B, T, U)"],
    ),
    "an index in a sentence": (
        """Warp.

        The value at out[b, j, i, c] is
        images[b, j - k, i - k, c].

        Args:
            images: of shape [b, h, w, c]
        """,
        ["INPUT images (b, h, w, c)"],
    ),
    "a list of things of a shape": (
        """
        Args:
            pics: List of prepared pictures shaped (C, H, W).
            feats: A list of M tensors with shape (B, D) to be joined.
        """,
        ["ELEMENT pics (C, H, W)", "ELEMENT feats (B, D)"],
    ),
    "one parameter in several cases": (
        """
        Args:
            x: What is embedded
                - for pictures: [B, C, H, W]
                - for tokens: [B, N, C]
            parts: A dict
                - src: (B, C)
                - dst: (B, D)
        """,
        ["INPUT x (B, C, H, W) or (B, N, C)"],
    ),
    "several results": (
        """
        Returns:
            Tensor: the output (B, T, D)
            Tensor: its mask (B, T)
        """,
        ["RESULT[0/2] (B, T, D)", "RESULT[1/2] (B, T)"],
    ),
    "several results, one without a shape": (
        """
        Returns:
            Tensor: the output (B, T, D)
            dict: what else there is
            Tensor: its mask (B, T)
        """,
        ["RESULT[0/3] (B, T, D)", "RESULT[2/3] (B, T)"],
    ),
    "results in a list, with lines around it": (
        """
        Returns:
            A dictionary of two.
                - ``src``: corners of shape (B, 4, 2)
                - size (Tensor): of shape (B, 2)
                An empty batch gives a size of shape (0, 2).
        """,
        ["RESULT[0/2] src (B, 4, 2)", "RESULT[1/2] size (B, 2)"],
    ),
    "a sentence of results on two lines": (
        """
        Returns:
            A tensor with the masks of all of them, of shape
            (B, T, D) where D is the width.
        """,
        ["RESULT (B, T, D)"],
    ),
    "one result in several cases": (
        """
        Returns:
            Tensor: Output tensor (B, C, T) if `last` else
            (B, D, T).
        """,
        ["RESULT (B, C, T) or (B, D, T)"],
    ),
    "one result by an option, on lines that begin with it": (
        """
        Returns:
            the filtered tensor. With ``padding='same'`` it has shape :math:`(B, H)`, its pixel ``(0, 0)`` first. With
            ``padding='valid'`` it has shape :math:`(B, H - k + 1)`.
        """,
        ["RESULT (B, H) or (B, H-k+1)"],
    ),
    "one result whose shape begins a line": (
        """
        Returns:
            kernels of shape :math:`(2, 3, 3)` for ``order=1``, and :math:`(3, 5, 5)` (wide) or
            :math:`(3, 3, 3)` (narrow) for ``order=2``.
        """,
        ["RESULT (2, 3, 3) or (3, 5, 5) or (3, 3, 3)"],
    ),
    "one result by a word in quotes, on a line that a sentence goes on with": (
        'Returns:\n    the matrix of shape (B, 3, 3) for ``"eight"`` and\n    :math:`(B, 3, 3, 3)` for ``"seven"``.',
        ["RESULT (B, 3, 3) or (B, 3, 3, 3)"],
    ),
    "a result of which a line goes on": (
        """
        Returns:
            Output: :math:`[(B, C, H, W), (B, C, H/2, W/2), ...]`, where
            :math:`(H, W)` is the size unless padding was
            applied (see above).
        """,
        ["RESULT (B, C, H, W)"],
    ),
    "a list of cases": (
        """
        :return: weights of the following shape,
            1) several heads => weights (B, H, L, T),
            2) other case => weights (B, L, T).
        """,
        ["RESULT (B, H, L, T) or (B, L, T)"],
    ),
    "a row of cases": (
        "Returns:\n    an image of the form (H, W), (H, W, C) or (B, H, W, C).",
        ["RESULT (H, W) or (H, W, C) or (B, H, W, C)"],
    ),
    "a parameter in several cases": (
        "Args:\n    image: an image of the form (H, W), (C, H, W) or\n        (B, C, H, W).",
        ["INPUT image (H, W) or (C, H, W) or (B, C, H, W)"],
    ),
    "several results in a list, each of which has two shapes": (
        "Returns:\n    - heights, of shape (N,) or (B, N).\n    - widths, of shape (N,) or (B, N).",
        ["RESULT[0/2] (N) or (B, N)", "RESULT[1/2] (N) or (B, N)"],
    ),
    "several results in a sentence": (
        "Returns:\n    the points of shape (B, N, 2) and the matrix\n    in the shape (B, 3, 3) that maps them.",
        ["RESULT (B, N, 2)"],
    ),
    "results by their types, the last of them a tuple": (
        """
        Returns:
            Tensor: waves (B, T).
            int: how many.
            tuple[Tensor, Tensor]:
                - Tensor: means (B, H, T).
                - Tensor: scales (B, H, T).
        """,
        ["RESULT[0/3] (B, T)", "RESULT[0/2] (B, H, T)", "RESULT[1/2] (B, H, T)"],
    ),
    "results without a colon": ("Do.\n\n    Returns\n        mask: (B, T)", ["RESULT mask (B, T)"]),
    "NumPy": (
        """
        Parameters
        ----------
        x : Tensor, shape (B, T)
            The thing.
        y : array of shape [n, d]

        Returns
        -------
        z : Tensor, shape (B, D)
        """,
        ["INPUT x (B, T)", "INPUT y (n, d)", "RESULT z (B, D)"],
    ),
    "Sphinx": (
        """
        :param x: input of shape (B, T)
        :param torch.Tensor y: the (B, D) thing
        :return: (B, T, D)
        """,
        ["INPUT x (B, T)", "INPUT y (B, D)", "RESULT (B, T, D)"],
    ),
    "Sphinx, two results": (
        """
        :return: the state (B, D)
        :rtype: torch.Tensor
        :return: the weights (B x T)
        :rtype: torch.Tensor
        """,
        ["RESULT[0/2] (B, D)", "RESULT[1/2] (B, T)"],
    ),
    "a result among the arguments": (
        "Args:\n    x: the keys (B, T)\n    output: the sum (B, T)",
        ["INPUT x (B, T)", "RESULT (B, T)"],
    ),
    "lists, told by their first words or their type": (
        """
        Args:
            rings: list of (n, 2)-arrays, open at their ends.
                Each ring is an array of shape (n, 2), row by row.
            found: a list of indices. Each is sized (N,) or (M, 1)
            sizes: a tensor with the list of edges, of shape (N, 2)

        Parameters
        ----------
        parts : tuple of Tensor
            the halves, of shape (B, D)
        """,
        ["ELEMENT rings (n, 2)", "ELEMENT found (N) or (M, 1)", "INPUT sizes (N, 2)", "ELEMENT parts (B, D)"],
    ),
    "two ranks in two sentences": (
        """
        Args:
            image: pictures (B, 1, H, W), grey ones. Volumes have
                the shape (B, 1, H, W, D).
            mask: (B, T), which becomes (B, 1, T) within
        """,
        ["INPUT image (B, 1, H, W, D) or (B, 1, H, W)", "INPUT mask (B, T)"],
    ),
    "arrows of steps beside a list of parameters": (
        """Both come to (A, B, 2):
        (A, 2) -> (A, 1, 2) -> (A, B, 2)
        (B, 2) -> (1, B, 2) -> (A, B, 2)

        Args:
            one: boxes of shape (A, 4)
            other: boxes of shape (B, 4)
        """,
        ["INPUT one (A, 4)", "INPUT other (B, 4)"],
    ),
    "a Shape section": (
        r"""
        Shape:
            - Input: :math:`(N, C, H_{in}, W_{in})` or :math:`(C, H, W)`
            - Output: :math:`(N, C)` where C = n*2
        """,
        ["INPUT (N, C, H_in, W_in) or (C, H, W)", "RESULT (N, C)"],
    ),
}

SILENT = {
    "the shape of a thing that is spoken of": "Returns:\n    The response of the (B, C, D, H, W) stack.",
    "a bracket that closes nothing": "Returns:\n    A table of shape :math:`(B, N_{bins}), N_{bins})`.",
    "what is called": "``forward()`` of the layer\n\nSwish() activation function.\n\nloss(): how far it is off",
    "a default": "Args:\n    size: The size of the map. Default: (14, 14)",
    "a summary": "Convert a batch (of images) to tokens, if (and only if) needed.",
    "coordinates": "Args:\n    center: the point (x, y) in pixels\n    box: [x1, y1, x2, y2]",
    "a size": "Args:\n    size: output size of the crop, like (h, w)",
    "an interval": "Args:\n    x: values in [0, 1]\n    p: probability in (0, 1)",
    "a section of its author's own": "Returns:\n    As many.\n\nSpreading:\n    - cos, sin are made ``[1, D, T]``.",
    "a doctest": ">>> x = torch.rand(2, 3)\n>>> x.shape\ntorch.Size([2, 3])",
    "an example": "Example:\n    out (B, T)",
    "how it is done": "Details:\n    Joins the rows one after the other:\n    [first, second, (third + rest), ...]",
    "options": "Args:\n    mode: one of ('a', 'b')\n    reduction (str): (none, mean, sum)",
}


OF_PARAMETERS = {
    "shapes one after the other": (
        "Args:\n  q: boxes, shape of :math:`(N, 4)`, :math:`(B, N, 4)`.\n  k: (N,), scores (N, C)",
        ["INPUT q (N, 4) or (B, N, 4)", "INPUT k (N)"],
    ),
    "a sentence about two of them": (
        "`q` and `k` are rows of vectors.\n    They have shape `[T, B, D]`.",
        ["INPUT q (T, B, D)", "INPUT k (T, B, D)"],
    ),
    "mathematics between the name and the shape": (
        r"* `q` is $q_1 \dots q_N$ in a tensor of shape `[N, B]`",
        ["INPUT q (N, B)"],
    ),
    "those that a word begins": (
        "Points have shape ``(B, 3, 2)`` and the result is new.",
        ["INPUT points1 (B, 3, 2)", "INPUT points2 (B, 3, 2)"],
    ),
    "a sentence about nothing of the function": ("Noise has shape ``(B, 2, H, W)`` with channels in order.", []),
    "a parameter, then the result": ("- ``q`` is ``(dx, dy)`` in px; returns (B, 3, 3) matrices", ["RESULT (B, 3, 3)"]),
    "a parameter, then a sentence on the result": (
        "``k`` is ``[E+1]`` in all. Returns ``[T, D]``\nrows, as ``q`` ``[T, C]``.",
        ["INPUT k (E+1)", "RESULT (T, D)", "INPUT q (T, C)"],
    ),
    "a line about nothing of the function": ("Split: [K, B, C, T]", []),
    "a line within a sentence": (
        "Models that know a great many words, as most of them do now, have a large\n    result (B, T, V). It is cut.",
        [],
    ),
    "a line of the result": ("Cuts what is too large into smaller pieces.\n    result (B, T, V)", ["RESULT (B, T, V)"]),
    "dims of several words": ("q: probabilities\n        (batch x sequence index x phoneme index)", []),
    "dims of several words, of lengths": ("q: values (n x target rows x 3)", ["INPUT q (n, <target rows>, 3)"]),
    "a row with x and the kind of its tensor": ("q: values (n x m ndarray)", ["INPUT q (n, m)"]),
    "a pronoun below a sentence about something else": ("The others are `q`.\n    They have shape `[T, B, D]`.", []),
}


OF_SENTENCES = {
    "what a function expects": (
        "expects q as (B, C, H, W)\n    k as [B, C]",
        ["INPUT q (B, C, H, W)", "INPUT k (B, C)"],
    ),
    "one line": ("Takes q: (B, C) and k: (B, D).", ["INPUT q (B, C)", "INPUT k (B, D)"]),
    "several sentences": (
        "`q` is of shape (B, C). k is a tensor of size (B, D). Returns a tensor of shape (B,).",
        ["INPUT q (B, C)", "INPUT k (B, D)", "RESULT (B)"],
    ),
    "several names": ("The rule. q/k: (B, C); of one batch.", ["INPUT q (B, C)", "INPUT k (B, C)"]),
    "several names at the beginning": ("It attends. q and k: (B, C).", ["INPUT q (B, C)", "INPUT k (B, C)"]),
    "another word": ("The rule. bias/k: (B, C).", ["INPUT k (B, C)"]),
    "names within a sentence": ("It divides q, and k: (B, C).", ["INPUT k (B, C)"]),
    "what the input should be": ("Input q should be (B, C)", ["INPUT q (B, C)"]),
    "the only input": ("Input should be of shape [B, N, P].", ["INPUT (B, N, P)"]),
    "a list of inputs": ("Input: q (B, C, H, W), k (B, C)", ["INPUT q (B, C, H, W)", "INPUT k (B, C)"]),
    "a word before an arrow": ("Shape: (B, T) -> (B, T, C)", ["INPUT (B, T)", "RESULT (B, T, C)"]),
    "a case": ("If q has shape (B, C), it is made longer.", []),
    "a case that began above": ("So it is only if\n    the q is of shape (B, C), and not else.", []),
    "two cases": ("In training q has shape (B, C). Later q has shape (B, T, C).", []),
    "one of several kinds": ("A 3-D q is (B, C, H).", []),
    "what is made": ("Turns it to a long row q of shape (B * C, D)", []),
    "a product": ("It computes P = q [R|t].", []),
    "a tuple": ("It is done. Returns (hidden_states, attention_mask).", []),
}


OF_A_TENSOR = {
    "its shape": ("Maps q.\n\n  q.shape = (batch, channel)\n", ["INPUT q (batch, channel)"]),
    "a row, then what it is": (
        "Args:\n  q: (B, C, H, W) image with mean 0.5, i.e. ``2 * x - 1`` for an image in ``[0, 1]``.",
        ["INPUT q (B, C, H, W)"],
    ),
    "the whole line": (
        "Returns:\n  masked (Tensor): [B, T]\n  q (torch.Tensor): (B,)\n"
        "  others that are told, e.g. one: OrderedDict[\n    'one': of all bins (B, T*F, D),\n  ]",
        ["RESULT[0/2] masked (B, T)", "RESULT[1/2] q (B)"],
    ),
    "one of three": (
        "Args:\n  q: (B, N), (B, N, N) or (B, 1, N, N) optional boolean mask over the patches.",
        ["INPUT q (B, N) or (B, N, N) or (B, 1, N, N)"],
    ),
    "optional": ("Args:\n  q (Optional[Tensor]): Batch of speaker IDs (B, 1).", ["INPUT q (B, 1)"]),
    "with a default": ("Args:\n  q (Tensor, optional): Pitch by tokens (T_text + 1, 1).", ["INPUT q (T_text+1, 1)"]),
    "sphinx": (":param torch.Tensor q: ids of the target language (B, 1)", ["INPUT q (B, 1)"]),
    "numpy": ("Parameters\n----------\nq : np.ndarray\n    the centres of the boxes (B, 2)\n", ["INPUT q (B, 2)"]),
    "what its numbers are": (
        "Parameters\n----------\nq : torch.Tensor, float\n    the seasons, dims: (batch, n, d)\n",
        ["INPUT q (batch, n, d)"],
    ),
    "of dims": ("Returns:\n  A component of dims (batch, n).", ["RESULT (batch, n)"]),
    "a number or a tensor": ("Parameters\n----------\nq : float, torch.Tensor\n    of shape (batch, n)\n", []),
    "result": ("Returns:\n  Tensor: Embedding of the reference (B, gru_units).", ["RESULT (B, gru_units)"]),
    "a tensor of them": ("Args:\n  q: a tensor of bounding boxes in (B1, 4).", ["INPUT q (B1, 4)"]),
    "no type": ("Args:\n  q: the speaker's IDs in some order (B, 1).", []),
    "an int": ("Args:\n  q (int): the number of speakers in a batch (B, 1).", []),
    "tensors": ("Args:\n  q (List[Tensor]): the speakers of a batch (B, 1).", []),
    "columns": ("Args:\n  q (Tensor): boxes with their corners (x1, y1, x2, y2).", []),
    "a range": ("Args:\n  q (Tensor): probabilities of the classes in [0, C].", []),
    "a thing": ("Args:\n  q (Tensor): the values of a pair (key, 1).", []),
}


OF_A_FUNCTION = {**OF_PARAMETERS, **OF_SENTENCES, **OF_A_TENSOR}


@pytest.mark.parametrize(("text", "expected"), OF_A_FUNCTION.values(), ids=OF_A_FUNCTION.keys())
def test_the_docstring_of_a_function_tells_of_its_parameters(text: str, expected: list[str]) -> None:
    assert [show_claim(claim) for claim in read_docstring(text, ["q", "k", "points1", "points2"]).claims] == expected


def test_no_name_hides_another_in_the_tables() -> None:
    assert len(OF_A_FUNCTION) == len(OF_PARAMETERS) + len(OF_SENTENCES) + len(OF_A_TENSOR)


def test_a_header_may_be_one_of_markdown() -> None:
    text = (
        "\n# Parameters\n\nq : `Tensor`, required.\n    A tensor of shape (B, T).\n"
        "\n# Returns\n\nk : `Tensor`\n    Of shape (B,).\n"
    )
    assert [show_claim(claim) for claim in read_docstring(text, ["q"]).claims] == ["INPUT q (B, T)", "RESULT k (B)"]


@pytest.mark.parametrize(("text", "expected"), READ.values(), ids=READ.keys())
def test_a_docstring_of_this_style_is_read(text: str, expected: list[str]) -> None:
    assert [show_claim(claim) for claim in read_docstring(text).claims] == expected
    assert might_hold_claim(text)


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT.keys())
def test_a_docstring_without_shapes_is_silent(text: str) -> None:
    assert show(read_docstring(text)) == ""


def test_an_item_of_a_parameter_is_not_the_parameter() -> None:
    assert show(read_docstring("\n    :param x: [x[0], x[1]]\n    x[0]: the features (B, C, H, W)\n")) == ""
    assert show(read_docstring("\n    :param x: the features (B, C, H, W)\n")) == "INPUT x (B, C, H, W)"


def test_sizes_are_defined_on_lines_of_their_own_and_behind_a_shape() -> None:
    assert show(read_docstring("\n    D = embed_dim\n    P = h * w\n")) == "def D = embed_dim; def P = h*w"
    assert show(read_docstring("\n    The features of each point when\n    `n_classes=0`.\n")) == ""
    assert show(read_docstring("x: (B, P) where P = h*w")) == "INPUT x (B, P); where P = h*w"
    assert show(read_docstring("D = the size of it")) == ""


def test_offsets_are_into_the_raw_text() -> None:
    text = "Do.\n\n    Args:\n        x: the input of shape (B,\n            T)\n        y: `(B, C)`\n"

    assert [text[claim.start : claim.end] for claim in read_docstring(text).claims] == ["(B,\n            T)", "(B, C)"]
