"""benchmarks/device/compare.py, step.py and peers/gpu_step.py, as far as they go without a GPU."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import program

BENCHMARKS = program.ROOT / "benchmarks"
sys.path.append(str(BENCHMARKS / "device"))
import step  # noqa: E402

PRODUCTS = [{"section": "products", "what": f"{form}, BF16", "microseconds": 1000}
            for form in ("forward", "input gradient", "weight gradient")]


def time_of(work, batch, precision, mode, microseconds, **more):
    return json.dumps({"work": work, "batch": batch, "precision": precision, "mode": mode,
                       "microseconds": microseconds, **more})


class CompareTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, name, *lines):
        (self.folder / name).write_text("\n".join(lines) + "\n")

    def checks(self):
        """{name: result} of the lines that benchmarks/gpu takes over."""
        said = program.run([sys.executable, BENCHMARKS / "device/compare.py", self.folder]).stdout
        lines = [line.removeprefix("check: ").split("\t") for line in said.splitlines() if line.startswith("check: ")]
        for line in lines:
            self.assertEqual(len(line), 4, line)
        return {line[0]: line[1] for line in lines}

    def test_ratios_of_medians_are_held_against_their_targets(self):
        self.write("ours_1.jsonl", "anything else", time_of("mlp", 256, "FP32", "graph", 20),
                   time_of("wide", 8192, "BF16", "graph", 24000))
        self.write("ours_2.jsonl", time_of("mlp", 256, "FP32", "graph", 30))
        self.write("pytorch_1.jsonl", time_of("mlp", 256, "FP32", "eager", 125),
                   time_of("mlp", 256, "FP32", "compiled", 80), time_of("mlp", 256, "FP32", "graph", 49))
        rates = [{"section": "optimizers", "what": "adam", "fraction": 0.9},
                 {"section": "activations", "what": "relu", "fraction": 0.9},
                 {"section": "activations", "what": "gelu", "fraction": 0.84}]
        self.write("rates.json", json.dumps({"rows": PRODUCTS + rates}))
        self.assertEqual(self.checks(), {"mlp 256 of eager": "met", "mlp 256 of compiled": "not met",
                                         "wide of its products": "met", "optimizers of copy": "met",
                                         "activations of copy": "not met"})

    def test_what_was_not_measured_is_not_run_and_what_failed_has_failed(self):
        self.write("ours_1.jsonl", time_of("mlp", 256, "FP32", "graph", None, error="exit code 2: no"))
        self.assertEqual(self.checks(), {"our steps": "failed", **dict.fromkeys(
            ("mlp 256 of eager", "mlp 256 of compiled", "wide of its products", "optimizers of copy",
             "activations of copy"), "not run")})


class StepTest(unittest.TestCase):
    def test_the_time_of_a_step_is_the_median_after_warming_up(self):
        seconds = [0, 5, 6, 8, 10, 12]
        lines = [{"event": "step", "step": 100 * i, "seconds": second} for i, second in enumerate(seconds)]
        with tempfile.TemporaryDirectory() as folder:
            metrics = pathlib.Path(folder) / "metrics.jsonl"
            metrics.write_text("\n".join(map(json.dumps, [{"event": "start"}, *lines, {"event": "end"}])))
            self.assertEqual(step.microseconds(metrics), 20000)

    def test_every_work_trains_on_its_data(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            step.make_once(folder / "pictures", step.make_pictures, 128)
            step.make_once(folder / "wide", step.make_wide, 8, 32, 8192)
            for work in ("linear", "mlp"):
                program.run([program.PROGRAM, "train", step.WORKS / f"{work}.textproto", "--run", folder / work, "--quiet",
                             "--data", folder, "--set", "steps=2", "--set", "device=CPU"])
                self.assertEqual(program.metrics(folder / work)[-1]["step"], 2)
            program.run([program.PROGRAM, "inspect", step.WORKS / "wide.textproto", "--data", folder])


class PeerTest(unittest.TestCase):
    def test_without_pytorch_it_says_so(self):
        peer = BENCHMARKS / "peers/gpu_step.py"
        self.assertIn("max-autotune", program.run([sys.executable, peer, "--help"]).stdout)
        done = subprocess.run([sys.executable, "-S", peer], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("has no PyTorch", done.stderr)


if __name__ == "__main__":
    program.main()
