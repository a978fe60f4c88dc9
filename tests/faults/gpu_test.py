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
        end.detection = time.time() - self.sent
        self.expect_nothing_left()
        return end

    def test_a_rank_on_a_gpu_is_killed(self):
        end = self.disturb(signal.SIGKILL, rank=1)
        self.expect(end, COMMUNICATION, r":rank 1 died", within=WITHIN)
        self.resume_and_expect_equal()
        self.record("kill -9 of rank 1 of 2 on GPUs", {"local": end})

    def test_a_rank_on_a_gpu_is_stopped(self):
        end = self.disturb(signal.SIGSTOP, rank=1)
        self.expect(end, COMMUNICATION, r":rank 1 has not been heard of", within=WITHIN)
        self.resume_and_expect_equal()
        self.record("SIGSTOP of rank 1 of 2 on GPUs", {"local": end})

    def test_a_job_on_gpus_is_asked_to_stop(self):
        end = self.disturb(signal.SIGTERM)
        self.expect(end, STOPPED)
        self.resume_and_expect_equal(ranks=1)
        self.record("SIGTERM to launch/local on 2 GPUs, gone on with on 1", {"local": end})


if __name__ == "__main__":
    program.main()
