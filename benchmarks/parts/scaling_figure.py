"""Speed-up and efficiency over the ranks, drawn for a column of a paper."""

import math

from cairo_canvas import Canvas

WIDTH, TOP_HEIGHT, BOTTOM_HEIGHT = 252, 100, 88  # points: 3.5 inches; of the two pairs of axes
LEFT, RIGHT, GAP, FOOT, LEGEND_LINE = 36, 7, 13, 29, 10.5
LABEL, TICK = 8, 7  # sizes of letters
INK, SOFT, GRID = "#222222", "#555555", "#e3e3e3"
DODGE = 3.6  # points between studies where a shift does not mislead: beside efficiency's level ideal
CAP = 1.6
MOST_MARKS = 8  # of ranks, side by side
# Okabe & Ito's blue and vermilion, which people with any colour vision tell apart.
LOOKS = {
    "weak": ("#0072b2", "circle", True),
    "strong": ("#d55e00", "square", True),
    "weak-without-input": ("#0072b2", "circle", False),
    "strong-without-input": ("#d55e00", "square", False),
}
NAMES = {study: study.replace("-without-input", ", without input") for study in LOOKS}
IDEAL_DASHES, FORECAST_DASHES, OPEN_DASHES = (4, 2.5), (0.9, 1.7), (5, 1.6)


class Axes:
    """A pair of axes within a box: ranks in powers of two, and a value, so or evenly."""

    def __init__(self, canvas, box, ranks, values, log):
        self.canvas, self.log = canvas, log
        self.left, self.top, self.right, self.bottom = box
        self.ranks = (math.log2(ranks[0]), math.log2(ranks[1]))
        self.values = (math.log2(values[0]), math.log2(values[1])) if log else values

    def x(self, ranks):
        low, high = self.ranks
        margin = 12  # for what is dodged at either end
        share = (math.log2(ranks) - low) / (high - low)
        return self.left + margin + share * (self.right - self.left - 2 * margin)

    def y(self, value):
        low, high = self.values
        return self.bottom - ((math.log2(value) if self.log else value) - low) / (high - low) * (self.bottom - self.top)

    def frame(self, rank_marks, marks, label, ranks_below):
        canvas = self.canvas
        for mark in marks:
            y = self.y(mark)
            canvas.line([(self.left, y), (self.right, y)], GRID, 0.5)
            canvas.text(f"{mark:g}", self.left - 4.5, y + 0.36 * TICK, TICK, SOFT, "right")
        for mark in rank_marks:
            x = self.x(mark)
            canvas.line([(x, self.bottom), (x, self.bottom + 2.5)], SOFT, 0.6)
            if ranks_below:
                canvas.text(f"{mark:g}", x, self.bottom + 4 + TICK, TICK, SOFT, "centre")
        canvas.line([(self.left, self.top), (self.left, self.bottom), (self.right, self.bottom)], SOFT, 0.6)
        canvas.text(label, 8.5, (self.top + self.bottom) / 2, LABEL, INK, "centre", upwards=True)
        if ranks_below:
            canvas.text("ranks", (self.left + self.right) / 2, self.bottom + 16 + TICK, LABEL, INK, "centre")

    def study(self, study, points, dodge):
        """Points are (ranks, value, lowest, highest)."""
        colour, shape, filled = LOOKS[study]
        places = [(self.x(ranks) + dodge, *map(self.y, values)) for ranks, *values in points]
        self.canvas.line([(x, y) for x, y, _, _ in places], colour, 0.9, () if filled else OPEN_DASHES)
        for x, _, lowest, highest in places:
            self.canvas.line([(x, lowest), (x, highest)], colour, 0.8)
            for end in (lowest, highest):
                self.canvas.line([(x - CAP, end), (x + CAP, end)], colour, 0.8)
        for x, y, _, _ in places:
            self.canvas.marker(shape, x, y, colour, filled)

    def plain(self, points, colour, dashes, width=0.8):
        self.canvas.line([(self.x(ranks), self.y(value)) for ranks, value in points], colour, width, dashes)


def with_bars(row, value):
    """A value of a row with those of its slowest and fastest run."""
    return tuple(value * speed / row["samples_per_second"]
                 for speed in (row["samples_per_second"], row["lowest"], row["highest"]))


def forecast_of(rows, forecast, study):
    """The forecast's (ranks, speed-up, efficiency), against what the fewest ranks were measured to do."""
    first = min((row for row in rows if row["study"] == study), key=lambda row: row["ranks"])
    points = []
    for ranks, speed in sorted(forecast):
        speedup = speed / first["samples_per_second"]
        points.append((ranks, speedup, 100 * speedup * first["ranks"] / ranks))
    return points


def evenly(low, high):
    """Marks in %, from below the lowest; all efficiencies close to 100 are seen larger."""
    step = next(step for step in (5, 10, 25, 50) if high - low <= 6 * step or step == 50)
    start = max(0, math.floor((low - 1) / step) * step)
    return list(range(start, int(high) + 1, step))


