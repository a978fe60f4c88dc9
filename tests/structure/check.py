"""Checks facts about the source tree: python3 check.py FACT. Prints every violation; exit code 1 if any."""

import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
LONGEST_FILE = 400

# Which folders of src/ each folder may include besides itself.
MAY_INCLUDE = {"base": set(), "tensor": {"base"}, "forecast": {"base"}}
for folder in ("config", "comm", "layers", "optim", "data"):
    MAY_INCLUDE[folder] = {"base", "tensor"}
MAY_INCLUDE["model"] = set(MAY_INCLUDE)
MAY_INCLUDE["train"] = set(MAY_INCLUDE)
MAY_INCLUDE["report"] = set(MAY_INCLUDE)
MAY_INCLUDE["cli"] = set(MAY_INCLUDE)
MAY_INCLUDE["main.cc"] = set(MAY_INCLUDE)

# Folders that see the configuration's messages whole, and those whose registry alone does.
CONFIGURED = {"config", "model", "train", "report", "cli", "main.cc"}
REGISTRIES = {"layers", "optim", "data"}


def sources(*suffixes):
    """The files of src/ with one of the suffixes (all of C++ and CUDA if none is given)."""
    suffixes = suffixes or (".h", ".cc", ".cu", ".cuh")
    return sorted(path for path in SOURCE.rglob("*") if path.suffix in suffixes)


def folder_of(path):
    return path.relative_to(SOURCE).parts[0]


def includes(path):
    """(line number, included name, quoted or not) of every #include."""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        found = re.match(r'\s*#\s*include\s*(["<])([^">]+)[">]', line)
        if found:
            yield number, found.group(2), found.group(1) == '"'


def is_registry(path):
    return folder_of(path) in REGISTRIES and re.fullmatch("registry(_.*)?", path.stem) is not None


def place(path, number):
    return f"{path.relative_to(ROOT)}:{number}"


def includes_go_one_way():
    for path in sources():
        for number, name, quoted in includes(path):
            target = name.split("/")[0]
            if not quoted or target not in MAY_INCLUDE:
                continue
            here = folder_of(path)
            if target == here or target in MAY_INCLUDE[here]:
                continue
            if target == "config" and is_registry(path):
                continue
            allowed = ", ".join(sorted(MAY_INCLUDE[here])) or "nothing else"
            yield f"{place(path, number)}: {here} may not include {name} (it may include {allowed})"


def quoted_includes_name_a_file_from_the_source_folder():
    for path in sources():
        for number, name, quoted in includes(path):
            if quoted and not name.endswith(".pb.h") and not (SOURCE / name).is_file():
                yield f"{place(path, number)}: there is no src/{name}"


def only_the_configured_see_messages():
    for path in sources():
        if folder_of(path) in CONFIGURED or is_registry(path):
            continue
        for number, name, _ in includes(path):
            if name.endswith(".pb.h") or name.startswith("google/protobuf/"):
                yield f"{place(path, number)}: {name} belongs to config/, registries, model, train, report and cli"


def only_in(header_pattern, allowed):
    """Violations where a header is included elsewhere than in the file or folder allowed."""
    for path in sources():
        for number, name, _ in includes(path):
            if re.match(header_pattern, name) and not str(path.relative_to(SOURCE)).startswith(allowed):
                yield f"{place(path, number)}: {name} may be included in src/{allowed} alone"


def only_the_log_sees_spdlog():
    yield from only_in(r"spdlog/", "base/log.cc")


def only_the_mpi_communicator_sees_mpi():
    yield from only_in(r"mpi\.h$", "comm/mpi/")


def only_the_nccl_communicator_sees_nccl():
    yield from only_in(r"nccl\.h$", "comm/nccl/")


def only_the_cudnn_backend_sees_cudnn():
    for path in sources():
        for number, name, _ in includes(path):
            if re.match(r"cudnn\w*\.h$", name) and path.parent.name != "cudnn":
                yield f"{place(path, number)}: {name} may be included in folders cudnn/ alone"


def only_the_canvas_sees_cairo():
    yield from only_in(r"cairo(-\w+)?\.h$", "report/draw/cairo_")


