"""A rank that dies, stops, hangs or leaves ends the job with 4 within seconds, named; the resumed run is as if nothing had been."""

import harness
from harness import COMMUNICATION, DATA

# With mpirun alone a killed rank shows as 128 + 9 where mpirun is first to notice; launch/local says 4 always.
KILLED = 137
WITHIN = 10  # seconds, of the promise; the default of deadlines.silence keeps it


class DeathTest(harness.FaultTest):
    def check(self, injected, fault, *fragments, options=(), within=WITHIN, code=COMMUNICATION, ranks=None):
        """Under mpirun and through launch/local: ends as expected, and goes on to the undisturbed weights."""
        ends = {}
        for launcher in ("mpirun", "local"):
            with self.subTest(launcher=launcher):
                ends[launcher] = end = self.inject(fault, launcher, options, ranks)
                killed_by_mpirun = launcher == "mpirun" and code == COMMUNICATION and end.code == KILLED
                self.expect(end, KILLED if killed_by_mpirun else code, *fragments, within=within)
                self.resume_and_expect_equal()
        self.record(injected, ends)

    # Killed.

    def test_rank_1_is_killed_before_the_reduction(self):
        self.check("kill -9 of rank 1 before the sum of gradients", "1 before_sum 130 kill", r":rank 1 died .* when .*:rank 0 was at step 130 in sum of gradients")

    def test_rank_0_is_killed_before_the_reduction(self):
        self.check("kill -9 of rank 0 before the sum of gradients", "0 before_sum 130 kill", r":rank 0 died .* when .*:rank 1 was at step 130 in sum of gradients")

    def test_a_rank_is_killed_within_the_reduction(self):
        self.check("kill -9 of rank 1 within the sum of gradients", "1 in_sum 130 kill", r":rank 1 died .* was at step 130 ")

    def test_a_rank_of_four_is_killed(self):
        self.check("kill -9 of rank 3 of 4", "3 after_sum 70 kill", r":rank 3 died .* was at step 7[01] ", ranks=4)

    # Gone without dying.

    def test_rank_1_is_stopped(self):
        self.check("SIGSTOP of rank 1", "1 before_sum 130 stop",
                   r":rank 1 has not been heard of for .*:rank 0 is at step 130 in sum of gradients")

    def test_rank_0_is_stopped(self):
        self.check("SIGSTOP of rank 0 (`deadlines.silence` 2)", "0 after_sum 130 stop", r":rank 0 has not been heard of for .*:rank 1 is at step 131 ",
                   options=("--set", "deadlines.silence=2"))

    def test_a_rank_hangs(self):
        self.check("rank 1 hangs in a step (`deadlines.step` 3)", "1 before_sum 130 hang",
                   r":rank 1 has been in sum of gradients of step 130 for 3.* stuck", options=("--set", "deadlines.step=3"))

    def test_a_rank_leaves_the_loop(self):
        self.check("rank 1 leaves the training loop", "1 after_sum 130 leave", r":rank 1 waits in checkpoint of step 130 while .*:rank 0 waits in sum of gradients of step 131")

    def test_a_rank_exits(self):
        self.check("rank 1 calls exit(0)", "1 after_sum 130 exit", r":rank 1 died .* was at step 13[01] ")

    def test_an_exception_on_one_rank(self):
        self.check("an exception on rank 1", "1 before_sum 130 throw", r"rank 1: error: the data of this rank went away",
                   code=DATA)

    # Not dead.

    def test_a_slow_rank_only_slows_the_run(self):
        end = self.inject("1 before_sum 280 slow")
        self.expect(end, harness.DONE)
        self.expect_equal_to_undisturbed()
        self.record("rank 1 slow: 20 ms more each step", {"local": end})


if __name__ == "__main__":
    harness.main()
