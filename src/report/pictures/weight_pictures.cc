#include "report/pictures/weight_pictures.h"

#include "base/file.h"
#include "base/file_name.h"
#include "base/text.h"
#include "model/arenas.h"
#include "report/pictures/step_pictures.h"

namespace seve {
namespace {

// Drawn in 10 to 20 ms, so after every evaluation; 200 pictures of 28 x 28 take 100 to 200 ms.
constexpr int64_t kFewWeights = 32 * 1024;

int64_t WeightsOf(const TemplateLayer& layer) {
  return layer.units * layer.pieces * layer.picture.elements();
}

// The four bytes at `offset`, the most significant first: width and height stand at 16 and 20
// (https://www.w3.org/TR/png/#11IHDR).
int64_t PngWord(const std::string& png, size_t offset) {
  int64_t word = 0;
  for (const char byte : png.substr(offset, 4)) word = word << 8 | static_cast<uint8_t>(byte);
  return word;
}

}  // namespace

void WeightPictures::OnEvaluation(const EvaluationEvent& event) {
  if (event.confusion) class_names_ = event.confusion->class_names;
}

void WeightPictures::OnModel(const ModelEvent& event) {
  budget_.Begin(event.seconds);
  if (!event.last && !options_.each_evaluation) return;
  const bool affordable = event.last || budget_.Allows(event.seconds);
  budget_.Spend([&] {
    for (const auto& layer : TemplateLayers(event.graph, event.layout)) {
      if (affordable || WeightsOf(layer) <= kFewWeights) Draw(layer, event);
    }
  });
}

void WeightPictures::Draw(const TemplateLayer& layer, const ModelEvent& event) {
  const auto figure =
      WeightTemplates(layer, event.parameters.At(*layer.weight).Flat<float>(), class_names_,
                      event.last ? "at the end" : "step " + WithThousands(event.step));
  const std::string png = PngBytes(*figure);
  MakeFolders(options_.folder);
  WriteFileAtomically(options_.folder + "/weights-" + FileNameOf(layer.name) + ".png", png);
  // At the end the parameters may be those of the best checkpoint, under the last step's number.
  const auto drawn = drawn_.find(layer.name);
  if (event.last && drawn != drawn_.end() && drawn->second == event.step) return;
  if (options_.each_evaluation) {
    StepPictures(options_.folder + "/weights", FileNameOf(layer.name)).Add(event.step, png);
  }
  if (options_.tensorboard != nullptr) {
    options_.tensorboard->AddImage("weights/" + layer.name, event.step, png, PngWord(png, 20),
                                   PngWord(png, 16));
  }
  drawn_[layer.name] = event.step;
}

}  // namespace seve
