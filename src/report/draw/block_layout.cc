#include "report/draw/block_layout.h"

#include <algorithm>
#include <numeric>

#include "base/error.h"

namespace seve {
namespace {

constexpr double kBetweenBoxes = 16;
constexpr double kTrack = 11;  // between ways side by side
constexpr double kGap = 22;    // between layers, more where ways turn there
constexpr double kPort = 14;   // between ways that meet at a box

struct Way {
  size_t from, to;
  double shift;         // from the middle of the block where it ends
  bool passes = false;  // layers, on a track
  size_t track = 0;
};

class Layout {
 public:
  Layout(const std::vector<Block>& blocks, double box_width, double box_height)
      : blocks_(blocks), box_width_(box_width), box_height_(box_height) {
    AssignLayers();
    OrderLayers();
    CollectWays();
    AssignTracks();
  }

  BlockLayout Result() const {
    BlockLayout result;
    for (size_t i = 0; i < blocks_.size(); ++i) result.boxes.push_back(BoxOf(i));
    for (const Way& way : ways_) result.ways.push_back(PointsOf(way));
    result.width = BoxesWidth() + (tracks_ == 0 ? 0 : static_cast<double>(tracks_ + 1) * kTrack);
    result.height = blocks_.empty() ? 0 : tops_.back() + box_height_;
    return result;
  }

 private:
  void AssignLayers() {
    for (size_t i = 0; i < blocks_.size(); ++i) {
      size_t layer = 0;
      for (const int input : blocks_[i].inputs) {
        Check(input >= 0 && static_cast<size_t>(input) < i, "a block's input does not precede it");
        layer = std::max(layer, layer_of_[static_cast<size_t>(input)] + 1);
      }
      layer_of_.push_back(layer);
      layers_.resize(std::max(layers_.size(), layer + 1));
      layers_[layer].push_back(i);
    }
  }

  // Left to right as the inputs are.
  void OrderLayers() {
    middles_.resize(blocks_.size());
    for (auto& layer : layers_) {
      const auto mean = [&](size_t block) {
        const auto& inputs = blocks_[block].inputs;
        double sum = 0;
        for (const int input : inputs) sum += middles_[static_cast<size_t>(input)];
        return inputs.empty() ? 0 : sum / static_cast<double>(inputs.size());
      };
      std::stable_sort(layer.begin(), layer.end(),
                       [&](size_t a, size_t b) { return mean(a) < mean(b); });
      widest_ = std::max(widest_, layer.size());
      for (size_t place = 0; place < layer.size(); ++place) {
        const double from_middle =
            static_cast<double>(place) - static_cast<double>(layer.size() - 1) / 2;
        middles_[layer[place]] = from_middle * (box_width_ + kBetweenBoxes);
      }
    }
  }

  void CollectWays() {
    for (size_t to = 0; to < blocks_.size(); ++to) {
      // Far ones come from the right, where the tracks are, and those of outer tracks outside.
      auto inputs = blocks_[to].inputs;
      std::stable_sort(inputs.begin(), inputs.end(),
                       [&](int a, int b) { return Span(a, to) < Span(b, to); });
      const auto near = static_cast<size_t>(std::count_if(
          inputs.begin(), inputs.end(), [&](int input) { return Span(input, to) == 1; }));
      for (size_t port = 0; port < inputs.size(); ++port) {
        const size_t centred = near > 0 ? near : inputs.size();
        const double shift = static_cast<double>(port) - static_cast<double>(centred - 1) / 2;
        ways_.push_back({static_cast<size_t>(inputs[port]), to, shift * kPort, port >= near});
      }
    }
  }

  // Layers between a block and one of its inputs, the block's own counted.
  [[nodiscard]] size_t Span(int input, size_t to) const {
    return layer_of_[to] - layer_of_[static_cast<size_t>(input)];
  }

