#include "config/expand.h"

#include <algorithm>
#include <deque>

#include "config/load.h"
#include "config/names.h"

namespace seve {
namespace {

constexpr const char* kInput = "input";

struct Scope;

// Something to read: the output of the expanded layer `name` or, with a scope, what `name` means
// in it.
struct Reading {
  const Scope* scope = nullptr;
  std::string name;
};

// The layers of a list, which may read each other by their short names.
struct Scope {
  std::string prefix;             // of the full names: "c/3/"
  const Scope* around = nullptr;  // null: this is the model itself
  Reading input;                  // what `input: "input"` is
  std::vector<std::string> names;
};

// A layer as it is written, about to be put in under a full name.
struct Written {
  const config::Layer& layer;
  std::string name;
  std::string path;
  const Scope* scope;
  int definitions;  // so many of the model's may be used
};

class Expander {
 public:
  explicit Expander(const config::Model& model) : model_(model) {}

  ExpandedModel Run() && {
    top_.names = LayerNames(model_);
    Reading previous{&top_, kInput};
    for (int i = 0; i < model_.layer_size(); ++i) {
      const std::string& name = top_.names[static_cast<size_t>(i)];
      previous =
          Put({model_.layer(i), name, "model." + name, &top_, model_.define_size()}, previous);
    }
    FillInputs();
    return std::move(result_);
  }

 private:
  // Each of these puts layers in and returns what the last one gives.
  Reading Put(const Written& written, const Reading& previous) {
    std::vector<Reading> inputs;
    for (const auto& name : written.layer.input()) inputs.push_back({written.scope, name});
    NoteInputs(written);
    if (inputs.empty()) inputs.push_back(previous);
    return PutRepeated(written, std::move(inputs));
  }

  Reading PutRepeated(const Written& written, std::vector<Reading> inputs) {
    if (!written.layer.has_repeat()) return PutOne(written, inputs);
    for (int i = 1; i <= written.layer.repeat() && result_.beyond.empty(); ++i) {
      Written copy = written;
      copy.name += "/" + std::to_string(i);
      inputs = {PutOne(copy, inputs)};
    }
    return Output(written.name, inputs.front());
  }

  Reading PutOne(const Written& written, const std::vector<Reading>& inputs) {
    if (++copies_ > kMostLayers) {
      if (result_.beyond.empty()) result_.beyond = written.path;
      return Output(written.name, inputs.front());
    }
    switch (written.layer.kind_case()) {
      case config::Layer::kResidual:
        return PutResidual(written, inputs.front());
      case config::Layer::kBlock:
        return PutList(written.layer.block().layer(), written, ".block.layer",
                       Open(written.name, written.scope, inputs.front()));
      case config::Layer::kUse:
        return PutDefinition(written, inputs);
      case config::Layer::kConv2D:
        return PutConvolution(written, &config::Layer::mutable_conv2d, ".conv2d", inputs);
      case config::Layer::kConvTranspose2D:
        return PutConvolution(written, &config::Layer::mutable_conv_transpose2d,
                              ".conv_transpose2d", inputs);
      default:
        return PutPlain(written.layer, written.name, written.path, inputs);
    }
  }

  Reading PutResidual(const Written& written, const Reading& input) {
    const auto& residual = written.layer.residual();
    Scope& inside = Open(written.name, written.scope, input);
    const Reading last = PutList(residual.layer(), written, ".residual.layer", inside);
    Reading beside = input;
    if (residual.shortcut_size() > 0) {
      beside = PutList(residual.shortcut(), written, ".residual.shortcut",
                       Open(written.name + "/shortcut", &inside, input));
    }
    config::Layer sum;
    sum.mutable_add();
    if (residual.has_activation()) sum.mutable_add()->set_activation(residual.activation());
    return Output(written.name,
                  PutPlain(sum, written.name + "/sum", written.path + ".residual", {last, beside}));
  }

  // The layers of `written` that are at `field` in it.
  Reading PutList(const LayerList& layers, const Written& written, const std::string& field,
                  Scope& scope) {
    scope.names = LayerNames(layers);
    Reading previous = scope.input;
    for (int i = 0; i < layers.size(); ++i) {
      previous =
          Put({layers[i], scope.prefix + scope.names[static_cast<size_t>(i)],
               written.path + field + "[" + std::to_string(i) + "]", &scope, written.definitions},
              previous);
    }
    return Output(scope.prefix.substr(0, scope.prefix.size() - 1), previous);
  }

