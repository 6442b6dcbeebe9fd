#: run: softmax(torch.rand(5, 3))
#: raises
import torch


def softmax(X):
    X_exp = torch.exp(X)
    partition = X_exp.sum(1)
    return X_exp / partition  # BUG


def net(X, W, b):
    return softmax(torch.matmul(X.reshape((-1, W.shape[0])), W) + b)
