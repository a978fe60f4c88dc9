"""What `device` means where there are GPUs and where there are none: every refusal is one line, with exit code 2.

Machines that are not at hand are made by the emulator of tests/emulator, which the program SEVE_EMULATED has in CUDA's
place: SEVE_EMULATED_GPUS, _DRIVER (0: none) and so on describe them.
"""

import os
import pathlib
import subprocess
import tempfile
import unittest

import program

EMULATED = os.environ.get("SEVE_EMULATED")
CONFIGURATION = """data { digits { train: 200 test: 20 } }
batch { size: 24 }
model { layer { flatten {} } layer { linear { units: 10 } } }
loss { cross_entropy {} }
optimizer { sgd {} }
steps: 5
"""
USAGE = 2
SLICE = "NVIDIA H100 80GB HBM3 MIG 1g.10gb"
OLD_DRIVER = "the NVIDIA driver supports CUDA 12.2, this binary needs"


def run(command, **machine):
    """The finished process of a command on a machine described by SEVE_EMULATED_..."""
    environment = {name: value for name, value in os.environ.items()
                   if name != "CUDA_VISIBLE_DEVICES" and not name.startswith("SEVE_EMULATED")}
    environment.update({f"SEVE_EMULATED_{name}": str(value) for name, value in machine.items() if name.isupper()})
    environment.update(program.MPIRUN)
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, timeout=120,
                          stdin=subprocess.DEVNULL, env=environment)


class DeviceTest(unittest.TestCase):
    executable = program.PROGRAM

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.run_directory = pathlib.Path(folder.name) / "run"
        self.configuration = pathlib.Path(folder.name) / "model.textproto"
        self.configuration.write_text(CONFIGURATION)

    def expect_refused(self, *fragments, sets=("device=CUDA",), ranks=1, **machine):
        """Training ends with 2, says one line with all fragments and leaves no run behind."""
        launcher = ["mpirun", "--quiet", "-n", ranks] if ranks > 1 else []
        options = [word for field in sets for word in ("--set", field)]
        done = run([*launcher, self.executable, "train", self.configuration, "--run", self.run_directory, *options],
                   **machine)
        self.assertEqual(done.returncode, USAGE, done.stdout + done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        for fragment in fragments:
            self.assertIn(fragment, done.stderr)
        self.assertFalse(self.run_directory.exists(), "a refused run left its directory behind")

    def devices(self, *options, **machine):
        """What `seve devices` prints; it always succeeds."""
        done = run([self.executable, "devices", *options], **machine)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout


class ThisMachineTest(DeviceTest):
    def test_a_precision_of_gpus_is_refused_on_the_cpu_with_its_place(self):
        self.configuration.write_text(CONFIGURATION + "device: CPU\nprecision: BF16\n")
        self.expect_refused("model.textproto:8:1: precision: BF16 is for GPUs", "leave precision out", sets=())

    def test_without_a_usable_gpu_cuda_is_refused_and_auto_trains(self):
        if self.devices("--count") != "0\n":
            self.skipTest("this machine has a GPU")
        reason, = (line for line in self.devices().splitlines() if line.startswith("no GPU: "))
        self.expect_refused("--set device=CUDA: device is CUDA, but " + reason.removeprefix("no GPU: "),
                            "; device: CPU trains without GPUs")
        program.run([self.executable, "train", self.configuration, "--run", self.run_directory, "--quiet"])
        start = program.metrics(self.run_directory)[0]
        self.assertEqual((start["devices"], start["device"]), ("1 CPU rank", "CPU"))

    def test_the_version_says_what_is_built_in(self):
        said = run([self.executable, "--version"]).stdout
        self.assertRegex(said, r"^seve \S+ \(\S+\), (CUDA \d+\.\d+|no CUDA), "
                               r"(cuDNN \d+\.\d+\.\d+|no cuDNN), (NCCL \d+\.\d+\.\d+|no NCCL)\n$")


@unittest.skipUnless(EMULATED, "no emulator is built: SEVE_EMULATED")
class EmulatedMachineTest(DeviceTest):
    executable = EMULATED

    def test_no_driver(self):
        self.expect_refused("device is CUDA, but there is no NVIDIA driver on this machine", DRIVER=0)
        self.expect_refused("precision: BF16 is for GPUs, and there is no NVIDIA driver", sets=("precision=BF16",),
                            DRIVER=0)

    def test_an_old_driver_is_no_reason_to_train_on_the_cpu(self):
        for sets in (("device=CUDA",), ()):
            with self.subTest(sets=sets):
                self.expect_refused(OLD_DRIVER, "update the driver or build with an older toolkit", sets=sets,
                                    DRIVER=12020)

    def test_a_driver_without_gpus(self):
        self.expect_refused("device is CUDA, but there is an NVIDIA driver on this machine, but no GPU", GPUS=0)

    def test_fewer_gpus_than_ranks(self):
        for sets in (("device=CUDA",), ()):
            with self.subTest(sets=sets):
                self.expect_refused("has 2 GPUs for 3 ranks: start at most 2 there", sets=sets, ranks=3, GPUS=2)

    def test_two_ranks_on_one_gpu(self):
        self.expect_refused("has 1 GPU for 2 ranks", ranks=2, GPUS=2, SHARED=1)

    def test_slices_on_two_ranks(self):
        self.expect_refused("slices (MIG)", "for 2 ranks", ranks=2, GPUS=2, NAME=SLICE)

    def test_no_code_for_the_architecture(self):
        self.expect_refused("this binary has no code for GPU 0 (", "configure with -DCMAKE_CUDA_ARCHITECTURES=",
                            KERNELS="none")

    def test_devices_of_a_machine_with_two_gpus(self):
        self.assertEqual(self.devices("--count", GPUS=2), "2\n")
        said = self.devices(GPUS=2, NAME="NVIDIA H200")
        self.assertRegex(said, r"^this binary: CUDA \d+\.\d+, ")
        self.assertRegex(said, r"\n0 .*NVIDIA H200 .* GiB +.* GiB +\d+\.\d +yes\n1 .*NVIDIA H200 .*yes\n")

    def test_devices_of_a_machine_without_gpus(self):
        for machine, reason in (({"DRIVER": 0}, "there is no NVIDIA driver on this machine"),
                                ({"DRIVER": 12020}, OLD_DRIVER), ({"GPUS": 0}, "but no GPU")):
            with self.subTest(machine=machine):
                self.assertEqual(self.devices("--count", **machine), "0\n")
                self.assertRegex(self.devices(**machine), "\nno GPU: .*" + reason)

    def test_devices_that_are_not_usable_say_why(self):
        self.assertEqual(self.devices("--count", GPUS=2, KERNELS="none"), "0\n")
        said = self.devices(GPUS=2, KERNELS="none")
        self.assertRegex(said, r"\n0 .* no\n1 .* no\n")
        self.assertIn("\nthis binary has no code for GPU 1 (", said)


if __name__ == "__main__":
    program.main()
