// `seve data check` of colour pictures: CIFAR and folders of pictures.
#pragma once

#include <string>
#include <vector>

namespace seve {

// Shows what `place` holds: "cifar10", "cifar100", a folder of one of them, or a folder or .tar of
// <split>/<class>/<picture>, all of whose pictures are decoded. False where it is none of these.
// Throws Error(kData) for pictures that are wrong, all of them named.
bool CheckPictures(const std::string& place, const std::string& root);

// A line a class: its number or name, its samples and a bar.
void PrintClasses(const std::vector<int64_t>& per_class, const std::vector<std::string>& names);

}  // namespace seve
