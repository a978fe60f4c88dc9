#include "data/digits/generate.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "data/digits/canvas.h"
#include "data/digits/glyphs.h"
#include "data/draws.h"

namespace seve {
namespace {

constexpr float kTurn = 2 * std::numbers::pi_v<float>;

// Where points of the unit square come to lie on the canvas: affine, then a smooth elastic
// displacement made of plane waves longer than the digit is wide.
class Distortion {
 public:
  explicit Distortion(Draws& draws) {
    const float angle = draws.Normal(0.13f);
    const float slant = draws.Normal(0.18f) - 0.08f;
    const float width = 14.5f * draws.Uniform(0.7f, 1.15f);
    const float height = 19.5f * draws.Uniform(0.8f, 1.1f);
    const float c = std::cos(angle);
    const float s = std::sin(angle);
    xx_ = c * width;
    xy_ = (c * slant - s) * height;
    yx_ = s * width;
    yy_ = (s * slant + c) * height;
    x0_ = kCentre + draws.Normal(1.1f);
    y0_ = kCentre + draws.Normal(1.1f);
    for (Wave& wave : waves_) {
      wave = {draws.Uniform(-kFastest, kFastest), draws.Uniform(-kFastest, kFastest),
              draws.Uniform(0, kTurn), draws.Normal(0.55f), draws.Normal(0.55f)};
    }
  }

  [[nodiscard]] StrokePoint operator()(StrokePoint p) const {
    const float u = p.x - 0.5f;
    const float v = p.y - 0.5f;
    StrokePoint q = {x0_ + xx_ * u + xy_ * v, y0_ + yx_ * u + yy_ * v};
    for (const Wave& wave : waves_) {
      const float height = std::sin(wave.kx * p.x + wave.ky * p.y + wave.phase);
      q.x += wave.dx * height;
      q.y += wave.dy * height;
    }
    return q;
  }

 private:
  struct Wave {
    float kx, ky, phase;  // radians per unit square, radians
    float dx, dy;         // pixels
  };
  static constexpr float kCentre = (InkCanvas::kSize - 1) / 2.0f;
  static constexpr float kFastest = 6;

  float xx_, xy_, yx_, yy_, x0_, y0_;
  Wave waves_[3];
};

// Moves every control point a little; corners (repeated points) stay corners.
Stroke Wobble(const Stroke& stroke, Draws& draws) {
  Stroke moved = stroke;
  for (size_t i = 0; i < stroke.size(); ++i) {
    if (i > 0 && stroke[i] == stroke[i - 1]) {
      moved[i] = moved[i - 1];
      continue;
    }
    moved[i].x += draws.Normal(0.045f);
    moved[i].y += draws.Normal(0.035f);
  }
  return moved;
}

// Pen width changes along the way, as pressure does.
class Pen {
 public:
  explicit Pen(Draws& draws)
      : radius_(draws.Uniform(0.55f, 1.6f)),
        swell_(draws.Uniform(0, 0.25f)),
        phase_(draws.Uniform(0, kTurn)) {}

  void Write(const Stroke& line, const Distortion& place, InkCanvas& canvas) const {
    StrokePoint from = place(line.front());
    for (size_t i = 1; i < line.size(); ++i) {
      const StrokePoint to = place(line[i]);
      canvas.Draw(from, to,
                  radius_ * (1 + swell_ * std::sin(phase_ + 0.15f * static_cast<float>(i))));
      from = to;
    }
  }

 private:
  float radius_;
  float swell_;
  float phase_;
};

// Ink to bytes, under paper-like noise: the difference of two random bytes, which is triangular.
void Develop(InkCanvas& canvas, Draws& draws, std::span<uint8_t> picture) {
  const float black = 255 * draws.Uniform(0.75f, 1.0f);
  const float noise = draws.Uniform(0.0f, 0.16f);
  for (size_t i = 0; i < picture.size(); i += 2) {
    const uint32_t word = draws.Word();
    for (size_t k = 0; k < 2; ++k) {
      const uint32_t half = word >> (16 * k);
      const float grain = static_cast<float>(half & 0xFF) - static_cast<float>(half >> 8 & 0xFF);
      const float value = black * canvas.ink()[i + k] + noise * grain;
      picture[i + k] = static_cast<uint8_t>(std::clamp(value, 0.0f, 255.0f));
    }
  }
}

}  // namespace

ImageSamples GenerateDigits(uint64_t seed, int64_t first, int64_t count) {
  const auto glyphs = DigitGlyphs();
  const Philox stream = RandomStream(seed, RandomPurpose::kGeneratedData);
  ImageSamples samples;
  samples.picture = Shape{1, InkCanvas::kSize, InkCanvas::kSize};
  samples.pixels = Buffer(static_cast<size_t>(count) * InkCanvas::kPixels);
  samples.labels.resize(static_cast<size_t>(count));
  samples.classes = 10;
  for (int64_t i = 0; i < count; ++i) {
    Draws draws(stream, first + i);
    const uint32_t digit = draws.Below(10);
    const auto& ways = glyphs[digit];
    const Glyph& glyph = ways[draws.Below(static_cast<uint32_t>(ways.size()))];
    const Distortion place(draws);
    const Pen pen(draws);
    InkCanvas canvas;
    for (const Stroke& stroke : glyph) pen.Write(Flatten(Wobble(stroke, draws)), place, canvas);
    Develop(canvas, draws, samples.Picture(i));
    samples.labels[static_cast<size_t>(i)] = static_cast<int32_t>(digit);
  }
  return samples;
}

}  // namespace seve
