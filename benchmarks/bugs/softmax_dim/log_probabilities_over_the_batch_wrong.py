#: run: log_probabilities(torch.rand(3, 4), torch.rand(4, 6))
#: differs
import torch


def log_probabilities(x, classes):
    batch_size, dim = x.shape
    dim, n_classes = classes.shape
    scores = x @ classes
    return torch.log_softmax(scores, dim=0)  # BUG
