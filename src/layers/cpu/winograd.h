// Where a convolution is computed by Winograd's minimal filtering (Lavin and Gray, arXiv
// 1509.09308).
#pragma once

#include "layers/convolution_geometry.h"

namespace seve {

// Whether so many rows at a time go by oneDNN's F(4 x 4, 3 x 3), from the geometry and the
// processor alone: where that is faster than a direct product, and transformed filters take no more
// than 16 MiB (a scratchpad of 256 channels takes 37 MB). It takes 36 products for 144, and rounds
// one and a half to three times as much: 4e-7 to 1e-6 of the values beside 2e-7 to 6e-7, of 32 to
// 256 channels.
//
// Measured for 16 rows (AVX-512, one core): 32 -> 32 channels of 16 x 16 620 us directly, 410 so;
// 64 -> 64 of 8 x 8 550, 330; 128 -> 128 of 16 x 16 9850, 5230; its reorders counted. Both
// gradients gain as much. 16 channels lose from 16 rows on; 256 pixels are about even.
bool GoesByWinograd(const ConvolutionGeometry& geometry, int64_t rows);

}  // namespace seve