class Limits:
    """How far the axes reach: over all bars, forecasts and ideals."""

    def __init__(self, rows, forecasts):
        points = [point for points in forecasts.values() for point in points]
        self.first = min(row["ranks"] for row in rows)
        self.ranks = sorted({*(row["ranks"] for row in rows), *(point[0] for point in points)})
        speedups = [value for row in rows for value in with_bars(row, row["speedup"])]
        speedups += [1, self.ranks[-1] / self.first, *(point[1] for point in points)]
        self.speedups = (min(speedups) / 1.08, max(speedups) * 1.08)
        self.speedup_marks = powers_of_two(*self.speedups)
        percent = [value for row in rows for value in with_bars(row, 100 * row["efficiency"])]
        percent += [100, *(point[2] for point in points)]
        self.percent_marks = evenly(min(percent), max(percent))
        low = self.percent_marks[0]
        self.percent = (low, max(percent) + 0.05 * (max(percent) - low))


def powers_of_two(low, high):
    return [2.0 ** power for power in range(math.ceil(math.log2(low)), math.floor(math.log2(high)) + 1)]


def legend(canvas, studies, has_forecast, top):
    """Two columns: those with input and the ideal, those without and the forecast."""
    columns = [[study for study in studies if ("without" in study) == without] for without in (False, True)]
    columns[0].append("ideal")
    if has_forecast:
        columns[1 if columns[1] else 0].append("forecast")
    room = max(len(column) for column in columns)
    widest = max(canvas.text_width(NAMES.get(entry, entry), TICK) for entry in columns[0])
    x = LEFT + 6
    for column in columns:
        for i, entry in enumerate(column):
            y = top + i * LEGEND_LINE
            middle = y - 0.36 * TICK
            if entry in LOOKS:
                colour, shape, filled = LOOKS[entry]
                canvas.line([(x, middle), (x + 19, middle)], colour, 0.9, () if filled else OPEN_DASHES)
                canvas.marker(shape, x + 9.5, middle, colour, filled)
            else:
                canvas.line([(x, middle), (x + 19, middle)], INK, 0.8,
                            IDEAL_DASHES if entry == "ideal" else FORECAST_DASHES)
            canvas.text(NAMES.get(entry, entry), x + 23, y, TICK, INK)
        x += 23 + widest + 16
    return room


def draw(cairo, file, rows, forecast):
    """Rows are those of one work; forecast has of each study (ranks, samples a second)."""
    studies = [study for study in LOOKS if any(row["study"] == study for row in rows)]
    forecasts = {study: forecast_of(rows, forecast[study], study) for study in studies if forecast.get(study)}
    limits = Limits(rows, forecasts)
    columns = [sum(("without" in study) == without for study in studies) for without in (False, True)]
    lines = max(columns[0] + 1 + bool(forecasts and not columns[1]), columns[1] + bool(forecasts))
    top = 4 + lines * LEGEND_LINE + 4
    height = top + TOP_HEIGHT + GAP + BOTTOM_HEIGHT + FOOT
    canvas = Canvas(cairo, file, WIDTH, height)
    legend(canvas, studies, bool(forecasts), 4 + TICK)

    first, last = limits.ranks[0], limits.ranks[-1]
    start = top + TOP_HEIGHT + GAP
    speedup_axes = Axes(canvas, (LEFT, top, WIDTH - RIGHT, top + TOP_HEIGHT), (first, last), limits.speedups, True)
    efficiency_axes = Axes(canvas, (LEFT, start, WIDTH - RIGHT, start + BOTTOM_HEIGHT), (first, last), limits.percent,
                           False)
    marks = limits.ranks if len(limits.ranks) <= MOST_MARKS else powers_of_two(first, last)
    speedup_axes.frame(marks, limits.speedup_marks, "speed-up", False)
    efficiency_axes.frame(marks, limits.percent_marks, "efficiency (%)", True)
    speedup_axes.plain([(limits.first, 1), (last, last / limits.first)], INK, IDEAL_DASHES)
    efficiency_axes.plain([(first, 100), (last, 100)], INK, IDEAL_DASHES)
    for study, points in forecasts.items():
        colour = LOOKS[study][0]
        speedup_axes.plain([(point[0], point[1]) for point in points], colour, FORECAST_DASHES, 1.1)
        efficiency_axes.plain([(point[0], point[2]) for point in points], colour, FORECAST_DASHES, 1.1)
    for i, study in enumerate(studies):
        dodge = (i - (len(studies) - 1) / 2) * DODGE
        own = sorted((row for row in rows if row["study"] == study), key=lambda row: row["ranks"])
        speedup_axes.study(study, [(row["ranks"], *with_bars(row, row["speedup"])) for row in own], 0)
        efficiency_axes.study(study, [(row["ranks"], *with_bars(row, 100 * row["efficiency"])) for row in own], dodge)
    canvas.finish()