  // The first track that is free over the layers a way passes, short ways first: they lie inside.
  void AssignTracks() {
    std::vector<Way*> passing;
    for (Way& way : ways_) {
      if (way.passes) passing.push_back(&way);
    }
    const auto span = [&](const Way* way) { return layer_of_[way->to] - layer_of_[way->from]; };
    std::stable_sort(passing.begin(), passing.end(),
                     [&](const Way* a, const Way* b) { return span(a) < span(b); });
    std::vector<std::vector<bool>> taken;  // (track, gap below a layer)
    for (Way* way : passing) {
      const size_t first = layer_of_[way->from];
      const size_t end = layer_of_[way->to];
      const auto is_free = [&](const std::vector<bool>& track) {
        return std::find(track.begin() + static_cast<std::ptrdiff_t>(first),
                         track.begin() + static_cast<std::ptrdiff_t>(end),
                         true) == track.begin() + static_cast<std::ptrdiff_t>(end);
      };
      while (way->track < taken.size() && !is_free(taken[way->track])) ++way->track;
      if (way->track == taken.size()) taken.emplace_back(layers_.size(), false);
      std::fill_n(taken[way->track].begin() + static_cast<std::ptrdiff_t>(first), end - first,
                  true);
    }
    tracks_ = taken.size();
    PlaceLayers();
  }

  void PlaceLayers() {
    double top = 0;
    for (size_t layer = 0; layer < layers_.size(); ++layer) {
      tops_.push_back(top);
      const bool turns = std::any_of(ways_.begin(), ways_.end(), [&](const Way& way) {
        return way.passes && (layer_of_[way.from] == layer || layer_of_[way.to] == layer + 1);
      });
      top += box_height_ + kGap + (turns ? static_cast<double>(tracks_) * kTurn + kGap / 3 : 0);
    }
  }

  [[nodiscard]] double BoxesWidth() const {
    const auto count = static_cast<double>(widest_);
    return count * (box_width_ + kBetweenBoxes) - kBetweenBoxes;
  }

  [[nodiscard]] Box BoxOf(size_t block) const {
    return {BoxesWidth() / 2 + middles_[block] - box_width_ / 2, tops_[layer_of_[block]],
            box_width_, box_height_};
  }

  [[nodiscard]] std::vector<Point> PointsOf(const Way& way) const {
    const Box from = BoxOf(way.from);
    const Box to = BoxOf(way.to);
    const Point end{to.x + to.width / 2 + way.shift, to.y};
    if (way.passes) {
      const Point start{from.x + from.width / 2 + kPort, from.bottom()};
      // Outer ways turn nearer to the boxes, so that they do not cross the inner ones.
      const double inner = static_cast<double>(tracks_ - 1 - way.track) * kTurn;
      const double leave = start.y + kGap / 3 + inner;
      const double enter = end.y - kGap / 2 - inner;
      const double beside = BoxesWidth() + static_cast<double>(way.track + 1) * kTrack;
      return {start, {start.x, leave}, {beside, leave}, {beside, enter}, {end.x, enter}, end};
    }
    const Point start{from.x + from.width / 2, from.bottom()};
    if (start.x == end.x) return {start, end};
    const double turn = end.y - kGap / 2;
    return {start, {start.x, turn}, {end.x, turn}, end};
  }

  static constexpr double kTurn = 4;  // between ways that turn between the same layers

  const std::vector<Block>& blocks_;
  double box_width_, box_height_;
  std::vector<size_t> layer_of_;
  std::vector<std::vector<size_t>> layers_;
  std::vector<double> middles_;  // of boxes, from the middle of the layers
  std::vector<Way> ways_;
  std::vector<double> tops_;  // of layers
  size_t widest_ = 1, tracks_ = 0;
};

}  // namespace

BlockLayout LayOut(const std::vector<Block>& blocks, double box_width, double box_height) {
  return Layout(blocks, box_width, box_height).Result();
}

}  // namespace seve
