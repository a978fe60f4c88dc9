// Fetches one file over the network.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace seve {

// Bytes done and bytes in all; 0 in all while the server has not said.
using DownloadProgress = std::function<void(int64_t done, int64_t total)>;

// Writes what `url` (http, https, file) holds to `path`. On failure the file is removed and
// Error(kData) says why. Gives up when no connection is made within 30 s or nothing arrives for 60
// s.
void Download(const std::string& url, const std::string& path, const DownloadProgress& progress);

}  // namespace seve
