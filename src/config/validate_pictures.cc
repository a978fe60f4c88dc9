#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>

#include "config/validate_parts.h"

namespace seve {
namespace {

void ValidateChannels(const std::string& path, int64_t channels, Checker& checker) {
  if (channels == 1 || channels == 3) return;
  checker.Fail(path + ".channels",
               fmt::format("{}.channels is {}: 3 for colour, 1 for grey", path, channels));
}

void ValidateImageFolder(const config::ImageFolder& folder, Checker& checker) {
  const std::string path = "data.image_folder";
  if (folder.path().empty()) {
    checker.Fail(path, path + " needs 'path', the folder (or .tar) that holds its splits");
  }
  if (folder.train().empty()) {
    checker.Fail(path + ".train", path +
                                      ".train is empty; it names the folder of the training "
                                      "pictures, for example \"train\"");
  }
  if (folder.has_height() != folder.has_width()) {
    checker.Fail(path, path +
                           " needs both 'height' and 'width', or neither where all pictures "
                           "have one size");
  }
  if (folder.has_height()) checker.Above(path + ".height", folder.height(), 0);
  if (folder.has_width()) checker.Above(path + ".width", folder.width(), 0);
  if (folder.has_resize() && !folder.has_height()) {
    checker.Fail(path + ".resize", path +
                                       ".resize needs 'height' and 'width', which are cut out "
                                       "of the picture scaled so");
  } else if (folder.has_resize()) {
    checker.AtLeast(path + ".resize", folder.resize(), std::max(folder.height(), folder.width()));
  }
  ValidateChannels(path, folder.channels(), checker);
  if (folder.has_threads()) checker.Above(path + ".threads", folder.threads(), 0);
}

void ValidateSynthetic(const config::SyntheticImages& synthetic, Checker& checker) {
  const std::string path = "data.synthetic";
  checker.Above(path + ".train", synthetic.train(), 0);
  checker.Above(path + ".test", synthetic.test(), 0);
  checker.Above(path + ".channels", synthetic.channels(), 0);
  checker.Above(path + ".height", synthetic.height(), 0);
  checker.Above(path + ".width", synthetic.width(), 0);
  checker.Above(path + ".classes", synthetic.classes(), 0);
}

}  // namespace

void ValidatePictures(const config::Data& data, Checker& checker) {
  if (data.cifar10().has_coarse()) {
    checker.Fail("data.cifar10.coarse",
                 "data.cifar10.coarse: CIFAR-100 alone has superclasses; remove it");
  }
  if (data.has_image_folder()) ValidateImageFolder(data.image_folder(), checker);
  if (data.has_synthetic()) ValidateSynthetic(data.synthetic(), checker);
}

}  // namespace seve
