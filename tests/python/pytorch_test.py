"""Whole training runs give the parameters that PyTorch gives.

Every step sees the whole training set, so the order of samples does not matter, and parameters start at
zero or at a constant, so the random numbers do not either.
"""

import pathlib
import tempfile
import unittest

import numpy
import program
import torch
from safetensors.numpy import load_file

SAMPLES, STEPS = 96, 12

CONFIGURATION = """
data {{ idx {{ folder: "{folder}" classes: 10 }} validation_fraction: 0 }}
batch {{ size: 96 {batch} }}
model {{
  layer {{ flatten {{}} }}
  layer {{ name: "scores" linear {{
    units: 10 weight_initializer {{ zeros {{}} }} bias_initializer {{ constant {{ value: 0.1 }} }}
  }} }}
  {layer}
}}
loss {{ {loss} }}
{penalty}
optimizer {{ {optimizer} {{ {options} }} }}
steps: 12
evaluation {{ test: false }}
"""

# Float32 against float64 over 12 steps; parameters are of the order 0.1 to 1.
TOLERANCE = 2e-5


def hinge(scores, targets):
    """The course's multiclass hinge: over all classes but the target, divided by the number of classes."""
    margins = (1 + scores - scores.gather(1, targets[:, None])).clamp(min=0)
    margins = margins.scatter(1, targets[:, None], 0)
    return margins.sum(1).mean() / scores.shape[1]


def squared_error(scores, targets):
    return torch.nn.functional.mse_loss(scores, torch.nn.functional.one_hot(targets, scores.shape[1]).double())


class Maxout(torch.nn.Module):
    """10 inputs, 10 units of 2 linear pieces, which start at 0.1 and 0."""

    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.full((20, 10), 0.1, dtype=torch.float64))
        self.bias = torch.nn.Parameter(torch.zeros(20, dtype=torch.float64))

    def forward(self, x):
        return torch.nn.functional.linear(x, self.weight, self.bias).unflatten(1, (10, 2)).max(2).values


class PyTorchTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.here = pathlib.Path(cls.folder.name)
        data = program.make_pictures(SAMPLES, numpy.random.default_rng(3))
        program.write_data(cls.here / "data", data, data)
        cls.inputs = torch.from_numpy(data[0] / 255.0).flatten(1)
        cls.targets = torch.from_numpy(data[1].astype(numpy.int64))
        cls.runs = 0

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def trained_by_seve(self, loss="cross_entropy {}", optimizer="sgd", options="", batch="", layer="", penalty="",
                        ranks=1):
        PyTorchTest.runs += 1
        run = self.here / f"run{PyTorchTest.runs}"
        program.train(CONFIGURATION.format(folder=self.here / "data", loss=loss, optimizer=optimizer,
                                           options=options, batch=batch, layer=layer, penalty=penalty), run, ranks)
        return load_file(run / "checkpoints/latest/model.safetensors")

    def trained_by_pytorch(self, loss, make_optimizer, after=None, penalty=lambda parameters: 0):
        """`after`: a module behind the linear layer; `penalty`: what its parameters add to the loss."""
        layer = torch.nn.Linear(784, 10, dtype=torch.float64)
        torch.nn.init.zeros_(layer.weight)
        torch.nn.init.constant_(layer.bias, 0.1)
        model = torch.nn.Sequential(layer, after or torch.nn.Identity())
        optimizer = make_optimizer(model.parameters())
        for _ in range(STEPS):
            optimizer.zero_grad()
            (loss(model(self.inputs), self.targets) + penalty(list(model.parameters()))).backward()
            optimizer.step()
        parameters = {"scores.weight": layer.weight, "scores.bias": layer.bias}
        if after is not None:
            kept = {**dict(after.named_parameters()), **dict(after.named_buffers())}
            kept.pop("num_batches_tracked", None)
            parameters.update({f"after.{name}": value for name, value in kept.items()})
        return {name: value.detach().numpy() for name, value in parameters.items()}

    def expect_equal(self, ours, reference):
        self.assertEqual(set(ours), set(reference))
        for name, values in reference.items():
            self.assertGreater(numpy.abs(values).max(), 50 * TOLERANCE, f"{name} hardly moved")
            numpy.testing.assert_allclose(ours[name], values, rtol=0, atol=TOLERANCE, err_msg=name)

    def expect_same_optimizer(self, make_optimizer, optimizer, options):
        reference = self.trained_by_pytorch(torch.nn.functional.cross_entropy, make_optimizer)
        self.expect_equal(self.trained_by_seve(optimizer=optimizer, options=options), reference)

    def test_sgd_with_momentum_and_weight_decay(self):
        self.expect_same_optimizer(
            lambda p: torch.optim.SGD(p, lr=0.005, momentum=0.9, weight_decay=0.01),
            "sgd", "learning_rate: 0.005 momentum: 0.9 weight_decay: 0.01")

    def test_sgd_with_nesterov_momentum(self):
        self.expect_same_optimizer(
            lambda p: torch.optim.SGD(p, lr=0.005, momentum=0.9, nesterov=True),
            "sgd", "learning_rate: 0.005 momentum: 0.9 nesterov: true")

    def test_rmsprop(self):
        self.expect_same_optimizer(lambda p: torch.optim.RMSprop(p, lr=0.002, eps=1e-3),
                                   "rmsprop", "learning_rate: 0.002 epsilon: 1e-3")

    def test_adam(self):
        self.expect_same_optimizer(lambda p: torch.optim.Adam(p, lr=0.002, eps=1e-4),
                                   "adam", "learning_rate: 0.002 epsilon: 1e-4")

    def test_adamw(self):
        self.expect_same_optimizer(lambda p: torch.optim.AdamW(p, lr=0.002, eps=1e-4, weight_decay=0.1),
                                   "adamw", "learning_rate: 0.002 epsilon: 1e-4 weight_decay: 0.1")

    def test_hinge_loss(self):
        reference = self.trained_by_pytorch(hinge, lambda p: torch.optim.SGD(p, lr=0.01))
        self.expect_equal(self.trained_by_seve(loss="hinge {}", options="learning_rate: 0.01"), reference)

    def test_mean_squared_error(self):
        reference = self.trained_by_pytorch(squared_error, lambda p: torch.optim.SGD(p, lr=0.01))
        self.expect_equal(self.trained_by_seve(loss="mean_squared_error {}", options="learning_rate: 0.01"), reference)

    def test_label_smoothing(self):
        reference = self.trained_by_pytorch(torch.nn.CrossEntropyLoss(label_smoothing=0.2),
                                            lambda p: torch.optim.SGD(p, lr=0.01))
        self.expect_equal(self.trained_by_seve(loss="cross_entropy { label_smoothing: 0.2 }",
                                               options="learning_rate: 0.01"), reference)

    def test_penalties(self):
        def penalty(parameters):
            weight, bias = parameters
            return 0.002 * weight.abs().sum() + 0.05 * (weight.square().sum() + bias.square().sum()) / 2

        reference = self.trained_by_pytorch(torch.nn.functional.cross_entropy,
                                            lambda p: torch.optim.SGD(p, lr=0.01), penalty=penalty)
        for ranks in (1, 2):
            with self.subTest(ranks=ranks):
                self.expect_equal(self.trained_by_seve(
                    options="learning_rate: 0.01", ranks=ranks,
                    penalty='penalty { match: "*.weight" l1: 0.002 } penalty { l2: 0.05 }'), reference)

    def test_maxout(self):
        reference = self.trained_by_pytorch(torch.nn.functional.cross_entropy,
                                            lambda p: torch.optim.SGD(p, lr=0.3), after=Maxout())
        layer = '''layer { name: "after" maxout {
          units: 10 pieces: 2 weight_initializer { constant { value: 0.1 } } bias_initializer { zeros {} }
        } }'''
        self.expect_equal(self.trained_by_seve(layer=layer, options="learning_rate: 0.3"), reference)

    def test_activations(self):
        for layer, module in (("selu {}", torch.nn.SELU()), ("hard_tanh {}", torch.nn.Hardtanh()),
                              ("prelu {}", torch.nn.PReLU(dtype=torch.float64)),
                              ("prelu { per_feature: true }", torch.nn.PReLU(10, dtype=torch.float64))):
            with self.subTest(layer=layer):
                reference = self.trained_by_pytorch(torch.nn.functional.cross_entropy,
                                                    lambda p: torch.optim.SGD(p, lr=0.01), after=module)
                if "after.weight" in reference:
                    reference["after.slope"] = reference.pop("after.weight")
                ours = self.trained_by_seve(layer=f'layer {{ name: "after" {layer} }}', options="learning_rate: 0.01")
                self.expect_equal(ours, reference)

    def test_normalisation(self):
        """The scores all start equal: a large epsilon keeps their first gradients small."""
        for layer, make in (("batch_norm { epsilon: 0.5 momentum: 0.2 }",
                             lambda: torch.nn.BatchNorm1d(10, eps=0.5, momentum=0.2, dtype=torch.float64)),
                            ("layer_norm { epsilon: 0.5 }", lambda: torch.nn.LayerNorm(10, 0.5, dtype=torch.float64)),
                            ("group_norm { groups: 2 epsilon: 0.5 }",
                             lambda: torch.nn.GroupNorm(2, 10, 0.5, dtype=torch.float64))):
            with self.subTest(layer=layer):
                reference = self.trained_by_pytorch(torch.nn.functional.cross_entropy,
                                                    lambda p: torch.optim.SGD(p, lr=0.02), after=make())
                ours = self.trained_by_seve(layer=f'layer {{ name: "after" {layer} }}', options="learning_rate: 0.02")
                self.expect_equal(ours, reference)

    def test_ranks_and_micro_batches_change_nothing(self):
        reference = self.trained_by_pytorch(torch.nn.functional.cross_entropy,
                                            lambda p: torch.optim.SGD(p, lr=0.005, momentum=0.9))
        for ranks, batch in ((2, ""), (4, ""), (2, "micro_batches: 6"), (3, "micro_batches: 12")):
            with self.subTest(ranks=ranks, batch=batch):
                self.expect_equal(self.trained_by_seve(options="learning_rate: 0.005 momentum: 0.9",
                                                       ranks=ranks, batch=batch), reference)


if __name__ == "__main__":
    unittest.main()
