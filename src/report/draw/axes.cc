#include "report/draw/axes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "report/draw/fitted_text.h"
#include "report/draw/look.h"

namespace seve {
namespace {

constexpr double kLineSpacing = 2;       // of ticks above each other
constexpr double kTickGap = 4;           // between the area and the texts
constexpr double kTickRoom = 6;          // between texts side by side
constexpr double kMostBeside = 11;       // ticks of a horizontal axis
constexpr double kSmallestRange = 1e-9;  // of the values; below, an axis shows one value
constexpr double kSmallestValue = 1e-300;
constexpr double kLargestValue = 1e300;
constexpr double kLongestAxis = 0.99 * kLargestValue;  // ticks at the end can be shown

const Canvas::Stroke kGridStroke{kGridGrey, 0.5, {}};
const Canvas::Stroke kAxisStroke{kAxisGrey, 0.6, {}};

// Not so large that differences would be infinite; NaN is not, either.
bool CanBeShown(double value, bool logarithmic) {
  return std::abs(value) <= kLargestValue && (!logarithmic || value >= kSmallestValue);
}

// Every second one, zero among them unless it would be alone.
std::vector<Tick> EveryOther(const std::vector<Tick>& ticks) {
  const auto zero =
      std::find_if(ticks.begin(), ticks.end(), [](const Tick& t) { return t.value == 0; });
  std::vector<Tick> kept;
  const auto first = ticks.size() > 3 ? (zero - ticks.begin()) % 2 : 0;
  for (auto i = first; i < std::ssize(ticks); i += 2) kept.push_back(ticks[i]);
  return kept;
}

double Between(double from, double to, double share) { return from + (to - from) * share; }

}  // namespace

void AxisRange::Include(double value, bool logarithmic) {
  if (!CanBeShown(value, logarithmic)) return;
  low = std::min(low, value);
  high = std::max(high, value);
}

void AxisRange::Include(const std::vector<double>& values, bool logarithmic) {
  for (const double value : values) Include(value, logarithmic);
}

Axis::Axis(AxisRange asked, bool logarithmic, double margin, const std::vector<double>& marks)
    : logarithmic_(logarithmic) {
  for (const double mark : marks) marks_.push_back({mark, fmt::format("{:g}", mark)});
  asked.Include(marks, logarithmic);
  AxisRange range;
  range.Include({asked.low, asked.high}, logarithmic);
  if (range.empty()) range = logarithmic ? AxisRange{1, 10} : AxisRange{0, 1};
  low_ = logarithmic ? std::log10(range.low) : range.low;
  high_ = logarithmic ? std::log10(range.high) : range.high;
  const double largest = std::max(std::abs(low_), std::abs(high_));
  if (high_ - low_ <= largest * kSmallestRange || high_ - low_ < kSmallestValue) {
    const double around = logarithmic ? 0.5 : largest < kSmallestValue ? 1 : largest / 10;
    low_ -= around;
    high_ += around;
  }
  const double wider = (high_ - low_) * margin;
  const double end = logarithmic ? std::log10(kLongestAxis) : kLongestAxis;
  low_ = std::max(low_ - wider, -end);
  high_ = std::min(high_ + wider, end);
}

double Axis::Fraction(double value) const {
  if (!CanBeShown(value, logarithmic_)) return std::nan("");
  return ((logarithmic_ ? std::log10(value) : value) - low_) / (high_ - low_);
}

std::vector<Tick> Axis::Ticks(int most) const {
  if (!marks_.empty()) return marks_;
  if (logarithmic_) return LogTicks(std::pow(10, low_), std::pow(10, high_), most);
  return LinearTicks(low_, high_, most);
}

std::vector<Tick> Axis::TicksAbove(double length) const {
  return Ticks(std::max(2, static_cast<int>(length / (kLineSpacing * kTickFont.size))));
}

std::vector<Tick> Axis::TicksBeside(double length) const {
  const auto overlap = [&](const std::vector<Tick>& ticks) {
    double end = -INFINITY;
    for (const Tick& tick : ticks) {
      const double half = TextWidth(tick.text, kTickFont) / 2;
      const double middle = Fraction(tick.value) * length;
      if (middle - half < end + kTickRoom) return true;
      end = middle + half;
    }
    return false;
  };
  std::vector<Tick> wider;
  for (int most = kMostBeside; most >= 2; --most) {
    auto ticks = Ticks(most);
    if (ticks.size() < 2) break;
    if (!overlap(ticks)) return ticks;
    wider = std::move(ticks);
  }
  return EveryOther(wider.empty() ? Ticks(2) : wider);
}

Point Axes::At(double x, double y) const {
  return {Between(area_.x, area_.right(), x_.Fraction(x)),
          Between(area_.bottom(), area_.y, y_.Fraction(y))};
}

void Axes::DrawGrid(Canvas& canvas) const {
  for (const Tick& tick : x_.TicksBeside(area_.width)) {
    const double x = Between(area_.x, area_.right(), x_.Fraction(tick.value));
    canvas.Line(std::array{Point{x, area_.y}, Point{x, area_.bottom()}}, kGridStroke);
  }
  for (const Tick& tick : y_.TicksAbove(area_.height)) {
    const double y = Between(area_.bottom(), area_.y, y_.Fraction(tick.value));
    canvas.Line(std::array{Point{area_.x, y}, Point{area_.right(), y}}, kGridStroke);
  }
}

void Axes::DrawAxes(Canvas& canvas, bool x_texts) const {
  canvas.Line(std::array{Point{area_.x, area_.y}, Point{area_.x, area_.bottom()},
                         Point{area_.right(), area_.bottom()}},
              kAxisStroke);
  for (const Tick& tick : y_.TicksAbove(area_.height)) {
    const double y = Between(area_.bottom(), area_.y, y_.Fraction(tick.value));
    canvas.Text(tick.text, {area_.x - kTickGap, y + BelowMiddle(kTickFont)}, kTickFont,
                TextAlign::kRight);
  }
  if (!x_texts) return;
  for (const Tick& tick : x_.TicksBeside(area_.width)) {
    const double x = Between(area_.x, area_.right(), x_.Fraction(tick.value));
    canvas.Text(tick.text, {x, area_.bottom() + kTickGap + kTickFont.size}, kTickFont,
                TextAlign::kCentre);
  }
}

void Axes::DrawLabels(Canvas& canvas, const std::string& x_label, const std::string& y_label,
                      double left) const {
  canvas.Text(Fitted(x_label, kLabelFont, area_.width + kMargin),
              {area_.x + area_.width / 2, area_.bottom() + HeightOfTexts(x_label) - 3}, kLabelFont,
              TextAlign::kCentre);
  canvas.Text(Fitted(y_label, kLabelFont, area_.height + kMargin),
              {left + kLabelFont.size, area_.y + area_.height / 2}, kLabelFont, TextAlign::kCentre,
              true);
}

double WidthOfTexts(const std::vector<Tick>& ticks) {
  double width = 0;
  for (const Tick& tick : ticks) width = std::max(width, TextWidth(tick.text, kTickFont));
  return width + kTickGap;
}

double HeightOfTexts(const std::string& x_label) {
  const double label = x_label.empty() ? 0 : LineHeight(kLabelFont);
  return kTickGap + LineHeight(kTickFont) + label + 2;
}

}  // namespace seve
