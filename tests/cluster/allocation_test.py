"""launch/local within `salloc` of a real Slurm, with a stand-in for seve: ranks, signals, exit codes, nothing left."""

import os
import signal
import subprocess

import bed
import training

LOCAL = training.ROOT / "launch/local"


class AllocationTest(bed.Case):
    needs_separate_nodes = True

    def start(self, behaviour, *options, gpus=0):
        """Starts launch/local on two nodes; its output is in `output`, the run directory's name in every rank's arguments."""
        environment = {**self.bed.environment, "SEVE_PROGRAM": str(training.FAKE), "SEVE_FAKE": behaviour,
                       "SEVE_FAKE_GPUS": str(gpus)}
        self.output = self.here / "output"
        # salloc prints its own lines, and would hand signals on: the shell says which process is launch/local.
        command = ["salloc", "--quiet", "--nodes=2", *options, "bash", "-c", 'echo "pid $$"; exec "$@"', "-",
                   LOCAL, "train", "c.textproto", "--run", self.here / "run"]
        with open(self.output, "wb") as file:
            process = subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL, stdout=file,
                                       stderr=subprocess.STDOUT, env=environment, start_new_session=True)
        self.addCleanup(process.wait, bed.LIMIT)
        return process

    def said(self):
        return self.output.read_text(errors="replace")

    def wait_for(self, text, count):
        bed.wait_until(lambda: self.said().count(text) == count, self.said)
        return int(self.said().split("pid ", 1)[1].split("\n", 1)[0])

    def expect_end(self, process, code):
        self.assertEqual(process.wait(bed.LIMIT), code, self.said())
        bed.wait_until(lambda: not training.processes_with(str(self.here / "run")), "processes are left")

    def test_ranks_are_a_gpu_each_on_all_nodes(self):
        self.expect_end(self.start("done", "--gpus-per-node=a100:2", "--cpus-per-task=2", gpus=2), 0)
        self.assertIn("local: 4 ranks on 4 GPUs, job ", self.said())
        for rank in range(4):
            self.assertEqual(self.said().count(f"rank {rank} of 4"), 1, self.said())

    def test_the_tasks_of_the_allocation_are_the_ranks(self):
        self.expect_end(self.start("done", "--ntasks-per-node=1", "--ntasks=2", "--cpus-per-task=4"), 0)
        self.assertIn("local: 2 ranks on the CPU, job ", self.said())
        self.assertEqual(self.said().count("of 2 terminal"), 2, self.said())

    def test_a_stop_request_reaches_the_ranks_once(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):
            process = self.start("stoppable", "--ntasks=4", "--ntasks-per-node=2")
            os.kill(self.wait_for("ready", 4), number)
            self.expect_end(process, 75)
            self.assertEqual(self.said().count("wrote a checkpoint"), 4, self.said())

    def test_a_second_signal_kills(self):
        process = self.start("deaf", "--ntasks=4", "--ntasks-per-node=2")
        local = self.wait_for("ready", 4)
        os.kill(local, signal.SIGTERM)
        self.wait_for("asked the ranks", 1)
        os.kill(local, signal.SIGTERM)
        self.expect_end(process, 143)

    def test_a_killed_launcher_leaves_no_ranks(self):
        process = self.start("deaf", "--ntasks=4", "--ntasks-per-node=2")
        os.kill(self.wait_for("ready", 4), signal.SIGKILL)
        process.wait(bed.LIMIT)
        self.expect_end(process, process.returncode)

    def test_a_killed_rank_ends_the_job_with_4_and_is_named(self):
        self.expect_end(self.start("killed", "--ntasks=4", "--ntasks-per-node=2"), 4)
        self.assertIn("srun: error: node1: task 1: Killed", self.said())


if __name__ == "__main__":
    bed.main()
