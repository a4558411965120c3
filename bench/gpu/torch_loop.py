"""The loop of `dot-bias` in PyTorch, as one writes it: two embeddings with biases, a scaled sigmoid,
AdamW over dense gradients. Reads columns from a folder, prints one line of JSON for each batch size.

    torch_loop.py FOLDER USERS MOVIES FACTORS SECONDS BATCH...

An epoch that takes longer than SECONDS is cut off there and its time made up from the share done.
"""

import json
import sys
import time
from pathlib import Path

import torch


def columns(folder, device):
    def read(name, dtype):
        data = bytearray((Path(folder) / name).read_bytes())
        return torch.frombuffer(data, dtype=dtype).to(device)

    return (
        read("users", torch.int32).long(),
        read("movies", torch.int32).long(),
        read("ratings", torch.float32),
    )


class DotBias(torch.nn.Module):
    def __init__(self, users, movies, factors):
        super().__init__()
        self.u = torch.nn.Embedding(users, factors)
        self.v = torch.nn.Embedding(movies, factors)
        self.ub = torch.nn.Embedding(users, 1)
        self.vb = torch.nn.Embedding(movies, 1)
        for table in (self.u, self.v, self.ub, self.vb):
            torch.nn.init.normal_(table.weight, 0, 0.01)

    def forward(self, user, movie):
        z = (self.u(user) * self.v(movie)).sum(1) + self.ub(user)[:, 0] + self.vb(movie)[:, 0]
        return torch.sigmoid(z) * 5.5


def second_epoch(data, sizes, batch, limit, device):
    """Seconds of the second epoch, the share of it that was run, and its mean squared error."""
    model = DotBias(*sizes).to(device)
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=4e-3, betas=(0.9, 0.99), eps=1e-5, weight_decay=0.1,
        fused=device.type == "cuda",
    )
    for _ in range(2):
        found = epoch(model, optimizer, data, batch, limit, device)
    return found


def epoch(model, optimizer, data, batch, limit, device):
    users, movies, ratings = data
    wait = torch.cuda.synchronize if device.type == "cuda" else (lambda: None)
    wait()
    begin = time.perf_counter()
    order = torch.randperm(len(ratings), device=device)
    squared = torch.zeros((), device=device)
    done = 0
    for step, rows in enumerate(order.split(batch)):
        optimizer.zero_grad(set_to_none=True)
        error = model(users[rows], movies[rows]) - ratings[rows]
        loss = (error * error).mean()
        loss.backward()
        optimizer.step()
        squared += loss.detach() * len(rows)
        done += len(rows)
        if step % 64 == 63:
            wait()
            if time.perf_counter() - begin > limit:
                break
    wait()
    share = done / len(ratings)
    return (time.perf_counter() - begin) / share, share, squared.item() / done


def main():
    folder, (users, movies, factors) = sys.argv[1], map(int, sys.argv[2:5])
    limit = float(sys.argv[5])
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    name = torch.cuda.get_device_name() if device.type == "cuda" else "CPU (no CUDA)"
    data = columns(folder, device)
    for batch in map(int, sys.argv[6:]):
        sizes = (users, movies, factors)
        seconds, share, mse = second_epoch(data, sizes, batch, limit, device)
        line = {"device": f"PyTorch {torch.__version__}, {name}", "batch": batch}
        print(json.dumps({**line, "seconds": seconds, "share": share, "mse": mse}), flush=True)


main()
