#: run: EncoderLayer(8, 2)(torch.rand(3, 5, 8), torch.ones(3, 5))
import torch
import torch.nn as nn


class EncoderLayer(nn.Module):
    def __init__(self, hidden_size, n_heads):
        super().__init__()
        self.n_heads = n_heads
        self.head_dim = hidden_size // n_heads
        self.q = nn.Linear(hidden_size, hidden_size)
        self.k = nn.Linear(hidden_size, hidden_size)
        self.v = nn.Linear(hidden_size, hidden_size)

    def forward(self, hidden_states, attention_mask):
        # hidden_states: (batch, seq_len, hidden_size)
        # attention_mask: (batch, seq_len)
        bsz, seq_len, _ = hidden_states.size()
        q = self.q(hidden_states).view(bsz, seq_len, self.n_heads, self.head_dim).transpose(1, 2)
        k = self.k(hidden_states).view(bsz, seq_len, self.n_heads, self.head_dim).transpose(1, 2)
        v = self.v(hidden_states).view(bsz, seq_len, self.n_heads, self.head_dim).transpose(1, 2)
        scores = torch.matmul(q, k.transpose(-1, -2)) / self.head_dim**0.5
        ext = attention_mask[:, None, None, :]
        scores = scores.masked_fill(ext == 0, -1e9)
        probs = scores.softmax(dim=-1)
        ctx = torch.matmul(probs, v)
        return ctx.transpose(1, 2).reshape(bsz, seq_len, -1)
