#include "data/digest.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

#include "base/error.h"
#include "base/file.h"

namespace seve {
namespace {

constexpr size_t kPiece = size_t{1} << 20;

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

}  // namespace

const char* NameOf(DigestKind kind) { return kind == DigestKind::kMd5 ? "MD5" : "SHA-256"; }

std::string FileDigest(const std::string& path, DigestKind kind) {
  const InputFile file(path);
  const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  const EVP_MD* algorithm = kind == DigestKind::kMd5 ? EVP_md5() : EVP_sha256();
  if (!context || EVP_DigestInit_ex(context.get(), algorithm, nullptr) != 1) {
    ThrowData(fmt::format("{}: {} is not available in this machine's OpenSSL", path, NameOf(kind)));
  }
  std::vector<std::byte> piece(std::min(kPiece, file.size()));
  for (size_t offset = 0; offset < file.size(); offset += piece.size()) {
    const auto part = std::span(piece).first(std::min(piece.size(), file.size() - offset));
    file.Read(offset, part);
    EVP_DigestUpdate(context.get(), part.data(), part.size());
  }
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  EVP_DigestFinal_ex(context.get(), digest, &length);
  std::string text;
  for (unsigned int i = 0; i < length; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

}  // namespace seve
