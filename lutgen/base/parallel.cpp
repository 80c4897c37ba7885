// SPDX-License-Identifier: Apache-2.0
#include "lutgen/base/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace lutgen::base {
namespace {

/// Calls `body` where its block is left, however that is.
template <class Body>
class AtEnd {
 public:
  explicit AtEnd(Body body) : body_(std::move(body)) {}
  AtEnd(const AtEnd&) = delete;
  AtEnd& operator=(const AtEnd&) = delete;
  ~AtEnd() { body_(); }

 private:
  Body body_;
};

}  // namespace

std::size_t hardware_threads() {
  return std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

void parallel_for(std::size_t count, std::size_t threads,
                  const std::function<void(std::size_t)>& body) {
  std::atomic<std::size_t> next{0};
  std::exception_ptr failure;
  std::mutex mutex;
  const auto work = [&] {
    try {
      for (std::size_t i = next.fetch_add(1); i < count; i = next.fetch_add(1)) body(i);
    } catch (...) {
      const std::scoped_lock lock(mutex);
      if (failure == nullptr) failure = std::current_exception();
      next = count;
    }
  };
  {
    std::vector<std::jthread> helpers;
    for (std::size_t t = 1; t < std::min(threads, count); ++t) helpers.emplace_back(work);
    work();
  }
  if (failure != nullptr) std::rethrow_exception(failure);
}

Result<void> write_pieces(std::size_t count, std::size_t threads, const std::function<void(std::size_t, TextBuffer&)>& make,
                          const std::function<Result<void>(std::string_view)>& take) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::condition_variable moved;
  std::size_t turn = 0;  // the piece to be taken next; `count` and above: no more
  std::optional<Diagnostic> failed;
  const auto pass_turn_to = [&](std::size_t piece) {
    {
      const std::scoped_lock lock(mutex);
      turn = piece;
    }
    moved.notify_all();
  };
  // Whoever makes piece i takes it, too, when all before it were: the lowest piece in the making never waits.
  const auto work = [&](std::size_t) {
    TextBuffer buffer;
    bool ended_well = false;
    // Memory that ran out: the others must not wait for this piece.
    const AtEnd wake([&] { if (!ended_well) pass_turn_to(count); });
    for (std::size_t i = next.fetch_add(1); i < count; i = next.fetch_add(1)) {
      buffer.clear();
      make(i, buffer);
      {
        std::unique_lock lock(mutex);
        moved.wait(lock, [&] { return turn >= i; });
        if (turn > i) break;
      }
      const Result<void> taken = take(buffer.text());
      if (!taken) failed = taken.error();
      pass_turn_to(taken ? i + 1 : count);
    }
    ended_well = true;
  };
  const std::size_t workers = std::min(std::max<std::size_t>(threads, 1), count);
  parallel_for(workers, workers, work);
  if (failed) return tl::unexpected(std::move(*failed));
  return {};
}

}  // namespace lutgen::base
