"""What launch/job.sbatch makes of the end of a training, with a stand-in for seve: chains of array tasks, data, marks."""

import re
import subprocess

import bed
import training
from training import Training

# Fields of SEVE_FAKE for tests/launch/fake_seve.
FAKE = training.FAKE


class ChainTest(bed.Case):
    options = ("--slurm", "KillWait=5")
    needs_separate_nodes = True

    def training(self, name, behaviour, program=FAKE, **options):
        """A training with the stand-in, submitted."""
        made = Training(self.bed, self.here / name, "", program=program, **options)
        made.submit(f"--export=ALL,SEVE_FAKE={behaviour},SEVE_FAKE_RUN={made.run},PASSWORD=hunter2")
        return made

    def wait(self, made, state, task=None):
        return self.bed.wait(made.job if task is None else f"{made.job}_{task}", state)

    def status(self, made):
        return self.bed.run(training.ROOT / "launch/status", made.run)

    def expect_the_rest_cancelled(self, made):
        """Expects that no task but the first was ever started."""
        self.assertEqual({job["JobState"] for job in self.bed.jobs(made.job) if job["ArrayTaskId"] != "1"}, {"CANCELLED"})
        self.assertEqual(made.log(2), "")

    def test_later_tasks_end_at_once_after_the_done_mark(self):
        made = self.training("chain", "done", tasks=3)
        for task in (1, 2, 3):
            self.wait(made, "COMPLETED", task)
        self.assertIn(f"job {made.job}_1: trained to the end", made.mark("done"))
        self.assertIn("rank 3 of 4", made.log(1))
        for task in (2, 3):
            self.assertIn("nothing is left to do", made.log(task))
            self.assertNotIn("rank", made.log(task))
        said = self.status(made).stdout
        self.assertIn(f"{made.job}_3  COMPLETED", said)
        self.assertIn("\ndone       ", said)
        self.assertIn(str(made.slurm_folder / f"chain-{made.job}_3.out"), said)

    def test_provenance_has_the_nodes_but_no_secrets(self):
        made = self.training("seen", "done")
        self.wait(made, "COMPLETED")
        text = (made.slurm_folder / f"provenance-{made.job}.txt").read_text()
        commit = subprocess.run(["git", "-C", training.ROOT, "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
        for part in (commit.stdout.strip(), "restart 0", "SLURM_JOB_NODELIST=node[1-2]", "OMP_NUM_THREADS=1", "node2: "):
            self.assertIn(part, text)
        self.assertNotIn("hunter2", text)

    def use_modules(self, text):
        """Has jobs find a command `module`, as on a cluster: an exported function."""
        name = "BASH_FUNC_module%%"
        self.bed.environment[name] = "() {  " + text + "\n}"
        self.addCleanup(self.bed.environment.pop, name)

    def test_modules_are_loaded_for_the_ranks(self):
        self.use_modules(f'echo "module $*" >>{self.here}/modules; export LOADED="${{LOADED-}} $*"')
        program = self.here / "program"
        program.write_text('#!/bin/bash\n[[ $1 == train ]] || exec echo 0\necho "rank $SLURM_PROCID has$LOADED"\n')
        program.chmod(0o755)
        made = self.training("modular", "", program=program, modules=("StdEnv/2023", "openmpi/4.1.5"))
        self.wait(made, "COMPLETED")
        self.assertEqual((self.here / "modules").read_text(), "module --force purge\nmodule load StdEnv/2023 openmpi/4.1.5\n")
        self.assertIn("rank 3 has --force purge load StdEnv/2023 openmpi/4.1.5\n", made.log())

    def test_a_module_that_is_not_there_stops_the_job(self):
        self.use_modules('[[ $1 != load ]] || { echo "Lmod has detected the following error" >&2; return 1; }')
        made = self.training("modular", "done", modules=("nccl/9",))
        self.assertEqual(self.wait(made, "FAILED")["ExitCode"], "2:0")
        self.assertIn("'module load nccl/9' failed", made.mark("stopped"))

    def test_a_second_restart_by_slurm_from_the_same_step_ends_the_job(self):
        made = self.training("again", "deaf")
        for restarts in range(2):
            bed.wait_until(lambda: made.log().count("ready") == 4 * (restarts + 1), made.log)
            self.bed.run("scontrol", "requeue", made.job)
            bed.wait_until(lambda: self.bed.job(made.job)["Restarts"] == str(restarts + 1), made.log)
        self.assertEqual(self.wait(made, "FAILED")["ExitCode"], "4:0")
        self.assertIn("restart 1 by Slurm, from the beginning", made.log())
        self.assertIn("no progress: Slurm restarted this job twice from the beginning", made.mark("stopped"))

    def test_a_stop_without_a_newer_checkpoint_ends_the_chain(self):
        made = self.training("stuck", "exit_75", tasks=3)
        self.assertEqual(self.wait(made, "FAILED", 1)["ExitCode"], "75:0")
        self.expect_the_rest_cancelled(made)
        self.assertIn("no progress", made.mark("stopped"))
        self.assertIn("no progress", self.status(made).stdout)

    def test_a_second_job_leaves_a_run_alone(self):
        made = self.training("taken", "deaf")
        bed.wait_until(lambda: made.log().count("ready") == 4, made.log)
        first = made.job
        self.assertEqual((made.slurm_folder / "job_id").read_text().strip(), first)
        second = self.bed.submit(made.script)
        self.assertEqual(self.bed.wait(second, "FAILED")["ExitCode"], "1:0")
        self.assertIn(f"not started: job {first} works on this run", (made.slurm_folder / f"taken-{second}.out").read_text())
        self.bed.cancel(first)
        self.bed.wait(first, "CANCELLED")
        self.assertEqual((made.slurm_folder / "job_id").read_text().strip(), first)

    def test_a_notice_that_brought_no_checkpoint_ends_the_chain(self):
        made = self.training("deaf", "deaf", tasks=3)
        bed.wait_until(lambda: made.log(1).count("ready") == 4, lambda: made.log(1))
        # Delivered at once, but Slurm 22.05 has scancel tell an array's task again and again.
        self.bed.run("timeout", "8", "scancel", "--batch", "--signal=USR1", f"{made.job}_1", check=False)
        bed.wait_until(lambda: "Slurm's notice" in made.log(1), lambda: made.log(1))
        self.bed.cancel(f"{made.job}_1")
        bed.wait_until(lambda: "no checkpoint was written" in (made.mark("stopped") or ""), lambda: made.log(1))
        self.wait(made, "CANCELLED", 1)
        self.expect_the_rest_cancelled(made)

    def test_every_other_code_stops_the_chain_and_is_passed_on(self):
        for code, reason in ((2, "configuration"), (3, "data"), (5, "not a number"), (7, "unknown")):
            made = self.training(f"code{code}", f"exit_{code}", tasks=2)
            self.assertEqual(self.wait(made, "FAILED", 1)["ExitCode"], f"{code}:0")
            self.expect_the_rest_cancelled(made)
            self.assertIn(f"exit code {code}: ", made.mark("stopped"))
            self.assertIn(reason, made.mark("stopped"))
            self.assertIsNone(made.mark("done"))

    def test_a_stop_with_a_checkpoint_and_no_task_left_says_how_to_go_on(self):
        made = self.training("last", "stoppable")
        bed.wait_until(lambda: made.log().count("ready") == 4, made.log)
        waiting = self.status(made).stdout
        self.assertIn("RUNNING on node[1-2]", waiting)
        (made.run / "checkpoints").mkdir()
        (made.run / "checkpoints/latest").symlink_to("step-000000040")
        self.bed.cancel("--batch", "--signal=USR1", made.job)
        self.assertEqual(self.wait(made, "FAILED")["ExitCode"], "75:0")
        self.assertIn(f"stopped at step 40, and no task is left. To go on: launch/submit --run {made.run} --resume", made.log())
        self.assertIsNone(made.mark("stopped"))
        self.assertIn("go on with launch/submit", self.status(made).stdout)

    def test_a_mark_of_a_stop_keeps_later_tasks_from_training(self):
        made = Training(self.bed, self.here / "marked", "", program=FAKE)
        self.bed.submit(made.script, "--hold")
        made.submit("--hold")
        (made.slurm_folder / "stopped").write_text("because of a test\n")
        self.bed.run("scontrol", "release", made.job)
        self.assertEqual(self.wait(made, "FAILED")["ExitCode"], "1:0")
        self.assertIn("not started: because of a test", made.log())
        self.assertNotIn("rank", made.log())


class StagingTest(bed.Case):
    options = ChainTest.options
    needs_separate_nodes = True

    def setUp(self):
        super().setUp()
        self.root = self.here / "data"
        for name in ("plain", "packed", "course/mine"):
            (self.root / name).mkdir(parents=True)
            (self.root / name / "file").write_text(name)
        subprocess.run(["tar", "-C", self.root, "-cf", self.root / "packed.tar", "packed"], check=True)
        (self.root / "packed/file").write_text("the folder is not what counts")
        # Lists what a rank sees below --data.
        self.program = self.here / "program"
        self.program.write_text("""#!/bin/bash
[[ $1 == train ]] || exec echo 0
while [[ $1 != --data ]]; do shift; done
cd "$2"
for set in plain packed course/mine; do echo "$SLURMD_NODENAME $PWD $set: $(<"$set/file")"; done
""")
        self.program.chmod(0o755)

    def train(self, *sets, state="COMPLETED"):
        made = Training(self.bed, self.here / "run", "", program=self.program, data_sets=sets, data_root=self.root)
        self.bed.wait(made.submit(), state)
        return made

    def test_data_are_copied_to_every_node_from_tars_and_folders(self):
        made = self.train("plain", "packed", "course/mine")
        self.assertIn("data: plain packed course/mine copied to ", made.log())
        for node in ("node1", "node2"):
            for name in ("plain", "packed", "course/mine"):
                # Once a rank.
                self.assertEqual(len(re.findall(rf"^{node} \S+/seve-data {name}: {name}$", made.log(), re.MULTILINE)), 2, made.log())

    def test_data_that_do_not_fit_are_read_in_place(self):
        with open(self.root / "plain/large", "wb") as file:
            file.truncate(1 << 43)
        made = self.train("plain", "packed", "course/mine")
        self.assertRegex(made.log(), r"stage_data: node\d: .* MiB free, the data take \d+ MiB")
        self.assertIn(f"read in place from {self.root}", made.log())
        self.assertIn(f"{self.root} plain: plain", made.log())

    def test_a_set_that_is_not_there_stops_the_job_with_3(self):
        made = self.train("plain", "absent", state="FAILED")
        self.assertEqual(self.bed.job(made.job)["ExitCode"], "3:0")
        self.assertIn(f"neither {self.root}/absent nor {self.root}/absent.tar is there", made.log())
        self.assertIn("exit code 3", made.mark("stopped"))

    def test_a_tar_of_something_else_stops_the_job_with_3(self):
        subprocess.run(["tar", "-C", self.root / "plain", "-cf", self.root / "plain.tar", "file"], check=True)
        made = self.train("plain", state="FAILED")
        self.assertIn(f"holds no 'plain': make it with tar -C {self.root} -cf {self.root}/plain.tar plain", made.log())


class StatusTest(bed.Case):
    options = ChainTest.options
    needs_separate_nodes = True

    def status(self, run):
        done = self.bed.run(training.ROOT / "launch/status", run, check=False)
        return done.returncode, done.stdout + done.stderr

    def test_a_folder_that_was_never_submitted_is_told(self):
        code, said = self.status(self.here / "nowhere")
        self.assertEqual((code, "is not there" in said), (2, True), said)
        code, said = self.status(self.here)
        self.assertEqual((code, "no run directory" in said), (2, True), said)
        (self.here / "config.textproto").touch()
        code, said = self.status(self.here)
        self.assertEqual((code, "never submitted" in said), (2, True), said)

    def test_a_waiting_job_says_why(self):
        made = Training(self.bed, self.here / "later", "", program=FAKE)
        made.submit("--hold")
        code, said = self.status(made.run)
        self.assertEqual(code, 0, said)
        self.assertIn(f"{made.job}  PENDING", said)
        self.assertIn("JobHeldUser: it is held", said)
        self.assertIn("none yet", said)

    def test_a_job_that_slurm_has_forgotten_is_told(self):
        (self.here / "slurm").mkdir()
        (self.here / "slurm/job_id").write_text("999999\n")
        code, said = self.status(self.here)
        self.assertEqual(code, 0, said)
        self.assertIn("Slurm no longer knows it", said)
        self.assertIn("sacct -j 999999", said)
        self.assertIn("neither done nor stopped", said)
        (self.here / "metrics.jsonl").write_text('{"event":"start"}\n{"event":"end","step":1737,"exit_code":75}\n')
        self.assertIn("stopped with a checkpoint at step 1,737", self.status(self.here)[1])


if __name__ == "__main__":
    bed.main()
