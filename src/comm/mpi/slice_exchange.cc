#include "comm/mpi/slice_exchange.h"

#include "comm/bfloat16_wire.h"
#include "comm/tree_sum.h"

namespace seve {
namespace {

constexpr size_t kWhole = 4096;  // floats up to which one round is faster than two

// Of the two rounds of messages; MPI promises tags below 2^15.
int PartsTag(int number) { return 2 * number; }
int SumsTag(int number) { return 2 * number + 1; }

}  // namespace

Range OwnedPart(size_t floats, int host, int hosts) {
  if (floats > kWhole) return SliceOf({0, floats}, host, hosts);
  return {0, host == 0 ? floats : 0};
}

SliceExchange::SliceExchange(const MpiComm& across)
    : across_(across), host_(across.rank()), hosts_(across.size()) {
  inputs_.reserve(hosts_);
  requests_.reserve(2 * static_cast<size_t>(hosts_));
}

void SliceExchange::Begin(std::span<float> piece, Wire wire, Legs legs, int number) {
  piece_ = piece;
  legs_ = legs;
  number_ = number;
  const bool is_short = piece.size() <= kWhole;
  rounds_ = wire == Wire::kBfloat16 && !is_short && legs != Legs::kGather;
  whole_ = is_short || (hosts_ == 2 && legs == Legs::kBoth && !rounds_);
  requests_.clear();
  if (legs == Legs::kGather) {
    ExchangeSums();
  } else {
    ExchangeParts();
  }
}

void SliceExchange::ExchangeParts() {
  const size_t mine = PartOf(host_).size(), all = mine * static_cast<size_t>(hosts_ - 1);
  received_.resize(all);
  if (rounds_) {
    received_rounded_.resize(all);
    rounded_.resize(piece_.size());
    RoundToBfloat16(piece_, rounded_.data());
  }
  for (int host = 0; host < hosts_; ++host) {
    if (host == host_) continue;
    void* const rounded = received_rounded_.data() + PlaceOf(host);
    Receive(rounds_ ? rounded : received_.data() + PlaceOf(host), mine, host, PartsTag(number_));
    Send(PartOf(host), host, PartsTag(number_));
  }
}

bool SliceExchange::Add() {
  if (legs_ == Legs::kGather) return true;
  if (!MessagesCame()) return false;
  requests_.clear();
  if (rounds_) WidenBfloat16(received_rounded_, received_.data());
  const Range mine = PartOf(host_);
  float* const sum = piece_.data() + mine.begin;
  inputs_.clear();
  for (int host = 0; host < hosts_; ++host) {
    inputs_.push_back(host == host_ ? sum : received_.data() + PlaceOf(host));
  }
  TreeSum(inputs_, mine.size(), sum);
  if (legs_ == Legs::kSum || whole_) return true;
  if (rounds_) RoundToBfloat16({sum, mine.size()}, rounded_.data() + mine.begin);
  ExchangeSums();
  return true;
}

void SliceExchange::ExchangeSums() {
  const Range mine = OwnedPart(piece_.size(), host_, hosts_);
  for (int host = 0; host < hosts_; ++host) {
    if (host == host_) continue;
    const Range theirs = OwnedPart(piece_.size(), host, hosts_);
    Receive(At(theirs.begin), theirs.size(), host, SumsTag(number_));
    Send(mine, host, SumsTag(number_));
  }
}

bool SliceExchange::Finish() {
  if (!MessagesCame()) return false;
  if (rounds_ && legs_ != Legs::kSum) WidenBfloat16(rounded_, piece_.data());
  return true;
}

Range SliceExchange::PartOf(int host) const {
  return whole_ ? Range{0, piece_.size()} : SliceOf({0, piece_.size()}, host, hosts_);
}

size_t SliceExchange::PlaceOf(int host) const {
  return PartOf(host_).size() * static_cast<size_t>(host < host_ ? host : host - 1);
}

void* SliceExchange::At(size_t element) {
  if (rounds_) return rounded_.data() + element;
  return piece_.data() + element;
}

void SliceExchange::Send(Range range, int host, int tag) {
  CheckMpi(
      MPI_Isend(At(range.begin), static_cast<int>(range.size()), rounds_ ? MPI_UINT16_T : MPI_FLOAT,
                host, tag, across_.get(), &requests_.emplace_back()),
      "MPI_Isend");
}

void SliceExchange::Receive(void* elements, size_t count, int host, int tag) {
  CheckMpi(MPI_Irecv(elements, static_cast<int>(count), rounds_ ? MPI_UINT16_T : MPI_FLOAT, host,
                     tag, across_.get(), &requests_.emplace_back()),
           "MPI_Irecv");
}

bool SliceExchange::MessagesCame() {
  int done = 0;
  CheckMpi(
      MPI_Testall(static_cast<int>(requests_.size()), requests_.data(), &done, MPI_STATUSES_IGNORE),
      "MPI_Testall");
  return done != 0;
}

}  // namespace seve
