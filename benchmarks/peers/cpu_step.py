#!/usr/bin/env python3
"""Samples a second of PyTorch's training steps on CPU cores, of the works that benchmarks/peers/run times of ours.

    benchmarks/peers/cpu_step.py WORK [--ranks N] [--batch B] [--seconds S]

WORK is linear, mlp, lenet5 or resnet20. One process a rank, one thread each; several share their gradients through
DistributedDataParallel over gloo. The pictures, random bytes, lie in memory: a step gathers a batch by index, in an order
drawn anew each epoch, normalises it, and does forward, loss, backward and SGD with Nesterov's momentum and weight decay.
Convolutions read and write channels-last, their faster layout here. Prints {"samples_per_second": ...}, the median of
five windows, of all ranks together.
"""

import argparse
import json
import os
import statistics
import tempfile
import time

import torch
from torch import nn

SAMPLES = 20000
WINDOWS = 5
SHAPES = {"linear": (1, 28, 28), "mlp": (1, 28, 28), "lenet5": (1, 28, 28), "resnet20": (3, 32, 32)}


class Block(nn.Module):
    """Two 3x3 convolutions beside the input, or beside a 1x1 convolution of it where the stage begins."""

    def __init__(self, inputs, channels, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, channels, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(channels)
        self.shortcut = nn.Sequential() if stride == 1 else nn.Sequential(
            nn.Conv2d(inputs, channels, 1, stride, bias=False), nn.BatchNorm2d(channels))

    def forward(self, inputs):
        values = torch.relu_(self.norm1(self.conv1(inputs)))
        return torch.relu_(self.norm2(self.conv2(values)) + self.shortcut(inputs))


def network(work):
    """configs/mnist_linear_hinge, mnist_mlp, mnist_lenet5 and cifar10_resnet20 with their losses."""
    if work == "linear":
        return nn.Sequential(nn.Flatten(), nn.Linear(784, 10)), nn.MultiMarginLoss()
    if work == "mlp":
        return nn.Sequential(nn.Flatten(), nn.Linear(784, 200), nn.ReLU(), nn.Linear(200, 10)), nn.CrossEntropyLoss()
    if work == "lenet5":
        return nn.Sequential(
            nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(),
            nn.Linear(84, 10)), nn.CrossEntropyLoss()
    blocks, inputs = [], 16
    for channels in (16, 32, 64):
        for position in range(3):
            blocks.append(Block(inputs, channels, 2 if position == 0 and channels > 16 else 1))
            inputs = channels
    return nn.Sequential(
        nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU(), *blocks,
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10)), nn.CrossEntropyLoss()


class Training:
    """A replica and its pictures; step() does one step."""

    def __init__(self, work, batch, ranks, rank):
        generator = torch.Generator().manual_seed(rank)
        self.pictures = torch.randint(0, 256, (SAMPLES, *SHAPES[work]), dtype=torch.uint8, generator=generator)
        self.labels = torch.randint(0, 10, (SAMPLES,), generator=generator)
        self.batch, self.order, self.position = batch, torch.randperm(SAMPLES), 0
        self.convolves = work in ("lenet5", "resnet20")
        self.mean = torch.full((SHAPES[work][0], 1, 1), 0.45)
        torch.manual_seed(0)
        self.model, self.loss = network(work)
        if self.convolves:
            self.model = self.model.to(memory_format=torch.channels_last)
        if ranks > 1:
            self.model = nn.parallel.DistributedDataParallel(self.model)
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.01, momentum=0.9, nesterov=True,
                                         weight_decay=0.0005)

    def step(self):
        if self.position + self.batch > SAMPLES:
            self.order, self.position = torch.randperm(SAMPLES), 0
        chosen = self.order[self.position:self.position + self.batch]
        self.position += self.batch
        inputs = self.pictures[chosen].float().div_(255).sub_(self.mean).div_(0.25)
        if self.convolves:
            inputs = inputs.contiguous(memory_format=torch.channels_last)
        self.optimizer.zero_grad(set_to_none=True)
        self.loss(self.model(inputs), self.labels[chosen]).backward()
        self.optimizer.step()


def from_first(value, ranks):
    """The first rank's number, on all ranks: they must do as many steps, or wait for each other for ever."""
    number = torch.tensor([float(value)])
    if ranks > 1:
        torch.distributed.broadcast(number, 0)
    return float(number)


def measure(rank, arguments, meeting, result):
    torch.set_num_threads(1)
    if arguments.ranks > 1:
        os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
        torch.distributed.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank,
                                             world_size=arguments.ranks)
    training = Training(arguments.work, arguments.batch, arguments.ranks, rank)
    started, steps = time.perf_counter(), 0
    # Warming up, and how long a step takes.
    while steps < 3 or from_first(time.perf_counter() - started < 1, arguments.ranks):
        training.step()
        steps += 1
    count = from_first(arguments.seconds / WINDOWS * steps / (time.perf_counter() - started), arguments.ranks)
    steps, rates = max(1, int(count)), []
    for _ in range(WINDOWS):
        started = time.perf_counter()
        for _ in range(steps):
            training.step()
        rates.append(steps * arguments.batch * arguments.ranks / (time.perf_counter() - started))
    if rank == 0:
        with open(result, "w", encoding="utf-8") as file:
            json.dump({"samples_per_second": statistics.median(rates)}, file)
    if arguments.ranks > 1:
        torch.distributed.barrier()
        os._exit(0)  # gloo's threads may abort a process that takes its group down


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", choices=sorted(SHAPES))
    parser.add_argument("--ranks", type=int, default=1)
    parser.add_argument("--batch", type=int, default=64, help="a rank")
    parser.add_argument("--seconds", type=float, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        meeting, result = os.path.join(folder, "meeting"), os.path.join(folder, "result")
        if arguments.ranks == 1:
            measure(0, arguments, meeting, result)
        else:
            torch.multiprocessing.spawn(measure, (arguments, meeting, result), arguments.ranks)
        with open(result, encoding="utf-8") as file:
            print(file.read())


if __name__ == "__main__":
    main()
