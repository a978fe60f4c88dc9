"""What users bring themselves is trained on as they mean it: CSV tables, NumPy arrays, safetensors."""

import csv
import os
import pathlib
import subprocess
import tempfile
import unittest

import numpy
import program
from safetensors.numpy import load_file, save_file

DATA = 3

CLASSIFIER = """
data {
  tensors {
    train { name: "input" file: "train.csv" }  train { name: "target" file: "train.csv" column: "kind" }
    test { name: "input" file: "test.csv" }    test { name: "target" file: "test.csv" }
    standardize: true
  }
}
batch { size: 30 }
model {
  layer { name: "hidden" linear { units: 8 activation: RELU } }
  layer { name: "scores" linear { units: 3 } }
}
loss { cross_entropy {} }
optimizer { adam { learning_rate: 0.01 } }
epochs: 30
"""

REGRESSION = """
data {
  tensors { train { name: "input" file: "x.npy" } train { name: "target" file: "y.npy" } }
  validation_fraction: 0
}
batch { size: 400 }
model { layer { name: "line" linear { units: 2 } } }
loss { mean_squared_error {} }
optimizer { sgd { learning_rate: 0.5 } }
epochs: 100
checkpoints { every_epochs: 100 }
"""
ENLARGING = """
data { tensors { train { name: "target" file: "large.npy" } train { name: "input" file: "small.npy" } } }
batch { size: 20 }
model { layer { flatten {} } layer { name: "all" linear { units: 64 } } layer { reshape { shape: [1, 8, 8] } } }
loss { mean_squared_error {} }
optimizer { sgd { learning_rate: 0.1 } }
epochs: 2
"""
FROM_SAFETENSORS = REGRESSION.replace("x.npy", "both.safetensors").replace("y.npy", "both.safetensors")
FROM_TABLES = REGRESSION.replace("x.npy", "x.csv").replace('"y.npy"', '"y.csv" column: ["column 0", "column 1"]')


class OwnDataTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.here = pathlib.Path(folder.name)
        os.environ["SEVE_DATA"] = folder.name
        self.addCleanup(os.environ.pop, "SEVE_DATA")
        self.generator = numpy.random.default_rng(6)

    def write_table(self, name, count):
        """Three kinds of point whose clouds lie 6 deviations apart; the columns have other units and a comma in a name."""
        names = ["oak, red", "ash", "fir"]
        centres = numpy.array([[0, 0], [6, 0], [0, 6]])
        with open(self.here / name, "w", newline="", encoding="utf-8-sig") as file:
            table = csv.writer(file)
            table.writerow(["height", "kind", "weight"])
            for kind in self.generator.integers(0, 3, count):
                x, y = self.generator.normal(centres[kind])
                table.writerow([repr(1000 * x), names[kind], repr(y / 1000)])

    def write_regression(self, count=400):
        """float64 arrays y = A x + b + noise, in .npy and in .safetensors."""
        inputs = self.generator.normal(size=(count, 3))
        targets = inputs @ numpy.array([[1, -2, 0.5], [0, 3, 1]]).T + [0.25, -1] + self.generator.normal(
            0, 0.1, (count, 2))
        numpy.save(self.here / "x.npy", inputs)
        numpy.save(self.here / "y.npy", targets)
        save_file({"input": inputs, "target": targets}, self.here / "both.safetensors")
        return inputs, targets

    def train(self, configuration, run, **options):
        """Trains in the folder of the test and returns its parameters."""
        program.train(configuration, self.here / run, **options)
        return load_file(self.here / run / "checkpoints/latest/model.safetensors")

    def refusal(self, configuration):
        """What seve says, with the exit code for data, of a configuration it cannot train."""
        file = self.here / "refused.textproto"
        file.write_text(configuration)
        done = subprocess.run([program.PROGRAM, "train", file, "--run", self.here / "refused"], capture_output=True,
                              text=True, check=False, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, DATA, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def test_a_table_with_classes_by_name_is_learned(self):
        self.write_table("train.csv", 600)
        self.write_table("test.csv", 300)
        for ranks in (1, 2):
            run = self.here / f"table{ranks}"
            program.train(CLASSIFIER, run, ranks=ranks)
            test = [line for line in program.metrics(run) if line["event"] == "evaluation" and line["split"] == "test"]
            # Clouds of deviation 1 whose centres are 6 apart: the best classifier errs on 0.25 % of them.
            self.assertEqual(len(test), 1)
            self.assertGreaterEqual(test[0]["accuracy"], 0.98)

    def test_a_line_is_fitted_to_arrays_as_least_squares_does(self):
        inputs, targets = self.write_regression()
        extended = numpy.hstack([inputs, numpy.ones((len(inputs), 1))])
        expected = numpy.linalg.lstsq(extended, targets, rcond=None)[0].T
        for ranks in (1, 2):
            line = self.train(REGRESSION, f"line{ranks}", ranks=ranks)
            found = numpy.hstack([line["line.weight"], line["line.bias"][:, None]])
            # Whole-batch descent has converged; sums of FP32 over 400 samples err by some 1e-6.
            numpy.testing.assert_allclose(found, expected, atol=1e-5)

    def test_files_of_another_kind_with_the_same_numbers_give_the_same_bits(self):
        inputs, targets = self.write_regression()
        for name, values in (("x.csv", inputs), ("y.csv", targets)):
            header = ",".join(f"column {i}" for i in range(values.shape[1]))
            numpy.savetxt(self.here / name, values, fmt="%.17g", delimiter=",", header=header, comments="")
        arrays = self.train(REGRESSION, "arrays")
        for run, configuration in (("safetensors", FROM_SAFETENSORS), ("tables", FROM_TABLES)):
            others = self.train(configuration, run)
            for name, array in arrays.items():
                self.assertEqual(array.tobytes(), others[name].tobytes(), (run, name))

    def infer(self, *arguments):
        """The table of predictions, columns as lists."""
        done = program.run((program.PROGRAM, "infer", *arguments))
        rows = list(csv.DictReader(done.stdout.splitlines()))
        return {column: [row[column] for row in rows] for column in rows[0]}

    def test_samples_of_which_the_truth_is_unknown_are_predicted(self):
        self.write_table("train.csv", 600)
        self.write_table("test.csv", 200)
        self.train(CLASSIFIER, "table")
        # The columns by their names, in another order, without the one that is asked for.
        with open(self.here / "new.csv", "w", newline="") as file:
            csv.writer(file).writerows([["weight", "height"], [0, 0], [0, 6000], [0.006, 0]])
        said = self.infer(self.here / "table", self.here / "new.csv")
        self.assertEqual(said["said"], ["oak, red", "ash", "fir"])
        self.assertNotIn("truth", said)

        inputs, _ = self.write_regression()
        line = self.train(REGRESSION, "line")
        numpy.save(self.here / "new.npy", inputs[:7] + 1)
        said = self.infer(self.here / "line", self.here / "new.npy")
        outputs = numpy.array([said["output_0"], said["output_1"]], dtype=float).T
        numpy.testing.assert_allclose(outputs, (inputs[:7] + 1) @ line["line.weight"].T + line["line.bias"], rtol=1e-5)

    def test_the_target_is_no_input_however_its_file_is_spelt(self):
        self.write_table("train.csv", 60)
        self.write_table("test.csv", 20)
        respelt = CLASSIFIER.replace('name: "target" file: "train.csv"', 'name: "target" file: "./train.csv"')
        self.assertEqual(self.train(respelt, "respelt")["hidden.weight"].shape, (8, 2))

    def test_the_input_is_found_wherever_it_stands_in_the_list(self):
        # Pictures of 4 x 4 to be judged by their brightness; the target stands first and is a larger picture.
        small = self.generator.integers(0, 256, (60, 1, 4, 4)).astype(numpy.uint8)
        numpy.save(self.here / "small.npy", small)
        numpy.save(self.here / "large.npy", numpy.kron(small, numpy.ones((1, 1, 2, 2), numpy.uint8)))
        self.train(ENLARGING, "enlarging")
        pictures = {path.name for path in (self.here / "enlarging/pictures").iterdir()}
        self.assertIn("weights-all.png", pictures)

    def test_a_run_without_test_samples_is_not_judged_on_them(self):
        self.write_regression()
        self.train(REGRESSION, "run")
        self.assertNotIn("test", [line.get("split") for line in program.metrics(self.here / "run")])

    def test_arrays_of_different_lengths_are_both_named(self):
        self.write_regression()
        numpy.save(self.here / "y.npy", numpy.zeros((399, 2)))
        said = self.refusal(REGRESSION)
        self.assertIn(f"{self.here}/x.npy holds 400 samples of 'input' but "
                      f"{self.here}/y.npy holds 399 samples of 'target'", said)

    def test_column_major_arrays_are_refused_with_the_remedy(self):
        self.write_regression()
        numpy.save(self.here / "x.npy", numpy.asfortranarray(numpy.zeros((400, 3))))
        said = self.refusal(REGRESSION)
        self.assertIn(f"{self.here}/x.npy", said)
        self.assertIn("numpy.ascontiguousarray", said)

    def test_every_kind_of_element_numpy_writes_is_read_or_refused_by_name(self):
        target = numpy.arange(40, dtype=numpy.float32).reshape(20, 2)
        numpy.save(self.here / "y.npy", target)
        short = REGRESSION.replace("size: 400", "size: 20").replace("\nepochs: 100", "\nepochs: 1")
        weights = set()
        kinds = ("f2", "f4", "f8", "i1", "i2", "i4", "i8", "u2", "u4")
        for kind in kinds:
            numpy.save(self.here / "x.npy", (numpy.arange(60).reshape(20, 3) % 7).astype(kind))
            line = self.train(short, kind)
            weights.add(line["line.weight"].tobytes())
        self.assertEqual(len(weights), 1)
        for kind in (">f4", "c8", "u8", "U3"):
            numpy.save(self.here / "x.npy", numpy.ones((20, 3)).astype(kind))
            said = self.refusal(short)
            self.assertIn(str(numpy.dtype(kind).str), said)

    def test_a_ragged_line_is_named_with_file_and_line(self):
        self.write_table("train.csv", 20)
        self.write_table("test.csv", 20)
        lines = (self.here / "train.csv").read_text().splitlines()
        lines[7] = lines[7].rsplit(",", 1)[0]
        (self.here / "train.csv").write_text("\n".join(lines))
        self.assertIn(f"{self.here}/train.csv:8: 2 cells, but the header line names 3 columns",
                      self.refusal(CLASSIFIER))


if __name__ == "__main__":
    program.main()
