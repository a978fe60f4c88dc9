// The processor's hint that a loop is only waiting.
#pragma once

namespace seve {

#if defined(__x86_64__)
inline void Pause() { __builtin_ia32_pause(); }
#elif defined(__aarch64__)
inline void Pause() { asm volatile("yield"); }
#else
inline void Pause() {}
#endif

}  // namespace seve
