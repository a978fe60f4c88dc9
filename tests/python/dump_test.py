"""What --dump writes of a step is what PyTorch makes of the same rows and parameters in float64."""

import os
import pathlib
import subprocess
import tempfile
import unittest

import numpy
import program
import torch

# 80 samples to train on: an epoch is three steps of 24 and one of 8.
CONFIGURATION = """
data {{ idx {{ folder: "{folder}" classes: 10 }} validation_fraction: 0.2 }}
batch {{ size: 24 {batch} }}
model {{
  layer {{ flatten {{}} }}
  layer {{ name: "hidden" linear {{ units: 12 }} }}
  layer {{ name: "active" tanh {{}} }}
  layer {{ name: "scores" linear {{ units: 10 }} }}
}}
loss {{ cross_entropy {{}} }}
optimizer {{ sgd {{ learning_rate: 0.125 }} }}
epochs: 2
{more}
"""
RATE = 0.125
PARAMETERS = ("hidden.weight", "hidden.bias", "scores.weight", "scores.bias")
VALUES = ("hidden", "active", "scores")
USAGE = 2

# Float32 against float64, of each tensor's largest magnitude: sums of 784 products in the outputs, of up to
# 24 rows on top of those in the gradients.
OUTPUT_TOLERANCE, GRADIENT_TOLERANCE = 2e-6, 1e-5
# Of parameters of the order 0.1 after an update: a rounding of FP32, and the rate times the gradient's error.
PARAMETER_TOLERANCE = 1e-7


def requests(step):
    names = [f"{name}@{step}" for name in ("input", "target", "flatten_1", *VALUES)]
    names += [f"{name}.gradient@{step}" for name in (*VALUES, *PARAMETERS)]
    return names + [f"{name}@{at}" for name in PARAMETERS for at in (step - 1, step)]


class DumpTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.here = pathlib.Path(cls.folder.name)
        generator = numpy.random.default_rng(8)
        program.write_data(cls.here / "data", program.make_pictures(100, generator),
                           program.make_pictures(20, generator))
        cls.runs = 0

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def configuration(self, batch="", more=""):
        return CONFIGURATION.format(folder=self.here / "data", batch=batch, more=more)

    def dump(self, names, ranks=1, batch="", more=""):
        """Trains with these dumps and returns them by name."""
        DumpTest.runs += 1
        run = self.here / f"run{DumpTest.runs}"
        options = [option for name in names for option in ("--dump", name)]
        program.train(self.configuration(batch, more), run, ranks, options)
        files = {path.name.removesuffix(".npy"): numpy.load(path) for path in (run / "dumps").iterdir()}
        self.assertEqual(set(files), set(names))
        return files

    def expect_near(self, ours, reference, tolerance, name):
        reference = reference.detach().numpy()
        self.assertEqual(ours.dtype, numpy.float32, name)
        self.assertEqual(ours.shape, reference.shape, name)
        largest = numpy.abs(reference).max()
        self.assertGreater(largest, 0, name)
        numpy.testing.assert_allclose(ours, reference, rtol=0, atol=tolerance * largest, err_msg=name)

    def expect_a_step_of_pytorch(self, dumps, step, rows):
        """From the parameters before the step and its rows, all else follows."""
        inputs = dumps[f"input@{step}"]
        self.assertEqual(inputs.shape, (rows, 1, 28, 28))
        self.assertEqual(dumps[f"target@{step}"].dtype, numpy.int32)
        self.assertEqual(dumps[f"target@{step}"].shape, (rows,))
        numpy.testing.assert_array_equal(dumps[f"flatten_1@{step}"], inputs.reshape(rows, 784))

        flat = torch.from_numpy(inputs.reshape(rows, 784)).double()
        before = {name: torch.from_numpy(dumps[f"{name}@{step - 1}"]).double().requires_grad_() for name in PARAMETERS}
        hidden = torch.nn.functional.linear(flat, before["hidden.weight"], before["hidden.bias"])
        active = torch.tanh(hidden)
        scores = torch.nn.functional.linear(active, before["scores.weight"], before["scores.bias"])
        values = dict(zip(VALUES, (hidden, active, scores)))
        for value in values.values():
            value.retain_grad()
        targets = torch.from_numpy(dumps[f"target@{step}"]).long()
        torch.nn.functional.cross_entropy(scores, targets).backward()

        for name, value in values.items():
            self.expect_near(dumps[f"{name}@{step}"], value, OUTPUT_TOLERANCE, f"{name}@{step}")
        for name, tensor in {**values, **before}.items():
            self.expect_near(dumps[f"{name}.gradient@{step}"], tensor.grad, GRADIENT_TOLERANCE, f"{name}.gradient")
        for name, parameter in before.items():
            numpy.testing.assert_allclose(dumps[f"{name}@{step}"], (parameter - RATE * parameter.grad).detach().numpy(),
                                          rtol=0, atol=PARAMETER_TOLERANCE, err_msg=name)

    def test_a_step_is_that_of_pytorch_on_any_number_of_ranks_and_micro_batches(self):
        cases = [(1, ""), (2, ""), (1, "micro_batches: 4"), (2, "micro_batches: 4"), (3, "micro_batches: 6")]
        first = None
        for ranks, batch in cases:
            with self.subTest(ranks=ranks, batch=batch):
                dumps = self.dump([*requests(1), *requests(4), *requests(6)], ranks, batch)
                self.expect_a_step_of_pytorch(dumps, 1, 24)
                self.expect_a_step_of_pytorch(dumps, 4, 8)
                self.expect_a_step_of_pytorch(dumps, 6, 24)
                first = first or dumps
                for name in ("input", "target", "flatten_1"):
                    for step in (1, 4, 6):
                        numpy.testing.assert_array_equal(dumps[f"{name}@{step}"], first[f"{name}@{step}"])

    def test_reproducible_runs_dump_the_same_bits_on_one_two_and_four_ranks(self):
        names = [*requests(4), *requests(5)]
        alone = self.dump(names, 1, "micro_batches: 4", "reproducible: true")
        self.expect_a_step_of_pytorch(alone, 5, 24)
        for ranks in (2, 4):
            shared = self.dump(names, ranks, "micro_batches: 4", "reproducible: true")
            for name in names:
                # Outputs and their gradients depend on the rows of one micro-batch, which are the same.
                numpy.testing.assert_array_equal(shared[name], alone[name], err_msg=f"{name} on {ranks} ranks")

    def seve(self, *arguments, ranks=1):
        done = subprocess.run([str(program.ROOT / "launch/local"), "-n", str(ranks), *map(str, arguments)],
                              capture_output=True, text=True, check=False, timeout=120, stdin=subprocess.DEVNULL,
                              env={**os.environ, "SEVE_PROGRAM": program.PROGRAM})
        return done.returncode, done.stdout + done.stderr

    def test_requests_that_cannot_be_met_are_refused_and_leave_nothing_behind(self):
        file, run = self.here / "bad.textproto", self.here / "bad"
        file.write_text(self.configuration())
        for request, fragment in (("hiden@3", "did you mean 'hidden'"), ("hidden", "hidden@100"),
                                  ("hidden@0", "steps 1 to 8"), ("hidden.weight@9", "steps 0 to 8"),
                                  ("flatten_1.gradient@2", "nothing before it learns"),
                                  ("hidden@two", "the number of a step")):
            for ranks in (1, 2):
                with self.subTest(request=request, ranks=ranks):
                    code, said = self.seve("train", file, "--run", run, "--dump", request, ranks=ranks)
                    self.assertEqual(code, USAGE, said)
                    self.assertIn(f"--dump {request}", said)
                    self.assertIn(fragment, said)
                    self.assertFalse(run.exists())

    def test_a_run_that_goes_on_says_which_dumps_come_too_late(self):
        file, run = self.here / "late.textproto", self.here / "late"
        file.write_text(self.configuration())
        train = ("train", file, "--run", run, "--quiet")
        self.assertEqual(self.seve(*train, "--set", "epochs=1")[0], 0)
        code, said = self.seve(*train, "--resume", "--dump", "hidden@4", "--dump", "hidden@5", "--dump",
                               "hidden.bias@4", "--dump", "hidden.bias@3")
        self.assertEqual(code, 0, said)
        self.assertEqual(sorted(path.name for path in (run / "dumps").iterdir()), ["hidden.bias@4.npy", "hidden@5.npy"])
        for late in ("hidden@4", "hidden.bias@3"):
            self.assertIn(f"--dump {late}: the run goes on after step 4, nothing is written", said)


if __name__ == "__main__":
    program.main()
