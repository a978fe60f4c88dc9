// Checksums by which publishers name their files.
#pragma once

#include <string>

namespace seve {

enum class DigestKind { kMd5, kSha256 };

// "MD5", "SHA-256".
const char* NameOf(DigestKind kind);

// Of a file's contents, lower-case hexadecimal. Throws Error(kData) when the file cannot be read.
std::string FileDigest(const std::string& path, DigestKind kind);

}  // namespace seve
