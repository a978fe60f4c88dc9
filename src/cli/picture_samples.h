// Pictures of people's own as samples for a model.
#pragma once

#include <string>
#include <vector>

#include "data/samples.h"
#include "report/draw/canvas.h"

namespace seve {

// PNG files made to fit the shape (C, H, W), C 1 or 3: grey or colour, stretched to its size by
// averaging. invert: dark becomes light. What was changed is told in `notes`, a line a file. Throws
// Error(kData) naming a file that is no PNG picture.
std::vector<Image> ReadPictures(const std::vector<std::string>& paths, const Shape& shape,
                                bool invert, std::vector<std::string>* notes);

// Pictures of this shape, all of class 0.
ImageSamples ToSamples(const std::vector<Image>& pictures, const Shape& shape);

// Grey: 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601).
Image WithChannels(const Image& image, int channels);

// Each new pixel is the mean of the area it covers.
Image Resized(const Image& image, int64_t height, int64_t width);

}  // namespace seve
