#include "config/validate.h"

#include <google/protobuf/descriptor.h>

#include <cmath>

#include "config/names.h"
#include "config/places.h"
#include "config/validate_parts.h"

namespace seve {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Fails for every number below `message` that is infinite or not a number.
class FiniteCheck {
 public:
  explicit FiniteCheck(Checker& checker) : checker_(checker) {}

  void Walk(const Message& message, const std::string& prefix) {
    const auto* reflection = message.GetReflection();
    std::vector<const FieldDescriptor*> fields;
    reflection->ListFields(message, &fields);
    for (const auto* field : fields) {
      const int count = field->is_repeated() ? reflection->FieldSize(message, field) : 1;
      for (int i = 0; i < count; ++i) {
        WalkField(message, *field, field->is_repeated() ? i : -1, prefix);
      }
    }
  }

 private:
  void WalkField(const Message& message, const FieldDescriptor& field, int index,
                 const std::string& prefix) {
    const auto* reflection = message.GetReflection();
    const std::string path = Path(message, field, index, prefix);
    if (field.message_type() != nullptr) {
      return Walk(index < 0 ? reflection->GetMessage(message, &field)
                            : reflection->GetRepeatedMessage(message, &field, index),
                  path);
    }
    double value = 0;
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_FLOAT) {
      value = index < 0 ? reflection->GetFloat(message, &field)
                        : reflection->GetRepeatedFloat(message, &field, index);
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE) {
      value = index < 0 ? reflection->GetDouble(message, &field)
                        : reflection->GetRepeatedDouble(message, &field, index);
    }
    if (!std::isfinite(value)) checker_.Fail(path, path + " must be a finite number");
  }

  // Layers and definitions of a model go by name.
  static std::string Path(const Message& message, const FieldDescriptor& field, int index,
                          const std::string& prefix) {
    const auto* model = dynamic_cast<const config::Model*>(&message);
    if (model == nullptr || index < 0) return ChildPath(prefix, field, index);
    const bool defines = field.number() == config::Model::kDefineFieldNumber;
    const auto names = defines ? DefinitionNames(*model) : LayerNames(*model);
    return prefix + "." + names[static_cast<size_t>(index)];
  }

  Checker& checker_;
};

void RequireParts(const config::Config& config, Checker& checker) {
  const auto require = [&](bool given, const char* name, const char* example) {
    if (given) return;
    checker.Fail("", std::string("no '") + name + "' is given; for example: " + example);
  };
  require(config.has_data(), "data", "data { mnist {} }");
  require(config.has_batch(), "batch", "batch { size: 64 }");
  require(config.has_model(), "model",
          "model { layer { flatten {} } layer { linear { units: 10 } } }");
  require(config.loss_size() > 0, "loss", "loss { cross_entropy {} }");
  require(config.has_optimizer(), "optimizer", "optimizer { sgd { learning_rate: 0.1 } }");
  require(config.length_case() != config::Config::LENGTH_NOT_SET, "epochs' or 'steps",
          "epochs: 10");
}

}  // namespace

void Validate(const Configuration& configuration) {
  const config::Config& config = configuration.proto;
  Checker checker(configuration.source);
  RequireParts(config, checker);
  if (config.has_data()) ValidateData(config.data(), checker);
  if (config.has_model()) ValidateModel(config, checker);
  ValidateLosses(config, checker);
  ValidatePenalties(config, checker);
  if (config.has_optimizer()) ValidateOptimizer(config.optimizer(), checker);
  ValidateParameterGroups(config, checker);
  if (config.has_weights() && !config.weights().has_file()) {
    checker.Fail("weights", "weights needs 'file', the .safetensors file to start from");
  }
  ValidateRun(config, checker);
  ValidateFigures(config, checker);
  ValidateFinite(config, checker);
  checker.Throw();
}

void ValidateFinite(const Message& message, Checker& checker) {
  FiniteCheck(checker).Walk(message, "");
}

}  // namespace seve
