"""The checks of check.py notice what they are there for: each is run on a small tree that violates it."""

import pathlib
import tempfile
import unittest

import check

VIOLATIONS = {
    "includes_go_one_way": ("src/layers/linear.cc", '#include "comm/communicator.h"\n'),
    "quoted_includes_name_a_file_from_the_source_folder": ("src/base/a.cc", '#include "a.h"\n'),
    "only_the_configured_see_messages": ("src/layers/linear.cc", '#include "config/layers.pb.h"\n'),
    "only_the_log_sees_spdlog": ("src/train/trainer.cc", "#include <spdlog/spdlog.h>\n"),
    "only_the_mpi_communicator_sees_mpi": ("src/comm/threads/world.cc", "#include <mpi.h>\n"),
    "only_the_nccl_communicator_sees_nccl": ("src/comm/cuda/a.cu", "#include <nccl.h>\n"),
    "only_the_cudnn_backend_sees_cudnn": ("src/layers/cuda/conv2d.cc", "#include <cudnn_graph.h>\n"),
    "only_the_canvas_sees_cairo": ("src/report/draw/figure.cc", "#include <cairo-svg.h>\n"),
    "cuda_files_see_host_libraries_never": ("src/layers/cuda/a.cu", "#include <fmt/format.h>\n"),
    "backends_are_chosen_by_the_build": ("src/model/plan.cc", "  #  ifdef CUDA\n"),
    "no_openmp_pragmas": ("src/optim/cpu/sgd.cc", "#pragma omp simd\n"),
    "headers_are_guarded_by_pragma_once": ("src/base/a.h", "int a();\n"),
    "names_of_types_are_unique": ("src/base/a.h", "struct A {\n};\n\nclass A final : public B {\n};\n"),
    "files_are_short": ("src/base/a.cc", "\n" * (check.LONGEST_FILE + 1)),
    "no_file_is_a_placeholder": ("src/cli/placeholder.cc", ""),
    "scripts_pass_shellcheck": ("launch/go", "#!/bin/bash\nset -euo pipefail\nls $1\n"),
    "scripts_stop_at_errors": ("launch/go", "#!/bin/bash\nls\n"),
}

# What looks like a violation and is none.
ALLOWED = {
    "includes_go_one_way": ("src/layers/registry.cc", '#include "config/layers.pb.h"\n'),
    "only_the_configured_see_messages": ("src/data/registry.h", '#include "config/data.pb.h"\n'),
    "only_the_log_sees_spdlog": ("src/base/log.cc", "#include <spdlog/spdlog.h>\n"),
    "only_the_mpi_communicator_sees_mpi": ("src/comm/mpi/world.cc", "#include <mpi.h>\n"),
    "only_the_nccl_communicator_sees_nccl": ("src/comm/nccl/a.h", "#include <nccl.h>\n"),
    "only_the_cudnn_backend_sees_cudnn": ("src/layers/cuda/cudnn/engines.h", "#include <cudnn.h>\n"),
    "only_the_canvas_sees_cairo": ("src/report/draw/cairo_canvas.h", "#include <cairo.h>\n"),
    "names_of_types_are_unique": ("src/base/a.h", "struct A;\n\nstruct A {\n};\n"),
}


class CheckTest(unittest.TestCase):
    def violations(self, fact, file, text):
        """What the check `fact` says of a tree with this one file."""
        with tempfile.TemporaryDirectory() as folder:
            check.ROOT = pathlib.Path(folder)
            check.SOURCE = check.ROOT / "src"
            path = check.ROOT / file
            path.parent.mkdir(parents=True)
            path.write_text(text)
            return list(getattr(check, fact)())

    def test_every_fact_has_a_violation_here(self):
        self.assertEqual({fact.__name__ for fact in check.FACTS}, set(VIOLATIONS))

    def test_violations_are_noticed_and_named(self):
        for fact, (file, text) in VIOLATIONS.items():
            with self.subTest(fact):
                found = self.violations(fact, file, text)
                self.assertEqual(len(found), 1, found)
                self.assertIn(file, found[0])

    def test_what_is_allowed_is_not_reported(self):
        for fact, (file, text) in ALLOWED.items():
            with self.subTest(fact):
                self.assertEqual(self.violations(fact, file, text), [])


if __name__ == "__main__":
    unittest.main()
