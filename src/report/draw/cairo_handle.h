// Cairo's objects, released on every path, and its errors as ours.
#pragma once

#include <cairo.h>

#include <memory>
#include <string>

#include "base/error.h"

namespace seve {

struct CairoRelease {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  void operator()(cairo_t* context) const { cairo_destroy(context); }
  void operator()(cairo_pattern_t* pattern) const { cairo_pattern_destroy(pattern); }
};
using CairoSurface = std::unique_ptr<cairo_surface_t, CairoRelease>;
using CairoContext = std::unique_ptr<cairo_t, CairoRelease>;
using CairoPattern = std::unique_ptr<cairo_pattern_t, CairoRelease>;

inline void CheckCairo(cairo_status_t status, const std::string& what = "cannot draw") {
  if (status != CAIRO_STATUS_SUCCESS) ThrowData(what + ": " + cairo_status_to_string(status));
}

// Takes over a surface that cairo has just made.
inline CairoSurface Checked(cairo_surface_t* made) {
  CairoSurface surface(made);
  CheckCairo(cairo_surface_status(made));
  return surface;
}

// A cairo_write_func_t that collects in the std::string `text`.
inline cairo_status_t AppendBytes(void* text, const unsigned char* bytes, unsigned int count) {
  static_cast<std::string*>(text)->append(reinterpret_cast<const char*>(bytes), count);
  return CAIRO_STATUS_SUCCESS;
}

}  // namespace seve
