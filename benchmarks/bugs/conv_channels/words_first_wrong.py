#: run: TextCNN(100, 32, [3, 4, 5], 16, 2)(torch.randint(0, 100, (4, 20)))
#: raises
import torch
import torch.nn as nn
import torch.nn.functional as F


class TextCNN(nn.Module):
    def __init__(self, vocab_size, embed_dim, kernel_sizes, num_filters, num_classes):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_dim)
        self.convs = nn.ModuleList([nn.Conv1d(embed_dim, num_filters, k) for k in kernel_sizes])
        self.fc = nn.Linear(num_filters * len(kernel_sizes), num_classes)

    def forward(self, tokens):
        embedded = self.embedding(tokens)
        conved = [F.relu(conv(embedded)) for conv in self.convs]  # BUG
        pooled = [F.max_pool1d(c, c.shape[2]).squeeze(2) for c in conved]
        return self.fc(torch.cat(pooled, dim=1))
