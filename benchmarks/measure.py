"""What the benchmarks of whole trainings share: running one, and the preamble of a table."""

import argparse
import datetime
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
PROGRAM = os.environ.get("SEVE_PROGRAM", str(ROOT / "build/release/seve"))


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        names = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    return f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores"


def commit():
    described = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True,
                               check=False)
    return described.stdout.strip() or "unknown"


def arguments(doc, ranks):
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--ranks", default=ranks, help="comma-separated")
    given = parser.parse_args()
    given.ranks = [int(count) for count in given.ranks.split(",")]
    return given


def preamble(what):
    command = [str(pathlib.Path(sys.argv[0]).resolve().relative_to(ROOT)), *sys.argv[1:]]
    print(f"# seve {commit()}, {datetime.date.today()}, {processor()}")
    print(f"# {' '.join(command)}: {what}")


def train(configuration, ranks, directory, sets, options=()):
    """Trains once with paths of the configuration set, without evaluations; returns the lines of metrics.jsonl."""
    command = [ROOT / "launch/local", "-n", ranks, "train", ROOT / f"configs/{configuration}.textproto",
               "--run", directory, "--overwrite", "--quiet", *options]
    for value in ("evaluation.every_steps=1000000000", "evaluation.test=false", *sets):
        command += ["--set", value]
    has_data = any(value.startswith("data=") for value in sets)
    if not has_data and not (pathlib.Path(os.environ.get("SEVE_DATA", "/nowhere")) / "mnist").is_dir():
        command += ["--set", "data.digits="]
    done = subprocess.run(list(map(str, command)), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          check=False, env={**os.environ, "SEVE_PROGRAM": PROGRAM})
    if done.returncode != 0:
        sys.exit(f"{configuration} on {ranks} ranks ended with {done.returncode}\n{done.stderr}")
    lines = (pathlib.Path(directory) / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def spread(values):
    """Median, lowest and highest."""
    return statistics.median(values), min(values), max(values)
