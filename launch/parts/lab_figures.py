"""The figures of launch/lab: how they are found in a run's metrics.jsonl, printed, and compared with what is expected."""

import fnmatch
import math
import re

# What an entry of `figures` in configs/labs/*.toml may hold.
FIELDS = {"figure", "stored", "band", "at_least", "at_most", "diverges"}
# "test accuracy", "best validation loss", "first train loss", "last gradient non_zero of hidden*.weight".
FIGURE = re.compile(r"(?:(?P<which>first|last|best) )?"
                    r"(?:(?P<split>train|validation|test) (?P<name>\w+)"
                    r"|(?P<of>values|gradient) (?P<statistic>\w+) of (?P<parameter>\S+))")


def is_figure(name):
    return FIGURE.fullmatch(name) is not None


def statistics_of(of, statistic, pattern, lines):
    """Of all parameters that match, step by step: counts are added up, of other statistics the mean is taken."""
    steps = {}
    for line in lines:
        if line["event"] == "statistics" and line["of"] == of and fnmatch.fnmatchcase(line["parameter"], pattern):
            steps.setdefault(line["step"], []).append(line[statistic])
    adds_up = statistic in ("count", "non_zero")
    return [None if None in values else sum(values) if adds_up else sum(values) / len(values)
            for _, values in sorted(steps.items())]


def values_of(figure, lines):
    """Every value of a figure, in the order of the file; not a number where it was not finite."""
    found = FIGURE.fullmatch(figure).groupdict()
    if found["of"]:
        values = statistics_of(found["of"], found["statistic"], found["parameter"], lines)
    else:
        split, name = found["split"], found["name"]
        judged = [line for line in lines if line["event"] == "evaluation"]
        values = [line[name] for line in judged if line["split"] == split and name in line]
        if split == "train" and not values:
            # Running means: between evaluations or, where there are none, of steps.
            key = f"train_{name}"
            values = [line[key] for line in judged if key in line]
            values = values or [line[name] for line in lines if line["event"] == "step" and name in line]
    return [math.nan if value is None else value for value in values]


def measure(figure, lines):
    """The figure in the units of the table, or None where the run has none such."""
    values = values_of(figure, lines)
    if not values:
        return None
    if figure.startswith("first "):
        value = values[0]
    elif figure.startswith("best "):
        value = min(values) if figure.endswith("loss") else max(values)
    else:
        value = values[-1]
    return 100 * value if figure.endswith("accuracy") else value


def shown(figure, value):
    """The value with as many digits as the band needs."""
    name = figure["figure"]
    if value is None:
        return "-"
    if name.endswith("accuracy"):
        return f"{value:.2f} %"
    if re.search(r" (count|non_zero) of ", name):
        return f"{value:.0f}"
    digits = max(4, -math.floor(math.log10(figure.get("band") or 1)))
    return f"{value:.{digits}f}" if 1e-3 <= abs(value) < 1e4 or value == 0 else f"{value:.2e}"


def expectation(figure):
    parts = []
    if figure.get("diverges"):
        parts.append("diverges")
    if "stored" in figure:
        band = f" ± {figure['band']:g}" if "band" in figure else ""
        parts.append(shown(figure, figure["stored"]).removesuffix(" %") + band)
    if "at_least" in figure:
        parts.append(f"≥ {figure['at_least']:g}")
    if "at_most" in figure:
        parts.append(f"≤ {figure['at_most']:g}")
    return ", ".join(parts) or "-"


def is_inside(figure, value, lines):
    """None where nothing is expected."""
    if figure.get("diverges"):
        losses = values_of("train loss", lines)
        return value is not None and not value <= losses[0]
    bounds = []
    if "band" in figure:
        # Rounding aside: 98.17 is within 0.5 of 97.67.
        bounds.append((figure["stored"] - figure["band"] - 1e-9, figure["stored"] + figure["band"] + 1e-9))
    if "at_least" in figure or "at_most" in figure:
        bounds.append((figure.get("at_least", -math.inf), figure.get("at_most", math.inf)))
    return all(value is not None and low <= value <= high for low, high in bounds) if bounds else None
