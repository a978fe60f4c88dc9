// From `cifar10` and `cifar100` of a configuration to pictures.
#pragma once

#include <string>

#include "config/data.pb.h"
#include "data/cifar/cifar.h"
#include "data/samples.h"

namespace seve {

// Looked for in `folder`, unset in root/cifar10 (root/cifar100), then in root itself. In each: the
// files of the binary version, their original archive, or the pictures as JPEG or PNG files
// {train,test}/CLASS/PICTURE, unpacked or in the folder's one .tar. Throws Error(kData) for files
// that are missing or wrong, with the remedy.
PictureSets ReadCifar10(const config::Cifar& cifar, const std::string& root);
PictureSets ReadCifar100(const config::Cifar& cifar, const std::string& root);

// Where these files are: the folder itself. Throws as above.
std::string FindCifarFolder(const config::Cifar& cifar, const CifarLayout& layout,
                            const std::string& root);

// Whether a folder holds the set in any of these forms.
bool HoldsCifar(const std::string& folder, const CifarLayout& layout);

// CIFAR-10's, CIFAR-100's or, of its superclasses, the latter's as the message asks.
const CifarLayout& LayoutOf(const config::Data& data);

}  // namespace seve
