"""docs/faults.md has a row for every fault test, and a test for every row."""

import re
import unittest

import document

PAGE = document.ROOT / "docs/faults.md"
SCRIPTS = sorted((document.ROOT / "tests/faults").glob("*_test.py"))
# Not rows of the table: told in the text.
TOLD = {"test_many_random_kills_change_no_bit", "test_dropout_on_mnist_has_one_sha_256_on_any_number_of_ranks"}


class FaultsTest(unittest.TestCase):
    def test_every_row_is_a_test_and_every_test_a_row(self):
        tests = {name for script in SCRIPTS for name in re.findall(r"def (test_\w+)", script.read_text())}
        rows = set(re.findall(r"\| `(test_\w+)` \|$", PAGE.read_text(), re.MULTILINE))
        self.assertGreater(len(rows), 20)
        self.assertEqual(rows, tests - TOLD)

    def test_what_the_text_tells_of_exists(self):
        text = PAGE.read_text()
        for name in TOLD:
            self.assertIn(name, text)


if __name__ == "__main__":
    unittest.main()
