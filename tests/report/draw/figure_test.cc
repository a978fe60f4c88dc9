#include "report/draw/figure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <set>

#include "base/expect_error.h"
#include "base/file.h"
#include "base/temporary_folder.h"

namespace seve {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const Image kCheckers{2, 2, 3, {255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0}};

// A text, and four pixels over the right half.
class Sample : public Figure {
 public:
  explicit Sample(std::string text = "a < b & c") : text_(std::move(text)) {}

  [[nodiscard]] double width() const override { return 100.3; }
  [[nodiscard]] double height() const override { return 50.3; }
  void Draw(Canvas& canvas) const override {
    canvas.Text(text_, {5, 20}, {});
    canvas.Clip({50, 0, 50, 50});
    canvas.Draw(kCheckers, {50, 0, 50, 50});
    canvas.Unclip();
  }

 private:
  std::string text_;
};

std::set<std::string> Matches(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  std::set<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), regex), end; at != end; ++at) {
    found.insert((*at)[1]);
  }
  return found;
}

std::array<int, 3> PixelAt(const Image& image, int64_t x, int64_t y) {
  const auto at = static_cast<size_t>((y * image.width + x) * 3);
  return {image.pixels[at], image.pixels[at + 1], image.pixels[at + 2]};
}

Image Rendered(const Figure& figure, double scale) {
  const TemporaryFolder folder;
  SavePng(figure, folder.File("a.png"), scale);
  return ReadPng(folder.File("a.png"));
}

TEST(Figures, KeepThePixelsOfPicturesSharp) {
  const Image image = Rendered(Sample(), 2);
  for (const int64_t x : {101, 148}) {
    for (const int64_t y : {1, 48}) {
      EXPECT_EQ(PixelAt(image, x, y), (std::array{255, 0, 0}));
      EXPECT_EQ(PixelAt(image, x + 50, y), (std::array{0, 255, 0}));
      EXPECT_EQ(PixelAt(image, x, y + 50), (std::array{0, 0, 255}));
      EXPECT_EQ(PixelAt(image, x + 50, y + 50), (std::array{0, 0, 0}));
    }
  }
}

TEST(Figures, AreOnWhitePaperToTheLastPixel) {
  const Image image = Rendered(Sample(""), 2);
  EXPECT_EQ(image.width, 201);
  EXPECT_EQ(image.height, 101);
  EXPECT_EQ(PixelAt(image, 0, 0), (std::array{255, 255, 255}));
  EXPECT_EQ(PixelAt(image, 200, 100), (std::array{255, 255, 255}));
}

TEST(Figures, ShowTheirText) {
  EXPECT_NE(Rendered(Sample("abc"), 2).pixels, Rendered(Sample(""), 2).pixels);
  EXPECT_NE(Rendered(Sample("abc"), 2).pixels, Rendered(Sample("abd"), 2).pixels);
}

TEST(Figures, AreSvgThatNeedsNothingElse) {
  const std::string svg = SvgText(Sample());
  EXPECT_THAT(svg, StartsWith("<?xml"));
  EXPECT_THAT(svg, HasSubstr("<svg xmlns=\"http://www.w3.org/2000/svg\""));
  EXPECT_THAT(svg, HasSubstr("</svg>"));
  EXPECT_THAT(svg, Not(HasSubstr("<text")));
  EXPECT_THAT(svg, Not(HasSubstr("font-family")));
  EXPECT_THAT(Matches(svg, "href=\"([^#d])"), testing::IsEmpty()) << "a file beside this one";
  const auto ids = Matches(svg, " id=\"([^\"]*)\"");
  const auto used = Matches(svg, "(?:href=\"|url\\()#([^\")]*)");
  EXPECT_FALSE(used.empty());
  for (const std::string& id : used) EXPECT_TRUE(ids.contains(id)) << id;
}

TEST(Figures, OnOnePageShareNoIds) {
  const auto a = Matches(SvgText(Sample("a")), " id=\"([^\"]*)\"");
  for (const std::string& id : Matches(SvgText(Sample("b")), " id=\"([^\"]*)\"")) {
    EXPECT_FALSE(a.contains(id)) << id;
  }
}

TEST(Figures, AreTheSameBytesEachTime) {
  EXPECT_EQ(SvgText(Sample()), SvgText(Sample()));
  EXPECT_EQ(PdfBytes(Sample()), PdfBytes(Sample()));
  EXPECT_EQ(PngBytes(Sample()), PngBytes(Sample()));
  EXPECT_THAT(PdfBytes(Sample()), Not(HasSubstr("CreationDate")));
}

TEST(Figures, SurviveTextThatIsNotUtf8) {
  EXPECT_EQ(SvgText(Sample("caf\xE9")), SvgText(Sample("caf?")));
  EXPECT_EQ(SvgText(Sample("\xC3")), SvgText(Sample("?")));
  EXPECT_NE(SvgText(Sample("é")), SvgText(Sample("??")));
}

TEST(Figures, BecomeThreeFiles) {
  const TemporaryFolder folder;
  SaveFigure(Sample(), folder.File("curve"));
  EXPECT_EQ(ReadFile(folder.File("curve.svg")), SvgText(Sample()));
  EXPECT_EQ(ReadFile(folder.File("curve.pdf")), PdfBytes(Sample()));
  EXPECT_EQ(ReadFile(folder.File("curve.png")), PngBytes(Sample(), 2));
  EXPECT_THAT(ReadFile(folder.File("curve.pdf")), StartsWith("%PDF-"));
  const std::filesystem::directory_iterator files(folder.path());
  EXPECT_EQ(std::distance(begin(files), end(files)), 3);
}

TEST(Figures, ThatCannotBeWrittenNameTheFile) {
  // The file that becomes the one asked for when it is whole.
  EXPECT_THAT(MessageOf(ExitCode::kData, [] { SaveFigure(Sample(), "/nowhere/curve"); }),
              HasSubstr("/nowhere/.curve.svg"));
  EXPECT_THAT(MessageOf(ExitCode::kData, [] { SavePng(Sample(), "/nowhere/a.png"); }),
              testing::AllOf(HasSubstr("/nowhere/.a.png"), HasSubstr("No such file")));
}

TEST(Figures, TooLongForAPictureAreDrawnSmaller) {
  class Long : public Sample {
    [[nodiscard]] double height() const override { return 20000; }
  };
  EXPECT_LE(Rendered(Long(), 2).height, 32000);
}

}  // namespace
}  // namespace seve
