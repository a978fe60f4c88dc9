"""The real digits on 1, 2 and 4 ranks, killed in mid-epoch and resumed on another number: one SHA-256."""

import os
import pathlib
import unittest

import harness
from harness import COMMUNICATION, DONE

MNIST = pathlib.Path(os.environ.get("SEVE_DATA") or "/nowhere") / "mnist"


@unittest.skipUnless(MNIST.is_dir(), "MNIST is not here: SEVE_DATA names a folder that holds mnist/")
class MnistTest(harness.FaultTest):
    def setUp(self):
        super().setUp()
        self.configuration = harness.program.ROOT / "configs/mnist_mlp_reproducible.textproto"

    def train(self, name, ranks, *options):
        self.run_directory = self.here / name
        end = self.run_job(self.command("local", ("--set", "epochs=3", *options), ranks),
                           executable=harness.program.PROGRAM)
        self.expect(end, DONE)
        return harness.weights_hash(self.run_directory)[0]

    def test_dropout_on_mnist_has_one_sha_256_on_any_number_of_ranks(self):
        alone = self.train("alone", 1)
        self.assertEqual(self.train("two", 2), alone)
        self.assertEqual(self.train("four", 4), alone)
        # 750 steps an epoch: killed in the second, before its first checkpoint, and between checkpoints.
        for fault, ranks, resumed_on in (("1 before_sum 1100 kill", 2, 4), ("3 in_sum 1400 kill", 4, 1)):
            self.run_directory = self.here / f"killed{ranks}"
            options = ("--set", "epochs=3", "--set", "checkpoints.every_steps=300")
            self.expect(self.inject(fault, "local", options, ranks), COMMUNICATION)
            self.assertEqual(self.train(f"killed{ranks}", resumed_on, "--resume"), alone)
        print(f"model.safetensors of mnist_mlp_reproducible, 3 epochs: {alone}")


if __name__ == "__main__":
    harness.main()
