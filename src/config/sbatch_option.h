// Options that a user hands to sbatch beside those we make.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace seve {

struct SbatchOption {
  std::string name;   // the long one: "--cpus-per-task" for "-c"; as given where we know none
  std::string value;  // empty where there is none
};

// "--mem=4G", "--mem 4G", "-c 4", "-c4".
SbatchOption ReadSbatchOption(const std::string& text);

// "4"; nothing for other texts.
std::optional<int64_t> SlurmCount(const std::string& text);

// MiB of a --mem: "4G", "4096M", "4096" (M), "512K" (rounded up), "1T". Nothing for other texts.
std::optional<int64_t> SlurmMebibytes(const std::string& text);

// What says the same to us, where an option would contradict the job that was checked; nothing for
// options that are the user's own.
std::optional<std::string> InsteadOf(const SbatchOption& option);

}  // namespace seve
