#include "data/fetch.h"

#include <fmt/format.h>

#include <filesystem>

#include "base/error.h"
#include "base/file.h"
#include "data/download.h"

namespace seve {
namespace {

bool Intact(const std::string& path, const KnownFile& file) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return false;
  return FileDigest(path, file.kind) == file.digest;
}

void Transfer(const std::string& url, const std::string& path, const DownloadProgress& progress) {
  try {
    Download(url, path, progress);
  } catch (const Error& error) {
    ThrowData(fmt::format(
                  "{}.\nIs there a network here (compute nodes often have none: try a login node)? "
                  "Otherwise give another place with --from URL, or copy the file by hand",
                  error.what()),
              error.where());
  }
}

void Verify(const std::string& path, const std::string& url, const KnownFile& file) {
  const std::string found = FileDigest(path, file.kind);
  if (found == file.digest) return;
  RemoveTree(path);
  ThrowData(fmt::format(
      "{} is not the published file: its {} is {}, expected {}. What was fetched has been "
      "removed; try again, or give another place with --from URL",
      url, NameOf(file.kind), found, file.digest));
}

void FetchFile(const KnownFile& file, const std::string& url, const std::string& path,
               const FetchReport& report) {
  const std::string part = path + ".part";
  Transfer(url, part, [&](int64_t done, int64_t total) {
    if (report.progress) report.progress(file.name, done, total);
  });
  Verify(part, url, file);
  std::error_code failure;
  std::filesystem::rename(part, path, failure);
  if (failure)
    ThrowData(fmt::format("{}: cannot be renamed from {}: {}", path, part, failure.message()));
}

std::string WithSlash(const std::string& url) { return url.ends_with("/") ? url : url + "/"; }

}  // namespace

void FetchDataSet(const KnownSet& set, const std::string& folder, const std::string& from,
                  const FetchReport& report) {
  MakeFolders(folder);
  for (const KnownFile& file : set.files) {
    const std::string path = (std::filesystem::path(folder) / file.name).string();
    if (Intact(path, file)) {
      if (report.kept) report.kept(file.name);
      continue;
    }
    FetchFile(file, WithSlash(from.empty() ? set.url : from) + file.name, path, report);
    if (report.fetched) report.fetched(file.name);
  }
}

}  // namespace seve
