"""The loops of the notebooks in PyTorch on the CPU, as one writes them: batches of 64 drawn anew in each
epoch, Adam with the notebooks' settings. Reads columns of a split from a folder, prints a line of JSON.

    peers.py FOLDER dot-bias|net|net-l2 USERS MOVIES SEED
"""

import json
import sys
import time
from pathlib import Path

import torch
from torch import nn

FACTORS, BATCH = 50, 64


class DotBias(nn.Module):
    """Chapter 8 of the book: five epochs of one cycle to 5e-3, decay 0.1, a sigmoid to 5.5."""

    epochs = 5

    def __init__(self, users, movies):
        super().__init__()
        self.u, self.v = nn.Embedding(users, FACTORS), nn.Embedding(movies, FACTORS)
        self.ub, self.vb = nn.Embedding(users, 1), nn.Embedding(movies, 1)
        for table in self.children():
            nn.init.normal_(table.weight, 0, 0.01)

    def forward(self, user, movie):
        z = (self.u(user) * self.v(movie)).sum(1) + self.ub(user)[:, 0] + self.vb(movie)[:, 0]
        return torch.sigmoid(z) * 5.5

    def optimizer(self, steps):
        adam = torch.optim.AdamW(self.parameters(), betas=(0.9, 0.99), eps=1e-5, weight_decay=0.1)
        return adam, torch.optim.lr_scheduler.OneCycleLR(adam, 5e-3, total_steps=steps)


class Net(nn.Module):
    """Lesson 5 of 2018: six epochs of Adam at 1e-3, decay 1e-5, ten hidden units, dropouts."""

    epochs = 6
    adam = torch.optim.AdamW

    def __init__(self, users, movies):
        super().__init__()
        self.u, self.v = nn.Embedding(users, FACTORS), nn.Embedding(movies, FACTORS)
        for table in (self.u, self.v):
            nn.init.uniform_(table.weight, -0.01, 0.01)
        self.hidden, self.last = nn.Linear(2 * FACTORS, 10), nn.Linear(10, 1)
        self.drop_embedding, self.drop_hidden = nn.Dropout(0.05), nn.Dropout(0.5)

    def forward(self, user, movie):
        x = self.drop_embedding(torch.cat([self.u(user), self.v(movie)], 1))
        x = self.drop_hidden(torch.relu(self.hidden(x)))
        return torch.sigmoid(self.last(x))[:, 0] * 5.5

    def optimizer(self, _steps):
        return self.adam(self.parameters(), lr=1e-3, weight_decay=1e-5), None


class NetL2(Net):
    """With the decay as L2, as that lesson had it: then Adam moves every row at every step."""

    adam = torch.optim.Adam


def columns(folder, part):
    def read(name, dtype):
        data = bytearray((folder / f"{part}-{name}").read_bytes())
        return torch.frombuffer(data, dtype=dtype)

    return (
        read("users", torch.int32).long(),
        read("movies", torch.int32).long(),
        read("ratings", torch.float32),
    )


def main(folder, kind, users, movies, seed):
    torch.manual_seed(int(seed))
    user, movie, rating = columns(Path(folder), "train")
    model = {"dot-bias": DotBias, "net": Net, "net-l2": NetL2}[kind](int(users), int(movies))
    steps = model.epochs * -(-len(rating) // BATCH)
    optimizer, schedule = model.optimizer(steps)
    begin, cpu = time.perf_counter(), time.process_time()
    for _ in range(model.epochs):
        model.train()
        for rows in torch.randperm(len(rating)).split(BATCH):
            loss = ((model(user[rows], movie[rows]) - rating[rows]) ** 2).mean()
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            if schedule:
                schedule.step()
    took = {"seconds": time.perf_counter() - begin, "cpu": time.process_time() - cpu}
    model.eval()
    with torch.no_grad():
        user, movie, rating = columns(Path(folder), "test")
        mse = ((model(user, movie) - rating) ** 2).mean().item()
    print(json.dumps({**took, "mse": mse, "version": torch.__version__}))


main(*sys.argv[1:])
