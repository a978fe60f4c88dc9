#include "train/dumper.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/file.h"
#include "base/file_name.h"
#include "tensor/buffer.h"
#include "tensor/npy.h"
#include "tensor/row_major.h"

namespace seve {
namespace {

std::vector<CapturedValue> Captured(const std::vector<DumpRequest>& requests) {
  std::vector<CapturedValue> values;
  for (const auto& request : requests) {
    if (request.value >= 0) values.push_back({request.value, request.gradient});
  }
  return values;
}

void Scale(std::span<float> values, double factor) {
  for (float& value : values) value = static_cast<float>(static_cast<double>(value) * factor);
}

Buffer CopyOf(std::span<const std::byte> bytes) {
  Buffer copy(bytes.size());
  std::ranges::copy(bytes, copy.data());
  return copy;
}

}  // namespace

Dumper::Dumper(std::vector<DumpRequest> requests, const Setup& setup, const Context& context,
               std::string folder)
    : setup_(setup), context_(context), folder_(std::move(folder)), requests_(std::move(requests)) {
  auto values = Captured(requests_);
  if (!values.empty()) captures_.emplace(setup.graph, std::move(values));
}

void Dumper::Start(int64_t step, const ParameterArena& parameters) {
  WriteParameters(step, parameters);
  if (context_.communicator.rank() != 0) return;
  for (const auto& request : requests_) {
    if (request.step >= (request.IsParameterValue() ? step : step + 1)) continue;
    context_.logger.Warn(
        fmt::format("--dump {}@{}: the run goes on after step {}, nothing is written",
                    request.tensor, request.step, step));
  }
}

void Dumper::WriteParameters(int64_t step, const ParameterArena& parameters) const {
  for (const auto& request : requests_) {
    if (request.step != step || !request.IsParameterValue()) continue;
    Write(request, parameters.At(*request.parameter));
  }
}

void Dumper::Begin(int64_t step) {
  if (!captures_) return;
  captures_->Begin(std::ranges::any_of(
      requests_, [&](const auto& request) { return request.step == step && request.value >= 0; }));
}

bool Dumper::Wants(int64_t step) const {
  return std::ranges::any_of(requests_, [&](const auto& request) { return request.step == step; });
}

void Dumper::End(int64_t step, double weight, Executor& executor,
                 const ParameterArena& parameters) {
  WriteParameters(step, parameters);
  for (const auto& request : requests_) {
    if (request.step != step || request.IsParameterValue()) continue;
    if (request.value >= 0) {
      WriteCapture(request, weight);
      continue;
    }
    const Tensor sums = executor.Gradient(*request.parameter);
    const Buffer mean = CopyOf({static_cast<const std::byte*>(sums.memory()), sums.bytes()});
    Scale(mean.As<float>(), 1 / weight);
    Write(request, Tensor(mean.data(), sums.dtype(), sums.shape()));
  }
}

// The ranks' micro-batches follow one another in the global batch.
void Dumper::WriteCapture(const DumpRequest& request, double weight) {
  const auto& wanted = captures_->wanted();
  const auto found = std::ranges::find_if(wanted, [&](const CapturedValue& value) {
    return value.value == request.value && value.gradient == request.gradient;
  });
  const auto index = static_cast<size_t>(found - wanted.begin());
  const auto parts = context_.communicator.Gather(captures_->bytes(index), 0);
  if (context_.communicator.rank() != 0) return;
  size_t bytes = 0;
  for (const auto& part : parts) bytes += part.size();
  const Buffer rows(bytes);
  std::byte* end = rows.data();
  for (const auto& part : parts) end = std::ranges::copy(part, end).out;

  const Value& value = setup_.graph.values[static_cast<size_t>(request.value)];
  const size_t row = static_cast<size_t>(value.shape.elements()) * SizeOf(value.dtype);
  if (request.gradient) Scale(rows.As<float>(), 1 / weight);
  const Shape shape = value.shape.WithRows(static_cast<int64_t>(bytes / row));
  Write(request, RowMajor(Tensor(rows.data(), value.dtype, shape)).tensor());
}

void Dumper::Write(const DumpRequest& request, const Tensor& tensor) const {
  if (context_.communicator.rank() != 0) return;
  const std::string path =
      folder_ + "/" + FileNameOf(request.tensor) + "@" + std::to_string(request.step) + ".npy";
  try {
    MakeFolders(folder_);
    const auto bytes = EncodeNpy(tensor);
    WriteFileAtomically(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    context_.logger.Info("wrote " + path + ", shape " + tensor.shape().ToString());
  } catch (const Error& error) {
    // Not worth the run.
    context_.logger.Error(std::string("--dump: ") + error.what());
  }
}

}  // namespace seve
