#include "report/run_report/report_pictures.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "base/file.h"
#include "report/run_report/html_text.h"

namespace seve {
namespace {

namespace fs = std::filesystem;

struct Kind {
  std::string_view stem;
  std::string_view caption;
};

constexpr std::array kKinds = {
    Kind{"confusion", "How often each class (row) was taken for each (column)"},
    Kind{"worst", "Mistakes in which the model gave the true class the least probability"},
    Kind{"best", "Right answers of which the model was most certain"},
    Kind{"random", "Samples drawn at random"},
    Kind{"reconstructions", "Inputs, and below each what the model made of it"},
    Kind{"fit", "The data and what the model says between them"},
    Kind{"predictions", "What the model said against what is so; on the diagonal both are equal"},
    Kind{"surface", "The loss around the way that training took"},
    Kind{"gradients", "Gradients of each layer's weights"},
    Kind{"histograms-gradients", "Gradients at the first and at the last look"},
    Kind{"histograms-values", "Parameters at the first and at the last look"},
    Kind{"model", "The model"},
};

// "weights-hidden" -> "hidden", ascending.
std::vector<std::string> TemplateLayersIn(const std::string& folder) {
  constexpr std::string_view kPrefix = "weights-";
  std::vector<std::string> layers;
  std::error_code missing;
  for (const auto& entry : fs::directory_iterator(folder, missing)) {
    const std::string stem = entry.path().stem().string();
    if (stem.starts_with(kPrefix)) layers.push_back(stem.substr(kPrefix.size()));
  }
  std::ranges::sort(layers);
  return layers;
}

void AddIfThere(const std::string& stem, const std::string& caption,
                std::vector<Page::Picture>* pictures) {
  if (fs::exists(stem + ".svg")) {
    pictures->push_back({InlineSvg(ReadFile(stem + ".svg")), caption});
  } else if (fs::exists(stem + ".png")) {
    pictures->push_back({ImageOf(ReadFile(stem + ".png"), caption), caption});
  }
}

}  // namespace

std::vector<Page::Picture> ReportPictures(const std::string& run_directory) {
  const std::string folder = run_directory + "/pictures";
  std::vector<Page::Picture> pictures;
  for (const std::string& layer : TemplateLayersIn(folder)) {
    AddIfThere(folder + "/weights-" + layer,
               "Weights of " + layer + ": what each unit looks for in a picture", &pictures);
  }
  for (const auto& [stem, caption] : kKinds) {
    AddIfThere(folder + "/" + std::string(stem), std::string(caption), &pictures);
  }
  return pictures;
}

}  // namespace seve
