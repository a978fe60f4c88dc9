"""Replicas that part, in their numbers or from the start, are noticed, named and not saved."""

import shutil

import harness
import program
from harness import COMMUNICATION, NUMERICAL, USAGE


class ReplicaTest(harness.FaultTest):
    def test_a_gradient_becomes_nan_on_one_rank(self):
        end = self.inject("1 before_sum 130 nan")
        self.expect(end, NUMERICAL, r"gradient of 'scores.weight' became non-finite at step 130")
        self.resume_and_expect_equal()
        self.record("NaN in a gradient of rank 1", {"local": end})

    def test_a_parameter_changes_on_one_of_two_ranks(self):
        end = self.inject("1 after_sum 130 flip", options=("--set", "replica_check.every_steps=10"))
        self.expect(end, COMMUNICATION, r"replicas differ after step 1[34]0: .*'hidden.weight'.*",
                    r":rank 0 and .*:rank 1 differ, and no majority")
        self.resume_and_expect_equal()
        self.record("one bit of a parameter of rank 1, of 2 ranks (compared every 10 steps)", {"local": end})

    def test_a_parameter_changes_on_one_of_four_ranks(self):
        end = self.inject("2 after_sum 60 flip", ranks=4)
        self.expect(end, COMMUNICATION, r"replicas differ after step 100: ", r":rank 2 differ from those of most ranks")
        self.resume_and_expect_equal()
        self.record("one bit of a parameter of rank 2, of 4 ranks (every 100 steps, and before a checkpoint)",
                    {"local": end})

    def test_parted_replicas_are_not_saved(self):
        end = self.inject("1 after_sum 60 flip", options=("--set", "replica_check.every_steps=0"))
        self.expect(end, COMMUNICATION, r"replicas differ after step 100: ")
        saved = {path.name for path in (self.run_directory / "checkpoints").glob("step-*")}
        self.assertEqual(saved, {"step-000000050"})
        self.resume_and_expect_equal()
        self.record("one bit of a parameter of rank 1, of 2 ranks (compared before checkpoints alone)", {"local": end})

    # From the start: rank 1 is started with something else.

    def start_apart(self, one, other):
        """Rank 0 with the words `one`, rank 1 with `other`."""
        return self.run_job(["mpirun", "-n", "1", *map(str, one), ":", "-n", "1", *map(str, other)])

    def expect_refused(self, injected, other, *fragments):
        end = self.start_apart([program.PROGRAM, *self.train_words()], other)
        self.expect(end, USAGE, *fragments)
        self.assertFalse(self.run_directory.exists(), "a refused run left its directory behind")
        self.record(injected, {"mpirun": end}, equal="not begun")

    def test_another_binary_on_one_rank(self):
        copy = self.here / "seve"
        shutil.copy2(program.PROGRAM, copy)
        with open(copy, "ab") as file:
            file.write(b"another build")
        self.expect_refused("another binary on rank 1", [copy, *self.train_words()],
                            r":rank 1 has another program file than rank 0")

    def test_another_configuration_on_one_rank(self):
        self.expect_refused("another seed on rank 1", [program.PROGRAM, *self.train_words("--set", "seed=7")],
                            r":rank 1 has another configuration than rank 0")

    def test_another_data_set_on_one_rank(self):
        files = {f"rank{rank}": self.here / f"rank{rank}.textproto" for rank in (0, 1)}
        text = self.configuration.read_text().replace(f'folder: "{self.data}"', 'folder: "data"')
        other = self.here / "other"
        shutil.copytree(self.data, other / "data")
        labels = other / "data/train-labels-idx1-ubyte"
        changed = bytearray(labels.read_bytes())
        changed[-1] ^= 1
        labels.write_bytes(changed)
        for file in files.values():
            file.write_text(text)
        words = [[program.PROGRAM, "train", file, "--run", self.run_directory, "--quiet", "--data", root]
                 for file, root in zip(files.values(), (self.shared, other))]
        end = self.start_apart(*words)
        self.expect(end, USAGE, r":rank 1 has another training set than rank 0")
        self.assertFalse(self.run_directory.exists())
        self.record("one label changed in the data of rank 1", {"mpirun": end}, equal="not begun")


if __name__ == "__main__":
    harness.main()
