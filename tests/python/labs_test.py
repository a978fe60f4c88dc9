"""The course's labs: gradient descent as NumPy computes it, the sizes of the models, and rows of launch/lab in full."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import numpy
import program

LABS = program.ROOT / "configs/labs"
HAS_MNIST = (pathlib.Path(os.environ.get("SEVE_DATA") or "/nowhere") / "mnist").is_dir()

# The three points of lab 3.
INPUTS = numpy.array([[1, 1], [0, -1], [2, 0.5]])
TARGETS = numpy.array([-1, 3, 2])
OPTIMUM, LEAST_LOSS, CRITICAL_RATE = (1.7586, -2.8966), 0.01149, 0.4957

# Float32 against float64 over 20 steps on values up to 3.
TOLERANCE = 1e-5


def loss(w):
    return ((INPUTS @ w - TARGETS) ** 2).mean()


def descend(w, rate, momentum, nesterov, steps=20):
    """Every w on the way of gradient descent in float64, the first included."""
    way, velocity = [w], numpy.zeros(2)
    for _ in range(steps):
        gradient = 2 / 3 * INPUTS.T @ (INPUTS @ w - TARGETS)
        velocity = momentum * velocity + gradient
        w = w - rate * (gradient + momentum * velocity if nesterov else velocity)
        way.append(w)
    return numpy.array(way)


class LabsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.here = pathlib.Path(cls.folder.name)
        cls.environment = {"SEVE_PROGRAM": program.PROGRAM}

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def train(self, name, run, *options):
        program.run([program.ROOT / "launch/local", "-n", 1, "train", LABS / f"{name}.textproto", "--quiet",
                     "--run", self.here / run, *options], self.environment)
        return self.here / run

    def way(self, name, run, parameter, steps, sets):
        """A parameter before the first and after each step."""
        options = [word for step in range(steps + 1) for word in ("--dump", f"{parameter}@{step}")]
        options += [word for override in sets for word in ("--set", override)]
        run = self.train(name, run, *options)
        return run, numpy.array([numpy.load(run / f"dumps/{parameter}@{step}.npy").ravel()
                                 for step in range(steps + 1)])

    def lab(self, *options):
        command = [program.ROOT / "launch/lab", *options, "--runs", self.here / "labs"]
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False,
                              env={**os.environ, **self.environment})
        print(done.stdout)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_gradient_descent_on_three_points_is_numpys(self):
        for rate, momentum, nesterov in ((0.2, 0, 0), (0.4, 0, 0), (0.3, 0.6, 0), (0.3, 1, 0), (0.3, 0.8, 1),
                                         (0.3, 1, 1)):
            with self.subTest(rate=rate, momentum=momentum, nesterov=nesterov):
                sets = [f"optimizer.sgd.learning_rate={rate}", f"optimizer.sgd.momentum={momentum}"]
                sets += ["optimizer.sgd.nesterov=true"] * nesterov
                run, way = self.way("lab3_points", f"points-{rate}-{momentum}-{nesterov}", "linear.weight", 20, sets)
                expected = descend(way[0].astype(float), rate, momentum, nesterov)
                numpy.testing.assert_allclose(way, expected, rtol=0, atol=TOLERANCE)
                losses = [line["loss"] for line in program.metrics(run) if line["event"] == "step"]
                numpy.testing.assert_allclose(losses, [loss(w) for w in expected[:-1]], rtol=1e-4, atol=TOLERANCE)

    def test_it_reaches_the_optimum(self):
        _, way = self.way("lab3_points", "optimum", "linear.weight", 20, ["optimizer.sgd.momentum=0.4"])
        numpy.testing.assert_allclose(way[-1], OPTIMUM, rtol=0, atol=1e-3)
        self.assertAlmostEqual(loss(way[-1].astype(float)), LEAST_LOSS, delta=1e-5)

    def test_it_diverges_above_the_critical_rate_alone(self):
        ends = {}
        for rate in (CRITICAL_RATE - 0.01, CRITICAL_RATE + 0.01):
            run = self.train("lab3_points", f"critical-{rate}", "--set", f"optimizer.sgd.learning_rate={rate}",
                             "--set", "steps=200")
            ends[rate] = program.metrics(run)
        below, above = ([line["loss"] for line in lines if line["event"] == "evaluation"] for lines in ends.values())
        self.assertLess(below[-1], 1.01 * LEAST_LOSS)
        self.assertGreater(above[-1], 1e3 * above[0])

    def test_descent_of_a_parabola_is_exact(self):
        run, way = self.way("lab2_descent", "descent", "w.weight", 9, [])
        expected = [-2.0]
        while len(expected) < 10:
            expected.append(expected[-1] - 0.25 * (2 * expected[-1] - 1))
        self.assertEqual(way.ravel().tolist(), expected)
        # As the course has them.
        numpy.testing.assert_allclose(expected, [-2, -0.75, -0.125, 0.1875, 0.34375, 0.42188, 0.46094, 0.48047, 0.49023,
                                                 0.49512], rtol=0, atol=5.01e-6)
        losses = [line["loss"] for line in program.metrics(run) if line["event"] == "step"]
        numpy.testing.assert_allclose(losses, [8, 3.3125, 2.14062, 1.84766, 1.77441, 1.75610, 1.75153, 1.75038, 1.75010,
                                               1.75002], rtol=0, atol=5.01e-6)

    def test_models_have_the_courses_numbers_of_parameters(self):
        for name, count, *sets in (("lab1_mnist", "309,784"), ("cifarnet", "168,490"),
                                   ("lab2_spirals", "576"), ("lab3_points", "2"), ("lab3_cifarnet_norm", "168,910"),
                                   ("lab3_initial", "7,087,010"), ("lab4_cifarnet_norm", "97,390"),
                                   ("lab4_mlp", "89,610"), ("lab4_dropout", "89,610"), ("lab5_filters", "11,830"),
                                   ("lab5_learned", "11,830"), ("lab5_convnet3", "247,610"),
                                   ("lab5_convnet5", "428,210"), ("lab5_convnet51", "4,582,010"),
                                   ("lab5_resnet", "4,582,010"),
                                   ("lab5_resnet", "608,810", "--set", "model.c.repeat=1")):
            with self.subTest(name=name, sets=sets):
                table = program.run([program.PROGRAM, "inspect", LABS / f"{name}.textproto", *sets]).stdout
                self.assertEqual(re.search(r"^total +(\S+)", table, re.MULTILINE)[1], count)

    def test_units_die_and_gradients_vanish(self):
        self.lab("2")

    def test_every_row_of_gradient_descent_ends_as_expected(self):
        self.lab("3", "--only", "rate-*", "--only", "momentum-*", "--only", "nesterov-*")

    def test_a_wider_network_approximates_better(self):
        self.lab("approximation")

    @unittest.skipUnless(HAS_MNIST, "MNIST is not here: SEVE_DATA names a folder that holds mnist/")
    def test_two_epochs_with_and_without_dropout_reach_94_percent(self):
        table = self.lab("4", "--quick", "--only", "plain", "--only", "dropout")
        self.assertIn("not comparable", table)
        accuracies = [float(found) for found in re.findall(r"test accuracy .* ([\d.]+) %", table)]
        self.assertEqual(len(accuracies), 2)
        self.assertGreater(min(accuracies), 94)


if __name__ == "__main__":
    program.main()
