"""Small CIFAR-10 networks on the real pictures: what an epoch teaches them, and the same bits on any number of ranks."""

import os
import pathlib
import shutil
import tempfile
import unittest

import program

CIFAR = pathlib.Path(os.environ.get("SEVE_DATA") or "/nowhere") / "cifar10"
# The network has augmentation, batch normalisation and dropout, all three. 5,000 of the pictures make 40 steps an epoch.
REPRODUCIBLE = ("--set", "reproducible=true", "--set", "batch.micro_batches=4", "--set", "data.validation_fraction=0.9",
                "--set", "epochs=2", "--set", "evaluation={ every_epochs: 2 test: false }",
                "--set", "checkpoints={ every_steps: 50 keep: 3 }")


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

    def test_the_small_network_learns_in_one_epoch(self):
        run = self.trained("epoch", 2, "--set", "epochs=1")
        self.assertGreaterEqual(program.metrics(run)[-1]["test_accuracy"], 0.5)

    def test_reproducible_gives_one_model_on_any_number_of_ranks_and_after_a_resumption(self):
        def model(run):
            return (run / "checkpoints/latest/model.safetensors").read_bytes()

        one, *others = (self.trained(f"on-{ranks}", ranks, *REPRODUCIBLE) for ranks in (1, 2, 4))
        for other in others:
            self.assertEqual(model(other), model(one), other.name)
        # As after a crash in the second epoch; four ranks began, two go on.
        newest = max((others[1] / "checkpoints").glob("step-*"))
        before = newest.with_name("step-000000050")
        self.assertTrue(before.is_dir() and newest != before, newest)
        shutil.rmtree(newest)
        resumed = self.trained("on-4", 2, *REPRODUCIBLE, "--resume")
        self.assertEqual((resumed / "checkpoints/latest").resolve().name, newest.name)
        self.assertEqual(model(resumed), model(one))


if __name__ == "__main__":
    program.main()
