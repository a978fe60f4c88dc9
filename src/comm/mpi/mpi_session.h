// The life of MPI in this process: initialised in the constructor, finalised in the destructor.
#pragma once

namespace seve {

class MpiSession {
 public:
  // A process that calls exit() before the session's end aborts the job with exit code 4.
  // MPI_THREAD_FUNNELED: only the thread that constructs it calls MPI, Abort apart.
  // Throws Error(kCommunication) when MPI cannot give that.
  MpiSession();
  // Finalises MPI, except while an exception unwinds the stack: the other ranks are not coming, and
  // MPI_Finalize would wait for them for ever. Catch inside the session's scope and Abort instead.
  ~MpiSession();
  MpiSession(const MpiSession&) = delete;
  MpiSession& operator=(const MpiSession&) = delete;

  [[nodiscard]] int rank() const;
  [[nodiscard]] int size() const;

  // Ends every rank of the job with this exit code. Any thread.
  [[noreturn]] void Abort(int code) const;

 private:
  int exceptions_;  // in flight when the session began
};

}  // namespace seve
