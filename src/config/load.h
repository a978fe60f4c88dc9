// Reads a configuration: text format, `base` files, --set overrides, and the checks that need
// nothing else.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "config/config.pb.h"

namespace seve {

// Where each field was given. Paths look like "optimizer.sgd.learning_rate",
// "model.hidden.linear.units", "loss[0].input", "parameters[1].match"; layers go by name.
class SourceMap {
 public:
  // "configs/a.textproto:7:12", or "--set model.hidden..." for overrides; for a field nobody gave,
  // the nearest enclosing message that was given; the file's name when there is none.
  [[nodiscard]] std::string Where(const std::string& path) const;

  void Put(const std::string& path, std::string where) { places_[path] = std::move(where); }
  void SetFile(std::string file) { file_ = std::move(file); }

 private:
  std::map<std::string, std::string> places_;
  std::string file_;
};

struct Configuration {
  config::Config proto;  // bases merged, overrides applied; what was unset stays unset
  SourceMap source;
  std::string path;
};

// Throws Error(kUsage) with file, line, column, field, near names and remedy. `sets` are
// "path=value".
Configuration LoadConfiguration(const std::string& path, const std::vector<std::string>& sets);

// The same from text (tests, --config given inline); `name` stands for the file in messages, and
// its folder is where a relative `base` is looked for.
Configuration ParseConfiguration(const std::string& text, const std::string& name,
                                 const std::vector<std::string>& sets);

// Text that LoadConfiguration reads back to the same message, without `base`.
std::string ResolvedText(const config::Config& config);

// Name of every layer, in order: its own, or its kind and the first count from 1 that no layer
// before it has ("linear_1"), so that appending layers renames none.
std::vector<std::string> LayerNames(const config::Model& model);

}  // namespace seve
