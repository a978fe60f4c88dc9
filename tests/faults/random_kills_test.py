"""A run that is killed again and again, at random points and on changing numbers of ranks, ends with the undisturbed weights.

SEVE_KILLS=50 makes it the long test of docs/faults.md; SEVE_SEED=N repeats one.
"""

import collections
import os
import random
import signal
import time

import harness
from harness import DONE

KILLS = int(os.environ.get("SEVE_KILLS", "5"))
STEPS = 1500 * KILLS
CHECKPOINT_STEPS = 100
WORLDS = (1, 2, 4)
# Half of the kills come from outside at a random time, half at a point that a clock would hardly hit.
POINTS = ("before_sum", "in_sum", "after_sum", "write", "sync", "rename")


class RandomKillsTest(harness.FaultTest):
    def setUp(self):
        super().setUp()
        self.random = random.Random(int(os.environ.get("SEVE_SEED", "1")))
        self.configuration = self.write_configuration(steps=STEPS)
        self.options = ("--resume", "--set", f"checkpoints.every_steps={CHECKPOINT_STEPS}")

    def kill_at_a_point(self, ranks, place):
        at_disk = place in ("write", "sync", "rename")
        rank = 0 if at_disk else self.random.randrange(ranks)
        count = self.random.randint(1, 60 if at_disk else 600)
        return self.run_job(self.command("local", self.options, ranks), f"{rank} {place} {count} kill")

    def kill_at_a_time(self, ranks):
        rank = self.random.randrange(ranks)
        killed_at = []

        def kill(job):
            while not (process := harness.rank_process(self.run_directory, rank)) and job.poll() is None:
                time.sleep(0.02)
            time.sleep(self.random.uniform(0.2, 0.8))
            os.kill(process, signal.SIGKILL)
            killed_at.append(time.time())
        end = self.run_job(self.command("local", self.options, ranks), while_running=kill)
        end.detection = time.time() - killed_at[0]
        return end

    def step_reached(self):
        latest = self.run_directory / "checkpoints/latest"
        return int(latest.resolve().name.split("-")[1]) if latest.exists() else 0

    def test_many_random_kills_change_no_bit(self):
        counts, codes, slowest = collections.Counter(), collections.Counter(), 0
        while counts.total() < KILLS:
            ranks = self.random.choice(WORLDS)
            place = self.random.choice((*POINTS, *("time",) * len(POINTS)))
            started_at = self.step_reached()
            end = self.kill_at_a_time(ranks) if place == "time" else self.kill_at_a_point(ranks, place)
            self.assertNotEqual(end.code, DONE, f"the run ended after {counts.total()} kills: give it more steps")
            self.assertEqual(end.code, harness.COMMUNICATION, f"{place} on {ranks} ranks\n{end.said}")
            self.expect_nothing_left()
            self.assertGreaterEqual(self.step_reached(), started_at, "a checkpoint was lost")
            counts[place] += 1
            codes[ranks] += 1
            slowest = max(slowest, end.detection)
        reached = self.step_reached()
        self.assertLess(reached, STEPS)
        self.resume(self.options[1:], ranks=2, limit=600)
        self.expect_equal_to_undisturbed(steps=STEPS)
        print(f"{KILLS} kills ({', '.join(f'{name} {count}' for name, count in sorted(counts.items()))}; on "
              f"{', '.join(f'{ranks} ranks {count}' for ranks, count in sorted(codes.items()))}), {reached} of {STEPS} "
              f"steps by then; slowest end {slowest:.1f} s after the kill; weights equal")


if __name__ == "__main__":
    harness.main()
