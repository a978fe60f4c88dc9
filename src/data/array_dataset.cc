#include "data/array_dataset.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "base/text.h"
#include "data/sample_rows.h"
#include "data/stored_elements.h"
#include "tensor/channels_last.h"

namespace seve {
namespace {

bool IsClass(const ArrayDataset::Field& field) {
  return std::holds_alternative<AsClass>(field.meaning);
}

FieldSpec SpecOf(const ArrayDataset::Field& field) {
  if (IsClass(field)) return {field.name, DType::kInt32, Shape{}};
  return {field.name, DType::kFloat32, field.array.SampleShape()};
}

uint64_t Hash(const std::vector<ArrayDataset::Field>& fields,
              const std::vector<std::string>& names) {
  uint64_t hash = 0;
  const auto add = [&hash](const auto& values) {
    hash = XXH3_64bits_withSeed(values.data(), values.size() * sizeof(values[0]), hash);
  };
  for (const auto& field : fields) {
    add(field.name);
    add(std::string(NameOf(field.array.element())));
    add(field.array.shape().extents());
    add(field.array.bytes());
  }
  for (const auto& name : names) add(name);
  return hash;
}

// What is done to the pictures of a field on their way.
struct Augmentation {
  const Augmenter* augmenter = nullptr;  // nullptr: nothing
  TrainingPlace first;
};

// Writes the samples asked for to the rows of a tensor, one way for each meaning.
class RowWriter {
 public:
  RowWriter(const StoredArray& array, std::span<const int64_t> indices, const Tensor& destination,
            const Augmentation& augmentation)
      : array_(array),
        indices_(indices),
        destination_(destination),
        augmenter_(augmentation.augmenter),
        first_(augmentation.first) {}

  void operator()(AsClass) const {
    const auto classes = destination_.Flat<int32_t>();
    ForEach([&](size_t row, const std::byte* sample) {
      std::memcpy(&classes[row], sample, sizeof(int32_t));
    });
  }

  void operator()(AsValues) const {
    Write([](double stored, size_t) { return stored; });
  }

  void operator()(const PlaceScale& by) const {
    Write([&](double stored, size_t place) { return stored * by.scale[place] + by.shift[place]; });
  }

  void operator()(const PixelScale& scale) const {
    float* const values = destination_.Flat<float>().data();
    const Shape sample_shape = array_.SampleShape();
    std::vector<uint8_t> moved(LiesRowMajor(sample_shape) ? 0 : places_);
    PictureScratch scratch(augmenter_ == nullptr ? PictureExtent{} : augmenter_->extent());
    ForEach([&](size_t row, const std::byte* sample) {
      const auto* bytes = reinterpret_cast<const uint8_t*>(sample);
      if (!moved.empty()) {
        ToChannelsLast(bytes, 1, sample_shape, moved.data());
        bytes = moved.data();
      }
      if (augmenter_ != nullptr) {
        bytes = augmenter_->Apply(bytes, first_ + row, indices_[row], scratch);
      }
      scale.Apply(bytes, places_, values + row * places_);
    });
  }

 private:
  template <typename Use>
  void ForEach(Use use) const {
    ForEachSample(indices_, array_.bytes().data(), array_.SampleBytes(), use);
  }

  // value(stored, place) for every place of every row, to where it lies in a batch.
  template <typename Value>
  void Write(Value value) const {
    float* const values = destination_.Flat<float>().data();
    const size_t pixels = places_ / channels_;
    WithElementType(array_.element(), [&](auto element) {
      ForEach([&](size_t row, const std::byte* sample) {
        float* const to = values + row * places_;
        for (size_t channel = 0; channel < channels_; ++channel) {
          for (size_t pixel = 0; pixel < pixels; ++pixel) {
            const size_t place = channel * pixels + pixel;
            const double stored = StoredElement<decltype(element)>(sample, place);
            to[pixel * channels_ + channel] = static_cast<float>(value(stored, place));
          }
        }
      });
    });
  }

  const StoredArray& array_;
  std::span<const int64_t> indices_;
  const Tensor& destination_;
  const Augmenter* augmenter_;
  TrainingPlace first_;
  size_t places_ = static_cast<size_t>(array_.SampleShape().elements());
  // Of pictures, which are stored channel by channel, but do not lie so in a batch; else 1.
  size_t channels_ =
      static_cast<size_t>(LiesRowMajor(array_.SampleShape()) ? 1 : array_.SampleShape()[0]);
};

}  // namespace

ArrayDataset::ArrayDataset(std::vector<Field> fields, Labels labels, std::string origin,
                           std::unique_ptr<const Augmenter> augmenter)
    : fields_(std::move(fields)),
      labels_(std::move(labels)),
      origin_(std::move(origin)),
      augmenter_(std::move(augmenter)),
      hash_(Hash(fields_, labels_.names)) {
  for (const Field& field : fields_) {
    Check(field.array.samples() == size(), "fields of different numbers of samples");
    Check(!std::holds_alternative<PixelScale>(field.meaning) ||
              field.array.element() == ElementType::kUint8,
          "pixels that are not bytes");
    Check(!IsClass(field) || (field.array.element() == ElementType::kInt32 &&
                              field.array.SampleShape() == Shape{1}),
          "classes that are not one int32 a sample");
    specs_.push_back(SpecOf(field));
  }
}

std::string ArrayDataset::Describe() const {
  std::string counts = WithThousands(size()) + " samples";
  if (classes() > 0) counts += fmt::format(", {} classes", WithThousands(classes()));
  return fmt::format("{} ({})", origin_, counts);
}

void ArrayDataset::Gather(std::span<const int64_t> indices, const Batch& destination) const {
  for (size_t i = 0; i < fields_.size(); ++i) {
    std::visit(RowWriter(fields_[i].array, indices, destination[i], {}), fields_[i].meaning);
  }
}

void ArrayDataset::GatherForTraining(std::span<const int64_t> indices, const TrainingPlace& first,
                                     const Batch& destination) const {
  for (size_t i = 0; i < fields_.size(); ++i) {
    const Field& field = fields_[i];
    const bool augmented = field.name == "input";
    const Augmentation augmentation = {augmented ? augmenter_.get() : nullptr, first};
    std::visit(RowWriter(field.array, indices, destination[i], augmentation), field.meaning);
  }
}

bool ArrayDataset::InMemory() const {
  return std::ranges::none_of(fields_, [](const Field& field) { return field.array.mapped(); });
}

}  // namespace seve
