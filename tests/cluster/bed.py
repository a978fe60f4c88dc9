"""A real Slurm for a test script: class Case starts the bed its tests share, and shows the logs when one fails.

    import bed

    class JobTest(bed.Case):
        options = ("--nodes", "2")              # of cluster/testbed; this is the default

        def test_a_job_ends(self):
            job = self.bed.submit("#!/bin/bash\\nsrun -N 2 hostname\\n", "--nodes=2", f"--output={self.here}/out")
            self.bed.wait(job, "COMPLETED")

    if __name__ == "__main__":
        bed.main()

The bed goes down when this process ends, however it ends: cluster/testbed hears that a pipe is closed.
"""

import atexit
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TESTBED = ROOT / "cluster/testbed"
PROGRAM = os.environ.get("SEVE_PROGRAM", str(ROOT / "build/release/seve"))
# tests/CMakeLists.txt tells CTest this code; cluster/testbed ends with it where no bed can run.
SKIPPED = 77
# Seconds. Generous: the machine may be busy with other tests.
LIMIT = 180
ENDED = {"BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED",
         "TIMEOUT"}


def wait_until(condition, what, limit=LIMIT):
    """Waits until condition() is true and returns what it returned; fails after some seconds, saying what is wrong."""
    for _ in range(int(limit / 0.1)):
        result = condition()
        if result:
            return result
        time.sleep(0.1)
    raise AssertionError(f"after {limit} s: {what() if callable(what) else what}")


