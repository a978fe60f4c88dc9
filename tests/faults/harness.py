"""Puts a fault into a real training on several ranks, watches how it ends, and goes on from there.

With SEVE_FAULTS_RECORD=FILE every test appends what it saw to FILE, one JSON object a line; tests/faults/table
makes the table of docs/faults.md from it.
"""

import hashlib
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import numpy

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "python"))
import program  # noqa: E402

FAULTY = os.environ.get("SEVE_FAULTY", str(program.ROOT / "build/release/tests/faults/faulty_seve"))
DONE, USAGE, DATA, COMMUNICATION, NUMERICAL, STOPPED = 0, 2, 3, 4, 5, 75
LIMIT = 60  # seconds until a job counts as hanging
STEPS, CHECKPOINT_STEPS = 300, 50

CONFIGURATION = """
data {{ idx {{ folder: "{data}" }} }}
batch {{ size: 16 micro_batches: 4 }}
model {{
  layer {{ flatten {{}} }}
  layer {{ name: "hidden" linear {{ units: 300 activation: RELU }} }}
  layer {{ dropout {{ rate: 0.2 }} }}
  layer {{ name: "scores" linear {{ units: 10 }} }}
}}
loss {{ cross_entropy {{}} }}
optimizer {{ adam {{}} schedule {{ cosine {{}} }} }}
steps: {steps}
reproducible: true
evaluation {{ every_steps: 100 }}
checkpoints {{ every_steps: {checkpoint_steps} keep: 3 }}
"""


class End:
    """How a job ended."""

    def __init__(self, code, said, seconds, fault_at, ended_at):
        self.code, self.said, self.seconds = code, said, seconds
        # From the fault to the end of the job; None where no fault was met.
        self.detection = None if fault_at is None else ended_at - fault_at


