// make_sample_profiles FOLDER: the sample profiles in every format, for the tests that open them in other
// tools.

#include <cstdio>
#include <filesystem>
#include <string>
#include <utility>

#include "formats/formats.hpp"
#include "support/files.hpp"
#include "tests/formats/sample_profiles.hpp"

int main(int argc, char** argv) {
  using namespace deft;
  if (argc != 2) return 2;
  for (const auto& [name, file] :
       {std::pair("cpu", tests::cpu_profile()), std::pair("later", tests::later_cpu_profile()),
        std::pair("allocation", tests::allocation_profile()), std::pair("off_cpu", tests::off_cpu_profile()),
        std::pair("counts", tests::counts_only())}) {
    const std::string stem = std::string(argv[1]) + "/" + name;
    for (const auto& [ending, text] :
         {std::pair(".json", store::to_json(file)), std::pair(".pb.gz", formats::to_pprof(file)),
          std::pair(".speedscope.json", formats::to_speedscope(file)),
          std::pair(".callgrind", formats::to_callgrind(file)),
          std::pair(".collapsed", formats::to_collapsed(file.profile))}) {
      if (const auto written = support::write_file(stem + ending, text); !written) {
        std::fprintf(stderr, "%s\n", written.error().message.c_str());
        return 1;
      }
    }
  }
}
