"""Ranks on GPUs that die, stop or are asked to stop: as on CPUs. On emulated GPUs, with NCCL between processes."""

import os
import signal
import time
import unittest

import harness
import program
from harness import COMMUNICATION, STOPPED

EMULATED = os.environ.get("SEVE_EMULATED")
WITHIN = 10  # seconds; the default of deadlines.silence keeps it


@unittest.skipUnless(EMULATED, "no emulator is built: SEVE_EMULATED")
class GpuFaultTest(harness.FaultTest):
    @classmethod
    def setUpClass(cls):
        # What goes on after the fault, and what it is compared with, run on the same GPUs.
        program.PROGRAM = EMULATED
        os.environ.pop("CUDA_VISIBLE_DEVICES", None)
        os.environ["SEVE_EMULATED_GPUS"] = "2"
        super().setUpClass()

    def disturb(self, send, rank=None):
        """A training through launch/local whose rank, or the whole job, gets a signal once a checkpoint is there."""
        def wait_and_send(job):
            deadline = time.time() + harness.LIMIT
            while not (self.run_directory / "checkpoints/latest").exists() and time.time() < deadline:
                time.sleep(0.02)
            self.sent = time.time()
            os.kill(job.pid if rank is None else harness.rank_process(self.run_directory, rank), send)

        end = self.run_job(self.command("local", ["--set", "device=CUDA"]), executable=EMULATED,
                           while_running=wait_and_send)
        self.expect_nothing_left()
        return end

    def test_a_killed_rank_ends_the_job_named_and_the_resumed_run_is_equal(self):
        end = self.disturb(signal.SIGKILL, rank=1)
        self.assertLess(time.time() - self.sent, WITHIN)
        self.expect(end, COMMUNICATION, r":rank 1 (died|.*lost)")
        self.resume_and_expect_equal()

    def test_a_stopped_rank_ends_the_job_named(self):
        end = self.disturb(signal.SIGSTOP, rank=1)
        self.assertLess(time.time() - self.sent, WITHIN + 5)
        self.expect(end, COMMUNICATION, r":rank 1 has not been heard of")

    def test_a_job_asked_to_stop_goes_on_to_the_same_bits_on_another_number_of_ranks(self):
        end = self.disturb(signal.SIGTERM)
        self.expect(end, STOPPED)
        self.resume_and_expect_equal(ranks=1)


if __name__ == "__main__":
    program.main()
