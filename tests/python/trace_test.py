"""What --trace writes: every rank's layers, sums and waits of the steps asked for, as viewers of Chrome's format read it."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import numpy
import program

CONFIGURATION = """
data {{ idx {{ folder: "{folder}" classes: 10 }} validation_fraction: 0 }}
batch {{ size: 24 }}
model {{
  layer {{ flatten {{}} }}
  layer {{ name: "hidden" linear {{ units: 120 activation: RELU }} }}
  layer {{ name: "scores" linear {{ units: 10 }} }}
}}
loss {{ cross_entropy {{}} }}
optimizer {{ sgd {{ learning_rate: 0.1 }} }}
reduction {{ bucket_mib: 0.001 }}
device: CPU
steps: 40
"""
EMULATED = os.environ.get("SEVE_EMULATED")
USAGE, DATA = 2, 3
PHASES = {"reading samples", "forward", "backward", "sum of gradients", "update"}


class TraceTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.here = pathlib.Path(cls.folder.name)
        generator = numpy.random.default_rng(8)
        program.write_data(cls.here / "data", program.make_pictures(120, generator),
                           program.make_pictures(20, generator))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def command(self, name, ranks, *options):
        file = self.here / f"{name}.textproto"
        file.write_text(CONFIGURATION.format(folder=self.here / "data"))
        return (program.ROOT / "launch/local", "-n", ranks, "train", file, "--run", self.here / name, *options)

    def trace(self, name, ranks, *options):
        """The events of one training, and what it printed."""
        file = self.here / f"{name}.json"
        done = program.run(self.command(name, ranks, "--trace", file, *options), {"SEVE_PROGRAM": program.PROGRAM})
        return json.loads(file.read_text())["traceEvents"], done.stdout

    def test_two_ranks_show_their_layers_phases_and_sums(self):
        events, printed = self.trace("two", 2, "--trace-steps", "30-32")
        names = {event["args"]["name"] for event in events if event["name"] == "process_name"}
        self.assertEqual(len(names), 2)
        for rank in (0, 1):
            mine = [event for event in events if event["ph"] == "X" and event["pid"] == rank]
            self.assertEqual({event["args"]["step"] for event in mine}, {30, 31, 32})
            self.assertEqual({event["name"] for event in mine if event["cat"] == "phase"}, PHASES)
            for step in (30, 31, 32):
                passes = [(event["name"], event["cat"]) for event in mine
                          if event["tid"] == 1 and event["args"]["step"] == step]
                self.assertEqual(passes, [("hidden", "forward"), ("scores", "forward"), ("loss", "forward"),
                                          ("scores", "backward"), ("hidden", "backward")])
            self.assertTrue(any(event["name"] == "sum" and event["args"]["bytes"] > 0 for event in mine))
        self.assertIn("exposed communication", printed)
        self.assertIn("slowest rank", printed)

    def test_layers_lie_within_their_phase(self):
        events, _ = self.trace("within", 1)
        timed = [event for event in events if event["ph"] == "X"]
        for kind in ("forward", "backward"):
            for step in range(21, 26):
                phase = next(event for event in timed if event["name"] == kind and event["args"]["step"] == step)
                for layer in (event for event in timed if event["cat"] == kind and event["args"]["step"] == step):
                    self.assertGreaterEqual(layer["ts"], phase["ts"])
                    self.assertLessEqual(layer["ts"] + layer["dur"], phase["ts"] + phase["dur"])

    def test_ranks_are_on_one_clock(self):
        events, _ = self.trace("clock", 2)
        for step in range(21, 26):
            ends = {event["pid"]: event["ts"] + event["dur"] for event in events
                    if event["name"] == "sum of gradients" and event["args"]["step"] == step}
            starts = {event["pid"]: event["ts"] for event in events
                      if event["name"] == "sum of gradients" and event["args"]["step"] == step}
            # Nobody has the sums before everybody has begun to wait for them; clocks of one host agree.
            self.assertGreater(min(ends.values()), max(starts.values()) - 1)

    def refused(self, code, *options):
        done = subprocess.run(list(map(str, self.command("refused", 2, *options))), capture_output=True, text=True,
                              check=False, env={**program.os.environ, "SEVE_PROGRAM": program.PROGRAM})
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stderr

    def test_a_file_that_cannot_be_written_is_said_before_training(self):
        message = self.refused(DATA, "--overwrite", "--trace", self.here / "absent/trace.json")
        self.assertIn("absent/trace.json", message)

    def test_steps_that_the_run_does_not_do_are_refused(self):
        message = self.refused(USAGE, "--overwrite", "--trace", self.here / "t.json", "--trace-steps", "38-41")
        self.assertIn("steps 1 to 40", message)

    @unittest.skipUnless(EMULATED, "no emulator is built: SEVE_EMULATED")
    def test_gpus_show_theirs(self):
        """And train to the same bits."""
        os.environ.pop("CUDA_VISIBLE_DEVICES", None)  # CTest hides those of the machine
        file = self.here / "gpus.textproto"
        file.write_text(CONFIGURATION.format(folder=self.here / "data"))

        def train(name, *options):
            run = self.here / name
            program.run(["mpirun", "--quiet", "-n", 2, EMULATED, "train", file, "--run", run, "--quiet", "--set",
                         "device=CUDA", *options], {**program.MPIRUN, "SEVE_EMULATED_GPUS": "2"})
            return (run / "checkpoints/latest/model.safetensors").read_bytes()

        traced = train("traced", "--trace", self.here / "gpus.json", "--trace-steps", "30-32")
        self.assertEqual(traced, train("untraced"))
        events = [event for event in json.loads((self.here / "gpus.json").read_text())["traceEvents"]
                  if event["ph"] == "X"]
        for rank in (0, 1):
            mine = [event for event in events if event["pid"] == rank]
            self.assertLessEqual(PHASES, {event["name"] for event in mine if event["cat"] == "phase"})
            for step in (30, 31, 32):
                layers = [event for event in mine if event["tid"] == 1 and event["args"]["step"] == step]
                self.assertEqual([(event["name"], event["cat"]) for event in layers],
                                 [("hidden", "forward"), ("scores", "forward"), ("loss", "forward"),
                                  ("scores", "backward"), ("hidden", "backward")])
                for kind in ("forward", "backward"):
                    phase = next(event for event in mine if event["name"] == kind and event["args"]["step"] == step)
                    for layer in (event for event in layers if event["cat"] == kind):
                        # Written as microseconds with all digits of a double.
                        self.assertGreaterEqual(layer["ts"], phase["ts"] - 1e-3)
                        self.assertLessEqual(layer["ts"] + layer["dur"], phase["ts"] + phase["dur"] + 1e-3)
                sums = [event for event in mine if event["tid"] == 2 and event["args"]["step"] == step]
                self.assertGreater(len(sums), 1)
                self.assertTrue(all(event["args"]["bytes"] > 0 for event in sums))


if __name__ == "__main__":
    program.main()
