#include "data/digits/canvas.h"

#include <algorithm>
#include <cmath>

namespace seve {
namespace {

struct Interval {
  int begin;
  int end;
};

// The pixels whose centres lie between both coordinates, `reach` included, cut to the canvas.
Interval Covered(float a, float b, float reach) {
  const float first = std::clamp(std::ceil(std::min(a, b) - reach), 0.0f, float{InkCanvas::kSize});
  const float last =
      std::clamp(std::floor(std::max(a, b) + reach), -1.0f, float{InkCanvas::kSize - 1});
  return {static_cast<int>(first), static_cast<int>(last) + 1};
}

}  // namespace

void InkCanvas::Draw(StrokePoint a, StrokePoint b, float radius) {
  const float reach = radius + 0.5f;
  const Interval rows = Covered(a.y, b.y, reach);
  const Interval columns = Covered(a.x, b.x, reach);
  const float dx = b.x - a.x;
  const float dy = b.y - a.y;
  const float per_length = 1 / std::max(dx * dx + dy * dy, 1e-12f);
  for (int y = rows.begin; y < rows.end; ++y) {
    float* const row = ink_.data() + y * kSize;
    for (int x = columns.begin; x < columns.end; ++x) {
      const float px = static_cast<float>(x) - a.x;
      const float py = static_cast<float>(y) - a.y;
      const float t = std::clamp((px * dx + py * dy) * per_length, 0.0f, 1.0f);
      const float ex = px - t * dx;
      const float ey = py - t * dy;
      const float distance = std::sqrt(ex * ex + ey * ey);
      row[x] = std::max(row[x], std::clamp(reach - distance, 0.0f, 1.0f));
    }
  }
}

}  // namespace seve
