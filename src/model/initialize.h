// Starting values of parameters.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "layers/parameter.h"

namespace seve {

// Fills `values` (spec.shape elements) as its initializer says: a pure function of seed, the
// parameter's full name
// ("hidden.weight") and the element's index.
void Initialize(const ParameterSpec& spec, std::string_view full_name, uint64_t seed,
                std::span<float> values);

}  // namespace seve
