#!/usr/bin/env python3
"""Time of PyTorch's training steps on a GPU, of the works that benchmarks/device/step.py times of ours.

    benchmarks/peers/gpu_step.py [--quick | --trial] [--modes eager,compiled,graph] [--seconds S]

Prints one JSON object a line, {work, batch, precision, mode, microseconds}; a mode that fails gives microseconds null
and why. The data set (random bytes, 61440 x 784; of the wide model 8192 x 8192) lies on the device. A step gathers a
batch by index, in an order drawn anew each epoch, scales the bytes to [0, 1], and does forward, cross-entropy,
backward and SGD (momentum 0.9; of the wide model none).

  eager     as written, with the fused optimizer
  compiled  torch.compile(mode="max-autotune"): forward and backward are CUDA graphs, the update is a third
  graph     torch.compile(mode="max-autotune-no-cudagraphs") and the whole step, the choice of the batch too, captured
            as one CUDA graph: one launch a step, the least PyTorch can do

linear 784-10 and mlp 784-200-10 compute in FP32. wide (8 layers of 8192 x 8192, batch 8192)
computes in BF16 as ours does: FP32 master parameters, BF16 copies of them that the layers read, updated in one pass;
eager does that pass with torch._foreach operations. Microseconds are wall-clock time over windows of steps with
nothing but a synchronisation between them; the median window counts.
"""

import argparse
import importlib.util
import json
import statistics
import sys
import time

WINDOWS = 7
SAMPLES = 61440
WIDE = 8192
# work, batch, precision; first what the targets are about, for a time limit may cut off the rest
CASES = [("mlp", 256, "FP32"), ("wide", WIDE, "BF16"), ("mlp", 64, "FP32"), ("mlp", 4096, "FP32"),
         *(("linear", batch, "FP32") for batch in (256, 64, 4096))]
COMPILE_MODES = {"compiled": "max-autotune", "graph": "max-autotune-no-cudagraphs"}


def layers_of(torch, work):
    nn = torch.nn
    if work == "linear":
        return nn.Sequential(nn.Linear(784, 10))
    if work == "mlp":
        return nn.Sequential(nn.Linear(784, 200), nn.ReLU(), nn.Linear(200, 10))
    hidden = [layer for _ in range(7) for layer in (nn.Linear(WIDE, WIDE), nn.ReLU())]
    return nn.Sequential(*hidden, nn.Linear(WIDE, WIDE))


class Masters:
    """Plain SGD on FP32 masters of BF16 parameters: reads gradients and masters once, writes both kinds once."""

    def __init__(self, torch, parameters, rate, compile_mode):
        self.torch, self.parameters, self.rate = torch, list(parameters), rate
        with torch.no_grad():
            self.masters = [parameter.float() for parameter in self.parameters]
        self.update = self.foreach if compile_mode is None else torch.compile(self.fused, mode=compile_mode)

    def foreach(self, parameters, masters, gradients):
        self.torch._foreach_add_(masters, self.torch._foreach_mul(gradients, -self.rate))
        self.torch._foreach_copy_(parameters, masters)

    def fused(self, parameters, masters, gradients):
        for parameter, master, gradient in zip(parameters, masters, gradients):
            master.add_(gradient.float(), alpha=-self.rate)
            parameter.copy_(master)

    def step(self):
        with self.torch.no_grad():
            self.update(self.parameters, self.masters, [parameter.grad for parameter in self.parameters])

    def zero_grad(self):
        for parameter in self.parameters:
            parameter.grad = None


