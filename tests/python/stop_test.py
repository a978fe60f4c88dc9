"""A training that is asked to stop writes a checkpoint, ends with 75, and goes on as if nothing had happened."""

import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest

import numpy
import program

# 250,000 steps take longer than the two seconds for which launch/local holds a request back: mpirun would lose it.
CONFIGURATION = """
data {{ idx {{ folder: "{folder}" }} }}
batch {{ size: 8 }}
model {{
  layer {{ flatten {{}} }}
  layer {{ name: "hidden" linear {{ units: 40 activation: RELU }} }}
  layer {{ dropout {{ rate: 0.2 }} }}
  layer {{ name: "scores" linear {{ units: 10 }} }}
}}
loss {{ cross_entropy {{}} }}
optimizer {{ adam {{}} schedule {{ cosine {{}} }} }}
epochs: 4000
evaluation {{ every_epochs: 2000 }}
"""
STOPPED = 75


class StopTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.here = pathlib.Path(folder.name)
        generator = numpy.random.default_rng(6)
        program.write_data(self.here / "data", program.make_pictures(500, generator),
                           program.make_pictures(50, generator))
        self.configuration = CONFIGURATION.format(folder=self.here / "data")

    def stop(self, run):
        """Starts a training on two ranks, asks it to stop once it is under way, and returns its exit code."""
        file = self.here / "stopped.textproto"
        file.write_text(self.configuration)
        command = [program.ROOT / "launch/local", "-n", "2", "train", file, "--run", run, "--quiet"]
        with subprocess.Popen(list(map(str, command)), env={**os.environ, "SEVE_PROGRAM": program.PROGRAM},
                              stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as job:
            for _ in range(600):
                if job.poll() is not None or program.has_stepped(run):
                    break
                time.sleep(0.05)
            job.send_signal(signal.SIGTERM)
            job.communicate(timeout=60)
            return job.returncode

    def test_a_stopped_run_goes_on_to_the_very_weights_of_an_undisturbed_one(self):
        program.train(self.configuration, self.here / "whole", 2)
        run = self.here / "run"
        self.assertEqual(self.stop(run), STOPPED)
        stopped_at = program.metrics(run)[-1]["step"]
        steps = program.metrics(self.here / "whole")[-1]["step"]
        self.assertTrue(0 < stopped_at < steps, f"stopped after {stopped_at} of {steps} steps: too early or late to tell")
        program.train(self.configuration, run, 2, ["--resume"])
        for name in ("model.safetensors", "optimizer.safetensors"):
            self.assertEqual((run / "checkpoints/latest" / name).read_bytes(),
                             (self.here / "whole/checkpoints/latest" / name).read_bytes(), name)


if __name__ == "__main__":
    program.main()
