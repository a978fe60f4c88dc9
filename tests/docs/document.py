"""Reads the fenced code blocks of a Markdown page and carries them out."""

import pathlib
import re
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parents[2]


@dataclass
class Block:
    """One fenced block: its language, the rest of its info string, and its text with the last newline."""

    language: str
    info: str
    text: str


def blocks(page):
    """Every fenced block of a page, in order."""
    fenced = re.findall(r"^```(\w*) ?(.*)\n((?:.*\n)*?)```$", page.read_text(), re.MULTILINE)
    return [Block(*parts) for parts in fenced]


def apply(block, tree):
    """Carries out a block named `PATH (new file)` or `PATH (after "LINE")` below the folder `tree`."""
    place = re.fullmatch(r'(\S+) \((?:new file|after "(.*)")\)', block.info)
    if not place:
        raise AssertionError(f"a block says neither (new file) nor (after \"LINE\"): {block.info}")
    path = tree / place[1]
    if place[2] is None:
        if path.exists():
            raise AssertionError(f"{place[1]} is to be a new file, but is there already")
        path.write_text(block.text)
        return
    anchor = place[2].replace('\\"', '"') + "\n"
    lines = path.read_text().splitlines(keepends=True)
    if lines.count(anchor) != 1:
        raise AssertionError(f"{place[1]} has {lines.count(anchor)} lines {anchor!r}, not one: has it moved?")
    lines.insert(lines.index(anchor) + 1, block.text)
    path.write_text("".join(lines))
