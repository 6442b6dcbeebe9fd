#: run: Pooled(20, 5, 3)(torch.randint(0, 20, (5, 5)))
import torch
import torch.nn as nn


class Pooled(nn.Module):
    def __init__(self, vocab_size, embedding_dim, num_classes):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embedding_dim)
        self.fc = nn.Linear(embedding_dim, num_classes)

    def forward(self, text):
        embedded = self.embedding(text)  # (batch, seq_len, embedding_dim)
        pooled = embedded.mean(dim=1)  # (batch, embedding_dim)
        return self.fc(pooled)
