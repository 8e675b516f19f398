#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <unordered_map>

#include "symbols/recording.hpp"

namespace deft::profile {

/// Which registers the kernel is asked for, in its own numbering and order, and what DWARF calls them.
struct register_layout {
  std::uint64_t kernel_mask = 0;
  std::array<std::uint8_t, symbols::max_registers> dwarf_number{};  ///< By position in a record.
  std::size_t count = 0;
};

/// Empty where deft cannot unwind.
register_layout machine_register_layout();

/// Turns the kernel's records into a recording. Believes no length in a record: what does not fit is counted
/// as malformed and left out.
///
/// Expects PERF_SAMPLE_IDENTIFIER | IP | TID | TIME on all events, REGS_USER | STACK_USER on those that
/// sample (CALLCHAIN before them if told so), and sample_id_all.
class record_parser {
 public:
  /// Of what to keep in stack copies; the oldest samples are given up (and counted as lost) beyond that.
  explicit record_parser(std::size_t kept_bytes_limit = std::size_t{256} << 20)
      : kept_bytes_limit_(kept_bytes_limit) {}

  /// Samples with this identifier mark the entry of `function`.
  void add_mark(std::uint64_t identifier, std::uint32_t function) { marks_[identifier] = function; }

  /// Samples carry the kernel's part of the call chain.
  void expect_kernel_chains() noexcept { kernel_chains_ = true; }

  /// Called with each mapping when it is parsed.
  void on_mapping(std::function<void(const symbols::mapping_event&)> callback) {
    on_mapping_ = std::move(callback);
  }

  /// Called where the kernel could not copy as much of a stack as it was asked to, with the first address
  /// that it could not read and how much is missing from there on.
  void on_truncated_stack(
      std::function<void(std::uint32_t pid, std::uint64_t address, std::uint64_t missing_bytes)> callback) {
    on_truncated_stack_ = std::move(callback);
  }

  /// One whole record, its header included.
  void parse(std::span<const std::uint8_t> record);

  /// The kernel stopped an event for a while because it fired too often.
  bool throttled() const noexcept { return throttled_; }

  std::uint64_t malformed() const noexcept { return malformed_; }

  /// Of the samples parsed and not taken yet.
  std::size_t kept_bytes() const noexcept { return kept_bytes_; }

  /// What was parsed, each list in order of time. Leaves nothing behind.
  symbols::recording take();

 private:
  class reader;
  bool parse_sample(reader& in, bool in_kernel);
  bool parse_kernel_chain(reader& in, symbols::stack_sample& sample) const;
  bool parse_mapping(reader& in, bool has_build_id);
  bool parse_fork(reader& in);
  bool parse_name(reader& in, bool after_exec);
  void bound_memory();

  register_layout layout_ = machine_register_layout();
  symbols::recording out_;
  std::unordered_map<std::uint64_t, std::uint32_t> marks_;
  std::unordered_map<std::uint32_t, std::string> names_;  // of threads, as told last
  std::function<void(const symbols::mapping_event&)> on_mapping_;
  std::function<void(std::uint32_t, std::uint64_t, std::uint64_t)> on_truncated_stack_;
  std::size_t kept_bytes_limit_;
  std::size_t kept_bytes_ = 0;
  std::size_t oldest_ = 0;  // samples before it have been given up
  std::uint64_t malformed_ = 0;
  bool throttled_ = false;
  bool kernel_chains_ = false;
};

}  // namespace deft::profile
