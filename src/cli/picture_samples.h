// Pictures of people's own as samples for a model.
#pragma once

#include <string>
#include <vector>

#include "config/data.pb.h"
#include "data/samples.h"
#include "report/draw/canvas.h"

namespace seve {

// JPEG or PNG files made to fit the shape (C, H, W), C 1 or 3: grey or colour; brought to its size
// as the model's test pictures were where those came from an image_folder, otherwise stretched by
// averaging. invert: dark becomes light. What was changed is told in `notes`, a line a file. Throws
// Error(kData) naming a file that is no such picture.
std::vector<Image> ReadPictures(const std::vector<std::string>& paths, const config::Data& data,
                                const Shape& shape, bool invert, std::vector<std::string>* notes);

// Pictures of this shape, all of class 0.
ImageSamples ToSamples(const std::vector<Image>& pictures, const Shape& shape);

// Grey: 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601).
Image WithChannels(const Image& image, int channels);

// Each new pixel is the mean of the area it covers.
Image Resized(const Image& image, int64_t height, int64_t width);

}  // namespace seve
