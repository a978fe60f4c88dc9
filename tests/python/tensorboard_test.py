"""TensorBoard's own loader reads the event files of runs, one of them resumed."""

import functools
import pathlib
import tempfile
import unittest

import program
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

CONFIGURATION = """
data { digits { train: 1000 test: 200 } }
batch { size: 50 }
model {
  layer { flatten {} }
  layer { name: "hidden" linear { units: 16 activation: RELU } }
  layer { name: "scores" linear { units: 10 } }
}
loss { cross_entropy {} }
optimizer { sgd { learning_rate: 0.02 momentum: 0.9 } }
epochs: 4
evaluation { metrics: "top_5" }
reporting { every_steps: 4 statistics { bins: 8 } }
"""
# Steps of an epoch, after the validation split.
EPOCH = 16


@functools.cache
def load(folder):
    """What TensorBoard's loader makes of a folder, with nothing sampled away."""
    accumulator = EventAccumulator(str(folder), size_guidance={"scalars": 0, "histograms": 0, "images": 0})
    return accumulator.Reload()


class TensorBoardTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.here = pathlib.Path(cls.folder.name)
        program.train(CONFIGURATION, cls.here / "run", 2)
        program.train(CONFIGURATION, cls.here / "resumed", 2, ("--set", "epochs=2", "--set", "checkpoints.keep=9"))
        # Damaged, so that the resumed run goes on from the checkpoint before.
        last = cls.here / f"resumed/checkpoints/step-{2 * EPOCH:09d}"
        (last / "model.safetensors").write_bytes(b"")
        program.train(CONFIGURATION, cls.here / "resumed", 2, ("--resume",))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def lines(self, run, **wanted):
        return [line for line in program.metrics(self.here / run) if wanted.items() <= line.items()]

    def check_scalars(self, run, tag, figure, tolerance=1e-6, **wanted):
        """The points of a tag are the lines of metrics.jsonl, in float32."""
        expected = [(line["step"], line[figure]) for line in self.lines(run, **wanted)]
        found = [(point.step, point.value) for point in load(self.here / run / "tensorboard").Scalars(tag)]
        self.assertGreater(len(expected), 0)
        self.assertEqual([step for step, _ in found], [step for step, _ in expected], tag)
        for (_, value), (_, truth) in zip(found, expected):
            self.assertAlmostEqual(value, truth, delta=tolerance * max(1, abs(truth)), msg=tag)

    def check_run(self, run):
        for figure in ("loss", "accuracy"):
            self.check_scalars(run, f"{figure}/train", figure, event="step")
            for split in ("validation", "test"):
                self.check_scalars(run, f"{figure}/{split}", figure, event="evaluation", split=split)
        self.check_scalars(run, "learning_rate", "learning_rate", event="step")
        self.check_scalars(run, "samples_per_second", "samples_per_second", 1e-4, event="step")

    def test_its_scalars_are_the_figures_of_the_metrics_file(self):
        self.check_run("run")

    def test_metrics_have_a_curve_for_each_split(self):
        for split in ("validation", "test"):
            self.check_scalars("run", f"top_5/{split}", "top_5", event="evaluation", split=split)

    def test_a_resumed_run_has_every_point_once(self):
        self.assertEqual(len(list((self.here / "resumed/tensorboard").iterdir())), 2)
        steps = [point.step for point in load(self.here / "resumed/tensorboard").Scalars("loss/validation")]
        self.assertEqual(steps, [EPOCH, 2 * EPOCH, 3 * EPOCH, 4 * EPOCH])
        self.check_run("resumed")

    def test_histograms_count_every_value_of_a_parameter(self):
        accumulator = load(self.here / "run/tensorboard")
        for tag, count in (("values/hidden.weight", 16 * 784), ("gradients/scores.bias", 10)):
            points = accumulator.Histograms(tag)
            self.assertGreaterEqual(len(points), 4)
            for point in points:
                histogram = point.histogram_value
                self.assertEqual(histogram.num, count)
                self.assertEqual(sum(histogram.bucket), count)
                self.assertLessEqual(histogram.min, histogram.max)
                self.assertAlmostEqual(histogram.bucket_limit[-1], histogram.max, places=9)

    def test_a_run_can_do_without(self):
        program.train(CONFIGURATION, self.here / "without", 1,
                      ("--set", "reporting.tensorboard=false", "--set", "epochs=1"))
        self.assertFalse((self.here / "without/tensorboard").exists())


if __name__ == "__main__":
    unittest.main()
