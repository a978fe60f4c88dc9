#include "cli/profile_file.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"

namespace seve {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;

Json ToJson(const MeasuredStep& step) {
  return {{"samples", step.samples},
          {"feed", step.feed},
          {"forward", step.forward},
          {"backward", step.backward},
          {"optimizer", step.optimizer}};
}

MeasuredStep StepOf(const Json& json) {
  return {.samples = json.at("samples"),
          .feed = json.at("feed"),
          .forward = json.at("forward"),
          .backward = json.at("backward"),
          .optimizer = json.at("optimizer")};
}

}  // namespace

void WriteProfile(const StoredProfile& stored, const std::string& path) {
  Json json = {{"seve_profile", kFormat},
               {"commit", stored.commit},
               {"configuration", stored.configuration},
               {"device", stored.device},
               {"cuda", stored.cuda},
               {"model", fmt::format("{:016x}", stored.model)},
               {"steps", Json::array()},
               {"slices", Json::array()}};
  for (const auto& step : stored.profile.steps) json["steps"].push_back(ToJson(step));
  for (const auto& slice : stored.profile.slices) {
    json["slices"].push_back({{"bytes", slice.bytes}, {"ready", slice.ready}});
  }
  WriteFileAtomically(path, json.dump(2) + "\n");
}

StoredProfile ReadProfile(const std::string& path) {
  try {
    const Json json = Json::parse(ReadFile(path));
    if (json.at("seve_profile") != kFormat) {
      ThrowData(
          fmt::format("{}: a profile of another Sève; measure again with --save-profile", path));
    }
    StoredProfile stored{.commit = json.at("commit"),
                         .configuration = json.at("configuration"),
                         .device = json.at("device"),
                         .cuda = json.at("cuda"),
                         .model = std::stoull(json.at("model").get<std::string>(), nullptr, 16),
                         .profile = {}};
    for (const auto& step : json.at("steps")) stored.profile.steps.push_back(StepOf(step));
    for (const auto& slice : json.at("slices")) {
      stored.profile.slices.push_back({.bytes = slice.at("bytes"), .ready = slice.at("ready")});
    }
    ValidateProfile(stored.profile);
    return stored;
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    ThrowData(fmt::format("{}: not a profile that seve forecast --save-profile wrote ({})", path,
                          error.what()));
  }
}

}  // namespace seve
