#include "report/draw/ticks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace seve {
namespace {

constexpr double kRounding = 1e-9;  // of a step

// With the digits that exist in Unicode's superscripts.
std::string Superscript(int value) {
  static const char* const kDigits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text;
  for (const char c : std::to_string(value)) text += c == '-' ? "⁻" : kDigits[c - '0'];
  return text;
}

int Exponent(double value) { return static_cast<int>(std::floor(std::log10(value) + kRounding)); }

double PowerOfTen(int exponent) { return std::pow(10.0, exponent); }

// mantissa × 10^exponent, exact where that is whole and as near as can be elsewhere.
double Scaled(double mantissa, int exponent) {
  return exponent < 0 ? mantissa / PowerOfTen(-exponent) : mantissa * PowerOfTen(exponent);
}

// A step of 1, 2 or 5 times a power of ten.
struct Step {
  int mantissa = 1, exponent = 0;

  [[nodiscard]] double Times(double count) const { return Scaled(count * mantissa, exponent); }
};

// The multiples of a step within a range, counted.
struct Multiples {
  Step step;
  double first = 0, last = 0;

  Multiples(const Step& of, double low, double high)
      : step(of),
        first(std::ceil(low / of.Times(1) - kRounding)),
        last(std::floor(high / of.Times(1) + kRounding)) {}
  [[nodiscard]] double count() const { return last - first + 1; }
};

Multiples MostMultiples(double low, double high, int most) {
  for (int exponent = Exponent((high - low) / (most + 1));; ++exponent) {
    for (const int mantissa : {1, 2, 5}) {
      const Multiples multiples({mantissa, exponent}, low, high);
      if (multiples.count() <= most) return multiples;
    }
  }
}

// All ticks of an axis alike: digits as the step has them, or a power of ten in common.
std::string SizeText(double size, double largest, const Step& step) {
  const bool plain = largest < 1e6 && (step.exponent >= -4 || largest >= 0.1);
  const int common = plain ? 0 : Exponent(largest);
  const int digits = std::max(0, common - step.exponent);
  if (!plain)
    return fmt::format("{:.{}f}×10{}", Scaled(size, -common), digits, Superscript(common));
  if (digits == 0 && largest >= 10000) return WithThousands(std::llround(size));
  return fmt::format("{:.{}f}", size, digits);
}

std::string TickText(double value, double largest, const Step& step) {
  if (value == 0) return "0";
  return (value < 0 ? "−" : "") + SizeText(std::abs(value), largest, step);
}

// Mantissas between powers of ten, finest first.
const std::vector<std::vector<double>>& MantissaSets() {
  static const std::vector<std::vector<double>> sets = {
      {1, 1.5, 2, 3, 5, 7}, {1, 2, 5}, {1, 3}, {1}};
  return sets;
}

std::string LogText(double mantissa, int exponent, bool plain) {
  if (plain) return fmt::format("{:g}", Scaled(mantissa, exponent));
  const std::string power = "10" + Superscript(exponent);
  return mantissa == 1 ? power : fmt::format("{:g}×{}", mantissa, power);
}

}  // namespace

std::vector<Tick> LinearTicks(double low, double high, int most) {
  const auto [step, first, last] = MostMultiples(low, high, most);
  const double largest = std::max(std::abs(step.Times(first)), std::abs(step.Times(last)));
  std::vector<Tick> ticks;
  for (double count = first; count <= last; ++count) {
    const double value = step.Times(count);
    ticks.push_back({value, TickText(value, largest, step)});
  }
  return ticks;
}

std::vector<Tick> LogTicks(double low, double high, int most) {
  const int first = Exponent(low);
  const int last = Exponent(high);
  const bool plain = low >= 1e-4 && high < 1e5;
  const auto with = [&](const std::vector<double>& mantissas, int stride) {
    std::vector<Tick> ticks;
    for (int exponent = first; exponent <= last; ++exponent) {
      if (exponent % stride != 0) continue;
      for (const double mantissa : mantissas) {
        const double value = Scaled(mantissa, exponent);
        const bool within = value >= low * (1 - kRounding) && value <= high * (1 + kRounding);
        if (within) ticks.push_back({value, LogText(mantissa, exponent, plain)});
      }
    }
    return ticks;
  };
  const auto fits = [most](const std::vector<Tick>& ticks) {
    return ticks.size() <= static_cast<size_t>(most);
  };
  for (const auto& mantissas : MantissaSets()) {
    auto ticks = with(mantissas, 1);
    if (ticks.size() < 3 && &mantissas == &MantissaSets().front()) {
      return LinearTicks(low, high, most);
    }
    if (fits(ticks)) return ticks;
  }
  for (int stride = 2;; ++stride) {
    auto ticks = with({1}, stride);
    if (fits(ticks)) return ticks;
  }
}

}  // namespace seve
