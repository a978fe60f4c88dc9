"""Signals stop a run after a checkpoint, with 75; the resumed run ends with the undisturbed weights."""

import signal
import time

import harness
from harness import STOPPED

# 20 ms more a step: the run takes six seconds, longer than launch/local holds a request back (mpirun would lose it).
SLOW = "0 before_sum 1 slow"


class SignalTest(harness.FaultTest):
    def once_under_way(self, send):
        """Calls send(job) when the run has logged a step."""
        def wait(job):
            for _ in range(600):
                if job.poll() is not None or harness.program.has_stepped(self.run_directory):
                    break
                time.sleep(0.02)
            self.sent = time.time()
            send(job)
        return wait

    def check(self, launcher, number, said="^"):
        end = self.run_job(self.command(launcher), SLOW,
                           while_running=self.once_under_way(lambda job: job.send_signal(number)))
        end.detection = time.time() - self.sent
        self.expect(end, STOPPED, said)
        last = harness.program.metrics(self.run_directory)[-1]
        self.assertEqual((last["event"], last["exit_code"]), ("end", STOPPED))
        self.assertTrue(0 < last["step"] < harness.STEPS, last)
        latest = self.run_directory / "checkpoints/latest"
        self.assertEqual(latest.resolve().name, f"step-{last['step']:09}")
        for name in ("config.textproto", "log.txt", "metrics.csv"):
            self.assertTrue((self.run_directory / name).exists(), name)
        self.expect_nothing_left()
        self.resume_and_expect_equal()
        return end

    def test_every_stop_signal_stops_the_program_itself(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1, signal.SIGUSR2):
            with self.subTest(signal=number.name):
                self.run_directory = self.here / number.name
                end = self.check("alone", number)
        self.record("SIGTERM, SIGINT, SIGUSR1 or SIGUSR2 to the program itself", {"alone": end})

    def test_term_to_the_launcher(self):
        self.record("SIGTERM to launch/local", {"local": self.check("local", signal.SIGTERM, "asked the ranks to stop")})

    def test_ctrl_c_to_the_launcher(self):
        self.record("SIGINT (Ctrl-C) to launch/local",
                    {"local": self.check("local", signal.SIGINT, "asked the ranks to stop")})

    def test_a_second_signal_ends_at_once(self):
        """Of a run whose step never ends, so that no checkpoint can come of the first."""
        def twice(job):
            time.sleep(0.2)
            job.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            job.send_signal(signal.SIGTERM)
        ends = {}
        for launcher, code in (("alone", -signal.SIGTERM), ("local", 128 + signal.SIGTERM)):
            with self.subTest(launcher=launcher):
                self.run_directory = self.here / launcher
                end = ends[launcher] = self.run_job(self.command(launcher), "0 before_sum 3 hang",
                                                    while_running=self.once_under_way(twice))
                end.detection = time.time() - self.sent
                self.assertEqual(end.code, code, end.said)
                self.expect_nothing_left()
                self.resume_and_expect_equal()
        self.record("SIGTERM twice, to the program or launch/local, of a run that hangs", ends)


if __name__ == "__main__":
    harness.main()
