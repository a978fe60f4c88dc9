"""A small CIFAR-10 network on the real pictures: what it learns, and the same bits on any number of ranks."""

import os
import pathlib
import shutil
import tempfile
import unittest

import program

CIFAR = pathlib.Path(os.environ.get("SEVE_DATA") or "/nowhere") / "cifar10"
FEW = ("--set", "data.validation_fraction=0.02")  # to judge on the way
# The network has augmentation, batch normalisation and dropout, all three.
REPRODUCIBLE = (*FEW, "--set", "reproducible=true", "--set", "batch.micro_batches=4", "--set", "steps=30",
                "--set", "evaluation={ every_steps: 30 test: false }", "--set", "checkpoints={ every_steps: 20 keep: 3 }")


@unittest.skipUnless(CIFAR.is_dir(), "CIFAR-10 is not here: SEVE_DATA names a folder that holds cifar10/")
class CifarTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.here = pathlib.Path(cls.folder.name)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def trained(self, name, ranks, *options):
        """The run directory of configs/cifar10_cnn, trained for what `options` say."""
        run = self.here / name
        program.train((program.ROOT / "configs/cifar10_cnn.textproto").read_text(), run, ranks, options)
        return run

    def test_less_than_half_an_epoch_teaches_more_than_a_linear_classifier_learns(self):
        run = self.trained("short", 2, *FEW, "--set", "steps=150")
        self.assertGreaterEqual(program.metrics(run)[-1]["test_accuracy"], 0.42)

    def test_reproducible_gives_one_model_on_any_number_of_ranks_and_after_a_resumption(self):
        def model(run):
            return (run / "checkpoints/latest/model.safetensors").read_bytes()

        one, *others = (self.trained(f"on-{ranks}", ranks, *REPRODUCIBLE) for ranks in (1, 2, 4))
        for other in others:
            self.assertEqual(model(other), model(one), other.name)
        # As after a crash behind step 20; four ranks began, two go on.
        newest = max((others[1] / "checkpoints").glob("step-*"))
        before = newest.with_name("step-000000020")
        self.assertTrue(before.is_dir() and newest != before, newest)
        shutil.rmtree(newest)
        resumed = self.trained("on-4", 2, *REPRODUCIBLE, "--resume")
        self.assertEqual((resumed / "checkpoints/latest").resolve().name, newest.name)
        self.assertEqual(model(resumed), model(one))


if __name__ == "__main__":
    program.main()
