"""The job scripts of all profiles, as `launch/submit --dry-run` prints them: exactly the reviewed ones in expected/.

An expected file holds what differs: a script between its #! line and the body, launch/job.sbatch. After a change that is meant,
--write writes them anew; read the difference as the administrator of each cluster would."""

import functools
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PROGRAM = os.environ.get("SEVE_PROGRAM", str(ROOT / "build/release/seve"))
# A user whose clone lies in a home directory of no machine.
CLONE = "/home/student/seve"
USER = {"HOME": "/home/student", "SCRATCH": "/scratch/student"}

# The expected script's name and what it is asked with.
REQUESTS = {
    "narval-8-gpus": ["--cluster", "narval", "--gpus", "8"],
    "narval-slice": ["--cluster", "narval", "--gpu", "a100_1g.5gb"],
    "rorqual-2-gpus": ["--cluster", "rorqual", "--gpus", "2", "--time", "12:00:00", "--blocks", "4"],
    "rorqual-slice": ["--cluster", "rorqual", "--gpu", "h100_1g.10gb"],
    "tamia-h100": ["--cluster", "tamia", "--gpus", "4", "--time", "1-00:00:00"],
    "tamia-h200": ["--cluster", "tamia", "--gpus", "16", "--gpu", "h200"],
    "glo7030": ["--cluster", "glo7030"],
    "glo7030-slice": ["--cluster", "glo7030", "--gpu", "1g.5gb", "--time", "30:00"],
    "generic": ["--cluster", "generic", "--gpus", "4", "--nodes", "2"],
}


@functools.lru_cache(maxsize=None)
def rendered(name):
    """The script of this name, with the clone's place taken out."""
    request = REQUESTS[name]
    command = [ROOT / "launch/submit", "--dry-run", *request, "configs/digits_mlp.textproto"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SBATCH_", "SEVE_DATA"))}
    done = subprocess.run(list(map(str, command)), cwd=ROOT, env={**environment, **USER, "SEVE_PROGRAM": PROGRAM},
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(request)}: exit code {done.returncode}\n{done.stderr}")
    return done.stdout.replace(PROGRAM, f"{CLONE}/build/release/seve").replace(str(ROOT), CLONE)


def head(name):
    """The script of this name between its #! line and its body; fails where these are not as they must be."""
    shell, body = "#!/bin/bash\n", (ROOT / "launch/job.sbatch").read_text().removeprefix("#!/bin/bash\n")
    script = rendered(name)
    if not script.startswith(shell) or not script.endswith(body):
        raise AssertionError(f"{name} does not begin with {shell!r} or does not end with launch/job.sbatch")
    return script.removeprefix(shell).removesuffix(body)


class ScriptsTest(unittest.TestCase):
    maxDiff = None

    def test_every_profile_has_a_script(self):
        profiles = {path.stem for path in (ROOT / "cluster").glob("*.textproto")}
        self.assertEqual(profiles, {request[1] for request in REQUESTS.values()})
        self.assertEqual({path.stem for path in (HERE / "expected").iterdir()}, set(REQUESTS))

    def test_scripts_are_as_reviewed(self):
        for name in REQUESTS:
            with self.subTest(name):
                self.assertEqual(head(name), (HERE / f"expected/{name}.head").read_text())

    def test_scripts_have_no_fault_of_bash(self):
        if not shutil.which("shellcheck"):
            self.skipTest("shellcheck is not installed: launch/setup --tests")
        for name in REQUESTS:
            with self.subTest(name):
                # Not every script needs every variable.
                done = subprocess.run(["shellcheck", "--severity=warning", "--exclude=SC2034", "-"],
                                      input=rendered(name), capture_output=True, text=True, check=False)
                self.assertEqual(done.stdout, "")

    def test_nobodys_account_partition_or_home_is_in_a_script(self):
        for name in REQUESTS:
            with self.subTest(name):
                script = rendered(name)
                for word in ("--account", "--partition", os.environ.get("HOME", "/root") + "/"):
                    self.assertNotIn(word, script)


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        for script_name in REQUESTS:
            (HERE / f"expected/{script_name}.head").write_text(head(script_name))
    else:
        unittest.main()