  // Names in a definition are those of the model, wherever it is used.
  Reading PutDefinition(const Written& written, const std::vector<Reading>& inputs) {
    const auto names = DefinitionNames(model_);
    const auto end = names.begin() + written.definitions;
    const auto found = std::find(names.begin(), end, written.layer.use());
    if (found == end) return Output(written.name, {nullptr, written.name});
    const int index = static_cast<int>(found - names.begin());
    return PutRepeated({model_.define(index), written.name, "model." + *found, &top_, index},
                       inputs);
  }

  template <class Kind>
  Reading PutConvolution(const Written& written, Kind* (config::Layer::*kind)(),
                         const std::string& field, const std::vector<Reading>& inputs) {
    config::Layer plain = written.layer;
    Kind& convolution = *(plain.*kind)();
    const bool normed = convolution.norm() != config::NO_NORM;
    convolution.clear_norm();
    config::Layer norm;
    norm.mutable_batch_norm();
    if (normed && convolution.has_activation()) {
      norm.mutable_batch_norm()->set_activation(convolution.activation());
      convolution.clear_activation();
    }
    Reading last = PutPlain(plain, written.name, written.path, inputs);
    if (!normed) return last;
    last = PutPlain(norm, written.name + "/norm", written.path + field + ".norm", {last});
    return Output(written.name, last);
  }

  Reading PutPlain(config::Layer layer, const std::string& name, const std::string& path,
                   const std::vector<Reading>& inputs) {
    layer.set_name(name);
    layer.clear_input();
    layer.clear_repeat();
    result_.layers.push_back({std::move(layer), path});
    readings_.push_back(inputs);
    return Output(name, {nullptr, name});
  }

  Scope& Open(const std::string& name, const Scope* around, const Reading& input) {
    return scopes_.emplace_back(name + "/", around, input, std::vector<std::string>{});
  }

  // Notes that reading `name` means reading `last`.
  Reading Output(const std::string& name, const Reading& last) {
    // An empty list gives what it reads, which has no name yet.
    if (last.scope == nullptr) result_.outputs[name] = last.name;
    return last;
  }

  void NoteInputs(const Written& written) {
    for (int i = 0; i < written.layer.input_size(); ++i) {
      const std::string& name = written.layer.input(i);
      if (written.scope->around != nullptr && name == kInput) continue;
      written_inputs_.push_back({{written.scope, name},
                                 written.name,
                                 written.path + ".input[" + std::to_string(i) + "]"});
    }
  }

  // Whose output is read; where that is no layer's, the name as it was written.
  struct Meaning {
    std::string name;
    bool is_layer;
  };

  [[nodiscard]] Meaning MeaningOf(const Reading& reading) const {
    const Scope* scope = reading.scope;
    if (scope == nullptr) return {reading.name, true};
    if (scope->around != nullptr && reading.name == kInput) return MeaningOf(scope->input);
    const auto found = result_.outputs.find(scope->prefix + reading.name);
    if (found != result_.outputs.end()) return {found->second, true};
    if (scope->around == nullptr) return {reading.name, false};
    return MeaningOf({scope->around, reading.name});
  }

  // Once all layers are there: names may mean what comes later.
  void FillInputs() {
    for (size_t i = 0; i < readings_.size(); ++i) {
      for (const Reading& reading : readings_[i]) {
        result_.layers[i].layer.add_input(MeaningOf(reading).name);
      }
    }
    for (const WrittenInput& input : written_inputs_) {
      if (MeaningOf(input.reading).is_layer) continue;
      result_.outside.push_back(
          {input.layer, input.reading.name, input.path, NamesSeenFrom(*input.reading.scope)});
    }
  }

  [[nodiscard]] static std::vector<std::string> NamesSeenFrom(const Scope& scope) {
    auto names = scope.names;
    if (scope.around == nullptr) return names;
    for (auto& name : NamesSeenFrom(*scope.around)) names.push_back(std::move(name));
    return names;
  }

  struct WrittenInput {
    Reading reading;
    std::string layer, path;
  };

  const config::Model& model_;
  Scope top_;
  std::deque<Scope> scopes_;  // whose addresses stay
  ExpandedModel result_;
  std::vector<std::vector<Reading>> readings_;  // of result_.layers
  std::vector<WrittenInput> written_inputs_;
  int copies_ = 0;
};

}  // namespace

const std::string* ExpandedModel::Find(const std::string& name) const {
  const auto found = outputs.find(name);
  return found == outputs.end() ? nullptr : &found->second;
}

ExpandedModel ExpandModel(const config::Model& model) { return Expander(model).Run(); }

}  // namespace seve
