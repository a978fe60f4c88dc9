#include "comm/mpi/mpi_session.h"

#include <cstdlib>
#include <exception>

#include "base/error.h"
#include "comm/mpi/mpi_call.h"

namespace seve {
namespace {

// For code that calls exit() in the middle of a job: the others would be left waiting, or the
// launcher would make a code of its own of it.
void AbortUnlessFinalized() {
  int finalized = 0;
  MPI_Finalized(&finalized);
  if (finalized == 0) MPI_Abort(MPI_COMM_WORLD, static_cast<int>(ExitCode::kCommunication));
}

}  // namespace

MpiSession::MpiSession() : exceptions_(std::uncaught_exceptions()) {
  int provided = MPI_THREAD_SINGLE;
  CheckMpi(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided), "MPI_Init_thread");
  std::atexit(AbortUnlessFinalized);
  if (provided < MPI_THREAD_FUNNELED) {
    ThrowCommunication("this MPI library does not support threads (MPI_THREAD_FUNNELED)");
  }
  CheckMpi(MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
  CheckMpi(MPI_Comm_set_errhandler(MPI_COMM_SELF, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
}

MpiSession::~MpiSession() {
  if (std::uncaught_exceptions() > exceptions_) return;
  MPI_Finalize();
}

int MpiSession::rank() const {
  int rank = 0;
  CheckMpi(MPI_Comm_rank(MPI_COMM_WORLD, &rank), "MPI_Comm_rank");
  return rank;
}

int MpiSession::size() const {
  int size = 0;
  CheckMpi(MPI_Comm_size(MPI_COMM_WORLD, &size), "MPI_Comm_size");
  return size;
}

void MpiSession::Abort(int code) const {
  MPI_Abort(MPI_COMM_WORLD, code);
  std::_Exit(code);
}

}  // namespace seve
