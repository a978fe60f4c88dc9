// A piece of a slice on its way over the hosts: what each rank of equal index adds to it, and the
// sum.
//
// Open MPI's own all-reduce adds in an order that depends on size and algorithm. Here every host
// receives its part of the piece from all others, adds in tree order, and sends the sum to all: for
// n floats over h hosts 2 n (h - 1) / h floats sent and received by each, those of a ring, in two
// rounds of messages. Short pieces are exchanged whole, in one, and so are all between two hosts:
// that is as many floats, and nobody waits for a sum.
#pragma once

#include <span>
#include <vector>

#include "comm/communicator.h"
#include "comm/host_reduction.h"
#include "comm/mpi/mpi_call.h"

namespace seve {

// The part of a piece of `floats` that a host owns. Short pieces are the first host's.
[[nodiscard]] Range OwnedPart(size_t floats, int host, int hosts);

class SliceExchange {
 public:
  // `across`: one rank a host, in tree order; outlives the exchange.
  explicit SliceExchange(const MpiComm& across);

  // The steps of an exchange. Exchanges that are under way at the same time take each step in the
  // same order on all hosts: messages find each other by that, and by `number` (below 2^14) where
  // orders differ.
  //
  // Sends what others need. The piece stays where it is until the sum is there.
  void Begin(std::span<float> piece, Wire wire, Legs legs, int number);
  // Whether the others' parts have come: then they are added and sent.
  bool Add();
  // Whether the sums of all parts have come, after Add().
  bool Finish();

 private:
  void ExchangeParts();
  void ExchangeSums();
  // What a host adds up: its part, or all of a piece that is exchanged whole.
  [[nodiscard]] Range PartOf(int host) const;
  // Where what comes from another host lies among all that comes.
  [[nodiscard]] size_t PlaceOf(int host) const;
  // Messages of elements [range) of the piece, or of what was rounded of it.
  void Send(Range range, int host, int tag);
  void Receive(void* elements, size_t count, int host, int tag);
  [[nodiscard]] void* At(size_t element);
  [[nodiscard]] bool MessagesCame();

  const MpiComm& across_;
  int host_, hosts_, number_ = 0;
  std::span<float> piece_;
  Legs legs_ = Legs::kBoth;
  bool whole_ = false, rounds_ = false;
  std::vector<float> received_;                       // of each other host as much
  std::vector<uint16_t> rounded_, received_rounded_;  // the piece, and as received_
  std::vector<const float*> inputs_;
  std::vector<MPI_Request> requests_;
};

}  // namespace seve
