#include "report/tensorboard/event_file.h"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>

#include "base/file.h"
#include "comm/host_name.h"
#include "report/tensorboard/record.h"

namespace seve {
namespace {

double WallTime() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

tensorboard::Event EventNow(int64_t step) {
  tensorboard::Event event;
  event.set_wall_time(WallTime());
  event.set_step(step);
  return event;
}

std::string NewPath(const std::string& folder) {
  MakeFolders(folder);
  const std::string first = fmt::format("{}/events.out.tfevents.{}.{}", folder,
                                        static_cast<int64_t>(WallTime()), HostName());
  std::string path = first;
  for (int count = 1; std::filesystem::exists(path); ++count) {
    path = fmt::format("{}.{}", first, count);
  }
  return path;
}

}  // namespace

EventFile::EventFile(const std::string& folder)
    : file_(NewPath(folder), AppendFile::Start::kEmpty) {
  tensorboard::Event event = EventNow(0);
  event.set_file_version("brain.Event:2");
  Append(event);
}

void EventFile::Write(int64_t step, const tensorboard::Summary& summary) {
  tensorboard::Event event = EventNow(step);
  *event.mutable_summary() = summary;
  Append(event);
}

void EventFile::WriteRestart(int64_t step) {
  tensorboard::Event event = EventNow(step);
  event.mutable_session_log()->set_status(tensorboard::SessionLog::START);
  Append(event);
}

void EventFile::Append(const tensorboard::Event& event) {
  file_.Append(Record(event.SerializeAsString()));
}

}  // namespace seve
