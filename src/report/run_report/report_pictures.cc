#include "report/run_report/report_pictures.h"

#include <algorithm>
#include <filesystem>

#include "base/file.h"
#include "base/file_name.h"
#include "report/folder_names.h"
#include "report/pictures/picture_kinds.h"
#include "report/run_report/html_text.h"

namespace seve {
namespace {

namespace fs = std::filesystem;

// "weights-hidden" -> "hidden", ascending.
std::vector<std::string> TemplateLayersIn(const std::string& folder) {
  constexpr std::string_view kPrefix = "weights-";
  std::vector<std::string> layers;
  for (const std::string& name : NamesIn(folder)) {
    const std::string stem = fs::path(name).stem().string();
    if (stem.starts_with(kPrefix)) layers.push_back(stem.substr(kPrefix.size()));
  }
  std::ranges::sort(layers);
  return layers;
}

void AddIfThere(const std::string& stem, const std::string& caption,
                std::vector<Page::Picture>* pictures) {
  std::error_code unreadable;
  if (fs::exists(stem + ".svg", unreadable)) {
    pictures->push_back({InlineSvg(ReadFile(stem + ".svg")), caption});
  } else if (fs::exists(stem + ".png", unreadable)) {
    pictures->push_back({ImageOf(ReadFile(stem + ".png"), caption), caption});
  }
}

}  // namespace

std::vector<Page::Picture> ReportPictures(const std::string& run_directory) {
  const std::string folder = run_directory + "/pictures";
  std::vector<Page::Picture> pictures;
  for (const std::string& layer : TemplateLayersIn(folder)) {
    AddIfThere(folder + "/weights-" + layer,
               "Weights of " + LayerNameOf(layer) + ": what each unit looks for in a picture",
               &pictures);
  }
  for (const PictureKind& kind : picture::kAll) {
    AddIfThere(kind.PathIn(folder), kind.caption, &pictures);
  }
  return pictures;
}

}  // namespace seve
