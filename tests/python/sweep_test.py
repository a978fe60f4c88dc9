"""launch/sweep trains the points of a study, and only those; `seve compare` makes table, CSV and figure of them."""

import csv
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import unittest

import numpy
import png
import program

CONFIGURATION = """
data { digits { train: 2000 test: 200 } }
batch { size: 40 }
model {
  layer { flatten {} }
  layer { name: "hidden" linear { units: 16 activation: RELU } }
  layer { name: "scores" linear { units: 10 } }
}
loss { cross_entropy {} }
optimizer { sgd { learning_rate: 0.02 momentum: 0.9 } }
epochs: 3
device: CPU
reporting { pictures: NO_PICTURES tensorboard: false }
"""
LISTS = ("--ranks", "1,2", "--set", "optimizer.sgd.learning_rate=0.1,0.02")
POINTS = [f"ranks-{ranks}_learning_rate-{rate}" for ranks in (1, 2) for rate in ("0.1", "0.02")]
ENVIRONMENT = {name: value for name, value in os.environ.items()
               if not name.startswith("SLURM_") and name != "CC_CLUSTER"} | {"SEVE_PROGRAM": program.PROGRAM}


def steady(run):
    """Samples a second after the first epoch: of each logged step's steps, the time they took."""
    steps = [line for line in program.metrics(run) if line["event"] == "step"]
    counts = numpy.diff([0, *(line["step"] for line in steps)])
    after = [(count, line["samples_per_second"]) for count, before, line in zip(counts[1:], steps, steps[1:])
             if before["epoch"] >= 1]
    return sum(count for count, _ in after) / sum(count / speed for count, speed in after)


class SweepTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.here = pathlib.Path(self.folder.name)
        self.study = self.here / "study"
        (self.here / "mlp.textproto").write_text(CONFIGURATION)

    def sweep(self, *options, code=0):
        command = [program.ROOT / "launch/sweep", *options, "--out", self.study, self.here / "mlp.textproto"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=ENVIRONMENT,
                              stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout if code == 0 else done.stderr

    def compare(self, *arguments, code=0):
        done = subprocess.run([program.PROGRAM, "compare", *map(str, arguments)], capture_output=True, text=True,
                              check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout if code == 0 else done.stderr

    def points(self):
        return json.loads((self.study / "sweep.json").read_text())["points"]

    def started(self, name):
        lines = [line for line in program.metrics(self.study / name) if line["event"] == "start"]
        return [line["started"] for line in lines], {line["world"] for line in lines}

    def test_trains_four_points_and_collects_them_and_trains_what_is_missing_alone(self):
        said = self.sweep(*LISTS)
        self.assertRegex(said, r"(?m)^3/4 ranks-2_learning_rate-0\.1 … \d+\.\d %, \d+\.\d s$")
        self.assertEqual([point["name"] for point in self.points()], POINTS)
        for name in POINTS:
            _, worlds = self.started(name)
            self.assertEqual(worlds, {int(name[6])})
            self.assertIn(f"learning_rate: {name.rsplit('-', 1)[1]}",
                          (self.study / name / "config.textproto").read_text())
        self.collect()

        before = {name: self.started(name) for name in POINTS}
        said = self.sweep(*LISTS)
        self.assertIn("4 of 4 points are complete already", said)
        self.assertEqual({name: self.started(name) for name in POINTS}, before)

        shutil.rmtree(self.study / POINTS[1])
        self.assertIn("1 of 4 points are not complete", self.compare_warning())
        said = self.sweep(*LISTS)
        self.assertEqual(re.findall(r"(?m)^\d/4 (\S+) … ", said), [POINTS[1]])
        self.assertIn("3 of 4 points are complete already", said)
        after = {name: self.started(name) for name in POINTS}
        self.assertEqual({name for name in POINTS if after[name] != before[name]}, {POINTS[1]})

        # Longer lists add to the study.
        said = self.sweep("--ranks", "1", "--set", "optimizer.sgd.learning_rate=0.1,0.5")
        self.assertEqual(len(self.points()), 5)
        self.assertEqual(len(re.findall(r"(?m)^\d/5", said)), 1)

    def compare_warning(self):
        done = subprocess.run([program.PROGRAM, "compare", self.study], capture_output=True, text=True, check=True)
        return done.stderr

    def collect(self):
        """Table, CSV and figure of the study."""
        table, figure = self.here / "table.csv", self.here / "scaling"
        said = self.compare(self.study, "--csv", table, "--figure", figure)
        self.assertEqual(len(re.findall(rf"(?m)^{re.escape(str(self.study))}/\S+ ", said)), 4)
        self.assertRegex(said, r"(?m)^learning_rate 0\.1 +strong, batch 40 +1 +40 +1 +[\d,]+ ")
        rows = list(csv.DictReader(table.read_text().splitlines()))
        self.assertEqual([(row["setting"], row["ranks"]) for row in rows],
                         [("learning_rate 0.1", "1"), ("learning_rate 0.1", "2"),
                          ("learning_rate 0.02", "1"), ("learning_rate 0.02", "2")])
        for row in rows:
            rate, ranks = row["setting"].split()[1], int(row["ranks"])
            speed = steady(self.study / f"ranks-{ranks}_learning_rate-{rate}")
            alone = steady(self.study / f"ranks-1_learning_rate-{rate}")
            self.assertAlmostEqual(float(row["samples_per_second"]) / speed, 1, delta=1e-6)
            self.assertAlmostEqual(float(row["speedup"]), speed / alone, delta=1e-6)
            self.assertAlmostEqual(float(row["efficiency"]), speed / alone / ranks, delta=1e-6)
        pixels = png.read(figure.with_suffix(".png"))
        self.assertGreater(pixels.shape[1], 700)
        # Blue and vermilion, the colours of the two lines.
        for colour in ((0x00, 0x72, 0xB2), (0xD5, 0x5E, 0x00)):
            self.assertGreater(numpy.all(pixels[:, :, :3] == colour, axis=2).sum(), 20)
        self.assertTrue(figure.with_suffix(".pdf").read_bytes().startswith(b"%PDF"))
        self.assertIn("<svg", figure.with_suffix(".svg").read_text())
        # The same of the runs themselves, without the table of results.
        same = self.compare("--scaling", *(self.study / name for name in POINTS))
        self.assertTrue(said.endswith(same) and same != said)

    def test_a_failed_point_is_named_with_its_reason_and_the_others_are_trained(self):
        said = self.sweep("--ranks", "3,1", "--seed", "5", code=2)
        self.assertRegex(said, r"sweep: ranks-3_seed-5 failed \(2, usage or configuration\): .*3 ranks")
        self.assertIn("1 of 2 points failed", said)
        self.assertEqual(program.metrics(self.study / "ranks-1_seed-5")[-1]["exit_code"], 0)
        # Tried again, and only that.
        before = self.started("ranks-1_seed-5")
        self.sweep("--ranks", "3,1", "--seed", "5", code=2)
        self.assertEqual(self.started("ranks-1_seed-5"), before)

    def test_one_allocation_interleaves_repeats_on_warm_nodes_without_checkpoints(self):
        said = self.sweep("--one-allocation", "--ranks", "1,2", "--repeats", "2")
        self.assertEqual(re.findall(r"(?m)^(?:warm-up on (\d) rank|\d/4 ranks-(\d))", said),
                         [("1", ""), ("2", ""), ("", "1"), ("", "2"), ("", "1"), ("", "2")])
        points = self.points()
        self.assertEqual([point["name"] for point in points],
                         ["ranks-1", "ranks-2", "ranks-1_repeat-2", "ranks-2_repeat-2"])
        self.assertFalse((self.study / "warm-up").exists())
        for point in points:
            self.assertEqual(point["nodes"], [os.uname().nodename])
            lines = program.metrics(self.study / point["name"])
            last = max(line["step"] for line in lines if line["event"] == "step")
            # All that is judged or saved comes after the last step.
            self.assertEqual({line["step"] for line in lines if line["event"] in ("evaluation", "checkpoint")}, {last})
            self.assertFalse((self.study / point["name"] / "checkpoints").exists())
        self.assertRegex(self.compare(self.study), r"strong, batch 40 +1 +40 +2 ")

    def test_goes_on_with_an_interrupted_point(self):
        options = ("--ranks", "1", "--set", "epochs=400", "--set", "checkpoints.every_steps=20")
        sweep = subprocess.Popen([program.ROOT / "launch/sweep", *options, "--out", self.study,
                                  self.here / "mlp.textproto"], env=ENVIRONMENT, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        run = self.study / "ranks-1_epochs-400_every_steps-20"
        while not program.has_stepped(run):
            self.assertIsNone(sweep.poll())
        sweep.send_signal(signal.SIGINT)
        said = sweep.communicate()[0]
        self.assertEqual(sweep.returncode, 75, said)
        self.assertIn("the same command goes on", said)
        stopped_at = program.metrics(run)[-1]["step"]
        self.sweep(*options)
        starts = [line for line in program.metrics(run) if line["event"] == "start"]
        self.assertEqual([line.get("resumed_at_step") for line in starts], [None, stopped_at])

    def test_refuses_what_is_no_study(self):
        for options, complaint in (
                (("--ranks", "1,two"), "--ranks takes whole numbers with commas between"),
                (("--seed", "1,1"), "two points would be called seed-1"),
                (("--set", "seed=1", "--seed", "2"), "seed is given twice"),
                (("--set", "epochs"), "--set takes FIELD=VALUE"),
                (("--repeats", "0"), "--repeats takes a number from 1 on"),
                (("--gpus", "64"), "--gpus 64: this machine has 0 usable")):
            with self.subTest(options=options):
                self.assertIn(complaint, self.sweep(*options, code=2))
        self.assertFalse(self.study.exists())

    def test_refuses_points_of_another_configuration(self):
        self.sweep("--seed", "1", "--set", "epochs=1")
        (self.here / "mlp.textproto").write_text(CONFIGURATION.replace("units: 16", "units: 8"))
        self.assertIn("another configuration", self.sweep("--seed", "1", "--set", "epochs=1", code=2))

    def test_dry_run_prints_the_commands_and_makes_nothing(self):
        said = self.sweep("--dry-run", "--set", "hidden.units=1,2", "--set", "scores.units=3", "--set",
                          'evaluation.metrics=["top_2","top_3"],[]')
        self.assertEqual(len(said.splitlines()), 4)
        self.assertIn("hidden_units-1_scores_units-3_metrics-top_2-top_3 ", said)
        self.assertIn("""--set 'evaluation.metrics=["top_2","top_3"]'""", said)
        self.assertFalse(self.study.exists())


if __name__ == "__main__":
    unittest.main()
