"""Ranks on several hosts train, to the same bits whatever the network between them, and miss each other."""

import hashlib
import json
import os
import signal
import subprocess

import bed

RANKS = ("--kill-on-bad-exit=1", "--mpi=pmix", "--nodes=2", "--ntasks-per-node=2")
FEW_DIGITS = ("--set", "data.digits.train=2000", "--set", "data.digits.test=500")
# To the same bits on any number of ranks.
SHORT = (*FEW_DIGITS, "--set", "epochs=1", "--set", "reproducible=true", "--set", "batch.micro_batches=4")
ENDLESS = (*FEW_DIGITS, "--set", "steps=10000000")
COMMUNICATION_ERROR = 4


def train_command(run, ranks, options):
    configuration = bed.ROOT / "configs/digits_mlp.textproto"
    return list(map(str, ("srun", *ranks, bed.PROGRAM, "train", configuration, "--run", run, "--quiet", *options)))


def metrics(run):
    return [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]


class RanksCase(bed.Case):
    def train(self, name, ranks=RANKS):
        """Trains on ranks of Slurm's; returns the hash of the weights."""
        self.bed.run(*train_command(self.here / name, ranks, SHORT))
        return hashlib.sha256((self.here / name / "checkpoints/latest/model.safetensors").read_bytes()).hexdigest()


class Ranks(RanksCase):
    def test_four_ranks_on_two_hosts_train_to_the_weights_of_one_rank(self):
        together = self.train("together")
        start, end = metrics(self.here / "together")[0], metrics(self.here / "together")[-1]
        self.assertEqual((start["world"], end["exit_code"]), (4, 0))
        self.assertIn("shared memory on each of 2 hosts, messages between them", start["transport"])
        self.assertEqual(together, self.train("alone", ("--ntasks=1",)))


class SeparateRanks(RanksCase):
    needs_separate_nodes = True

    def lose(self, lose_node2):
        """Starts a training that would not end, calls lose_node2 once it steps, and returns its exit code and what it
        says as it ends."""
        run = self.here / "run"
        with subprocess.Popen(train_command(run, RANKS, ENDLESS), env=self.bed.environment, stderr=subprocess.PIPE,
                              stdin=subprocess.DEVNULL, text=True) as job:
            self.addCleanup(job.kill)
            file = run / "metrics.jsonl"
            bed.wait_until(lambda: job.poll() is not None or file.exists() and '"event":"step"' in file.read_text(),
                           "no step was trained")
            self.assertIsNone(job.poll(), "ended by itself")
            lose_node2()
            _, errors = job.communicate(timeout=bed.LIMIT)
        return job.returncode, errors

    def test_a_slow_network_changes_no_bit(self):
        fast = self.train("fast")
        self.bed.shape("100mbit")
        try:
            slow = self.train("slow")
        finally:
            self.bed.shape("none")
        self.assertEqual(slow, fast)

    def test_a_rank_that_is_killed_on_another_host_is_named(self):
        code, errors = self.lose(lambda: os.kill(self.bed.processes("seve", "node2")[-1], signal.SIGKILL))
        # By rank 0, unless Slurm was faster to kill that too.
        self.assertIn(code, (COMMUNICATION_ERROR, 128 + signal.SIGKILL), errors)
        self.assertRegex(errors, "node2:rank [23] died|node2: tasks? [23].*Killed")

    def test_a_host_that_is_cut_off_is_named(self):
        try:
            code, errors = self.lose(lambda: self.bed.cut("node2"))
        finally:
            self.bed.join("node2")
        self.assertEqual(code, COMMUNICATION_ERROR, errors)
        self.assertRegex(errors, "node2:rank [23] has not been heard of")
        self.bed.wait_for_nodes("idle")


if __name__ == "__main__":
    bed.main()
