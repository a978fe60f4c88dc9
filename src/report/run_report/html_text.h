// Texts and pictures as parts of a page that stands alone.
#pragma once

#include <string>
#include <string_view>

namespace seve {

// With & < > " ' as entities.
std::string HtmlEscaped(std::string_view text);

// A drawing as an element of a page: without the XML declaration and namespaces.
std::string InlineSvg(std::string_view svg);

// A PNG picture as an element of a page; `name`: for those who do not see it.
std::string ImageOf(std::string_view png, std::string_view name);

}  // namespace seve
