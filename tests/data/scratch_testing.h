// Small files for tests of the data readers.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace seve {

using Bytes = std::vector<uint8_t>;

void PutFile(const std::string& path, const Bytes& bytes);
Bytes FileBytes(const std::string& path);

// An IDX file's bytes: `magic`, the extents, the elements.
Bytes IdxBytes(uint32_t magic, const std::vector<uint32_t>& extents, const Bytes& elements);

// `count` pictures of 2x3 whose byte p of picture i is 10 i + p, labels i modulo `classes`; four
// plain files train-* and t10k-* (two pictures).
void WriteSmallIdxFolder(const std::string& folder, int count = 5, int classes = 3);

// The message of the seve::Error that `action` throws with exit code kData; fails the test when it
// throws none.
std::string DataErrorOf(const std::function<void()>& action);
std::string UsageErrorOf(const std::function<void()>& action);

}  // namespace seve