class FaultTest(unittest.TestCase):
    """Tests call inject() or run(), then expect_...() and record()."""

    ranks = 2

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.shared = pathlib.Path(folder.name)
        generator = numpy.random.default_rng(3)
        cls.data = cls.shared / "data"
        program.write_data(cls.data, program.make_pictures(600, generator), program.make_pictures(50, generator))
        cls.undisturbed = {}

    def setUp(self):
        folder = tempfile.TemporaryDirectory(dir=self.shared)
        self.addCleanup(folder.cleanup)
        self.here = pathlib.Path(folder.name)
        self.run_directory = self.here / "run"
        self.configuration = self.write_configuration()
        self.shared_memory = set(os.listdir("/dev/shm"))

    def write_configuration(self, name="model", steps=STEPS, **replaced):
        file = self.here / f"{name}.textproto"
        text = CONFIGURATION.format(data=self.data, steps=steps, checkpoint_steps=CHECKPOINT_STEPS, **replaced)
        file.write_text(text)
        return file

    # Running.

    def train_words(self, *options):
        return ["train", str(self.configuration), "--run", str(self.run_directory), "--quiet", *map(str, options)]

    def command(self, launcher, options=(), ranks=None, executable=FAULTY):
        """The words of a training: under `mpirun` or by launch/`local`, or `alone` without either."""
        start = {"local": [program.ROOT / "launch/local", "-n", ranks or self.ranks],
                 "mpirun": ["mpirun", "-n", ranks or self.ranks, executable],
                 "alone": [executable]}[launcher]
        return [*map(str, start), *self.train_words(*options)]

    def run_job(self, command, fault=None, executable=FAULTY, while_running=None, limit=LIMIT):
        """Runs to the end; `while_running(job)` may disturb it. Returns the End."""
        environment = {**os.environ, **program.MPIRUN, "SEVE_PROGRAM": executable}
        environment.pop("SEVE_FAULT", None)
        if fault:
            environment["SEVE_FAULT"] = fault
        started = time.time()
        with subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, preexec_fn=hear_interrupts) as job:
            if while_running:
                while_running(job)
            try:
                said = job.communicate(timeout=limit)[0]
            except subprocess.TimeoutExpired:
                job.kill()
                for process in processes_with(str(self.run_directory)):
                    os.kill(process, signal.SIGKILL)
                self.fail(f"{command} still ran after {limit} s:\n{job.communicate()[0]}")
        ended = time.time()
        met = re.search(r"fault: \w+ at ([0-9.]+)", said)
        return End(job.returncode, said, ended - started, float(met.group(1)) if met else None, ended)

    def inject(self, fault, launcher="local", options=(), ranks=None):
        """Starts a training anew with a fault in it, and checks that nothing of it is left when it has ended."""
        end = self.run_job(self.command(launcher, [*options, "--overwrite"], ranks), fault)
        self.assertIsNotNone(end.detection, f"the fault '{fault}' was never met:\n{end.said}")
        self.expect_nothing_left()
        return end

    def resume(self, options=(), ranks=None, limit=LIMIT):
        """Goes on with the program itself; fails unless that succeeds."""
        end = self.run_job(self.command("local", [*options, "--resume"], ranks), executable=program.PROGRAM,
                           limit=limit)
        self.assertEqual(end.code, DONE, end.said)
        return end

    # Expecting.

    def expect(self, end, code, *fragments, within=None):
        self.assertEqual(end.code, code, end.said)
        for fragment in fragments:
            self.assertRegex(end.said, fragment)
        if within is not None:
            self.assertLess(end.detection, within, end.said)

    def expect_nothing_left(self):
        """No process of the job, and nothing in shared memory."""
        for _ in range(50):
            left = processes_with(str(self.run_directory))
            if not left:
                break
            time.sleep(0.1)
        self.assertEqual(left, [], "still running")
        self.assertEqual(set(os.listdir("/dev/shm")) - self.shared_memory, set(), "left in /dev/shm")

    def whole_hash(self, **configuration):
        """Of the undisturbed training, which runs once."""
        key = tuple(sorted(configuration.items()))
        if key not in self.undisturbed:
            file = self.write_configuration("whole", **configuration)
            run = self.here / f"whole{len(self.undisturbed)}"
            program.run((program.ROOT / "launch/local", "-n", 2, "train", file, "--run", run, "--quiet"),
                        {"SEVE_PROGRAM": program.PROGRAM})
            self.undisturbed[key] = weights_hash(run)
        return self.undisturbed[key]

    def expect_equal_to_undisturbed(self, **configuration):
        self.assertEqual(weights_hash(self.run_directory), self.whole_hash(**configuration))

    def resume_and_expect_equal(self, ranks=None):
        self.resume(ranks=ranks)
        self.expect_equal_to_undisturbed()

    # Recording.

    def record(self, injected, ends, equal="yes"):
        """A row for docs/faults.md: ends = {"mpirun": End, "local": End} or a part of it."""
        name = os.environ.get("SEVE_FAULTS_RECORD")
        if not name:
            return
        times = [end.detection for end in ends.values() if end.detection is not None]
        row = {"test": ".".join(self.id().split(".")[-1:]), "injected": injected,
               "seconds": max(times) if times else None,
               "codes": {launcher: end.code for launcher, end in ends.items()},
               "message": message_of(list(ends.values())[-1].said), "equal": equal}
        with open(name, "a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def hear_interrupts():
    """A shell starts what it puts into the background deaf to Ctrl-C, and a script cannot undo that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def message_of(said):
    """The first error or warning in what a job said, without the host's name."""
    for line in said.splitlines():
        if re.search(r"\b(error|warning): ", line):
            return re.sub(r"\b[\w-]+:rank", "HOST:rank", line.split(": ", 1)[1] if line.startswith("rank ") else line)
    return ""


def weights_hash(run):
    """SHA-256 of the latest checkpoint's parameters and optimizer state."""
    latest = run / "checkpoints/latest"
    return [hashlib.sha256((latest / name).read_bytes()).hexdigest()
            for name in ("model.safetensors", "optimizer.safetensors")]


def processes_with(text):
    """Ids of processes with this text in an argument."""
    found = []
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if text in (folder / "cmdline").read_bytes().decode(errors="replace"):
                found.append(int(folder.name))
        except OSError:
            pass
    return found


def rank_process(run_directory, rank):
    """The id of a rank's process."""
    for process in processes_with(str(run_directory)):
        try:
            environment = pathlib.Path(f"/proc/{process}/environ").read_bytes().split(b"\0")
            executable = os.readlink(f"/proc/{process}/exe")
        except OSError:
            continue
        if f"OMPI_COMM_WORLD_RANK={rank}".encode() in environment and "seve" in os.path.basename(executable):
            return process
    return None


main = program.main
