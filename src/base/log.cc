#include "base/log.h"

#include <fmt/format.h>
#include <spdlog/common.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <unistd.h>

#include "base/error.h"
#include "base/terminal.h"

namespace seve {
namespace {

// The pattern's flag '%*': who speaks and how bad it is; nothing for rank 0's plain lines.
class Prefix : public spdlog::custom_flag_formatter {
 public:
  explicit Prefix(int rank) : rank_(rank) {}

  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& line) override {
    if (rank_ > 0) fmt::format_to(fmt::appender(line), "rank {}: ", rank_);
    if (message.level == spdlog::level::warn) Append("warning: ", line);
    if (message.level == spdlog::level::err) Append("error: ", line);
  }

  [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<Prefix>(rank_);
  }

 private:
  static void Append(std::string_view text, spdlog::memory_buf_t& line) {
    line.append(text.data(), text.data() + text.size());
  }

  int rank_;
};

std::unique_ptr<spdlog::formatter> Pattern(const std::string& pattern, int rank) {
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  formatter->add_flag<Prefix>('*', rank).set_pattern(pattern);
  return formatter;
}

}  // namespace

Logger::Logger(int rank) : rank_(rank) {
  auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
  const Terminal terminal = DetectTerminal(STDERR_FILENO);
  sink->set_color_mode(terminal.colour ? spdlog::color_mode::automatic : spdlog::color_mode::never);
  // A progress line may stand on the cursor's line: it is erased first, and drawn again below.
  sink->set_formatter(Pattern(terminal.interactive ? "\r\x1b[K%^%*%$%v" : "%*%v", rank));
  logger_ = std::make_shared<spdlog::logger>("seve", std::move(sink));
  logger_->set_level(rank == 0 ? spdlog::level::info : spdlog::level::warn);
  logger_->flush_on(spdlog::level::info);
}

void Logger::AddFile(const std::string& path) {
  try {
    auto sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(path);
    sink->set_formatter(Pattern("%Y-%m-%d %H:%M:%S.%e  %*%v", rank_));
    logger_->sinks().push_back(std::move(sink));
  } catch (const spdlog::spdlog_ex& failure) {
    ThrowUsage(fmt::format("cannot open the log file {}: {}", path, failure.what()));
  }
}

void Logger::Info(const std::string& text) const { logger_->info(spdlog::string_view_t(text)); }
void Logger::Warn(const std::string& text) const { logger_->warn(spdlog::string_view_t(text)); }
void Logger::Error(const std::string& text) const { logger_->error(spdlog::string_view_t(text)); }

}  // namespace seve
