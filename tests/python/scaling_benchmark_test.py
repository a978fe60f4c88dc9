"""benchmarks/scaling trains the studies of a paper's scaling figure and writes what was measured, and nothing else."""

import csv
import json
import pathlib
import re
import statistics
import subprocess
import tempfile
import unittest

import numpy
import png
import program
from sweep_test import ENVIRONMENT, steady

CONFIGURATION = """
data { synthetic { train: 400 test: 40 channels: 1 height: 8 width: 8 classes: 4 } augment { flip {} } }
batch { size: 16 }
model {
  layer { flatten {} }
  layer { name: "hidden" linear { units: 16 activation: RELU } }
  layer { name: "scores" linear { units: 4 } }
}
loss { cross_entropy {} }
optimizer { sgd { learning_rate: 0.05 } }
epochs: 6
device: CPU
"""
STUDIES = ["weak", "strong", "weak-without-input", "strong-without-input"]
FORECAST = "scaling,ranks,batch,samples_per_second\nweak,1,64,1e6\nweak,4,256,3e6\n"


class ScalingBenchmarkTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.here = pathlib.Path(self.folder.name)
        self.out = self.here / "out"
        self.tiny = self.here / "tiny_mlp.textproto"
        self.tiny.write_text(CONFIGURATION)
        (self.here / "forecast.csv").write_text(FORECAST)

    def scaling(self, *options, code=0, environment=None):
        command = [program.ROOT / "benchmarks/scaling", *options, "--out", self.out]
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, cwd=self.here,
                              env={**ENVIRONMENT, **(environment or {})}, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout if code == 0 else done.stderr

    def rows(self, name):
        return list(csv.DictReader((self.out / name).read_text().splitlines()))

    def runs(self, study, ranks):
        """The runs of a point, repeats or seeds."""
        return sorted((self.out / "tiny_mlp" / study).glob(f"ranks-{ranks}_*"))

    def test_writes_what_was_measured(self):
        said = self.scaling(self.tiny, "--repeats", "2", "--steps", "100", "--epochs-to", "0.5", "--json", "rows.jsonl")
        rows, alone = self.rows("scaling.csv"), {}
        self.assertEqual([(row["study"], row["ranks"], row["batch"]) for row in rows],
                         [(study, ranks, batch) for study in STUDIES
                          for ranks, batch in (("1", "16"), ("2", "16" if "strong" in study else "32"))])
        for row in rows:
            study, ranks = row["study"], int(row["ranks"])
            speeds = [steady(run) for run in self.runs(study, ranks)]
            self.assertEqual(len(speeds), 2)
            median = statistics.median(speeds)
            alone[study] = median if ranks == 1 else alone[study]
            for name, value in (("samples_per_second", median), ("lowest", min(speeds)), ("highest", max(speeds)),
                                ("speedup", median / alone[study]), ("efficiency", median / alone[study] / ranks),
                                ("spread", (max(speeds) - min(speeds)) / median)):
                self.assertAlmostEqual(float(row[name]), value, delta=1e-6 * value)
            name = study.replace("-without-", ", without ")
            self.assertRegex(said, rf"(?m)^  tiny_mlp +{name} +{ranks} +{row['batch']} +2 +{median:,.0f} "
                             rf"+{min(speeds):,.0f} +{max(speeds):,.0f} ")
        self.check_input()
        self.check_times(said)
        self.check_latex(rows)
        self.check_text(said)
        objects = [json.loads(line) for line in (self.here / "rows.jsonl").read_text().splitlines()]
        self.assertEqual([(one["study"], str(one["ranks"])) for one in objects[:8]],
                         [(row["study"], row["ranks"]) for row in rows])
        self.assertEqual(len(objects), 12)
        self.check_forecast()

    def check_input(self):
        """Without input, the data are the same pictures in memory, as they are."""
        for study in STUDIES:
            text = (self.runs(study, 2)[0] / "config.textproto").read_text()
            self.assertEqual("augment" in text, "without" not in study)
            self.assertRegex(text, "size_per_rank: 16" if "weak" in study else r"\bsize: 16")
            self.assertIn("height: 8", text)

    def check_times(self, said):
        """Seconds until an evaluation says 50 %: of the steps before it, as they were logged."""
        rows = self.rows("time-to-accuracy.csv")
        self.assertEqual([(row["study"], row["ranks"]) for row in rows],
                         [("weak", "1"), ("weak", "2"), ("strong", "1"), ("strong", "2")])
        for row in rows:
            self.assertEqual(row["reached"], "2")
            seconds, epochs = [], []
            for run in self.runs(f"{row['study']}-to-accuracy", row["ranks"]):
                lines = program.metrics(run)
                judged = next(line for line in lines if line["event"] == "evaluation" and line["split"] == "validation"
                              and line["accuracy"] >= 0.5)
                steps = [line for line in lines if line["event"] == "step" and line["step"] <= judged["step"]]
                counts = numpy.diff([0, *(line["step"] for line in steps)])
                seconds.append(sum(count * lines[0]["batch"] / line["samples_per_second"]
                                   for count, line in zip(counts, steps)))
                epochs.append(judged["epoch"])
            self.assertEqual(float(row["epochs"]), statistics.median(epochs))
            # An epoch's speed is logged to a tenth of a sample a second, a step's to as much.
            self.assertAlmostEqual(float(row["seconds"]) / statistics.median(seconds), 1, delta=0.02)
            self.assertRegex(said, rf"(?m)^  tiny_mlp +{row['study']} +{row['ranks']} +{row['batch']} +2 of 2 ")

    def check_latex(self, rows):
        table = (self.out / "scaling-table.tex").read_text()
        found = re.findall(r"(?m)^(.*?) & (.*?) & (\d) & (\d+) & ([\d{},]+) & \S+ & \S+ & ([\d.]+) & ([\d.]+)\\,\\% ",
                           table)
        self.assertEqual(len(found), len(rows))
        for (_, _, *cells), row in zip(found, rows):
            speed = f"{float(row['samples_per_second']):,.0f}".replace(",", "{,}")
            self.assertEqual(cells, [row["ranks"], row["batch"], speed, f"{float(row['speedup']):.2f}",
                                     f"{100 * float(row['efficiency']):.1f}"])
        self.assertEqual(found[0][:2], (r"tiny\_mlp", "weak"))
        figure = (self.out / "scaling.tex").read_text()
        for study in STUDIES:
            self.assertEqual(figure.count(f"of work={{tiny_mlp}}{{{study}}}"), 2)
        for text in (table, figure):
            self.assertEqual(text.count("{"), text.count("}"))
            self.assertEqual(sorted(re.findall(r"\\begin{(.*?)}", text)), sorted(re.findall(r"\\end{(.*?)}", text)))

    def check_text(self, said):
        self.assertRegex(said, r"\A# seve \S+, \d{4}-\d\d-\d\d, .*\n# benchmarks/scaling .*: 2 interleaved repeats")
        methods = (self.out / "methods.txt").read_text()
        for pattern in (r"seve \d\S+ \([\w-]+\)", r"(GCC|Clang) \d", r"Open MPI \d", r"oneDNN \d", r"Linux \d",
                        "median of 2 "):
            self.assertRegex(methods, pattern)

    def check_forecast(self):
        """The same command with a forecast trains nothing, and draws a line more."""
        before = (self.out / "scaling.csv").read_text()
        self.assertAlmostEqual(self.width_in_inches(), 3.5)
        plain = (self.out / "scaling.svg").read_text()
        self.assertTrue((self.out / "scaling.pdf").read_bytes().startswith(b"%PDF"))
        pixels = png.read(self.out / "scaling.png")
        for colour in ((0x00, 0x72, 0xB2), (0xD5, 0x5E, 0x00)):
            self.assertGreater(numpy.all(pixels[:, :, :3] == colour, axis=2).sum(), 100)
        self.scaling(self.tiny, "--repeats", "2", "--steps", "100", "--epochs-to", "0.5", "--forecast", "forecast.csv")
        self.assertEqual((self.out / "scaling.csv").read_text(), before)
        self.assertNotEqual((self.out / "scaling.svg").read_text(), plain)
        self.assertIn("forecast", (self.out / "scaling.tex").read_text())
        self.assertNotIn("forecast", plain)

    def width_in_inches(self):
        return float(re.search(r'<svg[^>]* width="([\d.]+)', (self.out / "scaling.svg").read_text())[1]) / 72

    def test_a_failed_training_is_reported_and_nothing_is_written(self):
        said = self.scaling(self.tiny, "--repeats", "1", "--steps", "100", "--studies", "weak", "--set",
                            "hidden.unit=3", code=2)
        self.assertRegex(said, r"sweep: ranks-1\S* failed \(2, usage or configuration\): .*unit")
        self.assertIn("scaling: tiny_mlp, weak: a training failed, as launch/sweep says above; the same command", said)
        self.assertFalse((self.out / "scaling.csv").exists())

    def test_refuses_what_cannot_be_measured(self):
        (self.here / "bad.csv").write_text("scaling,ranks,samples_per_second\nweek,1,5\n")
        (self.here / "short.csv").write_text("scaling,ranks\nweak,1\n")
        (self.here / "own.textproto").write_text(CONFIGURATION.replace("synthetic", "elsewhere"))
        for options, complaint in (
                (("mpl",), "no work 'mpl'; there are linear, mlp, lenet5, resnet20"),
                (("--ranks", "2"), "--ranks takes two numbers or more"),
                (("--ranks", "1,x"), "--ranks takes whole numbers"),
                (("--ranks", "1,3"), "a batch of 16 cannot be shared by 3 ranks: --global-batch 15"),
                (("--repeats", "0"), "--repeats takes a number from 1 on"),
                (("--studies", "week"), "no study 'week'; there are weak, strong"),
                (("--set", "epochs=1,2"), "--set takes FIELD=VALUE with one value"),
                (("--epochs-to", "97"), "--epochs-to takes an accuracy above 0 and up to 1"),
                (("--forecast", "bad.csv"), "bad.csv:2: no scaling 'week'"),
                (("--forecast", "short.csv"), "short.csv: no column samples_per_second"),
                (("--forecast", "none.csv"), "none.csv: No such file"),
                ((self.here / "own.textproto",), "--synthetic 'train: 20000"),
                (("--forecast", "forecast.csv", "mlp"), "--forecast is of one work")):
            with self.subTest(options=options):
                self.assertIn(complaint, self.scaling(self.tiny, *options, code=2))
        said = self.scaling(self.tiny, code=2, environment={"SEVE_PROGRAM": "/nowhere/seve"})
        self.assertIn("/nowhere/seve is not there: launch/quickstart builds it", said)
        self.assertFalse(self.out.exists())

    def test_does_not_mix_other_trainings_in(self):
        options = ("--repeats", "1", "--studies", "weak")
        self.scaling(self.tiny, *options, "--steps", "60")
        said = self.scaling(self.tiny, *options, "--steps", "61", code=2)
        self.assertIn("holds trainings of tiny_mlp with other settings: choose another --out", said)


if __name__ == "__main__":
    unittest.main()
