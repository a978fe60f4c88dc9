"""What benchmarks/scaling writes for papers in LaTeX: a figure by pgfplots, a table by booktabs."""

from scaling_figure import NAMES, Limits, forecast_of

FIGURE_BEGIN = r"""\begin{figure}
\centering
\definecolor{sevewk}{HTML}{0072B2}
\definecolor{sevest}{HTML}{D55E00}
%% The rows of %(csv)s of one work and study.
\pgfplotsset{
  of work/.style 2 args={x filter/.code={%%
    \edef\seveis{\thisrow{work}/\thisrow{study}}\edef\sevewanted{#1/#2}%%
    \ifx\seveis\sevewanted\else\def\pgfmathresult{nan}\fi}},
  weak/.style={sevewk, mark=*, mark options={solid}},
  strong/.style={sevest, mark=square*, mark options={solid}},
  without input/.style={dashed, mark options={solid, fill=white}},
}
\begin{tikzpicture}
\begin{groupplot}[
  group style={group size=1 by 2, vertical sep=10pt, x descriptions at=edge bottom},
  width=\columnwidth, height=0.62\columnwidth, xmode=log, log basis x=2, xtick={%(ranks)s}, xticklabels={%(ranks)s},
  xlabel=ranks, every axis plot/.append style={mark size=1.6pt}, axis lines=left, axis line style={-},
  ymajorgrids, grid style={black!12},
  enlarge x limits=0.06, unbounded coords=discard, table/col sep=comma,
  error bars/y dir=both, error bars/y explicit, error bars/error bar style={solid},
  tick label style={font=\scriptsize}, label style={font=\footnotesize},
  legend style={draw=none, font=\scriptsize, at={(0.5,1.04)}, anchor=south, legend columns=2, legend cell align=left,
    /tikz/every even column/.append style={column sep=8pt}},
]
"""
# From the median to the highest run, and to the lowest.
BARS = (r"y error plus expr=%(factor)s\thisrow{%(column)s}*(\thisrow{highest}/\thisrow{samples_per_second}-1), "
        r"y error minus expr=%(factor)s\thisrow{%(column)s}*(1-\thisrow{lowest}/\thisrow{samples_per_second})")
FIGURE_END = r"""\end{groupplot}
\end{tikzpicture}
\caption{%(caption)s}
\label{fig:%(label)s}
\end{figure}
"""


def escaped(text):
    for letter in "&%#_":
        text = text.replace(letter, "\\" + letter)
    return text


def style_of(study):
    return study.split("-")[0] + (", without input" if "without" in study else "")


def plots(work, studies, column, factor):
    """A line of a study each, in %, or as it is."""
    y = f"y={column}" if not factor else f"y expr={factor}\\thisrow{{{column}}}"
    bars = BARS % {"factor": factor, "column": column}
    return [rf"\addplot+[{style_of(study)}, of work={{{work}}}{{{study}}}] table[x=ranks, {y}, {bars}] {{\sevecsv}};"
            for study in studies]


def curve(points, style):
    return rf"\addplot[{style}, no markers] coordinates {{{' '.join(f'({x:g},{y:.6g})' for x, y in points)}}};"


def reaching(values):
    return f"ymin={values[0]:.4g}, ymax={values[1]:.4g}"


