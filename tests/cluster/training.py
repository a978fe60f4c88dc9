"""A training in a job of the test bed: writes the job script as launch/submit does, and reads what the job left."""

import hashlib
import json
import os
import pathlib

import bed

ROOT = bed.ROOT
DIGITS = ROOT / "configs/digits_mlp.textproto"
FAKE = ROOT / "tests/launch/fake_seve"


class Training:
    """A run directory, the job that trains it on `nodes` nodes of two ranks each, and what came of it."""

    def __init__(self, slurm, folder, configuration, program=bed.PROGRAM, nodes=2, tasks=1, time=20, notice=60,
                 modules=(), data_sets=(), data_root=""):
        self.slurm = slurm
        self.run = folder
        self.slurm_folder = folder / "slurm"
        self.slurm_folder.mkdir(parents=True, exist_ok=True)
        (self.slurm_folder / "config.textproto").write_text(configuration)
        array = f"#SBATCH --array=1-{tasks}%1\n" if tasks > 1 else ""
        number = "%A_%a" if tasks > 1 else "%j"
        self.script = self.slurm_folder / "job.sbatch"
        self.script.write_text(f"""#!/bin/bash
#SBATCH --job-name={folder.name}
#SBATCH --nodes={nodes}
#SBATCH --gpus-per-node=a100:2
#SBATCH --ntasks-per-node=2
#SBATCH --cpus-per-task=1
#SBATCH --time={time}
{array}#SBATCH --signal=B:USR1@{notice}
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output={self.slurm_folder}/%x-{number}.out

readonly modules=({" ".join(modules)})
readonly data_sets=({" ".join(data_sets)})
readonly data_root={data_root}
readonly checkpoint_notice={notice}
readonly root={ROOT}
readonly run={folder}
readonly program={program}
readonly again="launch/submit --run {folder} --resume CONFIG"

""" + (ROOT / "launch/job.sbatch").read_text())
        self.job = None

    def submit(self, *options):
        """Submits the job script and returns the number of the job. Marks of an earlier job go first."""
        for mark in ("done", "stopped"):
            (self.slurm_folder / mark).unlink(missing_ok=True)
        self.job = self.slurm.submit(self.script, *options)
        (self.slurm_folder / "job_id").write_text(self.job + "\n")
        return self.job

    def mark(self, name):
        """The text of a mark; None where it is not there."""
        path = self.slurm_folder / name
        return path.read_text() if path.exists() else None

    def log(self, task=None):
        """What the job, or one task of its array, wrote."""
        number = self.job if task is None else f"{self.job}_{task}"
        path = self.slurm_folder / f"{self.run.name}-{number}.out"
        return path.read_text(errors="replace") if path.exists() else ""

    def events(self, kind):
        """Lines of metrics.jsonl of this kind, without one that is being written."""
        path = self.run / "metrics.jsonl"
        text = path.read_text() if path.exists() else ""
        lines = [json.loads(line) for line in text.split("\n")[:-1] if line]
        return [line for line in lines if line["event"] == kind]

    def step(self):
        """The step of the latest checkpoint; 0 without one."""
        try:
            return int(os.readlink(self.run / "checkpoints/latest").removeprefix("step-"))
        except FileNotFoundError:
            return 0

    def wait_for_step(self, step):
        bed.wait_until(lambda: self.step() >= step,
                       lambda: f"no checkpoint of step {step}. Log:\n" + "\n".join(
                           path.read_text(errors="replace") for path in self.slurm_folder.glob("*.out")))

    def weights(self):
        """SHA-256 of the parameters and of the optimizer's state in the latest checkpoint."""
        latest = self.run / "checkpoints/latest"
        return [hashlib.sha256((latest / f"{name}.safetensors").read_bytes()).hexdigest()
                for name in ("model", "optimizer")]


def configuration(epochs, checkpoint_steps=10):
    """The quickstart's network, 63 steps an epoch."""
    return f"""base: "{DIGITS}"
batch {{ size: 256 }}
epochs: {epochs}
checkpoints {{ every_steps: {checkpoint_steps} }}
reporting {{ pictures: NO_PICTURES }}
"""


def processes_with(text):
    """Ids of the processes with this text in an argument, on all nodes of the bed: they share this machine's processes."""
    found = []
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            arguments = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if text in arguments and int(folder.name) != os.getpid():
            found.append(int(folder.name))
    return found


def rank_process(run, rank):
    """The id of the process that is this rank of a run; None while there is none."""
    for process in processes_with(f"train {run}/slurm/config.textproto"):
        try:
            name = pathlib.Path(f"/proc/{process}/comm").read_text().strip()
            variables = pathlib.Path(f"/proc/{process}/environ").read_bytes().split(b"\0")
        except OSError:
            continue
        # Not srun, nor the launcher.
        if name == pathlib.Path(bed.PROGRAM).name[:15] and b"PMIX_RANK=%d" % rank in variables:
            return process
    return None
