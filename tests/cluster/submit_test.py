"""launch/submit on a real Slurm: what is submitted trains to its end, what is wrong is refused and leaves nothing."""

import bed

ROOT = bed.ROOT
DIGITS = ROOT / "configs/digits_mlp.textproto"


class SubmitCase(bed.Case):
    def launch(self, *arguments, script="submit", check=True):
        """Runs a script of launch/ in the test's folder, on the cluster of the generic profile."""
        environment = {**self.bed.environment, "SEVE_PROGRAM": bed.PROGRAM, "CC_CLUSTER": "generic"}
        return self.bed.run(ROOT / "launch" / script, *arguments, env=environment, cwd=self.here, check=check)

    def entries(self):
        return sorted(str(path.relative_to(self.here)) for path in self.here.rglob("*"))


class SubmitTest(SubmitCase):
    def test_a_job_on_two_nodes_trains_to_its_end(self):
        run = self.here / "runs/digits"
        said = self.launch("--gpus", "4", "--nodes", "2", "--run", run, DIGITS, "--", "--set", "epochs=2").stdout
        job = (run / "slurm/job_id").read_text().strip()
        self.assertIn(f"job {job} is submitted", said)
        self.assertIn(f"launch/status {run}", said)
        self.assertIn(f"scancel {job}", said)
        done = self.bed.wait(job, "COMPLETED")
        self.assertEqual(done["NumNodes"], "2")
        self.assertEqual(done["NumTasks"], "4")
        self.assertTrue((run / "slurm/done").exists())
        self.assertIn("epochs: 2", (run / "slurm/config.textproto").read_text())
        # The log is where launch/submit said it is, and tells of four ranks.
        log = run / f"slurm/digits_mlp-{job}.out"
        self.assertIn(f"its log:     {log}\n", said)
        self.assertIn("4 ranks", log.read_text())
        self.assertTrue((run / "checkpoints/latest/").is_dir())
        self.launch(run, script="status")

        again = self.launch("--resume", "--gpus", "4", "--nodes", "2", "--run", run, DIGITS, "--", "--set", "epochs=2")
        self.assertIn("is done", again.stderr)
        self.assertEqual((run / "slurm/job_id").read_text().strip(), job)

    def test_the_script_that_was_kept_can_be_submitted_by_hand(self):
        run = self.here / "runs/digits"
        self.launch("--gpus", "1", "--run", run, "--sbatch=--hold", DIGITS, "--", "--set", "epochs=1")
        self.bed.cancel((run / "slurm/job_id").read_text().strip())
        self.bed.wait(self.bed.submit(run / "slurm/job.sbatch"), "COMPLETED")
        self.assertTrue((run / "slurm/done").exists())

    def test_editing_the_configuration_changes_nothing_for_a_job_in_the_queue(self):
        mine, run = self.here / "mine.textproto", self.here / "run"
        mine.write_text(f'base: "{DIGITS}"\nepochs: 1\n')
        self.launch("--run", run, "--sbatch=--hold", mine)
        job = (run / "slurm/job_id").read_text().strip()
        mine.write_text("this is no configuration")
        self.bed.run("scontrol", "release", job)
        self.bed.wait(job, "COMPLETED")
        self.assertTrue((run / "slurm/done").exists())

    def test_a_run_in_a_folder_with_blanks(self):
        run = self.here / "my runs/digits"
        self.launch("--run", run, DIGITS, "--", "--set", "epochs=1")
        job = (run / "slurm/job_id").read_text().strip()
        self.bed.wait(job, "COMPLETED")
        self.assertTrue((run / "slurm/done").exists())
        self.assertTrue((run / f"slurm/digits_mlp-{job}.out").exists())

    def test_a_run_whose_job_waits_is_not_submitted_twice(self):
        run = self.here / "run"
        self.launch("--run", run, "--sbatch=--hold", DIGITS)
        job = (run / "slurm/job_id").read_text().strip()
        before = (run / "slurm/job.sbatch").read_text()
        refused = self.launch("--run", run, "--gpus", "2", DIGITS, check=False)
        self.assertEqual(refused.returncode, 2, refused.stderr)
        self.assertIn(f"job {job} of this run is PENDING", refused.stderr)
        self.assertEqual((run / "slurm/job.sbatch").read_text(), before)
        self.bed.cancel(job)
        # A job that was cancelled before it began leaves no run: no --resume is needed.
        self.bed.wait(job, "CANCELLED")
        self.launch("--run", run, "--sbatch=--hold", DIGITS)
        self.bed.cancel((run / "slurm/job_id").read_text().strip())

    def test_slurm_is_asked_when_a_job_would_start(self):
        said = self.launch("--test-only", "--gpus", "4", "--nodes", "2", DIGITS)
        self.assertRegex(said.stdout, r"Job \d+ to start at .* on nodes node\[1-2\]")
        self.assertEqual(self.entries(), [])

    def test_what_sbatch_refuses_leaves_nothing(self):
        # A profile that promises more than the nodes have.
        profile = self.here / "mine.textproto"
        profile.write_text((ROOT / "cluster/generic.textproto").read_text().replace("per_node: 4", "per_node: 8"))
        request = "--cluster", profile, "--gpus", "8"
        refused = self.launch(*request, "--run", self.here / "runs/digits", DIGITS, check=False)
        self.assertEqual(refused.returncode, 1, refused.stderr)
        self.assertIn("Batch job submission failed", refused.stderr)
        self.assertIn("the cluster has no such nodes. Asked for: --nodes=1 --gpus-per-node=a100:8", refused.stderr)
        self.assertIn("mine.textproto", refused.stderr)
        self.assertEqual(self.entries(), ["mine.textproto"])
        asked = self.launch("--test-only", *request, DIGITS, check=False)
        self.assertEqual(asked.returncode, 1, asked.stderr)
        self.assertEqual(self.entries(), ["mine.textproto"])


