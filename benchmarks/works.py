"""The trainings that benchmarks time: a configuration, its batch and how many steps take a second or two."""

import dataclasses

# Pictures in memory, none of them changed on the way, as those of the peers are.
PICTURES = ("data={ synthetic { train: 20000 test: 10 } "
            "normalize { mean: [0.4914, 0.4822, 0.4465] deviation: [0.2470, 0.2435, 0.2616] } }")


@dataclasses.dataclass(frozen=True)
class Work:
    name: str
    configuration: str
    batch: int  # of a rank
    steps: int  # of one run on one rank
    sets: tuple = ()


WORKS = {work.name: work for work in (
    Work("linear", "mnist_linear_hinge", 64, 60000),
    Work("mlp", "mnist_mlp", 64, 15000),
    Work("lenet5", "mnist_lenet5", 64, 1200),
    Work("resnet20", "cifar10_resnet20", 128, 25, (PICTURES,)),
)}


def chosen(parser, names):
    """The works of these names, all where there are none; an unknown one is the parser's error."""
    for name in names:
        if name not in WORKS:
            parser.error(f"no work '{name}'; there are: {', '.join(WORKS)}")
    return [WORKS[name] for name in names or WORKS]
