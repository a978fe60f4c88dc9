"""Bad input ends with its exit code and a message that names the place and the remedy; nothing is lost."""

import os
import pathlib
import subprocess
import tempfile
import unittest

import numpy
import program

CONFIGURATION = """data {{ idx {{ folder: "{folder}" }} }}
batch {{ size: 20 }}
model {{
  layer {{ flatten {{}} }}
  layer {{ name: "hidden" linear {{ units: 8 activation: RELU }} }}
  layer {{ name: "scores" linear {{ units: 10 }} }}
}}
loss {{ cross_entropy {{}} }}
optimizer {{ sgd {{ learning_rate: 0.02 }} }}
epochs: 1
"""
USAGE, DATA, COMMUNICATION, NUMERICAL = 2, 3, 4, 5


class BadInputTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.here = pathlib.Path(self.folder.name)
        self.data = self.here / "data"
        generator = numpy.random.default_rng(4)
        program.write_data(self.data, program.make_pictures(200, generator), program.make_pictures(40, generator))
        self.configuration = self.here / "model.textproto"
        self.configuration.write_text(CONFIGURATION.format(folder=self.data))
        self.run_directory = self.here / "run"

    def seve(self, *arguments, ranks=None, environment=None):
        """Runs seve, under mpirun when ranks is given, and returns (exit code, everything it said)."""
        command = [program.PROGRAM] if ranks is None else [str(program.ROOT / "launch/local"), "-n", str(ranks)]
        done = subprocess.run([*command, *map(str, arguments)], capture_output=True, text=True, check=False,
                              timeout=120, stdin=subprocess.DEVNULL,
                              env={**os.environ, "SEVE_PROGRAM": program.PROGRAM, **(environment or {})})
        return done.returncode, done.stdout + done.stderr

    def expect_refused(self, code, *fragments, options=(), ranks=None, environment=None):
        """Training ends with `code`, says all fragments and leaves no run behind."""
        got, said = self.seve("train", self.configuration, "--run", self.run_directory, *options,
                              ranks=ranks, environment=environment)
        self.assertEqual(got, code, said)
        for fragment in fragments:
            self.assertIn(fragment, said)
        self.assertFalse(self.run_directory.exists(), "a refused run left its directory behind")

    def replace(self, old, new):
        text = self.configuration.read_text()
        self.assertIn(old, text)
        self.configuration.write_text(text.replace(old, new))

    # The configuration.

    def test_an_unknown_field_is_named_with_its_place_and_the_near_names(self):
        self.replace("units: 8", "unts: 8")
        self.expect_refused(USAGE, "model.textproto:5:35", "unts", "units")

    def test_a_value_of_the_wrong_type_is_named_with_its_place(self):
        self.replace("units: 8", 'units: "eight"')
        self.expect_refused(USAGE, "model.textproto:5:", "units")

    def test_negative_units_are_refused(self):
        self.replace("units: 8", "units: -8")
        self.expect_refused(USAGE, "model.textproto:5:", "-8")

    def test_a_batch_that_micro_batches_do_not_divide_is_refused(self):
        self.replace("size: 20", "size: 20 micro_batches: 3")
        self.expect_refused(USAGE, "model.textproto:2:", "20", "3")

    def test_micro_batches_that_the_ranks_do_not_divide_list_the_worlds_that_work(self):
        self.replace("size: 20", "size: 20 micro_batches: 5")
        self.expect_refused(USAGE, "model.textproto:2:", "world sizes that work: 1, 5", ranks=2)

    def test_a_layer_input_that_does_not_exist_is_named(self):
        self.replace('name: "scores" linear', 'name: "scores" input: "hiden" linear')
        self.expect_refused(USAGE, "model.textproto:6:", "hiden", "hidden")

    def test_a_circle_of_layers_is_named(self):
        self.replace('name: "hidden" linear', 'name: "hidden" input: "scores" linear')
        self.expect_refused(USAGE, "model.textproto:5:", "hidden -> scores -> hidden")

    def test_a_shape_that_does_not_fit_names_the_layer_and_the_remedy(self):
        self.replace("  layer { flatten {} }\n", "")
        self.expect_refused(USAGE, "model.textproto:4:", "'hidden'", "(1, 28, 28)", "flatten {}")

    def test_a_head_of_the_wrong_width_is_named(self):
        self.replace("units: 10", "units: 7")
        self.expect_refused(USAGE, "model.textproto:6:", "'scores'", "7", "10 classes")

    def test_a_missing_configuration_is_named(self):
        code, said = self.seve("train", self.here / "modle.textproto", "--run", self.run_directory)
        self.assertEqual(code, USAGE)
        self.assertIn("modle.textproto", said)
        self.assertIn("model.textproto", said)

    # The data.

    def test_missing_files_are_listed_with_the_remedy(self):
        for file in self.data.iterdir():
            file.unlink()
        self.expect_refused(DATA, str(self.data), "train-images-idx3-ubyte")

    def test_missing_mnist_tells_how_to_get_it(self):
        self.replace(f'idx {{ folder: "{self.data}" }}', "mnist {}")
        self.expect_refused(DATA, "seve data get mnist", "digits {}", environment={"SEVE_DATA": str(self.here)})

    def corrupt(self, name, change):
        file = self.data / name
        file.write_bytes(change(file.read_bytes()))
        return str(file)

    def test_truncated_labels_are_named(self):
        file = self.corrupt("train-labels-idx1-ubyte", lambda bytes: bytes[:-5])
        self.expect_refused(DATA, file)

    def test_a_wrong_magic_number_is_named(self):
        file = self.corrupt("train-labels-idx1-ubyte", lambda bytes: b"\x00\x00\x0d\x01" + bytes[4:])
        self.expect_refused(DATA, file, "magic")

    def test_a_compressed_file_that_ends_early_is_named(self):
        file = self.corrupt("train-images-idx3-ubyte.gz", lambda bytes: bytes[: len(bytes) // 2])
        self.expect_refused(DATA, file)

    def test_a_label_beyond_the_classes_is_named(self):
        self.replace(f'folder: "{self.data}"', f'folder: "{self.data}" classes: 10')
        file = self.corrupt("train-labels-idx1-ubyte", lambda bytes: bytes[:-1] + b"\x63")
        self.expect_refused(DATA, file, "99", "199")

    def test_other_data_on_one_rank_ends_the_job_and_names_the_rank(self):
        script = self.here / "seve"
        script.write_text(f'#!/bin/sh\n[ "$OMPI_COMM_WORLD_RANK" = 1 ] && cd / \nexec {program.PROGRAM} "$@"\n')
        script.chmod(0o755)
        self.replace(str(self.data), "data")
        os.chdir(self.here)
        self.addCleanup(os.chdir, "/")
        self.expect_refused(DATA, "rank 1", ranks=2, environment={"SEVE_PROGRAM": str(script), "SEVE_DATA": ""})

    # The run directory.

    def test_a_run_that_exists_is_kept_and_the_remedies_are_named(self):
        self.assertEqual(self.seve("train", self.configuration, "--run", self.run_directory, "--quiet")[0], 0)
        before = (self.run_directory / "metrics.jsonl").read_bytes()
        code, said = self.seve("train", self.configuration, "--run", self.run_directory)
        self.assertEqual(code, USAGE)
        self.assertIn("--resume", said)
        self.assertIn("--overwrite", said)
        self.assertEqual((self.run_directory / "metrics.jsonl").read_bytes(), before)

    def test_overwrite_starts_anew_and_resume_goes_on(self):
        train = ("train", self.configuration, "--run", self.run_directory, "--quiet")
        self.assertEqual(self.seve(*train)[0], 0)
        self.assertEqual(self.seve(*train, "--overwrite")[0], 0)
        self.assertEqual(program.metrics(self.run_directory)[-1]["step"], 8)
        self.assertEqual(self.seve(*train, "--resume", "--set", "epochs=2")[0], 0)
        lines = program.metrics(self.run_directory)
        self.assertEqual(lines[-1]["step"], 16)
        self.assertEqual([line["step"] for line in lines if line["event"] == "end"], [16])

    def snapshot(self):
        """Every file of the run with its bytes, the log apart."""
        files = (path for path in self.run_directory.rglob("*") if path.is_file() and path.name != "log.txt")
        return {str(path): path.read_bytes() for path in files}

    def test_a_resumption_that_is_refused_changes_nothing(self):
        train = ("train", self.configuration, "--run", self.run_directory, "--quiet")
        self.assertEqual(self.seve(*train)[0], 0)
        before = self.snapshot()
        for change in ("model.hidden.linear.units=9", "seed=5", "batch.size=10", "optimizer.adam.beta1=0.8",
                       "data.validation_fraction=0.5"):
            code, said = self.seve(*train, "--resume", "--set", "epochs=3", "--set", change)
            self.assertEqual(code, USAGE, said)
            self.assertEqual(self.snapshot(), before, change)

    def test_a_run_that_is_resumed_in_mid_epoch_has_the_files_of_an_undisturbed_one(self):
        train = ("train", self.configuration, "--quiet", "--set", "epochs=3", "--set", "reporting.every_steps=3")
        self.assertEqual(self.seve(*train, "--run", self.here / "whole")[0], 0)
        stopped = (*train, "--run", self.run_directory)
        self.assertEqual(self.seve(*stopped, "--set", "checkpoints.every_steps=5", "--set", "checkpoints.keep=9")[0], 0)
        checkpoints = self.run_directory / "checkpoints"
        for path in checkpoints.iterdir():  # as if the run had ended after step 13 of 24
            if path.name.startswith("step-") and int(path.name[5:]) > 13:
                subprocess.run(["rm", "-r", path], check=True)
        self.assertEqual(self.seve(*stopped, "--resume")[0], 0)
        for name in ("model.safetensors", "optimizer.safetensors"):
            self.assertEqual((checkpoints / "latest" / name).read_bytes(),
                             (self.here / "whole/checkpoints/latest" / name).read_bytes(), name)

        def figures(run):
            return [(line["event"], line["step"], line["loss"], line["accuracy"]) for line in program.metrics(run)
                    if line["event"] in ("step", "evaluation")]

        self.assertEqual(figures(self.run_directory), figures(self.here / "whole"))

    def test_resume_without_a_run_goes_on_with_the_newest(self):
        os.chdir(self.here)
        self.addCleanup(os.chdir, "/")
        train = ("train", self.configuration, "--quiet")
        self.assertEqual(self.seve(*train)[0], 0)
        self.assertEqual(self.seve(*train)[0], 0)
        self.assertEqual(self.seve(*train, "--resume", "--set", "epochs=2")[0], 0)
        self.assertEqual(sorted(path.name for path in (self.here / "runs").iterdir()), ["model", "model-2"])
        self.assertEqual(program.metrics(self.here / "runs/model-2")[-1]["step"], 16)

    def test_a_run_directory_that_cannot_be_written_is_named(self):
        blocker = self.here / "file"
        blocker.write_text("not a folder")
        self.run_directory = blocker / "run"
        self.expect_refused(USAGE, str(blocker))

    # The run.

    def test_a_loss_that_is_not_finite_ends_with_5_and_says_where(self):
        for ranks in (1, 2):
            code, said = self.seve("train", self.configuration, "--run", self.here / f"diverging{ranks}",
                                   "--set", "optimizer.sgd.learning_rate=1e30", ranks=ranks)
            self.assertEqual(code, NUMERICAL, said)
            self.assertIn("at step", said)
            self.assertIn("learning rate", said)

    def test_a_launcher_that_disagrees_with_mpi_is_refused(self):
        self.expect_refused(USAGE, "SLURM_NTASKS=4", environment={"SLURM_NTASKS": "4"})

    def test_mpirun_of_another_library_is_refused(self):
        self.expect_refused(USAGE, "OMPI_COMM_WORLD_SIZE=3", environment={"OMPI_COMM_WORLD_SIZE": "3"})

    def test_other_contents_on_one_rank_are_noticed_at_the_start(self):
        script = self.here / "seve"
        script.write_text(f'#!/bin/sh\n[ "$OMPI_COMM_WORLD_RANK" = 1 ] && cd other\nexec {program.PROGRAM} "$@"\n')
        script.chmod(0o755)
        generator = numpy.random.default_rng(5)
        program.write_data(self.here / "other/data", program.make_pictures(200, generator),
                           program.make_pictures(40, generator))
        self.replace(str(self.data), "data")
        os.chdir(self.here)
        self.addCleanup(os.chdir, "/")
        self.expect_refused(USAGE, "rank 1 has another training set than rank 0", ranks=2,
                            environment={"SEVE_PROGRAM": str(script), "SEVE_DATA": ""})

    def test_an_unknown_option_is_a_usage_error(self):
        code, said = self.seve("train", self.configuration, "--rnu", self.run_directory)
        self.assertEqual(code, USAGE)
        self.assertIn("--rnu", said)


if __name__ == "__main__":
    unittest.main()
