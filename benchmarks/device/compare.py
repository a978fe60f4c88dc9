#!/usr/bin/env python3
"""Our step times beside PyTorch's, and every rate beside what it must be.

    benchmarks/device/compare.py FOLDER

Reads what benchmarks/gpu leaves in FOLDER: ours_*.jsonl and pytorch_*.jsonl (objects {work, batch, precision, mode,
microseconds}, one a line, other lines are passed over) and rates.json of benchmark_gpu. Prints a table, then lines
"check: NAME<tab>RESULT<tab>FIGURE<tab>TARGET" for benchmarks/gpu. A time is the median over the files that have it.
"""

import json
import pathlib
import statistics
import sys

PEERS = ("eager", "compiled", "graph")
OF_EAGER, OF_COMPILED, OF_PRODUCTS, OF_COPY = 5, 2, 0.95, 0.85
# Of the wide model: every layer but the first has a gradient for its input.
WIDE_PRODUCTS = {"forward, BF16": 8, "weight gradient, BF16": 8, "input gradient, BF16": 7}


def times(files):
    """{(work, batch, precision, mode): median microseconds}, and the errors of what has no time."""
    seen, errors = {}, {}
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            if not line.startswith("{"):
                continue
            found = json.loads(line)
            if "work" not in found:
                continue
            key = tuple(found[name] for name in ("work", "batch", "precision", "mode"))
            if found["microseconds"] is None:
                errors[key] = found.get("error", "no time")
            else:
                seen.setdefault(key, []).append(found["microseconds"])
    return {key: statistics.median(values) for key, values in seen.items()}, errors


def print_steps(ours, peers):
    print("# microseconds of a step; times: how often ours fits into PyTorch's")
    print(f"# {'work':<8} {'batch':>6} {'type':<5} {'mode':<6} {'ours':>10}"
          + "".join(f" {name:>10} {'times':>6}" for name in PEERS))
    for (work, batch, precision, mode), time in ours.items():
        row = f"  {work:<8} {batch:>6} {precision:<5} {mode:<6} {time:>10.2f}"
        for name in PEERS:
            peer = peers.get((work, batch, precision, name))
            row += f" {peer:>10.2f} {peer / time:>6.2f}" if peer else f" {'-':>10} {'-':>6}"
        print(row)


def check(name, figure, target, text, unit=""):
    """Prints whether a figure reaches its target; None: it was not measured."""
    if figure is None:
        print(f"check: {name}\tnot run\tnot measured\t>= {target}{unit}")
    else:
        print(f"check: {name}\t{'met' if figure >= target else 'not met'}\t{text}\t>= {target}{unit}")


def check_mlp(ours, peers):
    case = ("mlp", 256, "FP32")
    time = ours.get((*case, "graph"))
    compiled = min(filter(None, (peers.get((*case, mode)) for mode in ("compiled", "graph"))), default=None)
    for name, peer, target in (("eager", peers.get((*case, "eager")), OF_EAGER), ("compiled", compiled, OF_COMPILED)):
        ratio = peer / time if peer and time else None
        check(f"mlp 256 of {name}", ratio, target, ratio and f"{ratio:.2f} x: {time:.1f} us, PyTorch {peer:.1f} us", " x")


def check_wide(ours, rows):
    products = {row["what"]: row["microseconds"] for row in rows if row["section"] == "products"}
    time = ours.get(("wide", 8192, "BF16", "graph"))
    ratio = None
    if time and all(name in products for name in WIDE_PRODUCTS):
        alone = sum(count * products[name] for name, count in WIDE_PRODUCTS.items())
        ratio = alone / time
    check("wide of its products", ratio, OF_PRODUCTS,
          ratio and f"{ratio:.3f}: {time / 1e3:.2f} ms, products alone {alone / 1e3:.2f} ms")


def check_copies(rows):
    for section in ("optimizers", "activations"):
        rates = [(row["fraction"], row["what"]) for row in rows if row["section"] == section]
        least, what = min(rates, default=(None, None))
        check(f"{section} of copy", least, OF_COPY, least is not None and f"{least:.3f} at least ({what})")


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        print(__doc__)
        sys.exit(0 if sys.argv[1:] in (["-h"], ["--help"]) else 2)
    folder = pathlib.Path(sys.argv[1])
    ours, errors = times(sorted(folder.glob("ours_*.jsonl")))
    peers, peer_errors = times(sorted(folder.glob("pytorch_*.jsonl")))
    print_steps(ours, peers)
    for whose, found in (("ours", errors), ("PyTorch", peer_errors)):
        for key, error in found.items():
            print(f"# {whose} {' '.join(map(str, key))}: {error}")
    if errors:
        key, error = next(iter(errors.items()))
        print(f"check: our steps\tfailed\t{len(errors)} not measured: {key[0]} {key[1]}: {error[:60]}\tall measured")
    rates = folder / "rates.json"
    rows = json.loads(rates.read_text(encoding="utf-8"))["rows"] if rates.exists() else []
    check_mlp(ours, peers)
    check_wide(ours, rows)
    check_copies(rows)


if __name__ == "__main__":
    main()
