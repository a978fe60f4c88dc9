"""A rank takes what `seve inspect` says it needs, and at most 150 MB more for program, libraries, MPI and data."""

import pathlib
import re
import tempfile
import unittest

import program

ALLOWED = 150e6
UNITS = {"B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
MLP = """
data { digits { train: 2000 test: 200 } }
batch { size: 64 }
model {
  layer { flatten {} }
  layer { name: "a" linear { units: 4000 activation: RELU } }
  layer { name: "b" linear { units: 2000 activation: RELU } }
  layer { name: "scores" linear { units: 10 } }
}
loss { cross_entropy {} }
optimizer { adam { learning_rate: 0.001 } }
device: CPU
steps: 8
evaluation { every_steps: 1000 test: false }
reporting { pictures: NO_PICTURES tensorboard: false }
"""
PICTURES = """
data { synthetic { train: 1000 test: 100 } }
batch { size: 256 }
model {
  layer { name: "a" conv2d { channels: 64 kernel: 3 padding: 1 norm: BATCH activation: RELU } }
  layer { name: "b" conv2d { channels: 64 kernel: 3 padding: 1 norm: BATCH activation: RELU } }
  layer { global_pool {} }
  layer { name: "scores" linear { units: 10 } }
}
loss { cross_entropy {} }
optimizer { sgd { learning_rate: 0.01 momentum: 0.9 } }
device: CPU
steps: 4
evaluation { every_steps: 1000 test: false batch_size: 100 }
reporting { pictures: NO_PICTURES tensorboard: false }
"""


def said(configuration, ranks):
    """Bytes of rank 0, after seve inspect: in all, and besides while it saves a checkpoint."""
    text = program.run((program.PROGRAM, "inspect", configuration, "--ranks", ranks)).stdout
    found = re.search(r"\n  total +([\d.,]+) (\w+)\n  rank 0 besides, for checkpoints +([\d.,]+) (\w+)\n"
                      r"(?!.*  total)", text, re.DOTALL)
    total, unit, besides, other = found.groups()
    return float(total) * UNITS[unit], float(besides) * UNITS[other]


def gradients(configuration):
    """Bytes of the gradients, which ranks of a host also see of each other."""
    text = program.run((program.PROGRAM, "inspect", configuration)).stdout
    number, unit = re.search(r"\n  gradients +([\d.,]+) (\w+)\n", text).groups()
    return float(number) * UNITS[unit]


def taken(configuration, run, ranks):
    """Bytes of the rank that had the most resident at some moment."""
    watch = ("import resource, subprocess, sys\n"
             "subprocess.run(sys.argv[1:], check=True, stdin=subprocess.DEVNULL)\n"
             "print(1024 * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
    command = ("/usr/bin/python3", "-c", watch, program.ROOT / "launch/local", "-n", ranks, "train", configuration,
               "--run", run, "--quiet")
    return float(program.run(command, {"SEVE_PROGRAM": program.PROGRAM}).stdout.splitlines()[-1])


class MemoryTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.here = pathlib.Path(folder.name)

    def written(self, name, text):
        file = self.here / f"{name}.textproto"
        file.write_text(text)
        return file

    def check(self, ranks):
        for name, text in (("mlp", MLP), ("pictures", PICTURES)):
            file = self.written(name, text)
            total, besides = said(file, ranks)
            peers = (ranks - 1) * gradients(file)
            resident = taken(file, self.here / name, ranks)
            with self.subTest(model=name, ranks=ranks):
                self.assertLess(resident, total + besides + peers + ALLOWED)
                self.assertGreater(resident, total)

    def test_one_rank_takes_what_is_said(self):
        self.check(1)

    def test_two_ranks_take_what_is_said(self):
        self.check(2)


if __name__ == "__main__":
    program.main()
