#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <memory>

#include "base/error.h"
#include "base/file.h"

namespace seve {
namespace {

std::string Hex(const XXH128_hash_t& hash) {
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

struct FreeState {
  void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
};

}  // namespace

std::string Xxh3Hex(std::span<const std::byte> bytes) {
  return Hex(XXH3_128bits(bytes.data(), bytes.size()));
}

uint64_t Xxh3(std::span<const std::byte> bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

std::string Xxh3HexOfFile(const std::string& path) {
  constexpr size_t kPiece = size_t{1} << 20;
  const InputFile file(path);
  const std::unique_ptr<XXH3_state_t, FreeState> state(XXH3_createState());
  Check(state != nullptr && XXH3_128bits_reset(state.get()) == XXH_OK, "no memory for a checksum");
  std::vector<std::byte> piece(std::min(kPiece, file.size()));
  for (size_t offset = 0; offset < file.size(); offset += piece.size()) {
    piece.resize(std::min(kPiece, file.size() - offset));
    file.Read(offset, piece);
    XXH3_128bits_update(state.get(), piece.data(), piece.size());
  }
  return Hex(XXH3_128bits_digest(state.get()));
}

}  // namespace seve
