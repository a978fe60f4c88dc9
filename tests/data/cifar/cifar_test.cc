#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <filesystem>
#include <fstream>

#include "base/temporary_folder.h"
#include "data/gzip_file.h"
#include "data/open_testing.h"
#include "data/picture_files_testing.h"
#include "data/tar/tar_index.h"

namespace seve {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

// Records whose first label is `label`; red, green and blue of place p are p, p + 1 and p + 2.
Bytes Records(const std::vector<Bytes>& labels) {
  Bytes bytes;
  for (const Bytes& one : labels) {
    bytes.insert(bytes.end(), one.begin(), one.end());
    for (int channel = 0; channel < 3; ++channel) {
      for (int place = 0; place < 1024; ++place) {
        bytes.push_back(static_cast<uint8_t>(place + channel));
      }
    }
  }
  return bytes;
}

NamedFiles Cifar10Files() {
  NamedFiles files;
  for (uint8_t i = 1; i <= 5; ++i) {
    files.emplace_back("data_batch_" + std::to_string(i) + ".bin", Records({{i}, {9}}));
  }
  files.emplace_back("test_batch.bin", Records({{0}}));
  return files;
}

void ExpectCifar10(const std::string& root) {
  const DataSets sets = OpenText("cifar10 {}", root);
  ASSERT_EQ(sets.train->size(), 10);
  EXPECT_EQ(sets.test->size(), 1);
  EXPECT_EQ(sets.train->classes(), 10);
  EXPECT_EQ(sets.train->ClassNames()[9], "truck");
  EXPECT_EQ(sets.train->Fields()[0].shape, (Shape{3, 32, 32}));
  EXPECT_EQ(ClassOf(*sets.train, 4), 3);
  EXPECT_EQ(ClassOf(*sets.train, 5), 9);
  const auto values = ValuesOf(*sets.train, 4);
  for (const size_t place : {0, 7, 200}) {
    for (size_t channel = 0; channel < 3; ++channel) {
      EXPECT_NEAR(values[3 * place + channel], static_cast<double>(place + channel) / 255, 1e-6);
    }
  }
}

TEST(Cifar, IsFoundInItsFolderAndInTheOneItUnpacksTo) {
  const TemporaryFolder root;
  PutFiles(root.File("cifar10"), Cifar10Files());
  ExpectCifar10(root.path());
  ExpectCifar10(root.File("cifar10"));
  fs::create_directory(root.File("data"));
  fs::rename(root.File("cifar10"), root.File("data/cifar-10-batches-bin"));
  ExpectCifar10(root.File("data"));
}

TEST(Cifar, IsReadCompressedFileByFileOrAsTheArchive) {
  const TemporaryFolder root;
  fs::create_directories(root.File("gz/cifar10"));
  fs::create_directories(root.File("tar/cifar10"));
  NamedFiles packed;
  for (const auto& [name, contents] : Cifar10Files()) {
    WriteGzip(root.File("gz/cifar10/" + name + ".gz"), contents, {});
    packed.insert(packed.begin(), {"cifar-10-batches-bin/" + name, contents});
  }
  WriteGzip(root.File("tar/cifar10/cifar-10-binary.tar.gz"), TarBytes(packed), {});
  ExpectCifar10(root.File("gz"));
  ExpectCifar10(root.File("tar"));
  EXPECT_EQ(OpenText("cifar10 {}", root.File("tar")).train->Describe(),
            "CIFAR-10 from " + root.File("tar/cifar10/cifar-10-binary.tar.gz") + " (10 samples)");
}

TEST(Cifar, OfAHundredClassesHasSuperclassesToo) {
  const TemporaryFolder root;
  PutFiles(root.File("cifar100"),
           {{"train.bin", Records({{3, 99}, {19, 0}})}, {"test.bin", Records({{4, 57}})}});
  const DataSets fine = OpenText("cifar100 {}", root.path());
  EXPECT_EQ(fine.train->classes(), 100);
  EXPECT_EQ(ClassOf(*fine.train, 0), 99);
  EXPECT_EQ(fine.train->ClassNames()[57], "pear");
  const DataSets coarse = OpenText("cifar100 { coarse: true }", root.path());
  EXPECT_EQ(coarse.train->classes(), 20);
  EXPECT_EQ(ClassOf(*coarse.train, 1), 19);
  EXPECT_EQ(coarse.train->ClassNames()[4], "fruit_and_vegetables");
}

TEST(Cifar, ClassesGoByTheirFileOfNames) {
  const TemporaryFolder root;
  NamedFiles files = Cifar10Files();
  std::string names;
  for (char c = 'a'; c < 'k'; ++c) names += std::string(3, c) + "\r\n";
  files.emplace_back("batches.meta.txt", Bytes(names.begin(), names.end()));
  PutFiles(root.path(), files);
  EXPECT_EQ(OpenText("cifar10 {}", root.path()).train->ClassNames()[9], "jjj");
  PutFile(root.File("batches.meta.txt"), {'o', 'n', 'e'});
  EXPECT_THAT(DataErrorOf([&] { OpenText("cifar10 {}", root.path()); }),
              HasSubstr("batches.meta.txt: names 1 classes, but CIFAR-10 has 10"));
}

TEST(Cifar, FaultsAreNamedWithTheRemedy) {
  const TemporaryFolder root;
  PutFiles(root.path(), Cifar10Files());
  const auto fault = [&] { return DataErrorOf([&] { OpenText("cifar10 {}", root.path()); }); };
  PutFile(root.File("data_batch_3.bin"), Bytes(5000, 0));
  EXPECT_THAT(fault(), AllOf(HasSubstr("data_batch_3.bin: its 5,000 bytes are no whole number"),
                             HasSubstr("records of 3,073"), HasSubstr("seve data get cifar10")));
  PutFile(root.File("data_batch_3.bin"), Records({{3}, {10}}));
  EXPECT_THAT(fault(), HasSubstr("data_batch_3.bin: record 1 has the label 10"));
  fs::remove(root.File("data_batch_3.bin"));
  EXPECT_THAT(fault(), AllOf(HasSubstr(root.File("cifar10")), HasSubstr("data_batch_3.bin"),
                             HasSubstr("cifar-10-batches-bin/"), HasSubstr("seve data get")));
  EXPECT_THAT(DataErrorOf([] { OpenText("cifar10 {}"); }), HasSubstr("SEVE_DATA"));
}

TEST(Cifar, PicturesOfOtherSizesAreNone) {
  const TemporaryFolder root;
  PutFiles(root.path(), SmallPictureFolder());
  fs::rename(root.File("val"), root.File("test"));
  EXPECT_THAT(DataErrorOf([&] { OpenText("cifar10 {}", root.path()); }),
              HasSubstr("its pictures are (3, 4, 6), those of CIFAR-10 (3, 32, 32)"));
}

TEST(Cifar, ShapesAreKnownWithoutTheFiles) {
  EXPECT_EQ(PeekData(ParseData("cifar10 {}"), "").classes, 10);
  EXPECT_EQ(PeekData(ParseData("cifar100 {}"), "").classes, 100);
  const DataShape shape = PeekData(ParseData("cifar100 { coarse: true }"), "");
  EXPECT_EQ(shape.classes, 20);
  EXPECT_EQ(shape.fields[0].shape, (Shape{3, 32, 32}));
}

// A hundred pictures of the real archive of JPEG files, packed anew.
TEST(Cifar, RealPicturesAreReadFromAnArchive) {
  const char* data = std::getenv("SEVE_DATA");
  const std::string path =
      std::string(data == nullptr ? "" : data) + "/cifar10/cifar10-images-jpeg.tar";
  if (!fs::exists(path)) GTEST_SKIP() << "SEVE_DATA names no folder with CIFAR-10 as JPEG files";
  const auto entries = IndexTar(path);
  ASSERT_EQ(entries.size(), 60001u);
  NamedFiles few;
  std::ifstream archive(path, std::ios::binary);
  for (const auto& entry : entries) {
    if (!entry.name.ends_with("00.jpg")) continue;
    Bytes bytes(static_cast<size_t>(entry.size));
    archive.seekg(entry.offset);
    archive.read(reinterpret_cast<char*>(bytes.data()), entry.size);
    few.emplace_back(entry.name, std::move(bytes));
  }
  const TemporaryFolder root;
  fs::create_directory(root.File("cifar10"));
  PutFile(root.File("cifar10/any.tar"), TarBytes(few));
  const DataSets sets = OpenText("cifar10 {}", root.path());
  EXPECT_EQ(sets.train->size(), 500);
  EXPECT_EQ(sets.test->size(), 100);
  EXPECT_EQ(sets.train->ClassNames()[0], "airplane");
  EXPECT_EQ(sets.train->Describe(),
            "CIFAR-10 from " + root.File("cifar10/any.tar") + " (JPEG) (500 samples)");
  // All training pictures have a mean of 0.4914, 0.4822, 0.4465; 500 of them one near that.
  double sums[3] = {};
  for (int64_t i = 0; i < 500; ++i) {
    const auto values = ValuesOf(*sets.train, i);
    for (size_t at = 0; at < values.size(); ++at) sums[at % 3] += values[at];
  }
  EXPECT_NEAR(sums[0] / (500 * 1024), 0.4914, 0.02);
  EXPECT_NEAR(sums[1] / (500 * 1024), 0.4822, 0.02);
  EXPECT_NEAR(sums[2] / (500 * 1024), 0.4465, 0.02);
}

}  // namespace
}  // namespace seve
