#!/usr/bin/env python3
"""Time of our training steps on a GPU: trains the configurations of works/ with `seve train`.

    benchmarks/device/step.py --folder DIR [--quick | --trial] SEVE...

SEVE is the command that starts seve. Prints one JSON object a line, {work, batch, precision, mode, microseconds}, as
benchmarks/peers/gpu_step.py does for PyTorch. mode: graph or eager. A run that fails gives microseconds null and
why. Data sets and runs go into DIR; what is there of the data sets is used again.

The time of a step is wall-clock time, everything that training does between steps included: the lines `step` of
metrics.jsonl say when each so many steps were done; the first quarter of these intervals warms up, the median of the
rest counts.
"""

import argparse
import json
import pathlib
import random
import statistics
import struct
import subprocess

WORKS = pathlib.Path(__file__).resolve().parent / "works"
# A multiple of every batch, so that no step is shorter than the others.
SAMPLES = 61440
# work, batch, precision, execution, steps of a run
CASES = [
    *((work, batch, "FP32", "GRAPH", steps) for work in ("linear", "mlp")
      for batch, steps in ((64, 40000), (256, 40000), (4096, 8000))),
    ("mlp", 256, "FP32", "EAGER", 8000),
    ("wide", 8192, "BF16", "GRAPH", 60),
]
INTERVALS = 20


def write_idx(path, extents, payload):
    path.write_bytes(struct.pack(f">HBB{len(extents)}I", 0, 8, len(extents), *extents) + payload)


def write_npy(path, kind, extents, payload):
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {extents}, }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + payload)


def make_pictures(folder, samples):
    """A data set in MNIST's format, of random bytes; its few test samples are never looked at."""
    generator = random.Random(1)
    for prefix, count in (("train", samples), ("t10k", 16)):
        pictures, labels = generator.randbytes(count * 28 * 28), bytes(generator.choices(range(10), k=count))
        write_idx(folder / f"{prefix}-images-idx3-ubyte", (count, 28, 28), pictures)
        write_idx(folder / f"{prefix}-labels-idx1-ubyte", (count,), labels)


def make_wide(folder, samples=8192, inputs=8192, classes=8192):
    generator = random.Random(1)
    targets = struct.pack(f"<{samples}i", *generator.choices(range(classes), k=samples))
    write_npy(folder / "inputs.npy", "|u1", (samples, inputs), generator.randbytes(samples * inputs))
    write_npy(folder / "targets.npy", "<i4", (samples,), targets)


def make_once(folder, make, *arguments):
    if not folder.exists():
        folder.mkdir(parents=True)
        make(folder, *arguments)


def microseconds(metrics):
    """Of one step, from the lines of a metrics.jsonl."""
    lines = [json.loads(line) for line in metrics.read_text(encoding="utf-8").splitlines()]
    steps = [line for line in lines if line["event"] == "step"]
    each = [1e6 * (after["seconds"] - before["seconds"]) / (after["step"] - before["step"])
            for before, after in zip(steps, steps[1:])]
    return statistics.median(each[len(each) // 4:])


def train(seve, folder, case):
    work, batch, precision, execution, steps = case
    run = folder / f"{work}-{batch}-{precision}-{execution}".lower()
    sets = (f"batch.size={batch}", f"steps={steps}", f"reporting.every_steps={max(1, steps // INTERVALS)}",
            f"precision={precision}", "device=CUDA", f"gpu.execution={execution}")
    command = [*seve, "train", WORKS / f"{work}.textproto", "--run", run, "--overwrite", "--quiet", "--data", folder]
    for value in sets:
        command += ["--set", value]
    done = subprocess.run(list(map(str, command)), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          check=False)
    line = {"work": work, "batch": batch, "precision": precision, "mode": execution.lower(), "microseconds": None}
    if done.returncode == 0:
        line["microseconds"] = round(microseconds(run / "metrics.jsonl"), 2)
    else:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
        line["error"] = f"exit code {done.returncode}: {said[-1] if said else 'nothing said'}"
    return line


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=pathlib.Path, required=True)
    parser.add_argument("--quick", action="store_true", help="a tenth of the steps, without the wide model")
    parser.add_argument("--trial", action="store_true", help="a few steps of small batches: does everything run?")
    parser.add_argument("seve", nargs="+")
    given = parser.parse_args()
    cases = CASES
    if given.quick or given.trial:
        cases = [(*case[:4], case[4] // 10) for case in CASES if case[0] != "wide"]
    if given.trial:
        cases = [(*case[:4], INTERVALS) for case in cases if case[1] <= 256]
    make_once(given.folder / "pictures", make_pictures, 512 if given.trial else SAMPLES)
    if any(case[0] == "wide" for case in cases):
        make_once(given.folder / "wide", make_wide)
    for case in cases:
        print(json.dumps(train(given.seve, given.folder, case)), flush=True)


if __name__ == "__main__":
    main()
