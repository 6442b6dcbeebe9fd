#: run: train()
#: raises
import torch
import torch.nn as nn


class StockLSTM(nn.Module):
    def __init__(self, input_size=5, hidden_size=32, num_layers=2):
        super().__init__()
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.lstm = nn.LSTM(input_size, hidden_size, num_layers, batch_first=True)
        self.fc = nn.Linear(hidden_size, 1)

    def forward(self, x):
        h0 = torch.zeros(x.size(0), self.num_layers, self.hidden_size)  # BUG
        c0 = torch.zeros(x.size(0), self.num_layers, self.hidden_size)
        out, _ = self.lstm(x, (h0, c0))  # BUG
        return self.fc(out[:, -1, :])


def train():
    model = StockLSTM()
    opt = torch.optim.Adam(model.parameters())
    for epoch in range(2):
        x = torch.randn(16, 30, 5)
        y = torch.randn(16, 1)
        loss = nn.functional.mse_loss(model(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
    return loss
