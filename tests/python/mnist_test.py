"""The course's classifiers on the real digits: what they reach, alone and shared by ranks."""

import gzip
import os
import pathlib
import tempfile
import unittest

import numpy
import program
from safetensors.numpy import load_file

MNIST = pathlib.Path(os.environ.get("SEVE_DATA") or "/nowhere") / "mnist"


def test_pictures():
    """MNIST's test pictures as (10000, 784) values in [0, 1], and their labels."""
    with gzip.open(MNIST / "t10k-images-idx3-ubyte.gz") as file:
        pictures = numpy.frombuffer(file.read(), numpy.uint8, offset=16).reshape(-1, 784)
    with gzip.open(MNIST / "t10k-labels-idx1-ubyte.gz") as file:
        labels = numpy.frombuffer(file.read(), numpy.uint8, offset=8)
    return pictures / 255.0, labels


@unittest.skipUnless(MNIST.is_dir(), "MNIST is not here: SEVE_DATA names a folder that holds mnist/")
class MnistTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.here = pathlib.Path(cls.folder.name)
        cls.ends = {}

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def run_directory(self, name, ranks=2):
        return self.here / f"{name}-{ranks}"

    def accuracy(self, name, ranks=2, options=()):
        """Test accuracy in percent of configs/<name>, trained once."""
        if (name, ranks) not in self.ends:
            run = self.run_directory(name, ranks)
            configuration = (program.ROOT / f"configs/{name}.textproto").read_text()
            for base in (program.ROOT / "configs").glob("*.textproto"):
                (run.parent / base.name).write_text(base.read_text())
            program.train(configuration, run, ranks, options)
            self.ends[name, ranks] = program.metrics(run)[-1]
        return 100 * self.ends[name, ranks]["test_accuracy"]

    def test_the_linear_classifier_with_hinge_loss_reaches_91_5_percent_within_10_epochs(self):
        self.assertGreaterEqual(self.accuracy("mnist_linear_hinge"), 91.5)
        self.assertLessEqual(self.ends["mnist_linear_hinge", 2]["epoch"], 10)

    def test_lenet5_reaches_98_5_percent_within_2_epochs(self):
        self.assertGreaterEqual(self.accuracy("mnist_lenet5", options=("--set", "epochs=2")), 98.5)

    def test_two_linear_layers_are_no_better_than_one(self):
        one, two = self.accuracy("mnist_linear_hinge"), self.accuracy("mnist_linear_two_layers")
        self.assertAlmostEqual(two, one, delta=1)

    def test_two_linear_layers_equal_the_single_matrix_of_their_product(self):
        self.accuracy("mnist_linear_two_layers")
        run = self.run_directory("mnist_linear_two_layers")
        weights = load_file(run / "checkpoints/latest/model.safetensors")
        self.assertEqual(sum(array.size for array in weights.values()), 159_010)
        (w1, b1), (w2, b2) = (
            (weights[f"{layer}.weight"].astype(float), weights[f"{layer}.bias"].astype(float))
            for layer in ("hidden", "scores"))
        pictures, labels = test_pictures()
        pair = (pictures @ w1.T + b1) @ w2.T + b2
        single = pictures @ (w2 @ w1).T + (w2 @ b1 + b2)
        difference = numpy.abs(pair - single).max()
        print(f"largest difference of the scores: {difference:.2e} (scores up to {numpy.abs(pair).max():.1f})")
        self.assertLess(difference, 1e-10)  # float64 rounding of some 800 products
        # And it is this matrix that seve evaluated.
        reported = self.ends["mnist_linear_two_layers", 2]["test_accuracy"]
        self.assertAlmostEqual((single.argmax(1) == labels).mean(), reported, delta=2e-4)

    def test_a_dense_network_does_not_see_space(self):
        plain, permuted = self.accuracy("mnist_linear_hinge"), self.accuracy("mnist_linear_permuted")
        self.assertAlmostEqual(permuted, plain, delta=0.5)

    def test_the_perceptron_reaches_98_percent(self):
        self.assertGreaterEqual(self.accuracy("mnist_mlp"), 98.0)

    def test_the_same_global_batch_gives_the_same_accuracy_on_1_2_and_4_ranks(self):
        for name in ("mnist_linear_hinge", "mnist_mlp"):
            accuracies = [self.accuracy(name, ranks) for ranks in (1, 2, 4)]
            print(name, "on 1, 2 and 4 ranks:", *(f"{value:.2f} %" for value in accuracies))
            self.assertLessEqual(max(accuracies) - min(accuracies), 0.3)


if __name__ == "__main__":
    program.main()
