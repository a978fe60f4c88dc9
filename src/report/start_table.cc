#include "report/start_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "report/folded_layers.h"
#include "report/layer_table.h"
#include "report/style.h"

namespace seve {
namespace {

constexpr size_t kLabelWidth = 11;
constexpr int kWidest = 100;

std::string Counted(int64_t count, const std::string& noun) {
  return WithThousands(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string Samples(const RunSummary& summary) {
  std::vector<std::string> splits{WithThousands(summary.train_samples) + " training"};
  if (summary.validation_samples > 0) {
    splits.push_back(WithThousands(summary.validation_samples) + " validation");
  }
  if (summary.test_samples > 0) splits.push_back(WithThousands(summary.test_samples) + " test");
  return Join(splits) + " samples";
}

std::string Ranks(const RunSummary& summary) {
  return summary.transport.empty() ? summary.devices : summary.devices + ", " + summary.transport;
}

std::string Batch(const RunSummary& summary) {
  std::string text = Counted(summary.batch, "sample") + " a step";
  if (summary.world > 1) {
    text += fmt::format(", {} on each of {} ranks", WithThousands(summary.batch_per_rank),
                        summary.world);
  }
  const bool one = summary.micro_batches == 1;
  text += fmt::format(", {} micro-batch{}", WithThousands(summary.micro_batches), one ? "" : "es");
  if (summary.reproducible && !one) {
    text += fmt::format(", reproducible: the same bits on any power of two up to {} ranks",
                        WithThousands(summary.micro_batches));
  }
  return text;
}

std::string Length(const RunSummary& summary) {
  const bool whole = std::abs(summary.epochs - std::round(summary.epochs)) < 1e-6;
  const std::string epochs = whole ? Counted(std::llround(summary.epochs), "epoch")
                                   : fmt::format("{:.2f} epochs", summary.epochs);
  std::string text =
      fmt::format("{} of {}, {} in all", epochs, Counted(summary.steps_per_epoch, "step"),
                  WithThousands(summary.total_steps));
  if (summary.resumed_at_step) {
    text += fmt::format("; resumed after step {}", WithThousands(*summary.resumed_at_step));
  }
  return text;
}

// "label      text", further lines below the text.
void PrintFact(std::ostream& out, const std::string& label, const std::string& text, int columns) {
  std::string head = PadRight(label, kLabelWidth);
  for (const auto& line : WrapWords(text, static_cast<size_t>(columns) - kLabelWidth)) {
    out << head << line << '\n';
    head.assign(kLabelWidth, ' ');
  }
}

}  // namespace

void StartTable::OnStart(const RunSummary& summary) {
  const Terminal terminal = terminal_();
  const int columns = std::clamp(terminal.columns, 40, kWidest);
  const auto fact = [&](const char* label, const std::string& text) {
    PrintFact(out_, label, text, columns);
  };
  const std::string title = terminal.utf8 ? "Sève" : "Seve";
  out_ << Painted(terminal, Ink::kBold, title) << "  " << summary.configuration << "\n\n";
  for (const auto& line :
       LayerTable(WithoutCopies(summary.layers), summary.parameters, summary.trainable_parameters,
                  terminal, summary.running_statistics)) {
    out_ << line << '\n';
  }
  out_ << '\n';
  fact("data", summary.data);
  fact("", Samples(summary));
  fact("ranks", Ranks(summary));
  // What CPU ranks are is said with their number.
  if (summary.device != "CPU") fact("device", summary.device);
  fact("batch", Batch(summary));
  if (!summary.weights.empty() && !summary.resumed_at_step) fact("weights", summary.weights);
  fact("optimizer", fmt::format("{}; learning rate {:.6g}, {}", summary.optimizer,
                                summary.learning_rate, summary.schedule));
  fact("length", Length(summary));
  fact("run", summary.run_directory);
  out_ << std::endl;
}

}  // namespace seve
