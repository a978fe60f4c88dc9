"""Drawing by the cairo that Sève itself draws with and is linked to, so that figures need no package more.

Cairo's own Python module is a package of Debian's that neither the tests' environment nor clusters have, and Matplotlib
is none that Sève needs. Of cairo's functions, these are enough.
"""

import ctypes
import math
from ctypes import c_char_p, c_double, c_int, c_void_p

POINTS_AN_INCH = 72
PIXELS_AN_INCH = 600  # of PNG: what journals ask of line art
BOLD, ARGB32, ROUND, NOT_HINTED = 1, 0, 1, 1

# Of each function: what it returns, what it takes.
SIGNATURES = {
    "svg_surface_create": (c_void_p, c_char_p, c_double, c_double),
    "pdf_surface_create": (c_void_p, c_char_p, c_double, c_double),
    "image_surface_create": (c_void_p, c_int, c_int, c_int),
    "surface_write_to_png": (c_int, c_void_p, c_char_p),
    "surface_status": (c_int, c_void_p),
    "surface_finish": (None, c_void_p),
    "surface_destroy": (None, c_void_p),
    "status_to_string": (c_char_p, c_int),
    "create": (c_void_p, c_void_p),
    "destroy": (None, c_void_p),
    "scale": (None, c_void_p, c_double, c_double),
    "save": (None, c_void_p),
    "restore": (None, c_void_p),
    "translate": (None, c_void_p, c_double, c_double),
    "rotate": (None, c_void_p, c_double),
    "move_to": (None, c_void_p, c_double, c_double),
    "line_to": (None, c_void_p, c_double, c_double),
    "arc": (None, c_void_p, c_double, c_double, c_double, c_double, c_double),
    "new_path": (None, c_void_p),
    "close_path": (None, c_void_p),
    "fill": (None, c_void_p),
    "fill_preserve": (None, c_void_p),
    "stroke": (None, c_void_p),
    "paint": (None, c_void_p),
    "set_source_rgb": (None, c_void_p, c_double, c_double, c_double),
    "set_line_width": (None, c_void_p, c_double),
    "set_line_join": (None, c_void_p, c_int),
    "set_dash": (None, c_void_p, ctypes.POINTER(c_double), c_int, c_double),
    "select_font_face": (None, c_void_p, c_char_p, c_int, c_int),
    "set_font_size": (None, c_void_p, c_double),
    "text_extents": (None, c_void_p, c_char_p, c_void_p),
    "show_text": (None, c_void_p, c_char_p),
    "font_options_create": (c_void_p,),
    "font_options_destroy": (None, c_void_p),
    "font_options_set_hint_style": (None, c_void_p, c_int),
    "font_options_set_hint_metrics": (None, c_void_p, c_int),
    "set_font_options": (None, c_void_p, c_void_p),
}


class Extents(ctypes.Structure):
    _fields_ = [(name, c_double) for name in ("x_bearing", "y_bearing", "width", "height", "x_advance", "y_advance")]


def library(path):
    """The functions of cairo without their prefix; OSError where it is not there."""
    loaded = ctypes.CDLL(path)
    functions = {}
    for name, (returned, *taken) in SIGNATURES.items():
        function = getattr(loaded, f"cairo_{name}")
        function.restype, function.argtypes = returned, taken
        functions[name] = function
    return functions


class Canvas:
    """A page of width x height points; .svg, .pdf or .png, as its file is called. Write it with finish()."""

    def __init__(self, cairo, file, width, height):
        self.cairo, self.file = cairo, file
        scale = PIXELS_AN_INCH / POINTS_AN_INCH if file.suffix == ".png" else 1
        if file.suffix == ".png":
            self.surface = self.cairo["image_surface_create"](ARGB32, round(width * scale), round(height * scale))
        else:
            kind = f"{file.suffix[1:]}_surface_create"
            self.surface = self.cairo[kind](str(file).encode(), width, height)
        self.context = self.cairo["create"](self.surface)
        self.call("scale", scale, scale)
        self.call("set_line_join", ROUND)
        self.unhint()
        self.call("set_source_rgb", 1, 1, 1)
        self.call("paint")

    def call(self, name, *arguments):
        return self.cairo[name](self.context, *arguments)

    def unhint(self):
        """Letters stand alike in all three files."""
        options = self.cairo["font_options_create"]()
        self.cairo["font_options_set_hint_style"](options, NOT_HINTED)
        self.cairo["font_options_set_hint_metrics"](options, NOT_HINTED)
        self.call("set_font_options", options)
        self.cairo["font_options_destroy"](options)

    def pen(self, colour, width=0.6, dashes=()):
        self.call("set_source_rgb", *(int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)))
        self.call("set_line_width", width)
        self.call("set_dash", (c_double * len(dashes))(*dashes), len(dashes), 0)

    def line(self, points, colour, width=0.6, dashes=()):
        self.pen(colour, width, dashes)
        for i, (x, y) in enumerate(points):
            self.call("line_to" if i else "move_to", x, y)
        self.call("stroke")

    def marker(self, shape, x, y, colour, filled, radius=2.1):
        """A "circle" or a "square"; one that is not filled is white."""
        self.call("new_path")
        if shape == "circle":
            self.call("arc", x, y, radius, 0, 2 * math.pi)
        else:
            half = 0.88 * radius
            for i, (dx, dy) in enumerate(((-half, -half), (half, -half), (half, half), (-half, half))):
                self.call("line_to" if i else "move_to", x + dx, y + dy)
        self.call("close_path")
        self.pen(colour if filled else "#ffffff")
        self.call("fill_preserve")
        self.pen(colour, 0.9)
        self.call("stroke")

    def font(self, size, bold):
        self.call("select_font_face", b"sans-serif", 0, BOLD if bold else 0)
        self.call("set_font_size", size)

    def text_width(self, text, size, bold=False):
        self.font(size, bold)
        extents = Extents()
        self.call("text_extents", text.encode(), ctypes.byref(extents))
        return extents.x_advance

    def text(self, text, x, y, size, colour, align="left", upwards=False, bold=False):
        """Its base line at y; upwards: turned by a quarter, its base line at x."""
        shift = {"left": 0, "centre": 0.5, "right": 1}[align] * self.text_width(text, size, bold)
        self.pen(colour)
        self.call("save")
        self.call("translate", x, y)
        if upwards:
            self.call("rotate", -math.pi / 2)
        self.call("move_to", -shift, 0)
        self.call("show_text", text.encode())
        self.call("restore")

    def finish(self):
        """Writes the file; OSError where that does not succeed."""
        self.cairo["destroy"](self.context)
        status = 0
        if self.file.suffix == ".png":
            status = self.cairo["surface_write_to_png"](self.surface, str(self.file).encode())
        self.cairo["surface_finish"](self.surface)
        status = status or self.cairo["surface_status"](self.surface)
        self.cairo["surface_destroy"](self.surface)
        if status:
            raise OSError(0, self.cairo["status_to_string"](status).decode(), str(self.file))
