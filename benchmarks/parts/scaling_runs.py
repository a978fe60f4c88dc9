"""The trainings of benchmarks/scaling: through launch/sweep, and what came of them."""

import csv
import os
import statistics
import subprocess
import sys

import measure
import trainings

SWEEP = measure.ROOT / "launch/sweep"
STUDIES = ("weak", "strong", "weak-without-input", "strong-without-input")
# Nothing but judging on the validation split stands between epochs.
JUDGED = ["reporting.pictures=NO_PICTURES", "reporting.tensorboard=false", "evaluation.test=false"]


class TrainingError(Exception):
    """A sweep that did not end well; it has said why."""

    def __init__(self, message, code):
        super().__init__(message)
        self.code = code


class Sweeps:
    """Starts launch/sweep, study after study, below a folder."""

    def __init__(self, folder, options):
        self.folder, self.options = folder, options
        self.interrupts = trainings.Interrupts()

    def folder_of(self, work, study):
        return self.folder / work.name / study

    def start(self, work, study, words):
        ranks = ("--gpus", self.options.gpus) if self.options.gpus else ("--ranks", self.options.ranks)
        command = [SWEEP, *ranks, *words, "--out", self.folder_of(work, study), work.file]
        # Its progress is no part of our table. A session of its own: Ctrl-C comes from Interrupts alone.
        child = subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL, stdout=sys.stderr,
                                 start_new_session=True, env={**os.environ, "SEVE_PROGRAM": measure.PROGRAM})
        self.interrupts.follow(child)
        code = child.wait()
        self.interrupts.child = None
        if code == trainings.STOPPED_ON_REQUEST or self.interrupts.asked:
            raise TrainingError("stopped; the same command goes on", trainings.STOPPED_ON_REQUEST)
        if code != 0:
            raise TrainingError(f"{work.name}, {study}: a training failed, as launch/sweep says above; the same "
                                "command trains what is missing", code)

    def measure_speed(self, work, study, repeat):
        """Trains each number of ranks once more; the sweep knows the repeats before."""
        sets = [word for value in work.speed_sets(study) for word in ("--set", value)]
        self.start(work, study, ["--one-allocation", "--repeats", repeat, *sets])

    def train_to_accuracy(self, work, study, repeat):
        sets = [*work.batch_sets(study), *work.with_input, *JUDGED]
        self.start(work, f"{study}-to-accuracy",
                   ["--seed", ",".join(str(seed) for seed in range(1, repeat + 1)),
                    *(word for value in sets for word in ("--set", value))])

    def speeds(self, work, study):
        """A row for each number of ranks, as seve compare has them."""
        folder = self.folder_of(work, study)
        table = folder.with_suffix(".csv")
        done = subprocess.run([measure.PROGRAM, "compare", "--scaling", str(folder), "--csv", str(table)],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise TrainingError(f"{folder}: seve compare could not read it:\n{done.stderr.strip()}", done.returncode)
        with table.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        return [row_of(work, study, row) for row in rows if int(row["ranks"]) in self.options.counts]

    def times(self, work, study):
        """Time to accuracy: a row for each number of ranks."""
        starts = {}
        for run in sorted(self.folder_of(work, f"{study}-to-accuracy").iterdir()):
            lines = trainings.metrics_of(run)
            if lines and lines[0]["world"] in self.options.counts:
                starts.setdefault(lines[0]["world"], []).append((run, lines))
        rows = []
        for ranks, runs in sorted(starts.items()):
            reached = [reached_in(run, lines, self.options.epochs_to) for run, lines in runs]
            rows.append(time_row(work, study, ranks, runs[0][1][0]["batch"], self.options.epochs_to, reached))
        for row in rows:
            first = rows[0]
            if row["seconds"] and first["seconds"]:
                row["speedup"] = first["seconds"] / row["seconds"]
        return rows


def row_of(work, study, row):
    median, lowest, highest = (float(row[name]) for name in ("samples_per_second", "lowest", "highest"))
    return {"study": study, "work": work.name, "ranks": int(row["ranks"]), "batch": int(row["batch"]),
            "runs": int(row["runs"]), "samples_per_second": median, "lowest": lowest, "highest": highest,
            "speedup": float(row["speedup"]), "efficiency": float(row["efficiency"]),
            "spread": (highest - lowest) / median}


def reached_in(run, lines, level):
    """Epochs, seconds of training alone and in all until the validation accuracy was first that high; or none."""
    step = seconds = 0
    judged = [line for line in lines if line["event"] == "evaluation" and line["split"] == "validation"]
    if not any("accuracy" in line for line in judged):
        raise TrainingError(f"{run}/metrics.jsonl has no validation accuracy: data.validation_fraction above 0 and a "
                            "classifier's loss give one; leave --epochs-to away otherwise", trainings.USAGE_ERROR)
    for line in judged:
        seconds += (line["step"] - step) * lines[0]["batch"] / line["train_samples_per_second"]
        step = line["step"]
        if line["accuracy"] >= level:
            return line["epoch"], seconds, line["seconds"]
    return None


def time_row(work, study, ranks, batch, level, reached):
    """The medians where every run got there; a median of those that did would flatter."""
    row = {"study": study, "work": work.name, "ranks": ranks, "batch": batch, "accuracy": level, "runs": len(reached),
           "reached": sum(one is not None for one in reached)}
    row.update(dict.fromkeys(("epochs", "seconds", "lowest", "highest", "seconds_in_all", "speedup")))
    if all(reached):
        epochs, alone, whole = zip(*reached)
        row.update(epochs=statistics.median(epochs), seconds=statistics.median(alone), lowest=min(alone),
                   highest=max(alone), seconds_in_all=statistics.median(whole))
    return row
