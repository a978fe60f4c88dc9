#include "comm/mpi/mpi_call.h"

#include <fmt/format.h>

#include <array>
#include <exception>
#include <utility>

#include "base/error.h"

namespace seve {

void CheckMpi(int result, const char* call, std::source_location where) {
  if (result == MPI_SUCCESS) return;
  std::array<char, MPI_MAX_ERROR_STRING> text{};
  int length = 0;
  if (MPI_Error_string(result, text.data(), &length) != MPI_SUCCESS) length = 0;
  ThrowCommunication(
      fmt::format("{} failed: {} (code {})", call, std::string_view(text.data(), length), result),
      where);
}

MpiComm::MpiComm(MpiComm&& other) noexcept : handle_(std::exchange(other.handle_, MPI_COMM_NULL)) {}

MpiComm& MpiComm::operator=(MpiComm&& other) noexcept {
  std::swap(handle_, other.handle_);
  return *this;
}

MpiComm::~MpiComm() {
  if (handle_ != MPI_COMM_NULL && std::uncaught_exceptions() == 0) MPI_Comm_free(&handle_);
}

MpiComm MpiComm::Split(int colour, int key) const {
  MPI_Comm part = MPI_COMM_NULL;
  CheckMpi(MPI_Comm_split(handle_, colour, key, &part), "MPI_Comm_split");
  return MpiComm(part);
}

MpiComm MpiComm::SplitByHost() const {
  MPI_Comm part = MPI_COMM_NULL;
  CheckMpi(MPI_Comm_split_type(handle_, MPI_COMM_TYPE_SHARED, rank(), MPI_INFO_NULL, &part),
           "MPI_Comm_split_type");
  return MpiComm(part);
}

int MpiComm::rank() const {
  int rank = 0;
  CheckMpi(MPI_Comm_rank(handle_, &rank), "MPI_Comm_rank");
  return rank;
}

int MpiComm::size() const {
  int size = 0;
  CheckMpi(MPI_Comm_size(handle_, &size), "MPI_Comm_size");
  return size;
}

}  // namespace seve
