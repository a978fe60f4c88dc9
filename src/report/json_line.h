// Collects the fields of one line of metrics.jsonl, in order.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace seve {

// A value that is not finite becomes null, and the line then has "non_finite": true. Of times, what
// is below a microsecond is left out, of rates what is below a tenth: it is noise.
class JsonLine {
 public:
  using Json = nlohmann::ordered_json;

  JsonLine() = default;
  explicit JsonLine(const char* event) { json_["event"] = event; }

  // A field; one that is not there is left out.
  template <typename T>
  void operator()(const std::string& name, const T& value) {
    json_[name] = value;
  }
  void operator()(const std::string& name, double value);
  template <typename T>
  void operator()(const std::string& name, const std::optional<T>& value) {
    if (value) (*this)(name, *value);
  }
  // An object within the line.
  void operator()(const std::string& name, const JsonLine& part);

  [[nodiscard]] const Json& json() const { return json_; }
  // One line without its end.
  [[nodiscard]] std::string Text() const;

 private:
  Json json_ = Json::object();
  bool non_finite_ = false;
};

}  // namespace seve
