#include "report/draw/figure.h"

#include "base/file.h"

namespace seve {

void SaveFigure(const Figure& figure, const std::string& stem) {
  WriteFileAtomically(stem + ".svg", SvgText(figure));
  WriteFileAtomically(stem + ".pdf", PdfBytes(figure));
  SavePng(figure, stem + ".png");
}

void SavePng(const Figure& figure, const std::string& path, double scale) {
  WriteFileAtomically(path, PngBytes(figure, scale));
}

}  // namespace seve
