"""Trainings in jobs of a real Slurm: 2 nodes of 2 ranks each, interrupted in every way a cluster interrupts them.

What is interrupted goes on and must end with the parameters and the optimizer's state, to the bit, of a job that nothing
disturbed.
"""

import os
import signal
import subprocess
import time

import bed
import training
from training import Training, processes_with, rank_process

EPOCHS, STEPS_PER_EPOCH = 3, 63
STEPS = EPOCHS * STEPS_PER_EPOCH
CONFIGURATION = training.configuration(EPOCHS)
# A checkpoint within the second epoch.
MIDDLE = 80
# What a node sends at most: a step takes about 25 ms, on a fast machine too, and one never misses the middle.
RATE = "400mbit"
# What a job promises from the death of a rank to its end, and what a busy machine and clocks of whole seconds add.
PROMISED, SLACK = 10, 5


class JobTest(bed.Case):
    options = ("--rate", RATE, "--slurm", "KillWait=5")
    needs_separate_nodes = True
    # Weights of a job that nothing disturbed.
    undisturbed = None

    def training(self, name, **options):
        return Training(self.bed, self.here / name, CONFIGURATION, **options)

    def expect_finished(self, made):
        self.assertIsNotNone(made.mark("done"), made.log())
        self.assertEqual(made.step(), STEPS)
        if JobTest.undisturbed is None:
            calm = self.training("undisturbed")
            self.bed.wait(calm.submit(), "COMPLETED")
            JobTest.undisturbed = calm.weights()
        self.assertEqual(made.weights(), JobTest.undisturbed)

    def expect_in_mid_training(self, made):
        self.assertGreaterEqual(made.step(), MIDDLE)
        self.assertLess(made.step(), STEPS, "too fast for this test: the training was over")

    def test_ranks_nodes_and_devices(self):
        # Notes where each rank is, and becomes seve.
        program = self.here / "program"
        program.write_text(f"""#!/bin/bash
[[ $1 != train ]] || printf '%s\\n' "$SLURMD_NODENAME $(uname -n) $SLURM_LOCALID $CUDA_VISIBLE_DEVICES" >"{self.here}/rank-$SLURM_PROCID"
exec {bed.PROGRAM} "$@"
""")
        program.chmod(0o755)
        made = self.training("mapped", program=program)
        self.bed.wait(made.submit(), "COMPLETED")
        self.assertEqual([(self.here / f"rank-{rank}").read_text().split() for rank in range(4)],
                         [["node1", "node1", "0", "0,1"], ["node1", "node1", "1", "0,1"],
                          ["node2", "node2", "0", "0,1"], ["node2", "node2", "1", "0,1"]])
        start, = made.events("start")
        self.assertEqual(start["world"], 4)
        self.expect_finished(made)

    def test_a_notice_in_mid_epoch_hands_over_to_the_next_task(self):
        made = self.training("noticed", tasks=3)
        made.submit()
        made.wait_for_step(10)
        said = self.bed.run(training.ROOT / "launch/status", made.run).stdout
        self.assertRegex(said, rf"epoch \d\.\d\d of {EPOCHS}, step \d+ of {STEPS}: loss \d")
        self.assertIn("JobArrayTaskLimit: the tasks run one after the other", said)
        made.wait_for_step(MIDDLE)
        # Of an array's task, Slurm 22.05 says "try again later" although it has handed the signal on; scancel does and fails.
        self.bed.run("scancel", "--batch", "--signal=USR1", f"{made.job}_1", check=False)
        self.assertEqual(self.bed.wait(f"{made.job}_1", "FAILED")["ExitCode"], "75:0")
        self.assertRegex(made.log(1), r"stopped at step \d+; task 2 of 3 goes on from there")
        self.bed.wait(f"{made.job}_2", "COMPLETED")
        self.assertRegex(made.log(2), r"on node\[1-2\], from step \d+;")
        self.bed.wait(f"{made.job}_3", "COMPLETED")
        self.assertIn("nothing is left to do", made.log(3))
        self.expect_finished(made)

    def test_ranks_that_leave_late_do_not_change_the_code(self):
        # Slurm's srun sends TERM to the others once rank 0 has ended with 75; a GPU may keep a rank that long.
        source, late = self.here / "late.c", self.here / "late.so"
        source.write_text("""#include <stdlib.h>
#include <string.h>
#include <unistd.h>
__attribute__((destructor)) static void leave_late(void) {
  const char* rank = getenv("SLURM_PROCID");
  if (rank && strcmp(rank, "0")) for (unsigned left = 2; left; left = sleep(left)) {}
}
""")
        subprocess.run(["cc", "-shared", "-fPIC", "-o", late, source], check=True)
        program = self.here / "program"
        program.write_text(f"""#!/bin/bash
[[ $1 != train ]] || export LD_PRELOAD={late}
exec {bed.PROGRAM} "$@"
""")
        program.chmod(0o755)
        made = self.training("late", program=program)
        made.submit()
        made.wait_for_step(20)
        self.bed.cancel("--batch", "--signal=USR1", made.job)
        self.assertEqual(self.bed.wait(made.job, "FAILED")["ExitCode"], "75:0", made.log())

    def test_a_time_limit_hands_over_to_the_next_task(self):
        # Slurm looks at times every 30 s, and ends the job 60 to 90 s after its beginning; its notice comes 20 to 50 s after
        # that, in the middle of a training of about 80 s.
        self.addCleanup(self.bed.shape, RATE)
        self.bed.shape("20mbit")
        made = self.training("limited", tasks=2, time=1, notice=10)
        made.submit()
        self.assertEqual(self.bed.wait(f"{made.job}_1", "FAILED")["ExitCode"], "75:0")
        self.assertIn("Slurm's notice (USR1)", made.log(1))
        self.assertLess(made.step(), STEPS)
        self.bed.shape(RATE)
        self.bed.wait(f"{made.job}_2", "COMPLETED")
        self.expect_finished(made)

    def test_a_cancelled_job_leaves_no_process(self):
        made = self.training("cancelled", tasks=2)
        made.submit()
        made.wait_for_step(MIDDLE)
        self.assertTrue(processes_with(str(made.run)))
        self.bed.cancel(made.job)
        self.bed.wait(f"{made.job}_1", "CANCELLED")
        bed.wait_until(lambda: not processes_with(str(made.run)), lambda: f"left: {processes_with(str(made.run))}")
        self.expect_in_mid_training(made)
        self.assertEqual(made.log(2), "")
        self.assertIsNone(made.mark("done"))

    def test_a_killed_rank_fails_the_job_and_the_next_submission_resumes(self):
        made = self.training("killed", tasks=2)
        made.submit()
        made.wait_for_step(MIDDLE)
        process = rank_process(made.run, 3)
        killed_at = time.time()
        os.kill(process, signal.SIGKILL)
        job = self.bed.wait(f"{made.job}_1", "FAILED")
        ended_at = time.mktime(time.strptime(job["EndTime"], "%Y-%m-%dT%H:%M:%S"))
        self.assertLess(ended_at - killed_at, PROMISED + SLACK)
        self.assertEqual(job["ExitCode"], "4:0")
        self.assertRegex(made.log(1), r"node2:rank 3|srun: error: node2: task 3")
        self.assertIn("exit code 4: a rank died", made.mark("stopped"))
        bed.wait_until(lambda: not processes_with(str(made.run)), lambda: f"left: {processes_with(str(made.run))}")
        self.expect_in_mid_training(made)
        self.assertEqual(made.log(2), "")
        made.submit()
        self.bed.wait(f"{made.job}_1", "COMPLETED")
        self.expect_finished(made)

    def test_a_node_set_down_requeues_the_job(self):
        made = self.training("down")
        made.submit()
        made.wait_for_step(MIDDLE)
        self.bed.run("scontrol", "update", "nodename=node2", "state=down", "reason=test")
        job = self.bed.wait(made.job, "COMPLETED")
        self.assertEqual(job["Restarts"], "1")
        self.assertRegex(made.log(), r"restart 1 by Slurm, from step \d+")
        self.expect_finished(made)
        self.bed.wait_for_nodes()

    def test_a_node_cut_off_requeues_the_job(self):
        self.addCleanup(self.bed.join, "node2")
        made = self.training("cut")
        made.submit()
        made.wait_for_step(MIDDLE)
        self.bed.cut("node2")
        bed.wait_until(lambda: self.bed.job(made.job)["Restarts"] == "1", made.log)
        self.bed.join("node2")
        self.bed.wait(made.job, "COMPLETED")
        self.assertRegex(made.log(), r"restart 1 by Slurm, from step \d+")
        self.expect_finished(made)
        self.bed.wait_for_nodes()

    def test_a_wrong_configuration_stops_the_chain(self):
        made = Training(self.bed, self.here / "wrong", CONFIGURATION + "epochz: 3\n", tasks=2)
        made.submit()
        self.assertEqual(self.bed.wait(f"{made.job}_1", "FAILED")["ExitCode"], "2:0")
        self.assertIn("epochz", made.log(1))
        self.assertIn("exit code 2: the configuration", made.mark("stopped"))
        self.assertEqual(made.log(2), "")


if __name__ == "__main__":
    bed.main()
