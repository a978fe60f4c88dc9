#include "report/metrics_csv.h"

#include <fmt/format.h>

#include <charconv>

#include "report/csv_cell.h"

namespace seve {
namespace {

constexpr std::string_view kHeader =
    "epoch,step,seconds,learning_rate,train_loss,train_accuracy,validation_loss,"
    "validation_accuracy,samples_per_second";

bool BelongsBefore(std::string_view line, int64_t step) {
  const size_t comma = line.find(',');
  if (comma == std::string_view::npos) return true;
  int64_t found = 0;
  const auto result = std::from_chars(line.data() + comma + 1, line.data() + line.size(), found);
  return result.ec != std::errc() || found <= step;
}

LineFile Open(const std::string& path, std::optional<int64_t> resumed_at) {
  if (resumed_at) {
    CutLines(path, [&](std::string_view line) { return BelongsBefore(line, *resumed_at); });
  }
  const bool fresh = !resumed_at || LineFile::IsEmpty(path);
  LineFile file(path, fresh ? LineFile::Start::kEmpty : LineFile::Start::kAppend);
  if (fresh) file.Write(kHeader);
  return file;
}

}  // namespace

MetricsCsv::MetricsCsv(const std::string& path, std::optional<int64_t> resumed_at)
    : file_(Open(path, resumed_at)) {}

void MetricsCsv::OnEpoch(const EpochEvent& event) {
  std::optional<double> loss, accuracy;
  if (event.validation) {
    loss = event.validation->loss;
    accuracy = event.validation->accuracy;
  }
  file_.Write(fmt::format("{},{},{:.3f},{},{},{},{},{},{:.1f}", event.epoch, event.step,
                          event.seconds, event.learning_rate, event.train_loss,
                          CsvCell(event.train_accuracy), CsvCell(loss), CsvCell(accuracy),
                          event.samples_per_second));
}

}  // namespace seve
