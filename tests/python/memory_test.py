"""What `seve inspect` says a rank needs is what it takes: its resident memory is that, and at most 150 MB more."""

import pathlib
import re
import tempfile
import unittest

import program

ALLOWED = 150e6  # for the program, its libraries, MPI, and the data of these trainings
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


def said(configuration, ranks, *options):
    """Bytes of a rank, after seve inspect."""
    text = program.run((program.PROGRAM, "inspect", configuration, "--ranks", ranks, *options)).stdout
    number, unit = re.search(r"memory of a rank.*?\n  total +([\d.,]+) (\w+)\n", text, re.DOTALL).groups()
    return float(number.replace(",", "")) * UNITS[unit]


def taken(configuration, run, ranks, *options):
    """Bytes of the rank that had the most resident at some moment."""
    watch = ("import resource, subprocess, sys\n"
             "subprocess.run(sys.argv[1:], check=True, stdin=subprocess.DEVNULL)\n"
             "print(1024 * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
    command = ("/usr/bin/python3", "-c", watch, program.ROOT / "launch/local", "-n", ranks, "train", configuration,
               "--run", run, "--quiet", *options)
    return float(program.run(command, {"SEVE_PROGRAM": program.PROGRAM}).stdout.splitlines()[-1])


class MemoryTest(unittest.TestCase):
    def check(self, text, ranks, *options):
        with tempfile.TemporaryDirectory() as name:
            configuration = pathlib.Path(name) / "memory.textproto"
            configuration.write_text(text)
            expected = said(configuration, ranks, *options)
            resident = taken(configuration, pathlib.Path(name) / "run", ranks, *options)
        self.assertLessEqual(resident, expected + ALLOWED, f"{resident * 1e-6:.0f} MB, inspect says "
                                                          f"{expected * 1e-6:.0f} MB")
        return resident

    def test_one_rank_takes_what_is_said(self):
        self.check(MLP, 1)
        self.check(PICTURES, 1)

    def test_two_ranks_take_what_is_said(self):
        self.check(MLP, 2)
        self.check(PICTURES, 2)


if __name__ == "__main__":
    program.main()
