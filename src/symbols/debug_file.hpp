#pragma once

#include <cstdint>
#include <string>

namespace deft::symbols {

/// A file with the debug information of another one.
struct debug_file {
  int descriptor = -1;  ///< Open, the caller's; -1: there is none.
  std::string path;
};

/// What a file says of where its debug information is.
struct debug_file_hints {
  std::string path;      ///< Of the file itself.
  std::string build_id;  ///< In hexadecimal; empty where there is none.
  std::string link;      ///< .gnu_debuglink's name; empty where there is none.
  std::uint32_t link_crc = 0;
  bool is_shared = false;  ///< `link` names a part that several debug files share: it has another build id.
};

/// Looks in the folders of `debug_path` ("" and relative ones: beside the file) by build id, then by the
/// link's name. Takes only what is a sound ELF file with the same build id, or, without one, with the link's
/// checksum. By hand, because elfutils' own search goes on over the network where DEBUGINFOD_URLS is set: a
/// profiler that does is a surprise, and a slow one.
debug_file find_debug_file(const debug_file_hints& hints, const std::string& debug_path);

}  // namespace deft::symbols
