"""Submits the points of a launch/sweep to Slurm: as job arrays, a task a point, or all as steps of one job."""

import itertools
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

from sweep_study import SweepError, name_of

LAUNCH = pathlib.Path(__file__).resolve().parents[1]
# What a point's own job script says that an array of them says itself.
OWN = re.compile(r"#SBATCH --(job-name|output|array)=")

TASK = """
set -euo pipefail
readonly points=({points})
run=${{points[SLURM_ARRAY_TASK_ID - 1]}}
log=$run/slurm/$SLURM_JOB_NAME-${{SLURM_ARRAY_JOB_ID}}_$SLURM_ARRAY_TASK_ID.out
# To its script, a point is a job of its own, not a task that goes on with what the one before left.
unset "${{!SLURM_ARRAY_@}}"
exec bash "$run/slurm/job.sbatch" >>"$log" 2>&1
"""

STEPS = """
set -euo pipefail
load_modules() {
  local code=0
  ((${#modules[@]} > 0)) || return 0
  set +eu
  [[ $(type -t module) ]] || . /etc/profile
  module --force purge && module load "${modules[@]}"
  code=$?
  set -eu
  return "$code"
}
load_modules
export SEVE_PROGRAM=$program OMP_NUM_THREADS=${SLURM_CPUS_PER_TASK:-1}
# With `sbatch --export=NONE`, srun would start the ranks without the modules.
unset SLURM_EXPORT_ENV
exec "$root/launch/sweep" %s --data "$data_root"
"""


def wanted(options):
    """Whether points go to a cluster: it is named, or this is one of its login nodes."""
    return "SLURM_JOB_ID" not in os.environ and bool(options.cluster or os.environ.get("CC_CLUSTER"))


def request(options):
    """The options of launch/submit that all points have."""
    words = [word for name in ("cluster", "gpu", "time", "account", "data") if getattr(options, name)
             for word in (f"--{name}", getattr(options, name))]
    return words + [f"--sbatch={option}" for option in options.sbatch]


def submit_command(study, options, point, folder, mode):
    resume = ["--resume"] if (folder / "config.textproto").exists() else []
    return list(map(str, [LAUNCH / "submit", mode, *request(options), "--gpus", point.ranks or 1, "--run", folder,
                          *resume, study.configuration, "--", *point.words()]))


class Refused(Exception):
    """What launch/submit or sbatch said, and the exit code."""

    def __init__(self, code, said):
        super().__init__(said.strip())
        self.code = code


def call(command, warned=None):
    """What a command prints; warnings are passed on, each once."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Refused(done.returncode, done.stderr)
    for line in done.stderr.splitlines():
        if warned is not None and line.startswith("warning:") and line not in warned:
            warned.add(line)
            print(line, file=sys.stderr)
    return done.stdout


def prepared(study, options, point, folder, warned):
    """Has launch/submit check a point and make its job script; returns the script and sbatch's further options."""
    mode = "--dry-run" if options.dry_run else "--prepare"
    said = call(submit_command(study, options, point, folder, mode), warned)
    if options.dry_run:
        return said, []
    command = shlex.split(said.strip().splitlines()[-1])
    return pathlib.Path(command[-1]).read_text(), command[1:-1]


def header_of(script):
    """The lines for Slurm."""
    return [line for line in script.splitlines() if line.startswith("#SBATCH ")]


def active_jobs():
    """Jobs and array tasks of the user that wait or run."""
    return set(call(["squeue", "--noheader", "--array", "--me", "--format=%i"]).split())


def array_script(study, ranks, group, script):
    folder = study.folder.resolve()
    # '%' is Slurm's own in names of files.
    output = shlex.quote(f"{folder}/slurm/".replace("%", "%%") + "%x-%A.out").replace("'", '"')
    lines = [line for line in header_of(script) if not OWN.match(line)]
    lines += [f"#SBATCH --job-name={name_of(folder.name)}-{ranks or 1}", f"#SBATCH --array=1-{len(group)}",
              f"#SBATCH --output={output}"]
    points = "\n  ".join(["", *(shlex.quote(str(study.path(point).resolve())) for point in group)])
    return "\n".join(["#!/bin/bash", "# Made by launch/sweep: each task trains a point.", *lines,
                      TASK.format(points=points)])


