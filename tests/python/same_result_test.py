"""How a training is started, shared and evaluated does not change what comes out of it."""

import pathlib
import tempfile
import unittest

import numpy
import program
from safetensors.numpy import load_file

CONFIGURATION = """
data {{ idx {{ folder: "{folder}" }} }}
batch {{ size: 32 {batch} }}
model {{
  layer {{ flatten {{}} }}
  layer {{ name: "hidden" linear {{ units: 20 activation: TANH }} }}
  {norm}
  layer {{ name: "scores" linear {{ units: 10 }} }}
}}
loss {{ cross_entropy {{}} }}
optimizer {{ sgd {{ learning_rate: 0.02 momentum: 0.9 }} }}
epochs: 2
evaluation {{ batch_size: 40 {evaluation} }}
"""
STEPS = 2 * 320 // 32

# Cutting a batch otherwise changes the order in which gradients are summed, nothing else. A sum rounds by a few
# times 2^-24 of the terms, some 3e-7 for gradients of order 1; momentum 0.9 multiplies that by up to 10 and
# the rate by 0.02: 6e-8 a step at most. Parameters, below 1, round by as much again in each of the 20 steps.
TOLERANCE = 2 * STEPS * 6e-8


class SameResultTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.here = pathlib.Path(cls.folder.name)
        generator = numpy.random.default_rng(4)
        # 400 less a fifth for validation; 211 in passes of 40 leave a last one of 11.
        program.write_data(cls.here / "data", program.make_pictures(400, generator),
                           program.make_pictures(211, generator))
        cls.runs = {}

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def configuration(self, batch="", evaluation="", norm=""):
        return CONFIGURATION.format(folder=self.here / "data", batch=batch, evaluation=evaluation, norm=norm)

    def trained(self, ranks, batch="", evaluation="", norm=""):
        """The run directory of a training, done once."""
        key = (ranks, batch, evaluation, norm)
        if key not in self.runs:
            run = self.here / f"run{len(self.runs)}"
            program.train(self.configuration(batch, evaluation, norm), run, ranks)
            self.runs[key] = run
        return self.runs[key]

    def model(self, run):
        return run / "checkpoints/latest/model.safetensors"

    def test_mpirun_alone_gives_the_bytes_that_the_launcher_gives(self):
        launched, plain = self.trained(2), self.here / "plain"
        configuration = self.here / "plain.textproto"
        configuration.write_text(self.configuration())
        program.run(("mpirun", "-n", 2, program.PROGRAM, "train", configuration, "--run", plain, "--quiet"),
                    program.MPIRUN)
        self.assertEqual(program.metrics(plain)[-1]["step"], STEPS)
        self.assertEqual(self.model(plain).read_bytes(), self.model(launched).read_bytes())

    def test_shares_of_the_optimizer_give_the_bits_of_a_whole_one(self):
        whole, shared = self.trained(2), self.here / "shared"
        program.train(self.configuration(), shared, 2, ("--set", "distribution=ZERO_1"))
        for file in ("model", "optimizer"):
            expected, given = (load_file(run / f"checkpoints/latest/{file}.safetensors") for run in (whole, shared))
            self.assertEqual(set(given), set(expected))
            for name, values in expected.items():
                numpy.testing.assert_array_equal(given[name], values, err_msg=name)

    def test_micro_batches_and_ranks_agree_with_whole_batches_within_rounding(self):
        whole = load_file(self.model(self.trained(1)))
        for ranks, batch in ((2, ""), (1, "micro_batches: 4"), (2, "micro_batches: 4")):
            cut = load_file(self.model(self.trained(ranks, batch)))
            self.assertEqual(set(cut), set(whole))
            for name, values in whole.items():
                with self.subTest(ranks=ranks, batch=batch, parameter=name):
                    self.assertLess(numpy.abs(values).max(), 1)
                    numpy.testing.assert_allclose(cut[name], values, rtol=0, atol=TOLERANCE)

    def test_synchronised_statistics_are_those_of_one_rank(self):
        norm = "layer { batch_norm {} }"
        whole = load_file(self.model(self.trained(1, norm=norm)))
        shared = load_file(self.model(self.trained(2, "sync_batch_norm: true", norm=norm)))
        own = load_file(self.model(self.trained(2, norm=norm)))
        # Normalisation divides by deviations of some tenths, in forward and in backward: rounding grows tenfold.
        far = max(numpy.abs(shared[name] - values).max() for name, values in whole.items())
        self.assertLess(far, 10 * TOLERANCE)
        self.assertGreater(max(numpy.abs(own[name] - values).max() for name, values in whole.items()), 1e-3)

    def evaluations(self, run):
        """The evaluation lines of a run without what the clock says."""
        return [{name: value for name, value in line.items() if "second" not in name}
                for line in program.metrics(run) if line["event"] == "evaluation"]

    def test_rank_0_alone_finds_the_figures_that_all_ranks_find(self):
        together = self.evaluations(self.trained(2, evaluation="on: ALL_RANKS"))
        alone = self.evaluations(self.trained(2, evaluation="on: RANK_0"))
        self.assertEqual([line["split"] for line in alone], ["validation", "validation", "test"])
        self.assertGreater(alone[-1]["accuracy"], 0.9)
        self.assertEqual(alone, together)


if __name__ == "__main__":
    unittest.main()
