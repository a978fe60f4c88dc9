#include "cli/data.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/file.h"
#include "base/terminal.h"
#include "base/text.h"
#include "cli/check_pictures.h"
#include "cli/data_preview.h"
#include "cli/data_root.h"
#include "data/digits/generate.h"
#include "data/fetch.h"
#include "data/idx_folder.h"
#include "data/known_sets.h"
#include "data/summary.h"

namespace seve {
namespace {

struct GetOptions {
  std::string name, data, from;
};

struct MakeOptions {
  std::string data;
  int64_t train = 20000, test = 4000;
  uint64_t seed = 1;
};

struct CheckOptions {
  std::string place, data;
  std::string test_prefix = "t10k";
};

std::string Below(const std::string& root, const std::string& name) {
  return (std::filesystem::path(root) / name).string();
}

std::string RequireRoot(const std::string& option) {
  const std::string root = DataRoot(option);
  if (root.empty()) ThrowUsage("no folder to put the data in: give --data DIR or set SEVE_DATA");
  return root;
}

FetchReport ReportTo(bool interactive) {
  FetchReport report;
  report.kept = [](const std::string& file) { fmt::print("{}: there already, intact\n", file); };
  report.fetched = [interactive](const std::string& file) {
    fmt::print("{}{}: fetched, checksum as published\n", interactive ? "\r\x1b[K" : "", file);
    std::fflush(stdout);
  };
  if (!interactive) return report;
  report.progress = [](const std::string& file, int64_t done, int64_t total) {
    if (total <= 0) return;
    fmt::print("\r\x1b[K{}: {} of {}", file, HumanBytes(static_cast<double>(done)),
               HumanBytes(static_cast<double>(total)));
    std::fflush(stdout);
  };
  return report;
}

int Get(const GetOptions& options) {
  const KnownSet set = FindKnownSet(options.name);
  const std::string root = RequireRoot(options.data);
  const std::string folder = Below(root, set.name);
  FetchDataSet(set, folder, options.from, ReportTo(DetectTerminal(STDOUT_FILENO).interactive));
  const bool source = set.name == "mnist" || set.name == "cifar10" || set.name == "cifar100";
  const std::string use =
      source ? set.name + " {}" : fmt::format("idx {{ folder: \"{}\" }}", set.name);
  fmt::print("{} is in {}. Train on it with --data {} and data {{ {} }}\n", set.title, folder, root,
             use);
  return 0;
}

int MakeDigits(const MakeOptions& options) {
  const std::string root = RequireRoot(options.data);
  const std::string folder = Below(root, "digits");
  MakeFolders(folder);
  WriteIdxSamples(folder, "train", GenerateDigits(options.seed, 0, options.train));
  WriteIdxSamples(folder, "t10k", GenerateDigits(options.seed, kFirstTestDigit, options.test));
  fmt::print(
      "{} training and {} test digits of seed {} are in {}. Train on them with --data {} and "
      "data {{ idx {{ folder: \"digits\" }} }}\n",
      WithThousands(options.train), WithThousands(options.test), options.seed, folder, root);
  return 0;
}

std::optional<KnownSet> KnownSetOf(const std::string& name) {
  for (const KnownSet& set : KnownSets()) {
    if (set.name == name) return set;
  }
  return std::nullopt;
}

// The folder meant by a data set's name or a path: as it is, below the root, or the root itself.
std::string CheckedFolder(const CheckOptions& options) {
  const std::string root = DataRoot(options.data);
  std::vector<std::string> folders = {options.place};
  if (!root.empty()) {
    folders.push_back(Below(root, options.place));
    if (KnownSetOf(options.place)) folders.push_back(root);
  }
  for (const auto& folder : folders) {
    for (const auto& prefix : {TrainPrefix(options.test_prefix), options.test_prefix}) {
      if (FindIdxPair(folder, prefix)) return folder;
    }
  }
  ThrowData(
      fmt::format("no IDX files, CIFAR or folders of pictures (train/CLASS/PICTURE) in {}; fetch a "
                  "public set with `seve data get NAME --data DIR` or draw digits "
                  "with `seve data make digits --data DIR`",
                  Join(folders, " or ")));
}

// "SHA-256 as MNIST published it", or that the file is nobody's we know. A file that a set asked
// for by name publishes with another checksum is an error.
std::string Provenance(const std::string& path, const std::optional<KnownSet>& asked) {
  const std::string name = std::filesystem::path(path).filename().string();
  for (const KnownSet& set : KnownSets()) {
    if (asked && asked->name != set.name) continue;
    for (const KnownFile& file : set.files) {
      if (file.name != name) continue;
      const std::string found = FileDigest(path, file.kind);
      if (found == file.digest)
        return fmt::format("{} as published for {}", NameOf(file.kind), set.title);
      if (!asked) continue;
      ThrowData(
          fmt::format("{} is not the file of {}: its {} is {}, published {}; fetch it again with "
                      "`seve data get "
                      "{}`",
                      path, set.title, NameOf(file.kind), found, file.digest, set.name));
    }
  }
  return "no published checksum known";
}

void PrintFile(const std::string& path, const std::optional<KnownSet>& asked) {
  fmt::print("  {:<34} {:>10}   {}\n", std::filesystem::path(path).filename().string(),
             HumanBytes(static_cast<double>(std::filesystem::file_size(path))),
             Provenance(path, asked));
}

void CheckSplit(const std::string& folder, const std::string& prefix, int64_t classes,
                const std::optional<KnownSet>& asked) {
  const ImageSamples samples = ReadIdxSamples(folder, prefix, classes);
  const SamplesSummary summary = Summarise(samples);
  fmt::print("{}: {} pictures {}, {} classes, mean {:.4f}, deviation {:.4f} (of value/255)\n",
             prefix, WithThousands(samples.size()), samples.picture.ToString(), samples.classes,
             summary.mean, summary.deviation);
  const IdxPair files = *FindIdxPair(folder, prefix);
  PrintFile(files.images, asked);
  PrintFile(files.labels, asked);
  PrintClasses(summary.per_class, {});
}

int CheckFolder(const CheckOptions& options) {
  if (CheckPictures(options.place, DataRoot(options.data))) return 0;
  const std::string folder = CheckedFolder(options);
  const auto asked = KnownSetOf(options.place);
  fmt::print("{}\n", folder);
  for (const auto& prefix : {TrainPrefix(options.test_prefix), options.test_prefix}) {
    CheckSplit(folder, prefix, asked ? 10 : 0, asked);
  }
  return 0;
}

void AddGet(CLI::App& data, std::function<int()>* action) {
  auto options = std::make_shared<GetOptions>();
  auto* command = data.add_subcommand("get", "Fetch a public data set, checksums verified");
  std::vector<std::string> names;
  for (const auto& set : KnownSets()) names.push_back(set.name);
  command->add_option("name", options->name, "One of " + Join(names))->required();
  command->add_option("--data", options->data, "Folder to put it below; unset: $SEVE_DATA");
  command->add_option("--from", options->from, "Fetch from this folder (http, https, file) instead")
      ->type_name("URL");
  command->callback([options, action] { *action = [options] { return Get(*options); }; });
}

void AddMake(CLI::App& data, std::function<int()>* action) {
  auto options = std::make_shared<MakeOptions>();
  auto* make = data.add_subcommand("make", "Generate a data set")->require_subcommand(1);
  auto* command = make->add_subcommand("digits", "Draw handwriting-like digits as IDX files");
  command->add_option("--data", options->data, "Folder to put digits/ in; unset: $SEVE_DATA");
  command->add_option("--train", options->train, "Training pictures")
      ->check(CLI::Range(int64_t{1}, int64_t{10'000'000}))
      ->capture_default_str();
  command->add_option("--test", options->test, "Test pictures")
      ->check(CLI::Range(int64_t{1}, int64_t{10'000'000}))
      ->capture_default_str();
  command->add_option("--seed", options->seed, "Another seed draws other pictures")
      ->capture_default_str();
  command->callback([options, action] { *action = [options] { return MakeDigits(*options); }; });
}

void AddCheck(CLI::App& data, std::function<int()>* action) {
  auto options = std::make_shared<CheckOptions>();
  auto* command = data.add_subcommand("check", "Verify a data set and show what is in it");
  command->add_option("place", options->place, "Folder or .tar, or the name of a public data set")
      ->required();
  command->add_option("--data", options->data, kDataHelp);
  command->add_option("--test-prefix", options->test_prefix, "Prefix of the test files")
      ->capture_default_str();
  command->callback([options, action] { *action = [options] { return CheckFolder(*options); }; });
}

void AddPreview(CLI::App& data, std::function<int()>* action) {
  auto options = std::make_shared<PreviewOptions>();
  auto* command = data.add_subcommand(
      "preview", "Draw a configuration's training pictures, as stored and as augmented");
  command->add_option("config", options->config, "Configuration file")->required();
  command
      ->add_option("--set", options->sets,
                   "Override one field of the configuration; may be repeated")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false);
  command->add_option("--data", options->data, kDataHelp)->type_name("DIR");
  command->add_option("-o,--output", options->output, "The PNG picture to write")
      ->capture_default_str();
  command->add_option("--samples", options->samples, "Training samples to draw")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--epochs", options->epochs, "Epochs to draw each of them in")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  command->callback([options, action] { *action = [options] { return PreviewData(*options); }; });
}

}  // namespace

void AddDataCommand(CLI::App& app, std::function<int()>* action) {
  auto* data = app.add_subcommand("data", "Fetch, generate, check and preview data sets")
                   ->require_subcommand(1);
  AddGet(*data, action);
  AddMake(*data, action);
  AddCheck(*data, action);
  AddPreview(*data, action);
}

}  // namespace seve
