// Any file that `deft import` is given, and everything that `deft export` makes of it: the content decides
// who reads it, and no exported file has more or less in it than the profile.
#include "formats/formats.hpp"

#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "fuzz/formats/any_profile.hpp"
#include "fuzz/reader.hpp"

namespace {

namespace formats = deft::formats;
using deft::store::profile_file;

// The sum of the weights of all profiles in it; every index must lead somewhere.
std::uint64_t weight_in_speedscope(const std::string& text) {
  const auto document = nlohmann::json::parse(text);  // what it throws ends the run
  const std::size_t frames = document.at("shared").at("frames").size();
  std::uint64_t sum = 0;
  for (const auto& profile : document.at("profiles")) {
    DEFT_FUZZ_CHECK(profile.at("samples").size() == profile.at("weights").size());
    for (const auto& sample : profile.at("samples")) {
      for (const auto& frame : sample) DEFT_FUZZ_CHECK(frame.get<std::size_t>() < frames);
    }
    std::uint64_t of_profile = 0;
    for (const auto& weight : profile.at("weights")) of_profile += weight.get<std::uint64_t>();
    DEFT_FUZZ_CHECK(profile.at("endValue").get<std::uint64_t>() == of_profile);
    sum += of_profile;
  }
  return sum;
}

void check_lines(const std::string& text) {
  for (const char c : text) DEFT_FUZZ_CHECK(static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t');
}

void export_everything(const profile_file& file) {
  std::uint64_t counts = 0;
  std::uint64_t values = 0;
  for (const auto& stack : file.profile.stacks) {
    counts += stack.count;
    values += stack.value;
  }
  const std::uint64_t exported = weight_in_speedscope(formats::to_speedscope(file));
  if (counts == 0 && values == 0) DEFT_FUZZ_CHECK(exported == 0);
  check_lines(formats::to_callgrind(file));
  check_lines(formats::to_collapsed(file.profile));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const deft_fuzz::exact_copy input(data, size);
  const auto imported = formats::import_profile(input.text(), deft_fuzz::origin);
  if (imported) {
    const std::string json = deft::store::to_json(*imported);
    const auto is_same = [&](const auto& other) { return other && deft::store::to_json(*other) == json; };
    DEFT_FUZZ_CHECK(is_same(formats::from_collapsed(input.text(), deft_fuzz::origin)) ||
                    is_same(formats::from_pprof(input.text(), deft_fuzz::origin)) ||
                    is_same(deft::store::profile_from_json(input.text(), deft_fuzz::origin)));
    export_everything(*imported);
  } else {
    deft_fuzz::check_message(imported.error());
    if (!deft_fuzz::makes_up_a_file(size)) return 0;
    deft_fuzz::op_source in(input.bytes());
    export_everything(deft_fuzz::any_profile(in));
  }
  return 0;
}
