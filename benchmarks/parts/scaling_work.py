"""What benchmarks/scaling trains: a work, its batches and how long, with its input and without."""

import dataclasses
import os
import pathlib
import re

import measure
import trainings
import works

# Where data come from, and the fields of SyntheticImages that have their shape.
SHAPES = {
    "mnist": "channels: 1 height: 28 width: 28",
    "digits": "channels: 1 height: 28 width: 28",
    "cifar10": "channels: 3 height: 32 width: 32",
    "cifar100": "channels: 3 height: 32 width: 32 classes: 100",
}
# As in benchmarks/works.py; few enough to stay near the cores, enough for epochs of hundreds of steps.
PICTURES = "train: 20000 test: 10"

LOGGED = 20  # times in a training


class WorkError(Exception):
    """What the user is told; nothing was trained."""


@dataclasses.dataclass(frozen=True)
class Work:
    name: str
    file: pathlib.Path
    batch: int  # of a rank, in weak scaling
    global_batch: int  # of all ranks, in strong scaling
    steps: int  # of a training whose speed is measured; 0: as many as the configuration says
    with_input: tuple  # fields set
    without_input: tuple

    def speed_sets(self, study):
        """Fields set in the trainings of a study of speed."""
        # Logged often enough that the first interval, which seve compare leaves out, is short.
        length = [f"steps={self.steps}", f"reporting.every_steps={max(1, self.steps // LOGGED)}"] if self.steps else []
        return [*self.batch_sets(study), *length,
                *(self.without_input if "without-input" in study else self.with_input)]

    def batch_sets(self, study):
        return [f"batch.size={self.global_batch}" if study.startswith("strong") else
                f"batch.size_per_rank={self.batch}"]


def file_of(name):
    for file in (pathlib.Path(name), measure.ROOT / f"configs/{name}.textproto"):
        if file.suffix == ".textproto" and file.is_file():
            return file.resolve()
    raise WorkError(f"no work '{name}'; there are {', '.join(works.WORKS)}, the configurations of configs/ by their "
                    "names, and files FILE.textproto")


def source_of(text):
    """The source of data that a configuration names, and what is within its braces."""
    found = re.search(rf"\b({'|'.join((*SHAPES, 'synthetic'))})\s*{{([^{{}}]*)}}", text)
    return (found[1], found[2].strip()) if found else ("", "")


def without_input(name, text, given):
    """The data without input: pictures drawn into memory before the first step, normalised like the work's own."""
    source, within = source_of(text)
    if given:
        fields = given
    elif source == "synthetic":
        fields = " ".join(within.split())
    elif source in SHAPES:
        fields = f"{PICTURES} {SHAPES[source]}"
    else:
        raise WorkError(f"{name}: what its pictures look like without input is not known: --synthetic 'train: 20000 "
                        "height: 224 width: 224 classes: 1000' tells (data.proto, SyntheticImages), and --studies "
                        "weak,strong does without")
    kept = [found[0] for pattern in (r"\bnormalize\s*{[^{}]*}", r"\bvalidation_fraction:\s*[0-9.e-]+")
            if (found := re.search(pattern, text))]
    return (" ".join(" ".join(["data={ synthetic {", fields, "}", *kept, "}"]).split()),)


def batch_of(name, text):
    found = re.search(r"\bbatch\s*{[^}]*\bsize(?:_per_rank)?:\s*(\d+)", text)
    if not found:
        raise WorkError(f"{name} names no batch: --batch N")
    return int(found[1])


def has_mnist():
    return (pathlib.Path(os.environ.get("SEVE_DATA", "/nowhere")) / "mnist").is_dir()


def work_of(name, options):
    known = works.WORKS.get(name) or next((work for work in works.WORKS.values() if work.configuration == name), None)
    file = file_of(known.configuration if known else name)
    text = re.sub(r"#.*", "", "\n".join(trainings.configuration_texts(file)))
    sets = tuple(options.set)
    batch = options.batch or (known.batch if known else batch_of(name, text))
    without = any("without-input" in study for study in options.studies)
    return Work(
        name=name if name in works.WORKS else file.stem, file=file, batch=batch,
        global_batch=options.global_batch or batch, steps=options.steps or (known.steps if known else 0),
        with_input=(*(["data.digits={}"] if source_of(text) == ("mnist", "") and not has_mnist() else []), *sets),
        without_input=(*without_input(name, text, options.synthetic), *sets) if without else ())