def cuda_files_see_host_libraries_never():
    for path in sources(".cu", ".cuh"):
        for number, name, _ in includes(path):
            if re.match(r"(spdlog|fmt|google/protobuf)/|mpi\.h$|.*\.pb\.h$", name):
                yield f"{place(path, number)}: {name} in a CUDA file"


def lines_matching(pattern, what, *suffixes):
    for path in sources(*suffixes):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if re.match(pattern, line):
                yield f"{place(path, number)}: {what}: {line.strip()}"


def backends_are_chosen_by_the_build():
    yield from lines_matching(r"\s*#\s*(if|ifdef|ifndef|elif)\b", "preprocessor condition", ".cc", ".cu")


def no_openmp_pragmas():
    yield from lines_matching(r"\s*#\s*pragma\s+omp\b", "OpenMP pragma")


def headers_are_guarded_by_pragma_once():
    for path in sources(".h", ".cuh"):
        if "#pragma once" not in path.read_text().splitlines():
            yield f"{path.relative_to(ROOT)}: no #pragma once"


def names_of_types_are_unique():
    """Two types of one name are one to the linker: it keeps the functions of either for both."""
    first = {}
    for path in sources(".h", ".cuh"):
        text = path.read_text()
        for found in re.finditer(r"^(?:class|struct|enum(?: class)?|union)\s+(\w+)(?:\s+final)?\s*(?::[^;{]*)?\{", text,
                                 re.MULTILINE):
            name = found[1]
            where = place(path, text.count("\n", 0, found.start()) + 1)
            if name in first:
                yield f"{where}: {name} is the name of a type in {first[name]} too"
            first.setdefault(name, where)


def files_are_short():
    for path in sources():
        count = len(path.read_text().splitlines())
        if count > LONGEST_FILE:
            yield f"{path.relative_to(ROOT)}: {count} lines; split what is longer than {LONGEST_FILE} by noun"


def no_file_is_a_placeholder():
    for path in sources():
        if path.stem == "placeholder":
            yield f"{path.relative_to(ROOT)}: write the folder's first real file and delete this one"


def scripts():
    """Every file of ours that starts with a shell's #! line, or that other scripts source (*.sh)."""
    for top in ("launch", "cluster", "tests", ".ci", ".devcontainer", "benchmarks"):
        for path in sorted((ROOT / top).rglob("*")):
            if not path.is_file():
                continue
            with path.open("rb") as file:
                first = file.readline()
            if path.suffix == ".sh" or re.match(rb"#!.*\b(ba)?sh\b", first):
                yield path


def scripts_pass_shellcheck():
    if not shutil.which("shellcheck"):
        yield "shellcheck is not installed: launch/setup --tests"
        return
    found = subprocess.run(
        ["shellcheck", "--external-sources", "--source-path=SCRIPTDIR", *map(str, scripts())],
        capture_output=True, text=True, check=False)
    if found.returncode != 0:
        yield found.stdout + found.stderr


def scripts_stop_at_errors():
    for path in scripts():
        if path.suffix != ".sh" and "set -euo pipefail" not in path.read_text().splitlines():
            yield f"{path.relative_to(ROOT)}: no line `set -euo pipefail`"


FACTS = [
    includes_go_one_way,
    quoted_includes_name_a_file_from_the_source_folder,
    only_the_configured_see_messages,
    only_the_log_sees_spdlog,
    only_the_mpi_communicator_sees_mpi,
    only_the_nccl_communicator_sees_nccl,
    only_the_cudnn_backend_sees_cudnn,
    only_the_canvas_sees_cairo,
    cuda_files_see_host_libraries_never,
    backends_are_chosen_by_the_build,
    no_openmp_pragmas,
    headers_are_guarded_by_pragma_once,
    names_of_types_are_unique,
    files_are_short,
    no_file_is_a_placeholder,
    scripts_pass_shellcheck,
    scripts_stop_at_errors,
]


def main():
    facts = {fact.__name__: fact for fact in FACTS}
    if len(sys.argv) != 2 or sys.argv[1] not in facts:
        sys.exit("usage: check.py FACT; facts: " + ", ".join(facts))
    violations = list(facts[sys.argv[1]]())
    for violation in violations:
        print(violation)
    sys.exit(1 if violations else 0)


if __name__ == "__main__":
    main()
