#include "report/folder_names.h"

#include <filesystem>

namespace seve {

std::vector<std::string> NamesIn(const std::string& folder) {
  std::vector<std::string> names;
  // After an error the iterator is at its end.
  std::error_code error;
  std::filesystem::directory_iterator entry(folder, error);
  for (; entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  return names;
}

}  // namespace seve
