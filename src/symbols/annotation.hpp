#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace deft::symbols {

/// One machine instruction of a hot function.
struct annotated_instruction {
  std::uint64_t address = 0;  ///< Link-time.
  std::uint64_t count = 0;    ///< Samples that were taken at it.
  std::string text;           ///< Disassembled.
  std::string function;       ///< Inlined function that it comes from; empty: the function itself.
  std::uint32_t source = 0;   ///< Into `annotated_function::sources`, plus 1; 0: unknown.
};

/// A line of source that instructions come from.
struct annotated_source {
  std::string file;  ///< Its path when it was compiled, as the debug information has it.
  std::uint32_t line = 0;
  std::uint64_t count = 0;  ///< Samples at its instructions.
  std::string text;         ///< Empty where the file is not on this machine, or is newer than the program.
};

/// Where inside a function its samples fell.
struct annotated_function {
  std::string function;  ///< As in the profile's frames.
  std::string module;
  std::uint64_t count = 0;  ///< Samples in its own code, inlined functions included.
  std::vector<annotated_instruction> instructions;
  std::vector<annotated_source> sources;  ///< By file and line.
};

}  // namespace deft::symbols
