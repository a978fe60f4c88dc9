"""Trains the points of a launch/sweep one after another: on this machine, or as steps of an allocation."""

import os
import pathlib
import shlex
import shutil
import socket
import subprocess
import sys

import trainings
from sweep_study import MEASURED, SweepError

LOCAL = pathlib.Path(__file__).resolve().parents[1] / "local"
WARM_UP_STEPS = 20
MEANING = {2: "usage or configuration", 3: "data", 4: "communication", 5: "numerical"}


def command_of(study, point, options, state):
    command = [LOCAL, *(["-n", point.ranks] if point.ranks else []), "train", study.configuration,
               "--run", study.path(point), "--quiet", *(["--data", options.data] if options.data else []),
               *point.words()]
    if state != "new":
        command.append("--resume" if state == "half" else "--overwrite")
    return list(map(str, command))


def nodes_of(point):
    """Names of the nodes that a point's ranks are on."""
    if "SLURM_JOB_NODELIST" not in os.environ:
        return [socket.gethostname()]
    found = subprocess.run(["scontrol", "show", "hostnames", os.environ["SLURM_JOB_NODELIST"]],
                           capture_output=True, text=True, check=False).stdout.split()
    tasks = int(os.environ.get("SLURM_NTASKS", 0))
    if not found or not tasks or not point.ranks:
        return found
    # launch/local puts fewer ranks on the first nodes, as full as they were meant to be.
    a_node = -(-tasks // len(found))
    return found[:-(-point.ranks // a_node)]


class Runner:
    def __init__(self, study, options):
        self.study, self.options = study, options
        self.interrupts = trainings.Interrupts()

    def start(self, command, log):
        """Runs a command and returns its exit code; what it says goes into the file."""
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("w") as said:
            # A session of its own: the terminal's Ctrl-C comes from Interrupts alone.
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT,
                                     start_new_session=True)
            self.interrupts.follow(child)
            code = child.wait()
            self.interrupts.child = None
        return code

    def log_of(self, point):
        return self.study.folder / "logs" / f"{point.name}.txt"

    def train(self, point):
        return self.start(command_of(self.study, point, self.options, self.study.state(point)), self.log_of(point))

    def warm_up(self, points):
        """A short training on each number of ranks, which nobody looks at: files and devices are then warm."""
        folder = self.study.folder / "warm-up"
        ranks = {point.ranks: point for point in reversed(points)}
        for count, point in sorted(ranks.items()):
            if self.interrupts.asked:
                break
            print("warm-up" + (f" on {count} rank{'s' * (count > 1)}" if count else ""), flush=True)
            command = command_of(self.study, point, self.options, "new")
            command[command.index("--run") + 1] = str(folder)
            # Its failure is that of the point, which will say so.
            self.start([*command, "--set", f"steps={WARM_UP_STEPS}", "--overwrite"],
                       self.study.folder / "logs/warm-up.txt")
        shutil.rmtree(folder, ignore_errors=True)

    def finish(self, point):
        """Notes where a measured point ran; its last checkpoint is of no use."""
        if point.sets[-len(MEASURED):] != MEASURED:
            return
        point.nodes = nodes_of(point)
        self.study.save()
        shutil.rmtree(self.study.path(point) / "checkpoints", ignore_errors=True)

    def reason(self, point, code):
        end = self.study.end(point)
        if end and end["exit_code"] == code:
            return end["reason"]
        said = [line for line in self.log_of(point).read_text(errors="replace").splitlines() if line.strip()]
        # After seve's own word, srun and mpirun have theirs.
        said = [line for line in said if line.startswith("error: ")] or said
        return said[-1].removeprefix("error: ") if said else "it said nothing"


def check_gpus(options, points):
    if not options.gpus:
        return
    found = subprocess.run([LOCAL, "devices", "--count"], capture_output=True, text=True, check=False).stdout.strip()
    most = max(point.ranks for point in points)
    if "SLURM_JOB_ID" not in os.environ and int(found or 0) < most:
        raise SweepError(f"--gpus {most}: this machine has {found or 0} usable (seve devices says why); --ranks trains "
                         "on CPUs, --cluster on a cluster")


def show(study, options):
    for point in study.missing():
        print(shlex.join(command_of(study, point, options, study.state(point))))
    return 0


def run(study, options):
    """Trains what is missing and returns the exit code."""
    missing = study.missing()
    check_gpus(options, study.points)
    if options.dry_run:
        return show(study, options)
    if options.one_allocation:
        # The job may be here before the one who submitted it has noted its number.
        for point in missing:
            point.job = os.environ.get("SLURM_JOB_ID", "")
    study.save()
    total = len(study.points)
    if len(missing) < total:
        print(f"{total - len(missing)} of {total} points are complete already")
    runner, failures = Runner(study, options), []
    if options.one_allocation and missing:
        runner.warm_up(missing)
    for number, point in enumerate(study.points, 1):
        if point not in missing:
            continue
        if runner.interrupts.asked:
            break
        print(f"{number}/{total} {point.name} … ", end="", flush=True)
        code = runner.train(point)
        if code == 0 and study.state(point) == "done":
            print(study.result(point), flush=True)
            runner.finish(point)
        elif runner.interrupts.asked or code in (*trainings.KILLED, trainings.STOPPED_ON_REQUEST):
            print("stopped", flush=True)
            break
        else:
            print(f"failed ({code})", flush=True)
            failures.append((point, code or 1, runner.reason(point, code)))
    else:
        return report(study, runner, failures)
    print("sweep: stopped; the same command goes on", file=sys.stderr)
    return trainings.STOPPED_ON_REQUEST


def report(study, runner, failures):
    for point, code, reason in failures:
        print(f"sweep: {point.name} failed ({code}, {MEANING.get(code, 'it could not be started')}): {reason}\n"
              f"       what it said: {runner.log_of(point)}", file=sys.stderr)
    if failures:
        print(f"sweep: {len(failures)} of {len(study.points)} points failed; the same command tries them again",
              file=sys.stderr)
        return failures[0][1]
    print(f"all {len(study.points)} points are complete: seve compare {shlex.quote(str(study.folder))}")
    return 0
