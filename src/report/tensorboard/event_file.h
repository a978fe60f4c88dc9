// One of TensorBoard's event files, written as a run goes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "config/tensorboard.pb.h"
#include "report/append_file.h"

namespace seve {

class EventFile {
 public:
  // A new file in the folder, which is made if missing: events.out.tfevents.<seconds>.<host>, and
  // ".1" and so on behind it where that exists. TensorBoard reads a folder's files in the order of
  // their names. Throws Error(kData) with path and errno's text, as Write does.
  explicit EventFile(const std::string& folder);

  void Write(int64_t step, const tensorboard::Summary& summary);
  // Makes TensorBoard forget what earlier files say of `step` and later ones.
  void WriteRestart(int64_t step);

 private:
  void Append(const tensorboard::Event& event);

  AppendFile file_;
};

}  // namespace seve
