"""Carries out docs/add-a-layer.md in a copy of the tree, builds it and runs the new layer's tests."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import document

PAGE = document.ROOT / "docs/add-a-layer.md"
# What CMake needs to configure, and the checks of the tree to look at it.
COPIED = ("CMakeLists.txt", "CMakePresets.json", "benchmarks", "launch", "src", "tests")
FACTS = ("includes_go_one_way", "only_the_configured_see_messages", "headers_are_guarded_by_pragma_once",
         "files_are_short")


class AddALayerTest(unittest.TestCase):
    def run_in(self, tree, *command):
        # The tests of the layer's CUDA half run on an emulated GPU.
        environment = {name: value for name, value in os.environ.items()
                       if name not in ("CUDA_VISIBLE_DEVICES", "SEVE_EMULATED_GPUS")}
        done = subprocess.run(list(map(str, command)), cwd=tree, capture_output=True, text=True, check=False,
                              stdin=subprocess.DEVNULL, env={**environment, "CCACHE_BASEDIR": str(tree)})
        self.assertEqual(done.returncode, 0, f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
        return done.stdout

    def copy_tree(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        tree = pathlib.Path(folder.name)
        for name in COPIED:
            source = document.ROOT / name
            if source.is_dir():
                shutil.copytree(source, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, tree / name)
        return tree

    def test_the_page_adds_a_layer_that_passes_its_tests(self):
        tree = self.copy_tree()
        touched = set()
        for block in document.blocks(PAGE):
            if block.language != "sh":
                document.apply(block, tree)
                touched.add(block.info.split()[0])
        table = re.findall(r"^\| (`[^|]*`) \|", PAGE.read_text(), re.MULTILINE)
        self.assertEqual(set(re.findall(r"`([^`]+)`", " ".join(table))), touched, "the page's table of places")

        for fact in FACTS:
            self.run_in(tree, sys.executable, "tests/structure/check.py", fact)
        # Unoptimised and without symbols: quicker to build, and the tests judge it alike.
        self.run_in(tree, "cmake", "--preset", "release", "-DCMAKE_CXX_FLAGS_RELEASE=-O0")
        self.run_in(tree, "cmake", "--build", "build/release", "--target", "test_layers", "-j2")
        last = [block for block in document.blocks(PAGE) if block.language == "sh"][-1]
        command, = (line for line in last.text.splitlines() if "--gtest_filter" in line)
        said = self.run_in(tree, "sh", "-c", command)
        ran = int(re.search(r"\[  PASSED  \] (\d+) tests?\.", said)[1])
        # Each fact about a layer with 1, 2 and 5 samples, the registry's, and where CUDA is built in each about a CUDA half.
        facts, cuda_facts = (
            len(re.findall(rf"^TEST_P\({suite},", (tree / "tests/layers" / file).read_text(), re.MULTILINE))
            for suite, file in (("LayerTest", "layers_test.cc"), ("CudaLayerTest", "layers_cuda_test.cc")))
        on_gpus = len(re.findall(r"^\[ +OK \] Cases/CudaLayerTest", said, re.MULTILINE))
        self.assertIn(on_gpus, (0, cuda_facts), said)
        self.assertEqual(ran, 3 * facts + on_gpus + 1, said)


if __name__ == "__main__":
    unittest.main()
