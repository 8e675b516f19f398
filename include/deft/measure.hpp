/// @file
/// Benchmarks that deft drives: what a program without Google Benchmark needs. Compiled into the target
/// deft::measure. The adapter for Google Benchmark's programs, deft/measure/google_benchmark.hpp, includes
/// that library's header and so stands alone.
#pragma once

#include "deft/measure/worker.hpp"