def steps_script(options, script):
    """One job in which launch/sweep itself trains the points, one after another on the same nodes."""
    wanted_lines = re.compile(r"#SBATCH |readonly (root|program|modules|data_root)=")
    kept = [line for line in script.splitlines() if wanted_lines.match(line)]
    return "\n".join(["#!/bin/bash", "# Made by launch/sweep: trains all points on the same nodes.", *kept,
                      STEPS % " ".join(map(shlex.quote, options.same_study))])


def submit(script, file, sbatch_options):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(script)
    return call(["sbatch", "--parsable", *sbatch_options, str(file)]).strip().split(";")[0]


def submit_array(study, options, ranks, group, failures):
    """Submits those points of a group that launch/submit agrees to."""
    ready, script, sbatch_options, warned = [], "", [], set()
    for point in group:
        try:
            # Slurm's options are the same for all.
            script, sbatch_options = prepared(study, options, point, study.path(point).resolve(), warned)
            ready.append(point)
        except Refused as refused:
            failures.append((point.name, refused.code, str(refused)))
    if not ready:
        return
    array = array_script(study, ranks, ready, script)
    if options.dry_run:
        print(array)
        return
    job = submit(array, study.folder / f"slurm/gpus-{ranks or 1}.sbatch", sbatch_options)
    for task, point in enumerate(ready, 1):
        point.job = f"{job}_{task}"
        (study.path(point) / "slurm/job_id").write_text(point.job + "\n")
    study.save()
    print(f"job {job} is submitted: {len(ready)} points on {ranks or 1} GPUs each")


def submit_arrays(study, options, points):
    failures = []
    ordered = sorted(points, key=lambda point: point.ranks)
    for ranks, group in itertools.groupby(ordered, key=lambda point: point.ranks):
        try:
            submit_array(study, options, ranks, list(group), failures)
        except Refused as refused:
            failures.append((f"the points on {ranks or 1} GPUs", refused.code, str(refused)))
    for name, code, said in failures:
        print(f"sweep: {name} was not submitted ({code}):\n{said}", file=sys.stderr)
    return failures[0][1] if failures else 0


def submit_steps(study, options, points):
    largest = max(points, key=lambda point: point.ranks)
    folder = (study.folder / "allocation").resolve()
    try:
        script, sbatch_options = prepared(study, options, largest, folder, set())
        script = steps_script(options, script)
        if options.dry_run:
            print(script)
            return 0
        job = submit(script, folder / "slurm/job.sbatch", sbatch_options)
    except Refused as refused:
        print(f"sweep: nothing was submitted:\n{refused}", file=sys.stderr)
        return refused.code
    (folder / "slurm/job_id").write_text(job + "\n")
    for point in points:
        point.job = job
    study.save()
    print(f"job {job} is submitted: {len(points)} points one after another on {largest.ranks or 1} GPUs")
    return 0


def run(study, options):
    """Submits what is missing and neither waits nor runs, and returns the exit code."""
    if options.ranks:
        raise SweepError("--ranks: on a cluster each rank has a GPU, say --gpus")
    if not options.dry_run and not shutil.which("sbatch"):
        raise SweepError("there is no sbatch here: log in to the cluster; --dry-run shows the job")
    missing = study.missing()
    try:
        active = set() if options.dry_run else active_jobs()
    except Refused as refused:
        print(f"sweep: Slurm does not say what runs: {refused}", file=sys.stderr)
        return refused.code
    waiting = [point for point in missing if point.job in active]
    points = [point for point in missing if point not in waiting]
    print(f"{len(study.points)} points: {len(study.points) - len(missing)} complete, {len(waiting)} queued or running, "
          f"{len(points)} to submit", file=sys.stderr)
    for point in points:
        stopped = study.path(point) / "slurm/stopped"
        if stopped.exists():
            print(f"sweep: {point.name} failed: {stopped.read_text().strip()}", file=sys.stderr)
    if not points:
        return 0
    if not options.dry_run:
        study.save()
    code = (submit_steps if options.one_allocation else submit_arrays)(study, options, points)
    if not options.dry_run and code == 0:
        print(f"  how it goes: squeue --me; when the points are done: seve compare {shlex.quote(str(study.folder))}\n"
              "  the same command submits what failed or was out of time")
    return code
