// CRC-32C (Castagnoli, Bräuer & Herrmann 1993), the checksum of TensorBoard's files.
#pragma once

#include <cstdint>
#include <string_view>

namespace seve {

// Polynomial 0x1EDC6F41, bits reflected, begun with and finished by inverting all bits (RFC 3720,
// appendix B.4).
uint32_t Crc32c(std::string_view bytes);

}  // namespace seve
