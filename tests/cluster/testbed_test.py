"""The test bed is a Slurm of several nodes with GPUs, and leaves nothing behind, whatever ends it."""

import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest

import bed


def links():
    """The names of this machine's network links."""
    return os.listdir("/sys/class/net")


def shell_variable(text, name):
    """The value in the line name=value of what a bed writes about itself; None where it has none."""
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line).get(name)


def processes_with(text):
    """The processes with a text in their arguments or environment, but for those that are dead."""
    found = []
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if text.encode() in (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes():
                found.append((folder.name, (folder / "cmdline").read_bytes()))
        except OSError:
            pass
    return found


class Bed(bed.Case):
    """What a bed does for jobs."""

    def output_of(self, script, *options):
        """The lines that a job writes."""
        job = self.bed.submit(f"#!/bin/bash\n{script}\n", f"--output={self.here}/%j", *options)
        self.bed.wait(job, "COMPLETED")
        return (self.here / job).read_text().splitlines()

    def test_a_job_on_two_nodes_runs_on_two_hosts(self):
        hosts = ["node1", "node2"] if self.bed.separate else [os.uname().nodename] * 2
        self.assertEqual(sorted(self.output_of("srun hostname", "--nodes=2")), hosts)

    def test_nodes_have_shared_memory_and_a_folder_of_a_job_for_themselves(self):
        lines = self.output_of("""srun bash -c 'echo > $SLURM_TMPDIR/$SLURM_PROCID && echo $SLURM_TMPDIR'
            srun bash -c 'echo > /dev/shm/bed$SLURM_JOB_ID.$SLURM_PROCID; ls $SLURM_TMPDIR'
            srun bash -c 'ls /dev/shm | grep bed$SLURM_JOB_ID; rm /dev/shm/bed$SLURM_JOB_ID.$SLURM_PROCID'""",
                               "--nodes=2")
        folders, files, shared = lines[:2], lines[2:4], lines[4:]
        # One name where nodes can have a folder each of that name.
        self.assertEqual(len(set(folders)), 1 if self.bed.separate else 2)
        self.assertEqual(sorted(files), ["0", "1"])
        if self.bed.separate:
            self.assertEqual(sorted(name.split(".")[1] for name in shared), ["0", "1"])
            self.assertFalse([name for name in os.listdir("/dev/shm") if name in shared])
        bed.wait_until(lambda: not list(self.bed.folder.glob("tmp/*/job*")), "folders of jobs are still there")

    def test_jobs_are_given_the_gpus_they_ask_for(self):
        holder = self.bed.submit("#!/bin/bash\necho $CUDA_VISIBLE_DEVICES\nsleep 600\n", "--gpus-per-node=a100:2",
                                 f"--output={self.here}/holder", "--nodelist=node1")
        bed.wait_until(lambda: (self.here / "holder").exists() and (self.here / "holder").read_text(), "no output")
        self.assertEqual((self.here / "holder").read_text(), "0,1\n")
        self.assertEqual(self.output_of("echo $CUDA_VISIBLE_DEVICES", "--gpus-per-node=2", "--nodelist=node1"), ["2,3"])
        self.bed.cancel(holder)
        self.bed.wait(holder, "CANCELLED")

    def test_a_request_for_gpus_that_no_node_has_is_refused(self):
        for request in ("h100:1", "a100:5"):
            done = self.bed.run("sbatch", f"--gpus-per-node={request}", "--wrap=true", check=False)
            self.assertNotEqual(done.returncode, 0, request)
            self.assertIn("Requested node configuration is not available", done.stderr)

    def test_two_beds_stand_side_by_side(self):
        other = bed.Bed("--nodes", "3", "--gpus", "1", "--model", "h100", "--cpus", "8")
        try:
            self.assertEqual(other.nodes(), {"node1": "idle", "node2": "idle", "node3": "idle"})
            hosts = other.run("srun", "--nodes=3", "--gpus-per-node=h100:1", "hostname").stdout.split()
            self.assertEqual(len(hosts), 3)
            self.assertEqual(len(self.bed.run("srun", "--nodes=2", "hostname").stdout.split()), 2)
        finally:
            other.down()
        self.assertEqual(self.bed.nodes(), {"node1": "idle", "node2": "idle"})


class End(bed.Case):
    """What is left of a bed: nothing."""

    @classmethod
    def setUpClass(cls):
        cls.skip_unless_possible()

    def setUp(self):
        super().setUp()
        # So that a folder left behind is found.
        self.temporary = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(self.temporary.rmdir)
        self.environment = {**os.environ, "TMPDIR": str(self.temporary)}

    def start(self, *arguments, **options):
        process = subprocess.Popen([bed.TESTBED, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   stdin=subprocess.DEVNULL, env=self.environment, **options)
        # Does nothing to one that has ended.
        self.addCleanup(process.communicate)
        self.addCleanup(process.terminate)
        return process

    def read_until_ready(self, process):
        """What a process writes before a line `ready`."""
        lines = []
        while not lines or lines[-1] != "ready\n":
            lines.append(process.stdout.readline())
            self.assertTrue(lines[-1], "ended before it was ready")
        return "".join(lines)

    def expect_nothing_left(self, about):
        """Nothing of the bed of this test, whose file `bed` is in the text."""
        self.assertIn("nodes=", about)
        folder = str(self.temporary)
        self.assertEqual(list(self.temporary.iterdir()), [])
        self.assertEqual(processes_with(folder), [])
        self.assertNotIn(folder, pathlib.Path("/proc/mounts").read_text())
        self.assertNotIn(shell_variable(about, "link"), links())

    def test_run_ends_with_the_code_of_its_command_and_takes_its_jobs_along(self):
        script = """#!/bin/bash
            setsid bash -c 'exec -a left_by_job sleep 600' &
            trap '' TERM
            touch started
            sleep 600"""
        (self.here / "job").write_text(script)
        run = self.start("run", "--", "bash", "-c", """cat "${SLURM_CONF%/*}/bed"; sbatch -N 2 --output=out job
            until [[ -e started ]]; do sleep 0.1; done
            exit 7""", cwd=self.here)
        output, errors = run.communicate()
        self.assertEqual(run.returncode, 7, errors)
        self.expect_nothing_left(output)

    def test_run_that_is_asked_to_end_asks_its_command_and_ends(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with self.subTest(number):
                run = self.start("run", "--", "bash", "-c", """cat "${SLURM_CONF%/*}/bed"
                    trap "echo asked; exit 5" TERM INT HUP
                    echo ready; while true; do sleep 0.1; done""")
                about = self.read_until_ready(run)
                run.send_signal(number)
                output, errors = run.communicate()
                self.assertEqual((run.returncode, output), (5, "asked\n"), errors)
                self.expect_nothing_left(about)

    def replace_slurmd(self, text):
        (self.here / "slurmd").write_text("#!/bin/bash\n" + text)
        (self.here / "slurmd").chmod(0o755)
        self.environment["PATH"] = f"{self.here}:{self.environment['PATH']}"

    def test_up_that_fails_half_way_takes_down_what_it_started(self):
        self.replace_slurmd("cat ${SLURM_CONF%/*}/bed\nexit 1\n")
        up = self.start("up")
        output, errors = up.communicate()
        self.assertEqual((up.returncode, output), (1, ""))
        self.assertIn("slurmd of node1 did not start", errors)
        # It has shown what the daemon wrote.
        self.assertIn("\nnodes=2\n", errors)
        self.expect_nothing_left(errors)

    def test_up_that_is_asked_to_end_takes_down_what_it_started(self):
        # It cannot be ready before it is asked.
        begun, told = self.here / "begun", self.here / "told"
        self.replace_slurmd(f"touch {begun}\nuntil [[ -e {told} ]]; do sleep 0.05; done\n")
        up = self.start("up")
        bed.wait_until(begun.exists, "slurmd was never started")
        about = next(self.temporary.glob("*/bed")).read_text()
        up.terminate()
        told.touch()
        up.communicate()
        self.assertEqual(up.returncode, 128 + signal.SIGTERM)
        self.expect_nothing_left(about)

    def test_up_and_down_serve_a_shell(self):
        folder = self.temporary / "mine"
        run = subprocess.run(["bash", "-euc", f"""
            set -o pipefail
            testbed={bed.TESTBED}
            lines=$("$testbed" up --nodes 1 {folder})
            eval "$lines"
            cat {folder}/bed
            srun hostname
            "$testbed" down {folder}"""], capture_output=True, text=True, check=False, env=self.environment)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.expect_nothing_left(run.stdout)

    def test_the_bed_of_a_test_goes_down_with_it_though_it_is_killed(self):
        with subprocess.Popen([sys.executable, "-c", """if True:
            import bed, pathlib, time
            here = bed.Bed()
            print((here.folder / "bed").read_text(), "ready", sep="", flush=True)
            time.sleep(600)"""], stdout=subprocess.PIPE, text=True, cwd=pathlib.Path(__file__).parent,
                              env=self.environment) as test:
            about = self.read_until_ready(test)
            test.kill()
        bed.wait_until(lambda: not list(self.temporary.iterdir()), "the folder is still there")
        bed.wait_until(lambda: not processes_with(str(self.temporary)), "processes are still there")
        self.expect_nothing_left(about)


if __name__ == "__main__":
    bed.main()