def figure(csv_name, work, rows, forecast, caption):
    """Rows are those of one work, which stand in the CSV with those of others."""
    # Of two columns of the legend, the left one is with input, the right one without.
    studies = sorted({row["study"] for row in rows}, key=lambda study: (study.startswith("strong"), "without" in study))
    forecasts = {study: forecast_of(rows, forecast[study], study) for study in studies if forecast.get(study)}
    limits = Limits(rows, forecasts)
    first, last = limits.first, limits.ranks[-1]
    text = f"% Drawn by pgfplots from {csv_name}, which \\sevecsv finds. \\input this file in a document with\n"
    text += "%   \\usepackage{pgfplots} \\usepgfplotslibrary{groupplots} \\pgfplotsset{compat=1.16}\n"
    text += f"\\providecommand{{\\sevecsv}}{{{csv_name}}}\n"
    text += FIGURE_BEGIN % {"csv": csv_name, "ranks": ",".join(map(str, limits.ranks))}
    marks = ",".join(f"{mark:g}" for mark in limits.speedup_marks)
    lines = [rf"\nextgroupplot[ylabel=speed-up, ymode=log, log basis y=2, ytick={{{marks}}}, yticklabels={{{marks}}},",
             f"  {reaching(limits.speedups)}]"]
    for study, line in zip(studies, plots(work, studies, "speedup", "")):
        lines += [line, rf"\addlegendentry{{{NAMES[study].replace(',', '{,}')}}}"]
    lines += [curve([(first, 1), (last, last / first)], "black, dashed"), r"\addlegendentry{ideal}"]
    for i, (study, points) in enumerate(forecasts.items()):
        lines.append(curve([point[:2] for point in points], f"{colour_of(study)}, densely dotted, thick"
                           + ("" if i == 0 else ", forget plot")))
        lines += [r"\addlegendentry{forecast}"] if i == 0 else []
    marks = ",".join(map(str, limits.percent_marks))
    lines.append(rf"\nextgroupplot[ylabel=efficiency (\%), ytick={{{marks}}}, {reaching(limits.percent)}]")
    lines.append(curve([(limits.ranks[0], 100), (last, 100)], "black, dashed"))
    lines += plots(work, studies, "efficiency", "100*")
    lines += [curve([(point[0], point[2]) for point in points], f"{colour_of(study)}, densely dotted, thick")
              for study, points in forecasts.items()]
    return text + "\n".join(lines) + "\n" + FIGURE_END % {"caption": caption, "label": f"scaling-{work}"}


def colour_of(study):
    return "sevewk" if study.startswith("weak") else "sevest"


def number(value):
    return f"{value:,.0f}".replace(",", "{,}")


def table(rows, times, caption):
    """A row a point; below, where it was measured, time to accuracy."""
    lines = [r"% \input this file in a document with \usepackage{booktabs}; it is as wide as a page (table*).",
             r"\begin{table*}", r"\centering", r"\footnotesize", r"\begin{tabular}{@{}llrrrrrrrr@{}}", r"\toprule",
             r"work & scaling & ranks & batch & samples/s & lowest & highest & speed-up & efficiency & spread \\",
             r"\midrule"]
    before = None
    for row in rows:
        group = (row["work"], row["study"])
        if before and before != group:
            lines.append(r"\addlinespace")
        names = (escaped(row["work"]), NAMES[row["study"]]) if before != group else ("", "")
        before = group
        lines.append(f"{names[0]} & {names[1]} & {row['ranks']} & {number(row['batch'])} & "
                     f"{number(row['samples_per_second'])} & {number(row['lowest'])} & {number(row['highest'])} & "
                     f"{row['speedup']:.2f} & {100 * row['efficiency']:.1f}\\,\\% & "
                     f"{100 * row['spread']:.1f}\\,\\% \\\\")
    lines += [r"\bottomrule", r"\end{tabular}"]
    if times:
        lines += time_table(times)
    return "\n".join([*lines, rf"\caption{{{caption}}}", r"\label{tab:scaling}", r"\end{table*}"]) + "\n"


def time_table(times):
    lines = ["", r"\medskip", r"\begin{tabular}{@{}llrrrrrrr@{}}", r"\toprule",
             r"work & scaling & ranks & batch & accuracy & epochs & seconds & lowest & highest \\", r"\midrule"]
    for row in times:
        figures = ("-",) * 4
        if row["seconds"] is not None:
            figures = (f"{row['epochs']:g}", *(f"{row[name]:.3g}" for name in ("seconds", "lowest", "highest")))
        lines.append(f"{escaped(row['work'])} & {row['study']} & {row['ranks']} & {number(row['batch'])} & "
                     f"{100 * row['accuracy']:g}\\,\\% & {' & '.join(figures)} \\\\")
    return [*lines, r"\bottomrule", r"\end{tabular}"]
