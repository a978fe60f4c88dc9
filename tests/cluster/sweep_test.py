"""launch/sweep on a real Slurm: four points as job arrays or as steps of one allocation, in table, CSV and figure."""

import csv
import json
import os
import pathlib
import shutil
import sys

import bed

sys.path.insert(0, str(bed.ROOT / "tests/python"))
import png  # noqa: E402

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
reporting { pictures: NO_PICTURES tensorboard: false }
"""
RATES = "optimizer.sgd.learning_rate=0.1,0.02"
POINTS = [f"gpus-{ranks}_learning_rate-{rate}" for ranks in (1, 2) for rate in ("0.1", "0.02")]


class SweepTest(bed.Case):
    # Two GPUs are two nodes.
    options = ("--nodes", "2", "--gpus", "1")

    def setUp(self):
        super().setUp()
        self.study = self.here / "my study"
        self.configuration = self.here / "mlp.textproto"
        self.configuration.write_text(CONFIGURATION)
        self.profile = self.here / "cluster.textproto"
        text = (bed.ROOT / "cluster/generic.textproto").read_text()
        self.assertIn("per_node: 4", text)
        self.profile.write_text(text.replace("per_node: 4", "per_node: 1"))
        self.environment = {**self.bed.environment, "SEVE_PROGRAM": bed.PROGRAM}
        # What is left of a failed test must not disturb the next one.
        self.addCleanup(self.bed.run, "scancel", "--me", check=False)

    def sweep(self, *options, code=0):
        command = [bed.ROOT / "launch/sweep", "--cluster", self.profile, "--time", "0:30:00", *options, "--out",
                   self.study, self.configuration]
        done = self.bed.run(*command, env=self.environment, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def points(self):
        return {point["name"]: point for point in json.loads((self.study / "sweep.json").read_text())["points"]}

    def lines(self, name):
        return [json.loads(line) for line in (self.study / name / "metrics.jsonl").read_text().splitlines()]

    def wait_for(self, jobs):
        for job in sorted(jobs):
            self.bed.wait(job, "COMPLETED")

    def collect(self, runs):
        """Table, CSV and figure of a study whose speeds are those of `runs` trainings each."""
        table, figure = self.here / "table.csv", self.here / "scaling"
        said = self.bed.run(bed.PROGRAM, "compare", self.study, "--csv", table, "--figure", figure).stdout
        self.assertIn("strong, batch 40", said)
        rows = list(csv.DictReader(table.read_text().splitlines()))
        self.assertTrue(all(row["runs"] == str(runs) for row in rows), rows)
        for row in rows:
            alone = next(other for other in rows if other["setting"] == row["setting"])
            self.assertAlmostEqual(float(row["efficiency"]), float(row["samples_per_second"]) / int(row["ranks"])
                                   / float(alone["samples_per_second"]), delta=1e-6)
        self.assertGreater(png.read(figure.with_suffix(".png")).shape[1], 700)
        if folder := os.environ.get("SEVE_KEEP_FIGURES"):
            shutil.copy(figure.with_suffix(".png"), pathlib.Path(folder) / f"{self.id()}.png")
        return [(row["setting"], row["ranks"]) for row in rows]

    def test_points_are_tasks_of_an_array_for_each_number_of_gpus(self):
        said = self.sweep("--gpus", "1,2", "--set", RATES)
        self.assertEqual(list(self.points()), POINTS)
        jobs = {name: point["job"] for name, point in self.points().items()}
        self.assertEqual({job.split("_")[1] for job in jobs.values()}, {"1", "2"})
        arrays = {name[:6]: job.split("_")[0] for name, job in jobs.items()}
        for gpus in (1, 2):
            self.assertIn(f"job {arrays[f'gpus-{gpus}']} is submitted: 2 points on {gpus} GPUs each", said)
        self.assertEqual(said.count("warning: 20 samples a step on each of 2 ranks"), 1, said)
        # While they are queued or running they are not submitted again.
        said = self.sweep("--gpus", "1,2", "--set", RATES)
        self.assertIn(" 0 to submit", said)
        self.wait_for(jobs.values())
        for name, job in jobs.items():
            lines = self.lines(name)
            self.assertEqual((lines[0]["world"], lines[-1]["exit_code"]), (int(name[5]), 0))
            self.assertTrue((self.study / name / "slurm/done").exists())
            self.assertEqual(self.bed.job(job)["NumNodes"], name[5])
        self.assertEqual(self.collect(1), [("learning_rate 0.1", "1"), ("learning_rate 0.1", "2"),
                                           ("learning_rate 0.02", "1"), ("learning_rate 0.02", "2")])

        # One is missing: it alone is submitted, and one that cannot be is named while the others are.
        shutil.rmtree(self.study / POINTS[2])
        said = self.sweep("--gpus", "1,2", "--set", RATES + ",fast", code=2)
        self.assertIn("6 points: 3 complete, 0 queued or running, 3 to submit", said)
        self.assertIn("gpus-1_learning_rate-fast was not submitted (2):", said)
        new = self.points()[POINTS[2]]["job"]
        self.assertNotEqual(new, jobs[POINTS[2]])
        self.assertEqual({**{name: point["job"] for name, point in self.points().items() if name in jobs},
                          POINTS[2]: jobs[POINTS[2]]}, jobs)
        self.wait_for([new])
        self.assertEqual(self.lines(POINTS[2])[-1]["exit_code"], 0)

    def test_one_allocation_trains_all_points_on_the_same_nodes(self):
        said = self.sweep("--one-allocation", "--gpus", "1,2", "--repeats", "2")
        job = next(iter(self.points().values()))["job"]
        self.assertIn(f"job {job} is submitted: 4 points one after another on 2 GPUs", said)
        self.wait_for([job])
        points = self.points()
        self.assertEqual({name: (point["job"], point["nodes"]) for name, point in points.items()}, {
            "gpus-1": (job, ["node1"]), "gpus-2": (job, ["node1", "node2"]),
            "gpus-1_repeat-2": (job, ["node1"]), "gpus-2_repeat-2": (job, ["node1", "node2"])})
        started = [self.lines(name)[0]["started"] for name in points]
        self.assertEqual(started, sorted(started))
        for name in points:
            self.assertFalse((self.study / name / "checkpoints").exists())
        self.assertEqual(self.collect(2), [("", "1"), ("", "2")])
        self.assertIn("4 complete, 0 queued or running, 0 to submit",
                      self.sweep("--one-allocation", "--gpus", "1,2", "--repeats", "2"))

    def test_dry_run_prints_the_job_and_submits_nothing(self):
        said = self.sweep("--dry-run", "--gpus", "2", "--set", RATES)
        self.assertIn("#SBATCH --array=1-2", said)
        self.assertIn("#SBATCH --nodes=2", said)
        self.assertFalse(self.study.exists())
        self.assertIn("--ranks: on a cluster each rank has a GPU, say --gpus", self.sweep("--ranks", "2", code=2))


if __name__ == "__main__":
    bed.main()
