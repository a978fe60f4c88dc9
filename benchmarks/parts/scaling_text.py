"""What benchmarks/scaling says: the tables it prints, captions, and the sentence of methods."""

import os

import measure
import versions
from scaling_figure import NAMES

BUSY = 0.5  # load average of a machine that does something else
BARS = "Points are medians of repeated trainings, bars reach from the slowest to the fastest."


def sentence_list(words):
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def caption(work, rows, has_forecast):
    """Of the figure of one work."""
    kinds = []
    if any(row["study"].startswith("weak") for row in rows):
        kinds.append(f"weak scaling ({work.batch} samples a rank)")
    if any(row["study"].startswith("strong") for row in rows):
        kinds.append(f"strong scaling (batch of {work.global_batch})")
    text = f"Training of {work.name}: {sentence_list(kinds)}, against the fewest ranks. {BARS}"
    if any("without" in row["study"] for row in rows):
        text += " Without input: pictures drawn into memory before the first step."
    return text + (" Dotted: forecast." if has_forecast else "")


def table_caption(times):
    text = ("Samples a second of training: median, lowest and highest of repeated trainings; spread: highest minus "
            "lowest, of the median; speed-up and efficiency of the medians, against the fewest ranks.")
    if times:
        text += (" Below: epochs and seconds of training until the validation accuracy is first that high, medians "
                 "over seeds.")
    return text


def methods(options, works, rows, times):
    """Sentences for the methods of a paper."""
    program = measure.PROGRAM
    trained = sentence_list([f"{work.name} (weak scaling: {work.batch} samples a rank; strong: a batch of "
                             f"{work.global_batch})" for work in works])
    runs = sorted({row["runs"] for row in rows})
    repeats = " to ".join(map(str, dict.fromkeys((runs[0], runs[-1]))))
    system = ", ".join(name for name in (versions.kernel(), versions.system()) if name)
    text = (f"We trained {trained} on {sentence_list(list(map(str, options.counts)))} "
            f"{'GPUs, one rank each' if options.gpus else 'ranks'}, with {versions.program(program)} (benchmark at "
            f"{measure.commit()}), compiled by {versions.compiler(program)}, with {versions.mpi()} and "
            f"{versions.onednn(program)}, on {measure.processor()}, {system}. Each point is the median of {repeats} "
            "trainings, interleaved over all points after a warm-up on each number of ranks; bars and ranges are the "
            "lowest and highest of them. Speed is samples a second of training steps alone, without evaluations and "
            "checkpoints, and without the first epoch (of shorter trainings: the first logged steps); speed-up is the "
            "ratio of the medians to that of the fewest ranks, efficiency its share of the ideal.")
    if any("without" in row["study"] for row in rows):
        text += (" Without input, random pictures of the same shape were drawn into memory before the first step, so "
                 "that none was read, decoded or augmented; batches were still gathered from memory.")
    if times:
        text += (f" Time to accuracy is the time of training steps alone until the validation accuracy, judged as the "
                 f"configuration says, is first {100 * options.epochs_to:g} % or more; the median over "
                 f"{times[0]['runs']} seeds where all got there.")
    for note in notes(options, works):
        text += f" {note[0].upper()}{note[1:]}."
    return text + "\n"


def notes(options, works):
    """What a reader must know of these numbers."""
    cores = len(os.sched_getaffinity(0))
    if options.load >= BUSY:
        yield f"other programs shared the machine when this began (load average {options.load:.1f})"
    if max(options.counts) > cores and not options.gpus:
        yield f"{max(options.counts)} ranks share {cores} cores: no speed-up can be expected of those beyond"
    for work in works:
        if "data.digits={}" in work.with_input:
            yield f"{work.name}: generated digits stand in for MNIST, which is not below SEVE_DATA"


def print_tables(options, works, rows, times):
    repeats = f"{options.repeats} interleaved repeat{'s' * (options.repeats > 1)}"
    measure.preamble(f"{repeats}; speed-up and efficiency of medians, against the fewest ranks")
    print(f"# {versions.program(measure.PROGRAM)}; {versions.compiler(measure.PROGRAM)}, {versions.mpi()}, "
          f"{versions.onednn(measure.PROGRAM)}, {versions.kernel()}")
    for note in notes(options, works):
        print(f"# {note}")
    width = max(10, *(len(work.name) for work in works))
    print(f"# {'work':<{width}} {'scaling':<22} {'ranks':>5} {'batch':>6} {'runs':>4} {'median':>11} {'lowest':>11} "
          f"{'highest':>11} {'speed-up':>8} {'efficiency':>10} {'spread':>7}")
    print(f"# {'':<{width}} {'':<22} {'':>5} {'':>6} {'':>4} {'samples/s':>11} {'samples/s':>11} {'samples/s':>11} "
          f"{'':>8} {'%':>10} {'%':>7}")
    for row in rows:
        print(f"  {row['work']:<{width}} {NAMES[row['study']]:<22} {row['ranks']:>5} {row['batch']:>6} "
              f"{row['runs']:>4} {row['samples_per_second']:>11,.0f} {row['lowest']:>11,.0f} {row['highest']:>11,.0f} "
              f"{row['speedup']:>8.2f} {100 * row['efficiency']:>10.1f} {100 * row['spread']:>7.1f}")
    if times:
        print_times(options, times, width)
    print(f"# written: {options.out}/scaling.csv, figures, scaling.tex, scaling-table.tex, methods.txt")


def print_times(options, times, width):
    print(f"#\n# until the validation accuracy is first {100 * options.epochs_to:g} %; seconds of training alone, "
          "medians over seeds; -: not all got there")
    print(f"# {'work':<{width}} {'scaling':<22} {'ranks':>5} {'batch':>6} {'reached':>8} {'epochs':>7} {'median':>9} "
          f"{'lowest':>9} {'highest':>9} {'speed-up':>8}")
    print(f"# {'':<{width}} {'':<22} {'':>5} {'':>6} {'of runs':>8} {'':>7} {'s':>9} {'s':>9} {'s':>9}")
    for row in times:
        seconds = [f"{row[name]:.4g}" if row[name] is not None else "-" for name in ("seconds", "lowest", "highest")]
        epochs = f"{row['epochs']:g}" if row["epochs"] is not None else "-"
        speedup = f"{row['speedup']:.2f}" if row["speedup"] is not None else "-"
        reached = f"{row['reached']} of {row['runs']}"
        print(f"  {row['work']:<{width}} {row['study']:<22} {row['ranks']:>5} {row['batch']:>6} {reached:>8} "
              f"{epochs:>7} {seconds[0]:>9} {seconds[1]:>9} {seconds[2]:>9} {speedup:>8}")
