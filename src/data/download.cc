#include "data/download.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

#include "base/error.h"

namespace seve {
namespace {

constexpr long kConnectSeconds = 30;
constexpr long kSilenceSeconds = 60;

struct FreeCurl {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

int Report(void* progress, curl_off_t total, curl_off_t done, curl_off_t, curl_off_t) {
  (*static_cast<const DownloadProgress*>(progress))(done, total);
  return 0;
}

// Nothing when the transfer went well, otherwise why it did not.
std::string Transfer(const std::string& url, std::FILE* file, const DownloadProgress& progress) {
  const std::unique_ptr<CURL, FreeCurl> curl(curl_easy_init());
  if (!curl) return "libcurl cannot start";
  char detail[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, file);
  curl_easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, detail);
  curl_easy_setopt(curl.get(), CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  curl_easy_setopt(curl.get(), CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_LOW_SPEED_TIME, kSilenceSeconds);
  if (progress) {
    curl_easy_setopt(curl.get(), CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl.get(), CURLOPT_XFERINFOFUNCTION, Report);
    curl_easy_setopt(curl.get(), CURLOPT_XFERINFODATA, &progress);
  }
  const CURLcode code = curl_easy_perform(curl.get());
  if (code == CURLE_OK) return "";
  return detail[0] != '\0' ? detail : curl_easy_strerror(code);
}

}  // namespace

void Download(const std::string& url, const std::string& path, const DownloadProgress& progress) {
  std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "wb"));
  if (!file) ThrowData(fmt::format("{}: cannot be written: {}", path, std::strerror(errno)));
  std::string failure = Transfer(url, file.get(), progress);
  if (std::fclose(file.release()) != 0 && failure.empty()) failure = std::strerror(errno);
  if (failure.empty()) return;
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  ThrowData(fmt::format("{} cannot be fetched: {}", url, failure));
}

}  // namespace seve
