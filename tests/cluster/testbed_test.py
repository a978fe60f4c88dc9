"""The test bed is a Slurm of several nodes, and leaves nothing behind."""

import os
import unittest

import bed


class BedTest(bed.Case):
    def test_a_job_on_two_nodes_runs_on_two_hosts(self):
        job = self.bed.submit("#!/bin/bash\nsrun hostname\n", "--nodes=2", f"--output={self.here}/out")
        self.bed.wait(job, "COMPLETED")
        hosts = sorted((self.here / "out").read_text().split())
        self.assertEqual(hosts, ["node1", "node2"] if self.bed.separate else [os.uname().nodename] * 2)


if __name__ == "__main__":
    bed.main()
