"""Trainings on GPUs as a user starts them, on the emulator: the same bits however they run, and the CPU's figures."""

import hashlib
import os
import pathlib
import shutil
import tempfile
import unittest

import numpy
import program

EMULATED = os.environ.get("SEVE_EMULATED")
CONFIGURATION = """
data { digits { train: 640 test: 100 } }
batch { size: 64 }
model {
  layer { flatten {} }
  layer { name: "hidden" linear { units: 40 activation: RELU } }
  layer { dropout { rate: 0.1 } }
  layer { name: "scores" linear { units: 10 } }
}
loss { cross_entropy {} }
optimizer { adam { learning_rate: 0.002 } schedule { cosine {} } }
epochs: 3
evaluation { batch_size: 60 }
reporting { pictures: NO_PICTURES tensorboard: false }
"""
REPRODUCIBLE = ("reproducible=true", "batch.micro_batches=4")
# Sums in another order: FP32 rounding of activations of order 1.
TOLERANCE = 1e-5


@unittest.skipUnless(EMULATED, "no emulator is built: SEVE_EMULATED")
class GpuTrainingTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.here = pathlib.Path(folder.name)
        (cls.here / "model.textproto").write_text(CONFIGURATION)
        os.environ.pop("CUDA_VISIBLE_DEVICES", None)

    def train(self, name, *sets, ranks=1, gpus=4, options=()):
        """The run directory of a training on so many GPUs."""
        run = self.here / name
        words = [word for field in sets for word in ("--set", field)]
        launcher = ["mpirun", "--quiet", "-n", ranks] if ranks > 1 else []
        program.run([*launcher, EMULATED, "train", self.here / "model.textproto", "--run", run, "--quiet", *words,
                     *options], {**program.MPIRUN, "SEVE_EMULATED_GPUS": str(gpus)})
        return run

    def weights(self, run):
        return [hashlib.sha256((run / "checkpoints/latest" / name).read_bytes()).hexdigest()
                for name in ("model.safetensors", "optimizer.safetensors")]

    def test_graph_and_eager_give_the_same_bits(self):
        for precision in ("FP32", "BF16", "FP16"):
            with self.subTest(precision=precision):
                graph, eager = (self.train(f"{execution}{precision}", f"precision={precision}",
                                           f"gpu.execution={execution}") for execution in ("GRAPH", "EAGER"))
                self.assertEqual(self.weights(graph), self.weights(eager))

    def test_reproducible_gives_the_same_bits_on_any_number_of_gpus(self):
        alone = self.weights(self.train("alone", *REPRODUCIBLE))
        for ranks in (2, 4):
            with self.subTest(ranks=ranks):
                self.assertEqual(self.weights(self.train(f"ranks{ranks}", *REPRODUCIBLE, ranks=ranks)), alone)
        shared = self.train("shared", *REPRODUCIBLE, "gpu.allow_shared_gpu=true", ranks=2, gpus=1)
        self.assertEqual(self.weights(shared), alone)

    def test_shards_of_the_optimizer_give_the_same_bits_and_checkpoints(self):
        for precision in ("FP32", "FP16"):
            with self.subTest(precision=precision):
                sets = (*REPRODUCIBLE, f"precision={precision}", "checkpoints.every_steps=7", "checkpoints.keep=99")
                whole = self.weights(self.train(f"replicated{precision}", *sets, ranks=2))
                shards = self.train(f"shards{precision}", *sets, "distribution=ZERO_1", ranks=2)
                self.assertEqual(self.weights(shards), whole)
                # From there on with whole optimizers, and the other way on four ranks.
                for distribution, ranks in (("REPLICATED", 1), ("ZERO_1", 4)):
                    again = self.back_to_step_14(shards, f"{distribution}{precision}")
                    self.train(again.name, *sets, f"distribution={distribution}", ranks=ranks, options=("--resume",))
                    self.assertEqual(self.weights(again), whole)

    def back_to_step_14(self, run, name):
        """A copy of a run as it was when it had made 14 steps."""
        again = self.here / name
        shutil.copytree(run, again, symlinks=True)
        for checkpoint in (again / "checkpoints").glob("step-*"):
            if checkpoint.name > "step-000000014":
                shutil.rmtree(checkpoint)
        (again / "checkpoints/latest").unlink()
        (again / "checkpoints/latest").symlink_to("step-000000014")
        (again / "checkpoints/best").unlink()
        return again

    def test_gradients_that_travel_as_bfloat16_train_as_well(self):
        figures = []
        for wire in ("FP32", "BF16"):
            run = self.train(f"wire{wire}", f"reduction.wire={wire}", ranks=2)
            figures.append([line["loss"] for line in program.metrics(run) if line["event"] == "evaluation"])
        self.assertNotEqual(*figures)
        # Gradients are off by 2^-9 of themselves, and 30 steps of Adam apart.
        numpy.testing.assert_allclose(*figures, rtol=0.1)

    def test_a_resumed_run_is_exact(self):
        for precision in ("FP32", "FP16"):
            with self.subTest(precision=precision):
                sets = ("checkpoints.every_steps=7", "checkpoints.keep=99", f"precision={precision}")
                whole = self.train(f"whole{precision}", *sets)
                again = self.back_to_step_14(whole, f"again{precision}")
                self.assertEqual(self.weights(self.train(again.name, *sets, options=("--resume",))),
                                 self.weights(whole))

    def test_tensors_of_a_step_and_the_figures_are_the_cpus(self):
        dumps = ("hidden@3", "hidden.gradient@3", "hidden.weight@3", "hidden.weight.gradient@3")
        options = [word for dump in dumps for word in ("--dump", dump)]
        cuda, cpu = (self.train(f"on{device}", f"device={device}", "evaluation.metrics=top_3", options=options)
                     for device in ("CUDA", "CPU"))
        for dump in dumps:
            ours, theirs = (numpy.load(run / f"dumps/{dump}.npy") for run in (cuda, cpu))
            self.assertEqual(ours.shape, theirs.shape)
            numpy.testing.assert_allclose(ours, theirs, rtol=0, atol=TOLERANCE, err_msg=dump)
        figures = [[(line["split"], line["loss"], line["accuracy"]) for line in program.metrics(run)
                    if line["event"] == "evaluation"] for run in (cuda, cpu)]
        # 30 steps of Adam, which may turn a rounding into a step the other way where a gradient is near 0; one or two
        # of 100 samples may then be judged otherwise.
        for ours, theirs in zip(*figures, strict=True):
            self.assertEqual(ours[0], theirs[0])
            self.assertAlmostEqual(ours[1], theirs[1], delta=1e-3)
            self.assertAlmostEqual(ours[2], theirs[2], delta=0.02)

    def test_too_little_memory_says_what_needs_how_much(self):
        with self.assertRaisesRegex(AssertionError, r"returned 2\nerror: GPU 0 has .* free, but this run needs .*: "
                                    r"parameters .*, gradients .*, optimizer \(adam\) .*, activations of 64 samples"):
            os.environ["SEVE_EMULATED_MEMORY"] = str(33_800_000)
            self.addCleanup(os.environ.pop, "SEVE_EMULATED_MEMORY")
            self.train("small")

    def test_a_diverging_run_ends_with_5_and_names_the_layer(self):
        with self.assertRaisesRegex(AssertionError, r"returned 5\nerror: the loss became nan at step \d+; on .* layer"):
            self.train("diverging", "optimizer.adam.learning_rate=1e37")


if __name__ == "__main__":
    program.main()
