#include "optim/schedules.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace seve {
namespace {

constexpr double kBoundary = 1e-9;

class Constant : public Schedule {
 public:
  explicit Constant(std::string description) : description_(std::move(description)) {}
  double Factor(double /*epoch*/, double /*total_epochs*/) const override { return 1; }
  std::string Describe() const override { return description_; }

 private:
  std::string description_;
};

class Step : public Schedule {
 public:
  Step(double every, double factor) : every_(every), factor_(factor) {}
  double Factor(double epoch, double /*total_epochs*/) const override {
    return std::pow(factor_, std::floor(epoch / every_ + kBoundary));
  }
  std::string Describe() const override {
    return fmt::format("times {} every {} epochs", factor_, every_);
  }

 private:
  double every_;
  double factor_;
};

class MultiStep : public Schedule {
 public:
  MultiStep(std::vector<double> at, double factor) : at_(std::move(at)), factor_(factor) {}
  double Factor(double epoch, double /*total_epochs*/) const override {
    const auto reached =
        std::ranges::count_if(at_, [=](double at) { return epoch >= at - kBoundary; });
    return std::pow(factor_, static_cast<double>(reached));
  }
  std::string Describe() const override {
    return fmt::format("times {} at epochs {}", factor_, fmt::join(at_, ", "));
  }

 private:
  std::vector<double> at_;
  double factor_;
};

class Exponential : public Schedule {
 public:
  explicit Exponential(double factor) : factor_(factor) {}
  double Factor(double epoch, double /*total_epochs*/) const override {
    return std::pow(factor_, std::floor(epoch + kBoundary));
  }
  std::string Describe() const override { return fmt::format("times {} every epoch", factor_); }

 private:
  double factor_;
};

// Where between `begin` (0) and the end of the run (1).
double Progress(double epoch, double begin, double total) {
  if (epoch <= begin) return 0;
  if (total <= begin) return 1;
  return std::min(1.0, (epoch - begin) / (total - begin));
}

class Cosine : public Schedule {
 public:
  Cosine(double end, double begin) : end_(end), begin_(begin) {}
  double Factor(double epoch, double total_epochs) const override {
    const double t = Progress(epoch, begin_, total_epochs);
    return end_ + (1 - end_) * (1 + std::cos(std::numbers::pi * t)) / 2;
  }
  std::string Describe() const override { return fmt::format("cosine to {}", end_); }

 private:
  double end_;
  double begin_;
};

class Polynomial : public Schedule {
 public:
  Polynomial(double power, double end, double begin) : power_(power), end_(end), begin_(begin) {}
  double Factor(double epoch, double total_epochs) const override {
    const double t = Progress(epoch, begin_, total_epochs);
    return end_ + (1 - end_) * std::pow(1 - t, power_);
  }
  std::string Describe() const override {
    return fmt::format("polynomial of power {} to {}", power_, end_);
  }

 private:
  double power_;
  double end_;
  double begin_;
};

class WarmUpSchedule : public Schedule {
 public:
  WarmUpSchedule(double epochs, double start, std::unique_ptr<Schedule> rest)
      : epochs_(epochs), start_(start), rest_(std::move(rest)) {}
  double Factor(double epoch, double total_epochs) const override {
    const double rest = rest_->Factor(epoch, total_epochs);
    if (epoch >= epochs_) return rest;
    return rest * (start_ + (1 - start_) * epoch / epochs_);
  }
  std::string Describe() const override {
    return fmt::format("{}, warm-up over {} epochs", rest_->Describe(), epochs_);
  }

 private:
  double epochs_;
  double start_;
  std::unique_ptr<Schedule> rest_;
};

}  // namespace

std::unique_ptr<Schedule> ConstantFactor(std::string description) {
  return std::make_unique<Constant>(std::move(description));
}

std::unique_ptr<Schedule> StepFactor(double every_epochs, double factor) {
  return std::make_unique<Step>(every_epochs, factor);
}

std::unique_ptr<Schedule> MultiStepFactor(std::vector<double> at_epoch, double factor) {
  return std::make_unique<MultiStep>(std::move(at_epoch), factor);
}

std::unique_ptr<Schedule> ExponentialFactor(double factor) {
  return std::make_unique<Exponential>(factor);
}

std::unique_ptr<Schedule> CosineFactor(double end, double begin) {
  return std::make_unique<Cosine>(end, begin);
}

std::unique_ptr<Schedule> PolynomialFactor(double power, double end, double begin) {
  return std::make_unique<Polynomial>(power, end, begin);
}

std::unique_ptr<Schedule> WarmUp(double epochs, double start, std::unique_ptr<Schedule> rest) {
  return std::make_unique<WarmUpSchedule>(epochs, start, std::move(rest));
}

}  // namespace seve
