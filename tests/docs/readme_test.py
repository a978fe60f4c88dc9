"""What README.md and docs/narval.md say is so: paths, commands and options exist, snippets work, the French pages agree."""

import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import unittest

import document

sys.path.append(str(document.ROOT / "tests/python"))
import program  # noqa: E402

README, FRENCH = document.ROOT / "README.md", document.ROOT / "README.fr.md"
NARVAL, NARVAL_FRENCH = document.ROOT / "docs/narval.md", document.ROOT / "docs/narval.fr.md"
SUBCOMMANDS = ("train", "eval", "infer", "inspect", "compare", "export", "report", "data", "job", "devices", "forecast")
# What building and running make, and what the page tells the reader to make.
MADE = ("build/", "runs/", "checkpoints/", "pictures/")
# The worked example's files, which are not in the tree.
EXAMPLE = re.compile(r"scale\.(h|cc|cu)$")
RUN = ("--set", "data.digits.train=2000", "--set", "data.digits.test=200", "--set", "epochs=2")


def said_by(*command, cwd=None):
    """(exit code, everything it printed) of a command."""
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, cwd=cwd,
                          stdin=subprocess.DEVNULL, env={**os.environ, "SEVE_PROGRAM": program.PROGRAM})
    return done.returncode, done.stdout + done.stderr


def blocks_of(page, language):
    return [block.text for block in document.blocks(page) if block.language == language]


def commands(page):
    """The words of every command line of the page that starts a program of ours."""
    for block in blocks_of(page, "sh"):
        for line in block.splitlines():
            words = shlex.split(line)
            if "/" in words[0]:
                yield words


class ReadmeTest(unittest.TestCase):
    def check_paths(self, page):
        text = re.sub(r"^```(?!sh).*?^```$", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
        inline = re.findall(r"`([^`\n ]+)`", text)
        links = [link for link in re.findall(r"\]\(([^)]+)\)", text) if ":" not in link]
        words = [word for line in commands(page) for word in line if not word.startswith("-")]
        named = {word for word in inline + words if "/" in word and not word.startswith(("~", "$", *MADE))}
        self.assertGreater(len(named), 3)
        places = [(name, document.ROOT / name) for name in sorted(named)] + [(name, page.parent / name) for name in links]
        for name, place in places:
            self.assertTrue(place.exists() or EXAMPLE.search(name), f"{page.name} names {name}, which is not there")

    def test_every_path_that_the_pages_name_exists(self):
        for page in (README, FRENCH, NARVAL, NARVAL_FRENCH, document.ROOT / "docs/add-a-layer.md"):
            with self.subTest(page=page.name):
                self.check_paths(page)

    def test_the_programs_know_every_option_that_the_page_uses(self):
        checked = 0
        for words in (*commands(README), *commands(NARVAL)):
            options = [word.split("=")[0] for word in words if re.match(r"-\w|--\w", word)]
            if words[0] in ("launch/local", "build/release/seve"):
                subcommand = next(word for word in words if word in SUBCOMMANDS)
                start = words.index(subcommand)
                _, help_text = said_by(program.PROGRAM, *words[start:start + 1 + (subcommand == "data")], "--help")
                options = [word for word in words[start:] if word.startswith("-")]
                _, local_help = said_by(document.ROOT / "launch/local", "--help")
                for option in (word for word in words[:start] if word.startswith("-")):
                    self.assertRegex(local_help, rf"(?m)^ *{re.escape(option)}\b", words)
            else:
                _, help_text = said_by(document.ROOT / words[0], "--help")
            for option in options:
                self.assertRegex(help_text, rf"(?<![\w-]){re.escape(option)}(?![\w-])", words)
                checked += 1
        self.assertGreater(checked, 5)
        help_text = "".join(said_by(program.PROGRAM, name, "--help")[1] for name in ("compare", "eval", "infer", "train"))
        for option in set(re.findall(r"`(--[a-z-]+)", README.read_text())):
            self.assertIn(option, help_text)

    def test_the_programs_accept_every_override_that_the_page_uses(self):
        checked = 0
        for words in commands(README):
            configuration = [word for word in words if word.endswith(".textproto")]
            sets = [option for at, word in enumerate(words) if word == "--set" for option in words[at:at + 2]]
            if configuration:
                code, said = said_by(program.PROGRAM, "inspect", document.ROOT / configuration[0], *sets)
                self.assertEqual(code, 0, said)
                checked += 1
        self.assertGreater(checked, 2)

    def test_the_example_configurations_are_some(self):
        dense, blocks = blocks_of(README, "textproto")
        rest = "data { synthetic {} }" + re.sub(r"(?ms)^data .*?$|^model \{.*?^\}$", "", dense)
        for example, parameters in ((dense, "159,010"), (blocks + rest, "595,466")):
            with tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder) / "example.textproto"
                path.write_text(example)
                code, said = said_by(program.PROGRAM, "inspect", path)
            self.assertEqual(code, 0, said)
            self.assertIn(parameters, said)

    def test_the_table_that_inspect_is_said_to_print_is_the_one_it_prints(self):
        shown = next(block for block in blocks_of(README, "text") if "memory of a rank" in block)
        code, said = said_by(program.PROGRAM, "inspect", document.ROOT / "configs/mnist_mlp.textproto", "--ranks", "4")
        self.assertEqual(code, 0, said)
        self.assertIn(shown, said)

    def test_the_python_snippet_reads_a_run_of_the_quickstart(self):
        snippet, = blocks_of(README, "python")
        self.assertEqual(len(snippet.splitlines()), 6)
        with tempfile.TemporaryDirectory() as folder:
            runs = pathlib.Path(folder) / "runs"
            runs.mkdir()
            program.train((document.ROOT / "configs/digits_mlp.textproto").read_text(), runs / "quickstart", 2, RUN)
            check = "\nassert len(metrics[metrics['split'] == 'validation']) == 2"
            check += "\nassert (hidden.weight.detach() == weights['hidden.weight']).all()\n"
            code, said = said_by(sys.executable, "-c", snippet + check, cwd=folder)
        self.assertEqual(code, 0, said)
        self.assertIn("accuracy", said)

    def test_the_french_pages_have_the_same_code_tables_and_sections(self):
        def outline(page):
            text = page.read_text()
            code_free = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
            rows = re.findall(r"^\| ([^|]+) \|", code_free, re.MULTILINE)
            return (document.blocks(page), len(re.findall(r"^## ", code_free, re.MULTILINE)),
                    [row for row in rows if row.startswith("`") or row.isdigit()])

        self.assertEqual(outline(README), outline(FRENCH))
        self.assertEqual(outline(NARVAL), outline(NARVAL_FRENCH))


if __name__ == "__main__":
    unittest.main()
