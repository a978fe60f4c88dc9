"""Pictures of several channels go in and come out in the order (N, C, H, W) of NumPy and PyTorch, however they lie inside."""

import csv
import io
import pathlib
import tempfile
import unittest

import numpy
import program
import torch
from safetensors.numpy import load_file
from torch.nn import functional

CLASSIFIER = """
data {{
  tensors {{ train {{ name: "input" file: "{folder}/x.npy" }} train {{ name: "target" file: "{folder}/y.npy" }}
             standardize: true }}
  validation_fraction: 0
}}
batch {{ size: 12 }}
model {{
  layer {{ name: "p" prelu {{ per_feature: true }} }}
  layer {{ name: "m" max_pool {{ size: 3 stride: 2 padding: 1 }} }}
  layer {{ name: "u" upsample {{ interpolation: BILINEAR }} }}
  layer {{ name: "e" pad {{ amount: [1, 0, 2, 1] mode: REFLECT }} }}
  layer {{ name: "a" average_pool {{ size: 2 stride: 1 padding: 1 count_padding: false }} }}
  layer {{ name: "t" tanh {{}} }}
  layer {{ name: "c" input: ["a", "t"] concatenate {{}} }}
  layer {{ name: "g" global_pool {{}} }}
  layer {{ name: "f" input: "c" flatten {{}} }}
  layer {{ name: "all" input: ["f", "g"] concatenate {{}} }}
  layer {{ name: "scores" linear {{ units: 3 }} }}
}}
loss {{ cross_entropy {{}} }}
optimizer {{ sgd {{ learning_rate: 0.1 }} }}
epochs: 1
"""
AUTOENCODER = """
data {{ tensors {{ train {{ name: "input" file: "{folder}/x.npy" }} test {{ name: "input" file: "{folder}/x.npy" }} }} }}
batch {{ size: 6 }}
model {{
  layer {{ name: "f" flatten {{}} }}
  layer {{ name: "all" linear {{ units: 90 }} }}
  layer {{ reshape {{ shape: [3, 6, 5] }} }}
}}
loss {{ target: "input" mean_squared_error {{}} }}
optimizer {{ sgd {{ learning_rate: 0.1 }} }}
epochs: 1
"""
VALUES = ("p", "m", "u", "e", "a", "t", "c", "g", "f", "all", "scores")
PARAMETERS = ("p.slope", "scores.weight", "scores.bias")
TOLERANCE = 5e-6  # float32 against float64, of each tensor's largest magnitude


def network(x, slope, weight, bias):
    p = functional.prelu(x, slope)
    m = functional.max_pool2d(p, 3, 2, 1)
    u = functional.interpolate(m, scale_factor=2, mode="bilinear", align_corners=False)
    e = functional.pad(u, (2, 1, 1, 0), mode="reflect")
    a = functional.avg_pool2d(e, 2, 1, 1, count_include_pad=False)
    t = torch.tanh(a)
    c = torch.cat((a, t), 1)
    g = c.mean((2, 3))
    f = c.flatten(1)
    every = torch.cat((f, g), 1)
    return dict(zip(VALUES, (p, m, u, e, a, t, c, g, f, every, functional.linear(every, weight, bias))))


class PictureLayoutTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.here = pathlib.Path(folder.name)
        generator = numpy.random.default_rng(4)
        self.x = generator.normal(3, 2, (12, 3, 6, 5)).astype(numpy.float32)
        numpy.save(self.here / "x.npy", self.x)
        numpy.save(self.here / "y.npy", generator.integers(0, 3, 12))

    def train(self, configuration, *options):
        program.train(configuration.format(folder=self.here), self.here / "run", 1, options)
        return self.here / "run"

    def expect_near(self, ours, reference, name):
        reference = reference.detach().numpy()
        self.assertEqual(ours.shape, reference.shape, name)
        numpy.testing.assert_allclose(ours, reference, rtol=0, atol=TOLERANCE * numpy.abs(reference).max(), err_msg=name)

    def test_every_value_and_gradient_is_pytorchs(self):
        names = [f"{name}@1" for name in ("input", "target", *VALUES)]
        names += [f"{name}.gradient@1" for name in (*VALUES, *PARAMETERS)] + [f"{name}@0" for name in PARAMETERS]
        run = self.train(CLASSIFIER, *(option for name in names for option in ("--dump", name)))
        dumps = {path.name.removesuffix(".npy"): numpy.load(path) for path in (run / "dumps").iterdir()}
        self.assertEqual(set(dumps), set(names))

        x = dumps["input@1"]
        standard = ((self.x - self.x.mean(0, dtype=numpy.float64)) / self.x.std(0, dtype=numpy.float64))
        numpy.testing.assert_allclose(numpy.sort(x, 0), numpy.sort(standard, 0), rtol=0, atol=1e-5)
        for row in x:
            self.assertLess(numpy.abs(standard - row).max((1, 2, 3)).min(), 1e-5)

        parameters = [torch.from_numpy(dumps[f"{name}@0"]).double().requires_grad_() for name in PARAMETERS]
        values = network(torch.from_numpy(x).double(), *parameters)
        for value in values.values():
            value.retain_grad()
        functional.cross_entropy(values["scores"], torch.from_numpy(dumps["target@1"]).long()).backward()
        for name, value in values.items():
            self.expect_near(dumps[f"{name}@1"], value, name)
        for name, tensor in {**values, **dict(zip(PARAMETERS, parameters))}.items():
            self.expect_near(dumps[f"{name}.gradient@1"], tensor.grad, f"{name}.gradient")

    def test_predictions_of_pictures_are_tabled_channel_by_channel(self):
        run = self.train(AUTOENCODER)
        weights = load_file(run / "checkpoints/latest/model.safetensors")
        flat = self.x.reshape(12, 90)
        expected = flat.astype(numpy.float64) @ weights["all.weight"].T.astype(numpy.float64) + weights["all.bias"]
        for arguments in ((), (self.here / "x.npy",)):
            with self.subTest(arguments=arguments):
                command = (program.PROGRAM, "infer", run, "--checkpoint", "latest", *arguments)
                rows = list(csv.DictReader(io.StringIO(program.run(command).stdout)))
                self.assertEqual(len(rows), 12)
                for row in rows:
                    sample = int(row["sample"])
                    output = [float(row[f"output_{i}"]) for i in range(90)]
                    numpy.testing.assert_allclose(output, expected[sample], rtol=0, atol=1e-5)
                    if not arguments:
                        target = [float(row[f"target_{i}"]) for i in range(90)]
                        numpy.testing.assert_allclose(target, flat[sample], rtol=0, atol=1e-6)


if __name__ == "__main__":
    program.main()
