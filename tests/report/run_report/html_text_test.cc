#include "report/run_report/html_text.h"

#include <gtest/gtest.h>

namespace seve {
namespace {

TEST(HtmlEscaped, LeavesNothingThatEndsATextOrAnAttribute) {
  EXPECT_EQ(HtmlEscaped("a<b> & \"c\" 'd'"), "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;");
  EXPECT_EQ(HtmlEscaped("Sève …"), "Sève …");
}

TEST(InlineSvg, LosesDeclarationAndNamespaces) {
  EXPECT_EQ(InlineSvg("<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" "
                      "xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"5\"><g/></svg>\n"),
            "<svg width=\"5\"><g/></svg>\n");
}

// Examples of RFC 4648.
TEST(ImageOf, HoldsThePictureInBase64) {
  EXPECT_EQ(ImageOf("f", "a \"b\""),
            "<img alt=\"a &quot;b&quot;\" src=\"data:image/png;base64,Zg==\">");
  EXPECT_EQ(ImageOf("fo", ""), "<img alt=\"\" src=\"data:image/png;base64,Zm8=\">");
  EXPECT_EQ(ImageOf("foobar", ""), "<img alt=\"\" src=\"data:image/png;base64,Zm9vYmFy\">");
  EXPECT_EQ(ImageOf("\xFF\xFE", ""), "<img alt=\"\" src=\"data:image/png;base64,//4=\">");
}

}  // namespace
}  // namespace seve
