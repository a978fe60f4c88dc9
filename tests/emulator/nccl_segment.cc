#include "emulator/nccl_segment.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace seve::emulator {

static_assert(std::atomic<uint64_t>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);

namespace {

void* Map(const std::string& name) {
  const int file = shm_open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) throw std::system_error(errno, std::generic_category(), "shm_open " + name);
  void* memory = MAP_FAILED;
  if (ftruncate(file, sizeof(Meeting)) == 0) {
    memory = mmap(nullptr, sizeof(Meeting), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  }
  const int error = errno;
  close(file);
  if (memory == MAP_FAILED) throw std::system_error(error, std::generic_category(), "mmap " + name);
  return memory;
}

}  // namespace

Segment::Segment(std::string name)
    : name_(std::move(name)), meeting_(static_cast<Meeting*>(Map(name_))) {}

Segment::~Segment() { munmap(meeting_, sizeof(Meeting)); }

void Segment::Unlink() const { shm_unlink(name_.c_str()); }

}  // namespace seve::emulator
