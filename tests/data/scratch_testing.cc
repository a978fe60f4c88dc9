#include "data/scratch_testing.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/error.h"

namespace seve {
namespace {

std::string ErrorOf(const std::function<void()>& action, ExitCode code) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "no error was reported";
  return "";
}

void WritePair(const std::string& folder, const std::string& prefix, int count, int classes) {
  Bytes pixels;
  Bytes labels;
  for (int i = 0; i < count; ++i) {
    for (int p = 0; p < 6; ++p) pixels.push_back(static_cast<uint8_t>(10 * i + p));
    labels.push_back(static_cast<uint8_t>(i % classes));
  }
  const auto samples = static_cast<uint32_t>(count);
  PutFile(folder + "/" + prefix + "-images-idx3-ubyte", IdxBytes(0x803, {samples, 2, 3}, pixels));
  PutFile(folder + "/" + prefix + "-labels-idx1-ubyte", IdxBytes(0x801, {samples}, labels));
}

}  // namespace

void PutFile(const std::string& path, const Bytes& bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

Bytes FileBytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

Bytes IdxBytes(uint32_t magic, const std::vector<uint32_t>& extents, const Bytes& elements) {
  Bytes bytes;
  const auto append = [&bytes](uint32_t word) {
    for (const int shift : {24, 16, 8, 0}) bytes.push_back(static_cast<uint8_t>(word >> shift));
  };
  append(magic);
  for (const uint32_t extent : extents) append(extent);
  bytes.insert(bytes.end(), elements.begin(), elements.end());
  return bytes;
}

void WriteSmallIdxFolder(const std::string& folder, int count, int classes) {
  std::filesystem::create_directories(folder);
  WritePair(folder, "train", count, classes);
  WritePair(folder, "t10k", 2, classes);
}

std::string DataErrorOf(const std::function<void()>& action) {
  return ErrorOf(action, ExitCode::kData);
}

std::string UsageErrorOf(const std::function<void()>& action) {
  return ErrorOf(action, ExitCode::kUsage);
}

}  // namespace seve
