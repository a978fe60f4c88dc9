"""Reads the forecast that benchmarks/scaling draws beside what was measured: what seve forecast --csv writes."""

import csv

COLUMNS = ("scaling", "ranks", "samples_per_second")


class ForecastError(Exception):
    """What the user is told."""


def point_of(file, number, row, known):
    try:
        ranks, speed = int(row["ranks"]), float(row["samples_per_second"])
    except (TypeError, ValueError):
        ranks = speed = 0
    if ranks < 1 or not 0 < speed < float("inf"):
        raise ForecastError(f"{file}:{number}: ranks are a whole number from 1 on and samples_per_second is above 0, "
                            "as in weak,8,120000")
    if row["scaling"] not in known:
        raise ForecastError(f"{file}:{number}: no scaling '{row['scaling']}'; there are {', '.join(known)}")
    return row["scaling"], (ranks, speed)


def read(file, known, studies):
    """Of each of the studies its (ranks, samples a second); other known ones are passed over."""
    points = {}
    with open(file, newline="", encoding="utf-8") as opened:
        rows = csv.DictReader(opened)
        missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            raise ForecastError(f"{file}: no column {', '.join(missing)}: the first line is {','.join(COLUMNS)}")
        for row in rows:
            study, point = point_of(file, rows.line_num, row, known)
            if study in studies:
                points.setdefault(study, []).append(point)
    for study, own in points.items():
        if len({ranks for ranks, _ in own}) < 2:
            raise ForecastError(f"{file}: {study} has one number of ranks; a line wants two")
    return points