class RefusalTest(SubmitCase):
    """Refused before Slurm sees it, with the rule and where it is from."""

    def refused(self, *arguments, code=2):
        done = self.launch("--run", self.here / "runs/digits", *arguments, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertFalse((self.here / "runs").exists())
        self.assertEqual(self.bed.run("squeue", "--noheader").stdout, "")
        return done.stderr

    def assert_rule(self, said, file, *words):
        """Names the line of the profile, what it rests on, and these words."""
        self.assertRegex(said, rf"{file}\.textproto:\d+")
        self.assertIn("docs.alliancecan.ca", said)
        for word in words:
            self.assertIn(word, said)

    def test_a_gpu_that_the_cluster_has_not(self):
        said = self.refused("--cluster", "narval", "--gpu", "h100", DIGITS)
        self.assert_rule(said, "narval", "h100", "a100")

    def test_cores(self):
        said = self.refused("--cluster", "narval", "--sbatch=--cpus-per-task=20", DIGITS)
        self.assert_rule(said, "narval", "--cpus-per-task=20", "12")

    def test_a_request_made_to_sbatch_alone(self):
        self.assertIn("use --time", self.refused("--sbatch=--time=7-00:00:00", DIGITS))
        self.assertIn("use --gpus", self.refused("--sbatch=--gpus-per-task=1", DIGITS))

    def test_part_of_a_node_where_nodes_are_whole(self):
        self.assert_rule(self.refused("--cluster", "tamia", "--gpus", "2", DIGITS), "tamia", "whole")

    def test_more_time_than_there_is(self):
        self.assert_rule(self.refused("--cluster", "narval", "--time", "8-00:00:00", DIGITS), "narval", "7-00:00:00")

    def test_two_ranks_on_parts_of_a_gpu(self):
        self.assert_rule(self.refused("--cluster", "narval", "--gpu", "a100_1g.5gb", "--gpus", "2", DIGITS), "narval",
                         "a100_1g.5gb")

    def test_a_wrong_configuration(self):
        wrong = self.here / "wrong.textproto"
        wrong.write_text(DIGITS.read_text().replace("epochs: 10", "epochz: 10"))
        said = self.refused(wrong)
        self.assertIn("wrong.textproto:", said)
        self.assertIn("epochz", said)
        self.assertIn("learning_rat", self.refused(DIGITS, "--", "--set", "optimizer.sgd.learning_rat=1"))

    def test_missing_data(self):
        said = self.refused("--data", self.here / "data", ROOT / "configs/mnist_mlp.textproto", code=3)
        self.assertIn("seve data get mnist", said)


if __name__ == "__main__":
    bed.main()
