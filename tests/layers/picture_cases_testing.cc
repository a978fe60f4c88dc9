#include "layers/picture_cases_testing.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "layers/average_pool.h"
#include "layers/flatten.h"
#include "layers/global_pool.h"
#include "layers/max_pool.h"
#include "layers/pad.h"
#include "layers/reshape.h"
#include "layers/upsample.h"

namespace seve::testing {
namespace {

// Where value i of a sample in row-major order lies.
size_t Place(const Shape& sample, int64_t i) {
  if (sample.rank() != 3) return static_cast<size_t>(i);
  const int64_t pixels = sample[1] * sample[2];
  return static_cast<size_t>(i % pixels * sample[0] + i / pixels);
}

Reference ReshapeReference(const Shape& input, const Shape& output) {
  return [=](int64_t rows, const std::vector<Doubles>& inputs, const std::vector<Doubles>&) {
    const int64_t each = input.elements();
    Doubles y(inputs[0].size());
    for (int64_t i = 0; i < rows * each; ++i) {
      const auto start = static_cast<size_t>(i - i % each);
      y[start + Place(output, i % each)] = inputs[0][start + Place(input, i % each)];
    }
    return y;
  };
}

LayerCase ReshapeCase(const std::string& name, const Shape& input, const Shape& output) {
  return {name,
          [=] { return std::make_unique<Reshape>(input, output); },
          {input},
          ReshapeReference(input, output)};
}

// One channel of one sample, read by row and column.
class Plane {
 public:
  Plane(const Doubles& batch, const Shape& picture, int64_t row, int64_t channel)
      : batch_(batch), picture_(picture), start_(row * picture.elements() + channel) {}

  [[nodiscard]] int64_t height() const { return picture_[1]; }
  [[nodiscard]] int64_t width() const { return picture_[2]; }
  [[nodiscard]] bool Has(int64_t h, int64_t w) const {
    return h >= 0 && h < height() && w >= 0 && w < width();
  }
  [[nodiscard]] double operator()(int64_t h, int64_t w) const {
    return batch_[static_cast<size_t>(start_ + (h * width() + w) * picture_[0])];
  }

