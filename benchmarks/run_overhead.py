"""How much longer a training loop takes under `shapelint run` than under Python alone.

    python benchmarks/run_overhead.py [--repeats 5] [--most 1.5]

Both run the same script in processes of their own; the time is that of the loop itself, and of the whole process.
Exit status 1 where the ratio of the loop's median times is above `--most`.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LOOP = '''
import sys
import time

import torch
from torch import nn

torch.set_num_threads(1)


class Attention(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.qkv = nn.Linear(dim, 3 * dim)
        self.proj = nn.Linear(dim, dim)
        self.heads, self.width = heads, dim // heads

    def forward(self, x):
        B, T, D = x.shape  # (B, T, D)
        q, k, v = self.qkv(x).chunk(3, dim=-1)  # (B, T, D)
        q = q.view(B, T, self.heads, self.width).transpose(1, 2)  # (B, heads, T, width)
        k = k.view(B, T, self.heads, self.width).transpose(1, 2)  # (B, heads, T, width)
        v = v.view(B, T, self.heads, self.width).transpose(1, 2)  # (B, heads, T, width)
        att = (q @ k.transpose(-2, -1)) * self.width**-0.5  # (B, heads, T, T)
        att = att.softmax(dim=-1)  # (B, heads, T, T)
        y = att @ v  # (B, heads, T, T) @ (B, heads, T, width) = (B, heads, T, width)
        y = y.transpose(1, 2).reshape(B, T, D)  # (B, T, D)
        return self.proj(y)  # (B, T, D)


class Block(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.attention = Attention(dim, heads)
        self.mlp = nn.Sequential(nn.Linear(dim, 4 * dim), nn.GELU(), nn.Linear(4 * dim, dim))

    def forward(self, x):
        """
        x: (B, T, dim)
        """
        x = x + self.attention(self.norm1(x))  # (B, T, dim)
        x = x + self.mlp(self.norm2(x))  # (B, T, dim)
        return x  # (B, T, dim)


class Model(nn.Module):
    def __init__(self, vocab=101, dim=DIM, depth=4, heads=4, longest=64):
        super().__init__()
        self.embed = nn.Embedding(vocab, dim)
        self.position = nn.Parameter(torch.zeros(1, longest, dim))
        self.blocks = nn.ModuleList([Block(dim, heads) for _ in range(depth)])
        self.head = nn.Linear(dim, vocab)

    def forward(self, ids):
        B, T = ids.shape  # (B, T)
        x = self.embed(ids)  # (B, T, dim)
        x = x + self.position[:, :T]  # (B, T, dim) + (1, T, dim) = (B, T, dim)
        for block in self.blocks:
            x = block(x)  # (B, T, dim)
        return self.head(x)  # (B, T, vocab)


def main():
    torch.manual_seed(0)
    model = Model()
    optimizer = torch.optim.AdamW(model.parameters())
    data = torch.randint(0, 101, (64, 33))  # (64, 33)
    for step in range(STEPS + 5):
        if step == 5:
            start = time.perf_counter()
        batch = data[(step * 8) % 64 :][:8]  # (8, 33)
        logits = model(batch[:, :-1])  # (8, 32, 101)
        loss = nn.functional.cross_entropy(logits.flatten(0, 1), batch[:, 1:].flatten())  # ()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(time.perf_counter() - start, file=open(sys.argv[1], "w"))


if __name__ == "__main__":
    main()
'''


def measured(command: list[str], folder: Path) -> tuple[float, float]:
    """Seconds of the loop and of the whole process."""
    out = folder / "seconds"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    start = time.perf_counter()
    run = subprocess.run([*command, str(out)], capture_output=True, text=True, check=False, env=environment)
    whole = time.perf_counter() - start
    if run.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{run.stderr}")
    return float(out.read_text()), whole


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--dim", type=int, default=64)
    parser.add_argument("--most", type=float, default=1.5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        script = folder / "loop.py"
        script.write_text(LOOP.replace("STEPS", str(arguments.steps)).replace("DIM", str(arguments.dim)))
        plain, recorded = [], []
        for _ in range(arguments.repeats):  # in turn, so that both meet the same other load
            plain.append(measured([sys.executable, str(script)], folder))
            recorded.append(measured([sys.executable, "-m", "shapelint", "run", str(script)], folder))
    ratios = []
    for index, what in enumerate(("loop", "process")):
        before = statistics.median(row[index] for row in plain)
        after = statistics.median(row[index] for row in recorded)
        ratios.append(after / before)
        print(f"{what}: {before:.3f} s plain, {after:.3f} s under shapelint run, {after / before:.2f} times")
    return int(ratios[0] > arguments.most)


if __name__ == "__main__":
    sys.exit(main())
