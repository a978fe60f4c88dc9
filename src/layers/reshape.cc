#include "layers/reshape.h"

#include "tensor/channels_last.h"

namespace seve {

Reshape::Reshape(Shape input, Shape output) : input_(std::move(input)), output_(std::move(output)) {
  Check(input_.elements() == output_.elements(), "a reshape that changes the number of values");
}

bool Reshape::IsView() const { return LieAlike(input_, output_); }

}  // namespace seve
