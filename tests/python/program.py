"""Runs seve from a test, reads what it leaves behind, and tells CTest of tests that could not run."""

import gzip
import json
import os
import pathlib
import struct
import subprocess
import sys
import unittest

import numpy

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("SEVE_PROGRAM", str(ROOT / "build/release/seve"))
# tests/CMakeLists.txt tells CTest this code.
SKIPPED = 77
# What mpirun wants of root, in containers that filter system calls, and where cores are fewer than ranks.
MPIRUN = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
          "OMPI_MCA_btl_vader_single_copy_mechanism": "none", "OMPI_MCA_rmaps_base_oversubscribe": "1"}


def write_idx(path, array):
    """Writes an array of bytes in the IDX format, compressed if the name ends in .gz."""
    header = struct.pack(">HBB", 0, 8, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
    contents = header + array.astype(numpy.uint8).tobytes()
    path.write_bytes(gzip.compress(contents) if path.suffix == ".gz" else contents)


def make_pictures(count, generator, classes=10, side=28):
    """Noisy pictures of `classes` prototypes: bytes (count, side, side) and labels (count)."""
    prototypes = numpy.random.default_rng(1).integers(0, 256, (classes, side, side))
    labels = generator.integers(0, classes, count)
    noise = generator.normal(0, 90, (count, side, side))
    return numpy.clip(prototypes[labels] + noise, 0, 255).astype(numpy.uint8), labels.astype(numpy.uint8)


def write_data(folder, train, test):
    """Writes the four files of a data set like MNIST; train and test are (pictures, labels)."""
    folder.mkdir(parents=True)
    for prefix, (pictures, labels) in (("train", train), ("t10k", test)):
        write_idx(folder / f"{prefix}-images-idx3-ubyte.gz", pictures)
        write_idx(folder / f"{prefix}-labels-idx1-ubyte", labels)


def run(command, environment=None):
    """Runs a command with more in its environment and returns the finished process; fails if it does not return 0."""
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False,
                          env={**os.environ, **(environment or {})}, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise AssertionError(f"{command[0]} returned {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def train(configuration, run_directory, ranks=1, options=()):
    """Trains with the text of a configuration through launch/local and returns the finished process."""
    file = run_directory.parent / f"{run_directory.name}.textproto"
    file.write_text(configuration)
    command = (ROOT / "launch/local", "-n", ranks, "train", file, "--run", run_directory, "--quiet", *options)
    return run(command, {"SEVE_PROGRAM": PROGRAM})


def metrics(run):
    """The lines of metrics.jsonl as dictionaries."""
    return [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]


def has_stepped(run):
    """Whether a run that goes on has logged a step."""
    file = run / "metrics.jsonl"
    return file.exists() and '"event":"step"' in file.read_text()


def main():
    """unittest.main(); where every test was skipped, says why and ends with the code of a skipped test."""
    finished = unittest.main(exit=False)
    skipped = finished.result.skipped
    if skipped and len(skipped) == finished.test.countTestCases():
        for reason in sorted({reason for _, reason in skipped}):
            print("skipped:", reason)
        sys.exit(SKIPPED)
    sys.exit(not finished.result.wasSuccessful())
