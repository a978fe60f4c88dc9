"""The points of a launch/sweep: what they are called, what each trains, and how far it is."""

import dataclasses
import hashlib
import itertools
import json
import re

import trainings

FILE = "sweep.json"
# A study of speed leaves out what stands between steps: nothing is judged or saved before the last one.
MEASURED = ["evaluation.every_steps=1000000000", "checkpoints.every_steps=1000000000",
            "reporting.pictures=NO_PICTURES", "reporting.tensorboard=false"]


class SweepError(Exception):
    """What the user is told; nothing was trained."""


@dataclasses.dataclass
class Point:
    name: str
    ranks: int = 0  # 0: left to launch/local
    sets: list = dataclasses.field(default_factory=list)
    repeat: int = 1
    nodes: list = dataclasses.field(default_factory=list)  # where it ran, if that was recorded
    job: str = ""  # of Slurm, that trains or trained it

    def words(self):
        """The overrides as options of seve train."""
        return [word for override in self.sets for word in ("--set", override)]


def values_of(text):
    """"a,b" is a and b; a comma within brackets, braces or quotes belongs to its value."""
    values, depth, quote = [""], 0, ""
    for letter in text:
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter == "," and depth == 0:
            values.append("")
            continue
        else:
            depth += (letter in "[{(") - (letter in "]})")
        values[-1] += letter
    return [value.strip() for value in values]


def name_of(value):
    """The value, as far as the name of a folder may hold it."""
    return re.sub(r"[^A-Za-z0-9_.+-]+", "-", str(value)).strip("-") or "empty"


def short_names(fields):
    """Of each field's path as many of its last words as tell it from the others."""
    names = {}
    for field in fields:
        words = field.split(".")
        for count in range(1, len(words) + 1):
            if sum(other.split(".")[-count:] == words[-count:] for other in fields) == 1:
                break
        names[field] = "_".join(words[-count:])
    return names


def whole_numbers(option, text):
    numbers = values_of(text)
    for number in numbers:
        if not re.fullmatch(r"[1-9][0-9]*", number):
            raise SweepError(f"{option} takes whole numbers with commas between, as in {option} 1,2,4, not '{number}'")
    return [int(number) for number in numbers]


def swept(options):
    """The lists of a study, in their order: (field, its name, values)."""
    lists = []
    for option in ("ranks", "gpus"):
        text = getattr(options, option)
        if text:
            lists.append((option, option, whole_numbers(f"--{option}", text)))
    sets = [("seed", options.seed)] if options.seed else []
    for text in options.set:
        field, equals, values = text.partition("=")
        if not equals or not values:
            raise SweepError(f"--set takes FIELD=VALUE or FIELD=VALUE,VALUE, not '{text}'")
        sets.append((field, values))
    fields = [field for field, _ in sets]
    for field in fields:
        if fields.count(field) > 1:
            raise SweepError(f"{field} is given twice: one list, as in --set {field}=a,b")
    names = short_names(fields)
    return lists + [(field, names[field], values_of(values)) for field, values in sets]


def points_of(options):
    """The product of the lists; repeats stand outermost, so that they interleave."""
    lists = swept(options)
    points = []
    for repeat in range(1, options.repeats + 1):
        for values in itertools.product(*(values for _, _, values in lists)):
            chosen = list(zip(lists, values))
            parts = [f"{name}-{name_of(value)}" for (_, name, _), value in chosen]
            parts += [f"repeat-{repeat}"] if repeat > 1 else []
            ranks = [value for (field, _, _), value in chosen if field in ("ranks", "gpus")]
            sets = [f"{field}={value}" for (field, _, _), value in chosen if field not in ("ranks", "gpus")]
            points.append(Point("_".join(parts) or "point", ranks[0] if ranks else 0,
                                sets + (MEASURED if options.one_allocation else []), repeat))
    names = [point.name for point in points]
    for point in points:
        if names.count(point.name) > 1:
            raise SweepError(f"two points would be called {point.name}: give each value once")
    return points


class Study:
    """The points below a folder, listed in its sweep.json."""

    def __init__(self, folder, configuration, points):
        self.folder, self.configuration, self.points = folder, configuration.resolve(), points
        try:
            texts = "\0".join(trainings.configuration_texts(self.configuration))
        except OSError as error:
            raise SweepError(f"no configuration: {error}") from error
        self.hash = hashlib.sha256(texts.encode()).hexdigest()
        self.keep(self.points_before())

    def points_before(self):
        file = self.folder / FILE
        if not file.exists():
            return []
        try:
            before = json.loads(file.read_text())
            points = [Point(**point) for point in before["points"]]
        except (ValueError, KeyError, TypeError) as error:
            raise SweepError(f"{file} is no list of points by launch/sweep ({error}): choose another --out") from error
        if before["hash"] != self.hash and any((self.folder / point.name).exists() for point in points):
            raise SweepError(f"{self.folder} holds points of {before['configuration']} as it was then, another "
                             "configuration: choose another --out, or remove that folder")
        return points

    def keep(self, before):
        """Takes over what is known of points; those of former lists stay in the study if they are complete."""
        now = {point.name: point for point in self.points}
        for old in before:
            new = now.get(old.name)
            if new is None:
                if self.state(old) == "done":
                    self.points.append(old)
            elif self.state(old) != "new" and (new.sets, new.ranks) != (old.sets, old.ranks):
                raise SweepError(f"{self.folder / old.name} was trained with other settings: {' '.join(old.sets)}; "
                                 "choose another --out, or remove it")
            else:
                new.nodes, new.job = old.nodes, old.job

    def save(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"configuration": str(self.configuration), "hash": self.hash,
                           "points": [dataclasses.asdict(point) for point in self.points]}, indent=1)
        new = self.folder / (FILE + ".new")
        new.write_text(text + "\n")
        new.replace(self.folder / FILE)

    def path(self, point):
        return self.folder / point.name

    def end(self, point):
        """The last line of the latest start, where that has ended; otherwise none."""
        lines = [line for line in trainings.metrics_of(self.path(point)) if line.get("event") in ("start", "end")]
        return lines[-1] if lines and lines[-1]["event"] == "end" else None

    def state(self, point):
        """"new"; "half", which can go on from a checkpoint; "failed"; "done"."""
        if not (self.path(point) / "config.textproto").exists():
            return "new"
        end = self.end(point)
        if end and end["exit_code"] == 0:
            return "done"
        numerical = end and end["exit_code"] == trainings.NUMERICAL_FAILURE
        return "half" if (self.path(point) / "checkpoints/latest").exists() and not numerical else "failed"

    def missing(self):
        return [point for point in self.points if self.state(point) != "done"]

    def result(self, point):
        """"96.8 %, 1.2 s" of a point that is done."""
        end = self.end(point)
        parts = []
        for split in ("test_", "best_validation_"):
            if f"{split}accuracy" in end:
                parts.append(f"{100 * end[split + 'accuracy']:.1f} %")
                break
            if f"{split}loss" in end:
                parts.append(f"loss {end[split + 'loss']:.4f}")
                break
        if point.sets[-len(MEASURED):] == MEASURED:
            parts.append(f"{end['samples_per_second']:,.0f} samples/s")
        return ", ".join([*parts, f"{end['seconds']:.1f} s"])
