// Pictures as surfaces of cairo's and back.
#pragma once

#include "report/draw/cairo_handle.h"
#include "report/draw/canvas.h"

namespace seve {

// Small pictures with each pixel repeated: viewers of SVG and PDF that smooth what they enlarge,
// whatever the file asks for, then leave the pixels sharp.
CairoSurface EnlargedSurface(const Image& image);

}  // namespace seve