 private:
  const Doubles& batch_;
  const Shape& picture_;
  int64_t start_;
};

// y(h, w) of each channel from the channel of x.
using PixelReference = std::function<double(const Plane& x, int64_t h, int64_t w)>;

Reference PixelsReference(const Shape& input, const Shape& output, const PixelReference& of_pixel) {
  return [=](int64_t rows, const std::vector<Doubles>& inputs, const std::vector<Doubles>&) {
    Doubles y;
    for (int64_t row = 0; row < rows; ++row) {
      for (int64_t h = 0; h < output[1]; ++h) {
        for (int64_t w = 0; w < output[2]; ++w) {
          for (int64_t channel = 0; channel < output[0]; ++channel) {
            y.push_back(of_pixel(Plane(inputs[0], input, row, channel), h, w));
          }
        }
      }
    }
    return y;
  };
}

struct Windows {
  Extent size, stride;
  Extent padding = {0, 0};
};

WindowGeometry GeometryOf(const Shape& input, const Windows& windows) {
  const auto& [size, stride, padding] = windows;
  return {.channels = input[0],
          .input = {input[1], input[2]},
          .output = {WindowsAlong(input[1], size.height, stride.height, padding.height),
                     WindowsAlong(input[2], size.width, stride.width, padding.width)},
          .size = size,
          .stride = stride,
          .padding = padding};
}

// Calls use(h, w) for the places of a window, those of padding as well.
template <typename Use>
void ForEachPlace(const Windows& windows, int64_t h, int64_t w, Use use) {
  for (int64_t i = 0; i < windows.size.height; ++i) {
    for (int64_t j = 0; j < windows.size.width; ++j) {
      use(h * windows.stride.height - windows.padding.height + i,
          w * windows.stride.width - windows.padding.width + j);
    }
  }
}

LayerCase MaxPoolCase(const std::string& name, const Shape& input, const Windows& windows) {
  const WindowGeometry geometry = GeometryOf(input, windows);
  return {"max_pool_" + name,
          [=] { return std::make_unique<MaxPool>(geometry); },
          {input},
          PixelsReference(input, geometry.OutputShape(), [=](const Plane& x, int64_t h, int64_t w) {
            double largest = -std::numeric_limits<double>::infinity();
            ForEachPlace(windows, h, w, [&](int64_t i, int64_t j) {
              if (x.Has(i, j)) largest = std::max(largest, x(i, j));
            });
            return largest;
          })};
}

LayerCase AveragePoolCase(const std::string& name, const Shape& input, const Windows& windows,
                          bool count_padding) {
  const WindowGeometry geometry = GeometryOf(input, windows);
  return {"average_pool_" + name,
          [=] { return std::make_unique<AveragePool>(geometry, count_padding); },
          {input},
          PixelsReference(input, geometry.OutputShape(), [=](const Plane& x, int64_t h, int64_t w) {
            double sum = 0;
            int count = 0;
            ForEachPlace(windows, h, w, [&](int64_t i, int64_t j) {
              if (x.Has(i, j)) sum += x(i, j);
              if (x.Has(i, j) || count_padding) ++count;
            });
            return sum / count;
          })};
}

LayerCase GlobalPoolCase(Pooling pooling, const Shape& input) {
  const auto all = [=](const Plane& x, int64_t, int64_t) {
    double sum = 0, largest = x(0, 0);
    for (int64_t h = 0; h < x.height(); ++h) {
      for (int64_t w = 0; w < x.width(); ++w) {
        sum += x(h, w);
        largest = std::max(largest, x(h, w));
      }
    }
    return pooling == Pooling::kMax ? largest : sum / static_cast<double>(x.height() * x.width());
  };
  return {std::string("global_pool_") + (pooling == Pooling::kMax ? "max" : "average"),
          [=] { return std::make_unique<GlobalPool>(pooling, input); },
          {input},
          PixelsReference(input, {input[0], 1, 1}, all)};
}

// The pixel that a place, which may lie outside, shows; -1: none.
int64_t Shown(int64_t place, int64_t pixels, PadMode mode) {
  if (place >= 0 && place < pixels) return place;
  if (mode == PadMode::kConstant) return -1;
  if (mode == PadMode::kReplicate) return place < 0 ? 0 : pixels - 1;
  return place < 0 ? -place : 2 * pixels - 2 - place;
}

LayerCase PadCase(const std::string& name, const Shape& input, const PadAmounts& amounts,
                  PadMode mode) {
  const Shape output = {input[0], amounts.top + input[1] + amounts.bottom,
                        amounts.left + input[2] + amounts.right};
  return {"pad_" + name,
          [=] { return std::make_unique<Pad>(input, amounts, mode, 0.75f); },
          {input},
          PixelsReference(input, output, [=](const Plane& x, int64_t h, int64_t w) {
            const int64_t i = Shown(h - amounts.top, x.height(), mode);
            const int64_t j = Shown(w - amounts.left, x.width(), mode);
            return i < 0 || j < 0 ? 0.75 : x(i, j);
          })};
}

// As PyTorch documents it.
double Bilinear(const Plane& x, int64_t scale, int64_t h, int64_t w) {
  const auto at = [&](int64_t place) {
    return std::max(0.0, (static_cast<double>(place) + 0.5) / static_cast<double>(scale) - 0.5);
  };
  const double y = at(h), z = at(w);
  const auto i = static_cast<int64_t>(y), j = static_cast<int64_t>(z);
  const int64_t below = std::min(i + 1, x.height() - 1), right = std::min(j + 1, x.width() - 1);
  const double down = y - static_cast<double>(i), along = z - static_cast<double>(j);
  return (1 - down) * ((1 - along) * x(i, j) + along * x(i, right)) +
         down * ((1 - along) * x(below, j) + along * x(below, right));
}

LayerCase UpsampleCase(const std::string& name, const Shape& input, int64_t scale,
                       Interpolation interpolation) {
  const Shape output = {input[0], scale * input[1], scale * input[2]};
  return {"upsample_" + name,
          [=] { return std::make_unique<Upsample>(input, scale, interpolation); },
          {input},
          PixelsReference(input, output, [=](const Plane& x, int64_t h, int64_t w) {
            if (interpolation == Interpolation::kBilinear) return Bilinear(x, scale, h, w);
            return x(h / scale, w / scale);
          })};
}

}  // namespace

std::vector<LayerCase> PictureCases() {
  std::vector<LayerCase> cases;
  cases.push_back({"flatten",
                   [] {
                     return std::make_unique<Flatten>(Shape{3, 4, 5});
                   },
                   {Shape{3, 4, 5}},
                   ReshapeReference({3, 4, 5}, {60})});
  cases.push_back(ReshapeCase("reshape_to_picture", {30}, {2, 5, 3}));
  cases.push_back(ReshapeCase("reshape_to_rows", {8, 2, 4}, {16, 4}));
  cases.push_back(ReshapeCase("reshape_pictures", {3, 4, 2}, {2, 3, 4}));
  // Channels that are whole vectors and others; windows that tile, leave a rest, overlap, are
  // apart.
  cases.push_back(MaxPoolCase("tiles", {6, 4, 6}, {.size = {2, 2}, .stride = {2, 2}}));
  cases.push_back(MaxPoolCase("rest", {8, 5, 7}, {.size = {2, 3}, .stride = {2, 3}}));
  cases.push_back(
      MaxPoolCase("overlap", {11, 5, 4}, {.size = {3, 3}, .stride = {2, 2}, .padding = {1, 1}}));
  cases.push_back(MaxPoolCase("apart", {3, 7, 5}, {.size = {2, 1}, .stride = {3, 2}}));
  cases.push_back(MaxPoolCase("wide", {1, 17, 16}, {.size = {17, 16}, .stride = {1, 1}}));
  cases.push_back(AveragePoolCase("tiles", {6, 4, 6}, {.size = {2, 2}, .stride = {2, 2}}, true));
  for (const bool count : {true, false}) {
    cases.push_back(AveragePoolCase(count ? "padding" : "pixels", {9, 3, 4},
                                    {.size = {3, 2}, .stride = {2, 1}, .padding = {1, 1}}, count));
  }
  cases.push_back(AveragePoolCase("apart", {3, 7, 5}, {.size = {2, 1}, .stride = {3, 2}}, true));
  cases.push_back(GlobalPoolCase(Pooling::kAverage, {10, 3, 5}));
  cases.push_back(GlobalPoolCase(Pooling::kMax, {10, 3, 5}));
  const PadAmounts sides = {.top = 1, .bottom = 2, .left = 3, .right = 0};
  cases.push_back(PadCase("constant", {5, 3, 4}, sides, PadMode::kConstant));
  cases.push_back(PadCase("reflect", {8, 3, 4}, sides, PadMode::kReflect));
  cases.push_back(PadCase("replicate", {9, 2, 1}, sides, PadMode::kReplicate));
  cases.push_back(UpsampleCase("nearest", {5, 2, 3}, 3, Interpolation::kNearest));
  cases.push_back(UpsampleCase("bilinear2", {8, 2, 3}, 2, Interpolation::kBilinear));
  cases.push_back(UpsampleCase("bilinear3", {3, 1, 4}, 3, Interpolation::kBilinear));
  return cases;
}

}  // namespace seve::testing
