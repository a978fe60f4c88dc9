"""Reads and writes PNG files with the standard library alone (https://www.w3.org/TR/png/)."""

import struct
import zlib

import numpy

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {0: 1, 2: 3, 6: 4}


def write(path, pixels):
    """Writes bytes (height, width) as grey, (height, width, 3) as colour."""
    height, width = pixels.shape[:2]
    kind = 0 if pixels.ndim == 2 else 2
    rows = b"".join(b"\0" + row.tobytes() for row in pixels.astype(numpy.uint8))

    def chunk(name, contents):
        return struct.pack(">I", len(contents)) + name + contents + struct.pack(">I", zlib.crc32(name + contents))

    header = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    path.write_bytes(SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def chunks(contents):
    """(name, bytes) of each, checksums verified."""
    assert contents[:8] == SIGNATURE, "no PNG file"
    at = 8
    while at < len(contents):
        length, name = struct.unpack(">I4s", contents[at:at + 8])
        body = contents[at + 8:at + 8 + length]
        (checksum,) = struct.unpack(">I", contents[at + 8 + length:at + 12 + length])
        assert checksum == zlib.crc32(name + body), name
        yield name, body
        at += 12 + length


def undo_filter(kind, row, above, step):
    """One row of bytes as they were before the filter of this kind."""
    row = bytearray(row)
    for i, value in enumerate(row):
        left = row[i - step] if i >= step else 0
        up, corner = above[i], above[i - step] if i >= step else 0
        if kind == 1:
            value += left
        elif kind == 2:
            value += up
        elif kind == 3:
            value += (left + up) // 2
        elif kind == 4:
            estimate = left + up - corner
            value += min((left, up, corner), key=lambda near, estimate=estimate: abs(estimate - near))
        row[i] = value & 255
    return row


def read(path):
    """The pixels, bytes (height, width, channels)."""
    parts = list(chunks(path.read_bytes()))
    width, height, depth, kind, _, _, interlace = struct.unpack(">IIBBBBB", parts[0][1])
    assert depth == 8 and interlace == 0 and kind in CHANNELS
    step = CHANNELS[kind]
    data = zlib.decompress(b"".join(body for name, body in parts if name == b"IDAT"))
    length = width * step
    rows, above = [], bytes(length)
    for at in range(0, len(data), length + 1):
        above = undo_filter(data[at], data[at + 1:at + 1 + length], above, step)
        rows.append(bytes(above))
    return numpy.frombuffer(b"".join(rows), numpy.uint8).reshape(height, width, step)
