#include "config/load.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "config/expand.h"
#include "config/files.h"
#include "config/merge.h"
#include "config/override.h"
#include "config/parse.h"
#include "config/validate.h"
#include "config/written_layers.h"

namespace seve {
namespace {

// Parses `text` over its base, which may have one in turn; `chain`: the files that led here.
Draft ReadWithBases(const std::string& text, const std::string& name,
                    std::vector<std::string> chain) {
  Draft over = ParseDraft(text, name);
  if (!over.proto.has_base()) return over;
  const std::string base = BasePath(name, over.proto.base());
  const std::string context = over.places.Find("base") + ": base: ";
  chain.push_back(name);
  const bool circular = std::any_of(chain.begin(), chain.end(),
                                    [&](const auto& file) { return IsSameFile(file, base); });
  chain.push_back(base);
  if (circular) {
    ThrowUsage(context + "these files are based on each other in a circle: " + Join(chain, " -> "));
  }
  chain.pop_back();
  Draft draft = ReadWithBases(ReadConfigurationFile(base, context), base, chain);
  LayOver(over, &draft);
  draft.proto.clear_base();
  draft.places.Erase("base");
  return draft;
}

void Adopt(const Draft& draft, const std::string& from, const std::string& to, SourceMap* source) {
  Places named;
  named.Adopt(draft.places, from, to);
  for (const auto& [path, where] : named.all()) source->Put(path, where);
}

// "model.layer[2].linear" -> "model.hidden.linear", and definitions alike; they keep
// "model.layer[2]" besides, which tells two of one name apart. What they are expanded to,
// "model.c/3/conv2d_1", is where the layer inside them is.
SourceMap ByName(const Draft& draft, const std::string& file) {
  SourceMap source;
  source.SetFile(file);
  for (const auto& [path, where] : draft.places.all()) source.Put(path, where);
  const auto& model = draft.proto.model();
  const auto lists = WrittenLists(model);
  for (const auto& layer : lists.front()) Adopt(draft, layer.index_path, layer.path, &source);
  const ExpandedModel whole = ExpandModel(model);
  for (const auto& expanded : whole.layers) {
    source.Put("model." + expanded.layer.name(), source.Where(expanded.path));
  }
  return source;
}

}  // namespace

Configuration ParseConfiguration(const std::string& text, const std::string& name,
                                 const std::vector<std::string>& sets) {
  Draft draft = ReadWithBases(text, name, {});
  for (const auto& set : sets) ApplyOverride(set, &draft);
  Configuration configuration{draft.proto, ByName(draft, name), name};
  Validate(configuration);
  return configuration;
}

Configuration LoadConfiguration(const std::string& path, const std::vector<std::string>& sets) {
  return ParseConfiguration(ReadConfigurationFile(path, ""), path, sets);
}

}  // namespace seve
