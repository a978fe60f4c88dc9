// What messages say about the fields of the configuration language: which exist, what they hold.
#pragma once

#include <string>
#include <vector>

namespace google::protobuf {
class Descriptor;
class FieldDescriptor;
}  // namespace google::protobuf

namespace seve {

// "linear (message Linear)" for a message reached by a field called `name`; without a name "the
// configuration" or "the cluster's profile", and "message Linear" where a value of --set starts
// with it.
std::string Spoken(const google::protobuf::Descriptor& type, const std::string& name);

// "linear (message Linear) has no field 'unit'; did you mean 'units'?", with the alternatives that
// do have such a field, if any.
std::string UnknownField(const google::protobuf::Descriptor& type, const std::string& spoken,
                         const std::string& field);

// "'units' wants a whole number, not \"x\"", naming near enumeration values. `value` is shown as
// given.
std::string RefusedValue(const google::protobuf::FieldDescriptor& field, const std::string& value);

}  // namespace seve