class Bed:
    """A running test bed. `folder`: where it lies; `environment`: what its users need; `separate`: whether nodes have a
    network, a host name and a /dev/shm each."""

    def __init__(self, *options):
        # A process apart, which lives on when this one and all its children are killed.
        command = ["setsid", "--fork", TESTBED, "run", *options, "--", "bash", "-c", "env -0; echo ready; exec cat >&2"]
        with subprocess.Popen(list(map(str, command)), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as starter:
            self._hold, starter.stdin = starter.stdin, None
            text = b""
            while not text.endswith(b"\0ready\n"):
                more = starter.stdout.read1()
                if not more:
                    raise AssertionError("cluster/testbed did not start a bed: it has said why")
                text += more
        self.environment = dict(line.split("=", 1) for line in text.decode().split("\0")[:-1])
        self.folder = pathlib.Path(self.environment["SLURM_CONF"]).parent
        self.separate = (self.folder / "net").is_dir()
        atexit.register(self.down)

    def down(self):
        """Ends the bed, and waits until nothing is left of it."""
        self._hold.close()
        atexit.unregister(self.down)
        wait_until(lambda: not self.folder.exists(), f"{self.folder} is still there")

    def run(self, *command, check=True, **options):
        """Runs a command that uses the bed and returns the finished process; fails if it does not return 0."""
        options = {"stdin": subprocess.DEVNULL, "env": self.environment, "timeout": LIMIT, **options}
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, **options)
        if check and done.returncode != 0:
            raise AssertionError(f"{command[0]} returned {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def submit(self, script, *options):
        """Submits a script, a file or its text, and returns the number of the job, a string. The job works in the
        folder of the bed, where its output lies unless the options say otherwise."""
        if str(script).startswith("#!"):
            done = self.run("sbatch", "--parsable", *options, input=script, stdin=None, cwd=self.folder)
        else:
            done = self.run("sbatch", "--parsable", *options, pathlib.Path(script).resolve(), cwd=self.folder)
        return done.stdout.strip()

    def jobs(self, job):
        """What Slurm knows of a job: a dictionary for each of its array tasks, or the one of a job that is no array."""
        text = self.run("scontrol", "--oneliner", "show", "job", job).stdout
        return [dict(word.split("=", 1) for word in line.split() if "=" in word) for line in text.splitlines()]

    def job(self, job):
        """What Slurm knows of a job or of one array task, "7_2": JobState, Reason, ExitCode, Restarts, NodeList, ..."""
        return self.jobs(job)[0]

    def wait(self, job, *states, limit=LIMIT):
        """Waits until a job or array task is in one of the states and returns what Slurm knows of it. Fails soon where
        it has ended otherwise."""
        ended = 0

        def look():
            nonlocal ended
            known = self.job(job)
            if known["JobState"] in states:
                return known
            # For a moment, a job that Slurm is about to requeue has ended.
            ended = ended + 1 if known["JobState"] in ENDED else 0
            if ended > 30:
                raise AssertionError(f"job {job} is {known['JobState']}, not {' or '.join(states)}: {known}")
            return None

        return wait_until(look, lambda: f"job {job} is not {' or '.join(states)}: {self.job(job)}", limit)

    def cancel(self, *options):
        """scancel, of a job or with a signal: cancel("--batch", "--signal=USR1", job)."""
        self.run("scancel", *options)

    def processes(self, name, node=None):
        """The ids of the processes of a name that jobs run, on one node or all."""
        wanted = {f"SLURM_CONF={self.folder}/slurm.conf"} | ({f"SLURMD_NODENAME={node}"} if node else set())
        found = []
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if (process / "comm").read_text() == f"{name[:15]}\n":
                    environment = (process / "environ").read_bytes().decode(errors="replace").split("\0")
                    if wanted <= set(environment) and any(word.startswith("SLURM_JOB_ID=") for word in environment):
                        found.append(int(process.name))
            except OSError:
                pass
        return sorted(found)

    def nodes(self):
        """The state of each node: {"node1": "idle", ...}. A node that does not answer has a * behind its state."""
        lines = self.run("sinfo", "--noheader", "--Node", "--format=%N %T").stdout.splitlines()
        return dict(line.split() for line in lines)

    def wait_for_nodes(self, state="idle"):
        """Waits until all nodes are in a state."""
        wait_until(lambda: set(self.nodes().values()) == {state}, lambda: f"nodes are not {state}: {self.nodes()}")

    def shape(self, rate):
        """Limits what nodes send: "100mbit", "none"."""
        self.run(TESTBED, "shape", self.folder, rate)

    def cut(self, node):
        """Takes a node off the network."""
        self.run(TESTBED, "cut", self.folder, node)

    def join(self, node):
        """Puts a node back on the network."""
        self.run(TESTBED, "join", self.folder, node)

    def logs(self, lines=25):
        """The ends of what daemons logged and of what jobs wrote into the folder of the bed, and the jobs as they
        are."""
        parts = [f"== {path.name}\n" + "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
                 for path in sorted([*self.folder.glob("log/*.log"), *self.folder.glob("*.out")])]
        parts.append("== scontrol show job\n" + self.run("scontrol", "--oneliner", "show", "job", check=False).stdout)
        return "\n".join(parts)


class Case(unittest.TestCase):
    """Tests on a bed, `self.bed`: one for the classes of a script that want the same `options`. `self.here` is a folder
    of the test's own. A class with `needs_separate_nodes` is skipped where nodes are this host."""

    options = ()
    needs_separate_nodes = False
    bed = None
    _beds = {}

    @classmethod
    def skip_unless_possible(cls):
        """Skips the class where no bed, or none such as it needs, can run."""
        checked = subprocess.run([TESTBED, "check", *cls.options], capture_output=True, text=True, check=False)
        if checked.returncode == SKIPPED:
            raise unittest.SkipTest(checked.stderr.strip().split(": ", 1)[1])
        if cls.needs_separate_nodes and not checked.stdout.startswith("networks"):
            raise unittest.SkipTest(f"needs nodes with a network each; {checked.stdout.strip()}")

    @classmethod
    def setUpClass(cls):
        cls.skip_unless_possible()
        if cls.options not in cls._beds:
            cls._beds[cls.options] = Bed(*cls.options)
        cls.bed = cls._beds[cls.options]

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.here = pathlib.Path(folder.name)

    def run(self, result=None):
        """Runs the test; where it failed, prints what the bed logged."""
        result = result or self.defaultTestResult()
        before = len(result.failures) + len(result.errors)
        super().run(result)
        if self.bed and len(result.failures) + len(result.errors) > before:
            print(f"\n{self.id()} failed. The bed says:\n{self.bed.logs()}", file=sys.stderr)
        return result


def main():
    """unittest.main(); says why tests were skipped, and where all were, ends with the code of a skipped test."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    finished = unittest.main(exit=False)
    skipped = finished.result.skipped
    for reason in sorted({reason for _, reason in skipped}):
        print("skipped:", reason)
    # Tests of a class that cannot start are not counted as run.
    ran = finished.result.testsRun - sum(isinstance(test, unittest.TestCase) for test, _ in skipped)
    if skipped and finished.result.wasSuccessful() and ran == 0:
        sys.exit(SKIPPED)
    sys.exit(not finished.result.wasSuccessful())
