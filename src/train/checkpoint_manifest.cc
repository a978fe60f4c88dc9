#include "train/checkpoint_manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "base/error.h"
#include "base/file.h"

namespace seve {
namespace {

constexpr const char* kManifest = "/MANIFEST";

[[noreturn]] void Damaged(const std::string& folder, const std::string& what) {
  ThrowData(fmt::format("checkpoint {} is damaged: {}", folder, what));
}

bool IsPlainName(const std::string& name) {
  return !name.empty() && name[0] != '.' && name.find('/') == std::string::npos;
}

std::vector<ManifestLine> ReadManifest(const std::string& folder) {
  if (!std::filesystem::is_regular_file(folder + kManifest)) {
    Damaged(folder, "it has no MANIFEST");
  }
  std::istringstream text(ReadFile(folder + kManifest));
  std::vector<ManifestLine> lines;
  for (std::string line; std::getline(text, line);) {
    std::istringstream fields(line);
    ManifestLine entry;
    fields >> entry.bytes >> entry.checksum >> entry.name;
    if (!fields || text.eof() || entry.checksum.size() != 32 || !IsPlainName(entry.name)) {
      Damaged(folder, fmt::format("line {} of MANIFEST is incomplete", lines.size() + 1));
    }
    lines.push_back(std::move(entry));
  }
  return lines;
}

void VerifyFile(const std::string& folder, const ManifestLine& line) {
  const std::string path = folder + "/" + line.name;
  if (!std::filesystem::is_regular_file(path)) {
    Damaged(folder, fmt::format("{} is missing", line.name));
  }
  const uint64_t bytes = InputFile(path).size();
  if (bytes != line.bytes) {
    Damaged(folder, fmt::format("{} has {} bytes, MANIFEST says {}", line.name, bytes, line.bytes));
  }
  if (Xxh3HexOfFile(path) != line.checksum) {
    Damaged(folder, fmt::format("{} does not have the checksum in MANIFEST", line.name));
  }
}

}  // namespace

std::string ManifestText(const std::vector<ManifestLine>& lines) {
  std::string text;
  for (const auto& [bytes, checksum, name] : lines) {
    text += fmt::format("{} {} {}\n", bytes, checksum, name);
  }
  return text;
}

void VerifyManifest(const std::string& folder, const std::vector<std::string>& needed) {
  const auto lines = ReadManifest(folder);
  for (const auto& name : needed) {
    const bool listed = std::any_of(lines.begin(), lines.end(),
                                    [&](const ManifestLine& line) { return line.name == name; });
    if (!listed) Damaged(folder, fmt::format("MANIFEST does not list {}", name));
  }
  for (const auto& line : lines) VerifyFile(folder, line);
}

}  // namespace seve