class Training:
    """A model, its data and its optimizer; step() does one step in the mode asked for."""

    def __init__(self, torch, device, case, mode, samples):
        work, self.batch, precision = case
        self.torch, self.device = torch, device
        self.type = torch.bfloat16 if precision == "BF16" else torch.float32
        torch.manual_seed(1)
        inputs, classes = (WIDE, WIDE) if work == "wide" else (784, 10)
        self.samples = min(samples, WIDE) if work == "wide" else samples
        self.model = layers_of(torch, work).to(device, self.type)
        # As buffers, which a graph reads where they are; other tensors it would copy at every step.
        pixels = torch.randint(0, 256, (self.samples, inputs), dtype=torch.uint8, device=device)
        self.model.register_buffer("pixels", pixels)
        self.model.register_buffer("targets", torch.randint(0, classes, (self.samples,), device=device))
        compile_mode = COMPILE_MODES.get(mode)
        if work == "wide":
            # A compiled update that is a graph of its own would keep a copy of every parameter.
            update_mode = None if compile_mode is None else COMPILE_MODES["graph"]
            self.optimizer = Masters(torch, self.model.parameters(), 0.01, update_mode)
            self.update = self.optimizer.step
        else:
            self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.01, momentum=0.9,
                                             fused=True if mode == "eager" else None)
            update = self.optimizer.step
            self.update = torch.compile(update, mode=compile_mode) if compile_mode else update
        loss = self.loss_of
        self.loss = torch.compile(loss, mode=compile_mode, fullgraph=True) if compile_mode else loss
        self.order, self.position = torch.randperm(self.samples, device=device), 0
        self.step = self.plain_step
        if mode == "graph":
            self.capture()

    def loss_of(self, rows):
        pixels = self.model.pixels.index_select(0, rows).to(self.type) * (1 / 255)
        scores = self.model(pixels).float()
        return self.torch.nn.functional.cross_entropy(scores, self.model.targets.index_select(0, rows))

    def do_step(self, rows):
        self.torch.compiler.cudagraph_mark_step_begin()
        self.loss(rows).backward()
        self.update()
        self.optimizer.zero_grad()

    def advance(self):
        """The place of the next batch in the order, which is drawn anew where an epoch ends."""
        if self.position + self.batch > self.samples:
            self.torch.randperm(self.samples, out=self.order)
            self.position = 0
        self.position += self.batch
        return self.position - self.batch

    def plain_step(self):
        start = self.advance()
        self.do_step(self.order[start:start + self.batch])

    def capture(self):
        torch = self.torch
        offsets = torch.arange(self.batch, device=self.device)
        place = torch.zeros((), dtype=torch.int64, device=self.device)

        def whole():
            rows = self.order.index_select(0, offsets + place)
            place.add_(self.batch).remainder_(self.samples // self.batch * self.batch)
            self.do_step(rows)

        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(3):
                whole()
        torch.cuda.current_stream().wait_stream(stream)
        place.zero_()
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            whole()

        def replay():
            self.advance()
            graph.replay()

        self.step = replay


def microseconds(torch, training, window_seconds):
    """Of a step: the median over windows of as many steps as take `window_seconds`."""
    cuda = training.device.type == "cuda"

    def window(steps):
        begin = time.perf_counter()
        for _ in range(steps):
            training.step()
        if cuda:
            torch.cuda.synchronize()
        return (time.perf_counter() - begin) / steps

    window(5)
    once = window(5)
    steps = max(3, int(window_seconds / once))
    return 1e6 * statistics.median(window(steps) for _ in range(WINDOWS))


def measure(torch, device, case, mode, given):
    line = dict(zip(("work", "batch", "precision"), case), mode=mode, microseconds=None)
    begin = time.perf_counter()
    try:
        training = Training(torch, device, case, mode, given.samples)
        line["microseconds"] = round(microseconds(torch, training, given.seconds), 2)
    except Exception as error:  # pylint: disable=broad-except  # One mode that fails leaves the others.
        line["error"] = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
    line["seconds"] = round(time.perf_counter() - begin, 1)
    torch.compiler.reset()
    if device.type == "cuda":
        torch.cuda.empty_cache()
    return line


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="without the wide model")
    parser.add_argument("--trial", action="store_true",
                        help="a few steps of small batches, on the CPU where there is no GPU: does everything run?")
    parser.add_argument("--modes", default="eager,compiled,graph", help="comma-separated")
    parser.add_argument("--seconds", type=float, default=0.2, help="of a window of steps")
    given = parser.parse_args()
    if importlib.util.find_spec("torch") is None:
        sys.exit(f"gpu_step.py: {sys.executable} has no PyTorch: run it with a Python that has one, 2.5 or newer")
    import torch  # pylint: disable=import-outside-toplevel  # --help needs none.
    if not torch.cuda.is_available() and not given.trial:
        sys.exit(f"gpu_step.py: PyTorch {torch.__version__} sees no GPU")
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    given.samples = 1024 if given.trial else SAMPLES
    cases = [case for case in CASES if case[0] != "wide" or not (given.quick or given.trial)]
    if given.trial:
        cases = [case for case in cases if case[1] <= 256]
        given.seconds = 0.02
    print(f"PyTorch {torch.__version__}, {torch.cuda.get_device_name() if device.type == 'cuda' else 'CPU'}",
          file=sys.stderr)
    for case in cases:
        for mode in given.modes.split(","):
            print(json.dumps(measure(torch, device, case, mode, given)), flush=True)


if __name__ == "__main__":
    main()
