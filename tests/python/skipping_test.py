"""A test program that can run none of its tests ends with the code that CTest reports as skipped."""

import os
import pathlib
import subprocess
import sys
import tempfile
import textwrap
import unittest

import program

HERE = pathlib.Path(__file__).parent


class SkippingTest(unittest.TestCase):
    def finished(self, file, environment=None):
        return subprocess.run([sys.executable, file], capture_output=True, text=True, check=False,
                              env={**os.environ, "PYTHONPATH": str(HERE), **(environment or {})})

    def code_of(self, *bodies):
        """The code of a test program with one test a body."""
        tests = [f"def test_{index}(self):\n    {body}" for index, body in enumerate(bodies)]
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "some_test.py"
            file.write_text("import unittest\nimport program\n\n\nclass Some(unittest.TestCase):\n"
                            + textwrap.indent("\n".join(tests), "    ") + "\n\n\nprogram.main()\n")
            return self.finished(file).returncode

    def test_without_mnist_its_tests_are_skipped_and_say_what_is_missing(self):
        done = self.finished(HERE / "mnist_test.py", {"SEVE_DATA": ""})
        self.assertEqual(done.returncode, program.SKIPPED, done.stderr)
        self.assertIn("skipped: MNIST is not here", done.stdout)

    def test_one_test_that_runs_is_enough(self):
        self.assertEqual(self.code_of("self.skipTest('')", "pass"), 0)

    def test_failures_and_errors_are_no_skips(self):
        self.assertEqual(self.code_of("self.skipTest('')", "self.fail()"), 1)
        self.assertEqual(self.code_of("self.skipTest('')", "raise OSError"), 1)


if __name__ == "__main__":
    unittest.main()
