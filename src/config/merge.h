// Lays one configuration over the one it is based on.
#pragma once

#include "config/parse.h"

namespace seve {

// What `over` gives replaces what `draft` has, field by field: messages are merged, another
// alternative of a oneof takes the place of the one before, and repeated fields are replaced
// wholly. Layers and definitions are the exception: one whose name exists in `draft` (unnamed
// layers there go by their automatic names) replaces that one in place and wholly, the others are
// appended.
void LayOver(const Draft& over, Draft* draft);

// Sets no field but forgets what belonged to another alternative of `field`'s oneof in `message`,
// which lies at `prefix`: setting the field will drop it.
void ForgetOtherAlternative(const google::protobuf::Message& message,
                            const google::protobuf::FieldDescriptor& field,
                            const std::string& prefix, Places* places);

}  // namespace seve
