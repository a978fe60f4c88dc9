// A figure of equal panels in rows, below a title.
#pragma once

#include <string>

#include "report/draw/figure.h"

namespace seve {

class PanelGrid : public Figure {
 public:
  [[nodiscard]] double width() const override;
  [[nodiscard]] double height() const override;
  void Draw(Canvas& canvas) const override;

 protected:
  PanelGrid(size_t count, int columns, std::string title);

  struct Size {
    double width = 0, height = 0;
  };
  [[nodiscard]] virtual Size PanelSize() const = 0;
  virtual void DrawPanel(Canvas& canvas, size_t index, const Box& box) const = 0;

  [[nodiscard]] size_t columns() const { return columns_; }

 private:
  size_t count_, columns_;
  std::string title_;
};

}  // namespace seve
