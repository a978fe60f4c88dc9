"""`seve compare` on real runs: its figures are those that numpy and pandas get from the metrics files."""

import pathlib
import re
import subprocess
import tempfile
import unittest

import numpy
import pandas
import program

CLASSIFIER = """
data { digits { train: 1000 test: 200 } }
batch { size: 50 }
model {
  layer { flatten {} }
  layer { name: "hidden" linear { units: 16 activation: RELU } }
  layer { name: "scores" linear { units: 10 } }
}
loss { cross_entropy {} }
optimizer { sgd { learning_rate: 0.02 momentum: 0.9 } }
epochs: 3
evaluation { metrics: "top_3" }
reporting { pictures: NO_PICTURES }
"""
CURVE = """
data { curve { samples: 40 } validation_fraction: 0 }
batch { size: 20 }
model {
  layer { name: "hidden" linear { units: 1 activation: TANH } }
  layer { linear { units: 1 } }
}
loss { mean_squared_error {} }
optimizer { adam { learning_rate: 0.02 } }
epochs: 50
evaluation { train: true every_epochs: 10 }
reporting { pictures: NO_PICTURES }
"""
RUNS = {"one": ("seed=1",), "two": ("seed=2",), "three": ("seed=3",),
        "wide": ("seed=1", "model.hidden.linear.units=40", "optimizer.sgd.momentum=0.5")}


def best(run):
    """The line of a run's best evaluation."""
    return [line for line in program.metrics(run) if line.get("improved")][-1]


def test(run):
    return next(line for line in program.metrics(run) if line.get("split") == "test")


class CompareTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.here = pathlib.Path(cls.folder.name)
        for name, sets in RUNS.items():
            options = [word for value in sets for word in ("--set", value)]
            program.train(CLASSIFIER, cls.here / name, 2, options)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def compare(self, *arguments, code=0):
        done = subprocess.run([program.PROGRAM, "compare", *map(str, arguments)], cwd=self.here,
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout if code == 0 else done.stderr

    def test_shows_each_run_with_its_best_evaluation_and_the_test_set(self):
        said = self.compare(*RUNS)
        for name in RUNS:
            row = next(re.split(r"  +", line.strip()) for line in said.splitlines() if line.startswith(name + " "))
            validation, judged = best(self.here / name), test(self.here / name)
            self.assertEqual(row[:7], [
                name, "2", "3", f"{100 * validation['accuracy']:.2f} %", f"{validation['loss']:.4f}",
                f"{100 * judged['accuracy']:.2f} %", f"{judged['loss']:.4f}"])

    def test_mean_and_deviation_over_seeds_are_those_of_numpy(self):
        said = self.compare("one", "wide", "two", "three")
        self.assertIn("one and 2 more, of seeds 1, 2, 3:", said)
        self.assertIn("n = 3", said)
        for name, figure, find, unit in (("accuracy", "accuracy", best, 100), ("loss", "loss", best, 1),
                                         ("test accuracy", "accuracy", test, 100), ("test loss", "loss", test, 1)):
            values = [unit * find(self.here / run)[figure] for run in ("one", "two", "three")]
            mean, deviation = numpy.mean(values), numpy.std(values, ddof=1)
            found = re.search(rf"^  {name} +([\d.e-]+) (?:±|\+-) ([\d.e-]+)", said, re.MULTILINE)
            self.assertAlmostEqual(float(found[1]), mean, delta=0.0051 if unit == 100 else 0.000051)
            self.assertAlmostEqual(float(found[2]), deviation, delta=0.0051 if unit == 100 else 0.000051)

    def test_lists_the_settings_that_differ_and_no_others(self):
        said = self.compare("one", "two", "wide")
        settings = said[said.index("setting"):].splitlines()[2:]
        self.assertEqual([line.split() for line in settings], [
            ["model.hidden.linear.units", "16", "16", "40"],
            ["optimizer.sgd.momentum", "0.9", "0.9", "0.5"],
            ["seed", "1", "2", "1"]])

    def test_its_table_of_epochs_is_that_of_the_metrics_files(self):
        self.compare("one", "two", "--csv", "table.csv")
        table = pandas.read_csv(self.here / "table.csv", float_precision="round_trip")
        self.assertEqual(list(table["run"]), 4 * ["one"] + 4 * ["two"])
        self.assertEqual(list(table["split"]), 2 * [*3 * ["validation"], "test"])
        table = table[table["split"] == "validation"]
        lines = [line for run in ("one", "two") for line in program.metrics(self.here / run)
                 if line.get("split") == "validation"]
        for column in ("loss", "accuracy", "top_3", "train_loss", "epoch"):
            self.assertEqual(list(table[column]), [line[column] for line in lines], column)

    def test_draws_curves_in_three_formats(self):
        self.compare(*RUNS, "--figure", "curves", "--metric", "top_3")
        self.assertTrue((self.here / "curves.png").read_bytes().startswith(b"\x89PNG"))
        self.assertTrue((self.here / "curves.pdf").read_bytes().startswith(b"%PDF"))
        self.assertIn("<svg", (self.here / "curves.svg").read_text())

    def test_compares_by_a_configured_metric(self):
        said = self.compare("one", "two", "--metric", "top_3")
        self.assertIn(f"{100 * best(self.here / 'one')['top_3']:.2f} %", said)

    def test_draws_fits_over_each_other_where_runs_validate_nothing(self):
        for units in (1, 8):
            program.train(CURVE, self.here / f"fit{units}", 1, ("--set", f"model.hidden.linear.units={units}"))
        said = self.compare("fit1", "fit8", "--fits", "fits", "--figure", "training")
        self.assertRegex(said, r"run +ranks +epochs +train loss ")
        for stem in ("fits", "training"):
            for suffix in (".svg", ".pdf", ".png"):
                self.assertGreater((self.here / f"{stem}{suffix}").stat().st_size, 1000)
        self.assertIn("one: --fits draws", self.compare("one", "two", "--fits", "fits", code=2))

    def test_names_what_cannot_be_compared_and_why(self):
        regression = CLASSIFIER.replace("cross_entropy", "mean_squared_error").replace(
            'evaluation { metrics: "top_3" }', "").replace("epochs: 3", "epochs: 1")
        (self.here / "empty").mkdir(exist_ok=True)
        (self.here / "bare").mkdir(exist_ok=True)
        (self.here / "bare/config.textproto").write_text(regression)
        (self.here / "begun").mkdir(exist_ok=True)
        (self.here / "begun/config.textproto").write_text(regression)
        (self.here / "begun/metrics.jsonl").write_text('{"event":"start"}\n')
        (self.here / "other").mkdir(exist_ok=True)
        (self.here / "other/config.textproto").write_text(regression)
        (self.here / "other/metrics.jsonl").write_text('{"event":"evaluation","split":"validation","loss":1}\n')
        for arguments, complaint in (
                (("one",), "At least 2 required"),
                (("one", "none"), "none: there is no such run"),
                (("one", "./one"), "give each run once"),
                (("one", "one/checkpoints/latest"), "is a checkpoint: give the run directory"),
                (("one", "one/checkpoints"), "no config.textproto"),
                (("one", "empty"), "no config.textproto"),
                (("one", "bare"), "no metrics.jsonl"),
                (("one", "begun"), "begun: this run has not been evaluated yet"),
                (("one", "other"), "other: this run was judged by loss, not by 'accuracy'"),
                (("one", "two", "--metric", "top_4"), "for --metric: loss, accuracy, top_3")):
            with self.subTest(arguments=arguments):
                self.assertIn(complaint, self.compare(*arguments, code=2))
        self.assertNotIn("accuracy", self.compare("one", "other", "--metric", "loss").split("setting")[0])


if __name__ == "__main__":
    unittest.main()
