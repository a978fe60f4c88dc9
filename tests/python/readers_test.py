"""Other programs read what seve leaves behind: safetensors, PyTorch, pandas."""

import pathlib
import tempfile
import unittest

import numpy
import pandas
import program
import safetensors
import torch
from safetensors.numpy import load_file

CONFIGURATION = """
data {{ idx {{ folder: "{folder}" }} }}
batch {{ size: 50 }}
model {{
  layer {{ flatten {{}} }}
  layer {{ name: "hidden" linear {{ units: 30 activation: RELU }} }}
  layer {{ name: "scores" linear {{ units: 10 }} }}
}}
loss {{ cross_entropy {{}} }}
optimizer {{ sgd {{ learning_rate: 0.02 momentum: 0.9 }} }}
epochs: 2
"""


class ReadersTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        here = pathlib.Path(cls.folder.name)
        generator = numpy.random.default_rng(2)
        cls.test_pictures, cls.test_labels = program.make_pictures(211, generator)
        program.write_data(here / "data", program.make_pictures(500, generator),
                           (cls.test_pictures, cls.test_labels))
        cls.run_directory = here / "run"
        program.train(CONFIGURATION.format(folder=here / "data"), cls.run_directory, ranks=2)
        cls.model = cls.run_directory / "checkpoints/latest/model.safetensors"

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_safetensors_finds_every_parameter_by_name_and_shape(self):
        shapes = {name: (array.dtype, array.shape) for name, array in load_file(self.model).items()}
        single = numpy.dtype(numpy.float32)
        self.assertEqual(shapes, {
            "hidden.weight": (single, (30, 784)), "hidden.bias": (single, (30,)),
            "scores.weight": (single, (10, 30)), "scores.bias": (single, (10,))})

    def test_optimizer_state_has_a_buffer_for_every_parameter(self):
        with safetensors.safe_open(self.model.with_name("optimizer.safetensors"), "numpy") as file:
            names = set(file.keys())
            shapes = {name: tuple(file.get_slice(name).get_shape()) for name in names}
        for name, array in load_file(self.model).items():
            buffers = [buffer for buffer in names if buffer.startswith(name + ".")]
            self.assertEqual(len(buffers), 1, names)
            self.assertEqual(shapes[buffers[0]], array.shape)

    def test_pytorch_with_these_weights_gets_the_loss_and_accuracy_that_seve_reports(self):
        hidden, scores = torch.nn.Linear(784, 30), torch.nn.Linear(30, 10)
        network = torch.nn.Sequential(torch.nn.Flatten(), hidden, torch.nn.ReLU(), scores)
        weights = {name: torch.from_numpy(array) for name, array in load_file(self.model).items()}
        for name, layer in (("hidden", hidden), ("scores", scores)):
            layer.load_state_dict({"weight": weights[f"{name}.weight"], "bias": weights[f"{name}.bias"]})
        with torch.no_grad():
            output = network(torch.from_numpy(self.test_pictures / numpy.float32(255)))
        targets = torch.from_numpy(self.test_labels.astype(numpy.int64))
        loss = torch.nn.functional.cross_entropy(output.double(), targets).item()
        accuracy = (output.argmax(1) == targets).double().mean().item()

        reported = [line for line in program.metrics(self.run_directory)
                    if line["event"] == "evaluation" and line["split"] == "test"]
        self.assertEqual(len(reported), 1)
        # Figures may be written with six digits; sums of 784 products differ by some 1e-6.
        self.assertAlmostEqual(reported[0]["loss"], loss, delta=2e-5 * max(1, loss))
        self.assertAlmostEqual(reported[0]["accuracy"], accuracy, delta=1e-5)
        self.assertGreater(accuracy, 0.9)

    def test_metrics_have_the_promised_fields(self):
        lines = program.metrics(self.run_directory)
        self.assertEqual({line["event"] for line in lines}, {"start", "step", "evaluation", "checkpoint", "end"})
        self.assertEqual(lines[0]["event"], "start")
        self.assertLessEqual({"version", "commit", "host", "layers", "parameters", "optimizer", "step"}, set(lines[0]))
        for line in lines[1:]:
            self.assertIn("step", line)
            self.assertIn("seconds", line)
        for line in (line for line in lines if line["event"] in ("step", "evaluation")):
            self.assertLessEqual({"epoch", "loss", "accuracy", "samples_per_second", "learning_rate"}, set(line))
            self.assertTrue(0 <= line["accuracy"] <= 1, line)
        splits = [line["split"] for line in lines if line["event"] == "evaluation"]
        self.assertEqual(splits, ["validation", "validation", "test"])
        # 400 samples after the split, 50 a step, two epochs.
        self.assertEqual(lines[-1]["event"], "end")
        self.assertEqual(lines[-1]["step"], 16)

    def test_pandas_reads_both_metrics_files(self):
        events = pandas.read_json(self.run_directory / "metrics.jsonl", lines=True)
        self.assertEqual(int((events["event"] == "evaluation").sum()), 3)
        epochs = pandas.read_csv(self.run_directory / "metrics.csv")
        self.assertEqual(len(epochs), 2)


if __name__ == "__main__":
    unittest.main()
