#pragma once

#include <filesystem>

#include "store/result_file.hpp"

namespace deft::store {

/// What /proc, /etc/os-release and uname say about this machine; what they do not say stays empty or 0.
/// `perf_event` is for the caller to fill. `root` stands for "/" in tests.
machine read_machine(const std::filesystem::path& root = "/");

}  // namespace deft::store
