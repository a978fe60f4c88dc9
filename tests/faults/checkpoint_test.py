"""Checkpoints survive kills in the middle of their writing, full disks and damage; nothing intact is overwritten."""

import os
import subprocess

import harness
from harness import COMMUNICATION, DATA, DONE, USAGE

# System calls of one checkpoint, counted from the run's first: writes and syncs of model, optimizer, state and
# MANIFEST, renames of the folder and of the links `latest` and, for a best one, `best`.
FILES = ("model.safetensors", "optimizer.safetensors", "state.pb", "MANIFEST")


class Disk:
    """A small file system of its own, for tests that fill it or forbid writing."""

    def __init__(self, folder, size):
        self.folder = folder
        folder.mkdir()
        self.mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder],
                                      capture_output=True, check=False).returncode == 0

    def remount(self, options):
        subprocess.run(["mount", "-o", f"remount,{options}", self.folder], check=True)

    def unmount(self):
        if self.mounted:
            subprocess.run(["umount", self.folder], check=True)


class CheckpointTest(harness.FaultTest):
    def checkpoints(self):
        return self.run_directory / "checkpoints"

    def saved(self):
        return sorted(path.name for path in self.checkpoints().glob("step-*"))

    # Killed while writing.

    def check_killed(self, injected, place, count):
        ends = {"local": self.inject(f"0 {place} {count} kill")}
        self.expect(ends["local"], COMMUNICATION, r":rank 0 died")
        self.resume_and_expect_equal()
        self.assertEqual([path.name for path in self.checkpoints().glob(".*")], [], "half a checkpoint is left")
        self.record(injected, ends)

    def test_killed_writing_the_model(self):
        self.check_killed("kill -9 of rank 0 writing model.safetensors", "write", 9)

    def test_killed_writing_the_manifest(self):
        self.check_killed("kill -9 of rank 0 writing MANIFEST", "write", 12)

    def test_killed_before_the_folder_is_renamed(self):
        self.check_killed("kill -9 of rank 0 before a checkpoint gets its name", "rename", 3)

    def test_killed_between_the_renames(self):
        self.check_killed("kill -9 of rank 0 between a checkpoint's name and `latest`", "rename", 4)

    def test_killed_between_latest_and_best(self):
        self.check_killed("kill -9 of rank 0 between `latest` and `best`", "rename", 5)

    def test_killed_in_the_very_first_checkpoint(self):
        self.check_killed("kill -9 of rank 0 in the first checkpoint of all", "write", 1)

    # The disk.

    def test_short_writes_change_nothing(self):
        end = self.inject("0 write 1 short")
        self.expect(end, DONE)
        self.expect_equal_to_undisturbed()
        self.record("write(2) takes half of what it is given", {"local": end})

    def test_no_space_from_the_third_checkpoint_on(self):
        end = self.inject("0 write 9 full")
        self.expect(end, DATA, r"checkpoint not written: cannot write .*No space left on device")
        self.assertEqual(self.saved(), ["step-000000050", "step-000000100"])
        self.resume_and_expect_equal()
        self.record("no space from the third checkpoint on; the run goes on", {"local": end})

    def test_no_space_ends_the_run_where_it_is_asked_to(self):
        end = self.inject("0 write 9 full", options=("--set", "checkpoints.on_failure=END_RUN"))
        self.expect(end, DATA, r"checkpoint not written: cannot write .*No space left on device")
        self.assertNotIn('"split":"test"', (self.run_directory / "metrics.jsonl").read_text())
        self.resume_and_expect_equal()
        self.record("no space from the third checkpoint on, with `checkpoints.on_failure: END_RUN`", {"local": end})

    def disk(self, size):
        disk = Disk(self.here / "disk", size)
        if not disk.mounted:
            self.skipTest("mounting a small file system takes root")
        self.addCleanup(disk.unmount)
        self.run_directory = disk.folder / "run"
        return disk

    def test_a_really_full_disk(self):
        # A checkpoint takes 2.9 MB, pictures 2.4 MB: one fits beside them, a second does not.
        disk = self.disk("7m")
        end = self.run_job(self.command("local"), executable=harness.program.PROGRAM)
        self.expect(end, DATA, r"checkpoint not written: .*No space left on device")
        self.assertEqual(self.saved(), ["step-000000050"])
        disk.remount("size=64m")
        self.resume_and_expect_equal()
        self.record("a disk that holds one checkpoint (tmpfs of 7 MB)", {"local": end})

    def test_a_full_disk_at_the_start(self):
        disk = self.disk("16k")
        (disk.folder / "full").write_bytes(bytes(12288))
        end = self.run_job(self.command("local"), executable=harness.program.PROGRAM)
        self.assertIn(end.code, (USAGE, DATA), end.said)
        self.assertIn("No space left on device", end.said)
        self.record("a disk that is full at the start", {"local": end}, equal="not begun")

    def test_a_read_only_disk(self):
        disk = self.disk("64m")
        self.expect(self.run_job(self.command("local", ("--set", "steps=100")), executable=harness.program.PROGRAM),
                    DONE)
        before = snapshot(self.run_directory)
        disk.remount("ro")
        end = self.run_job(self.command("local", ("--resume",)), executable=harness.program.PROGRAM)
        self.expect(end, USAGE, r"run directory .* cannot be used: .*Read-only file system")
        self.assertEqual(snapshot(self.run_directory), before)
        disk.remount("rw")
        self.record("a run directory on a read-only disk", {"local": end}, equal="not begun")

    # Damage.

    def stop_after_three_checkpoints(self):
        """A run of 300 steps that was killed at the first write of its fourth checkpoint: the third is whole then."""
        self.inject("0 write 13 kill")
        self.assertEqual(self.saved()[-1], "step-000000150")

    def check_damage(self, damage):
        """The one before is used, and the end is the undisturbed one; damage(folder) spoils the newest."""
        self.stop_after_three_checkpoints()
        damage(self.checkpoints() / "step-000000150")
        end = self.resume()
        self.assertRegex(end.said, r"warning: checkpoint .*step-000000150 is damaged: ")
        self.expect_equal_to_undisturbed()
        return end

    def test_a_flipped_bit_in_each_file(self):
        for name in FILES:
            with self.subTest(file=name):
                end = self.check_damage(lambda folder, name=name: flip_a_bit(folder / name))
        self.record("a bit flipped in model, optimizer, state or MANIFEST of the newest checkpoint", {"local": end})

    def test_a_truncated_file(self):
        end = self.check_damage(lambda folder: os.truncate(folder / "model.safetensors", 1000))
        self.record("the newest checkpoint truncated", {"local": end})

    def test_no_checkpoint_intact(self):
        self.stop_after_three_checkpoints()
        for folder in self.checkpoints().glob("step-*"):
            flip_a_bit(folder / "model.safetensors")
        before = snapshot(self.checkpoints())
        end = self.run_job(self.command("local", ("--resume",)), executable=harness.program.PROGRAM)
        self.expect(end, DATA, r"no checkpoint in .* is intact")
        self.assertEqual(snapshot(self.checkpoints()), before)
        self.record("every checkpoint damaged", {"local": end}, equal="not resumed, nothing overwritten")

    def test_a_checkpoint_of_another_model(self):
        self.stop_after_three_checkpoints()
        before = snapshot(self.checkpoints())
        end = self.run_job(self.command("local", ("--resume", "--set", "model.hidden.linear.units=100")),
                           executable=harness.program.PROGRAM)
        self.expect(end, USAGE, r"tensor 'hidden.weight' has shape \(300, 784\) .*the model needs \(100, 784\)")
        self.assertEqual(snapshot(self.checkpoints()), before)
        self.resume_and_expect_equal()
        self.record("--resume with another model", {"local": end}, equal="refused, then yes")

    def test_ranks_that_do_not_divide_the_micro_batches(self):
        self.stop_after_three_checkpoints()
        before = snapshot(self.run_directory)
        end = self.run_job(self.command("local", ("--resume",), ranks=3), executable=harness.program.PROGRAM)
        self.expect(end, USAGE, r"4 micro-batches cannot be shared equally by 3 ranks; world sizes that work: 1, 2, 4")
        self.assertEqual(snapshot(self.run_directory), before)
        self.resume_and_expect_equal(ranks=4)
        self.record("--resume on 3 ranks, with 4 micro-batches", {"local": end}, equal="refused, then yes on 4 ranks")


def flip_a_bit(file):
    contents = bytearray(file.read_bytes())
    contents[len(contents) // 2] ^= 1
    file.write_bytes(contents)


def snapshot(folder):
    """Every file below a folder with its contents."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


if __name__ == "__main__":
    harness.main()
