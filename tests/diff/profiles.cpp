#include "tests/diff/profiles.hpp"

#include <algorithm>
#include <stdexcept>

namespace deft::tests {
namespace {

/// The parts between separators.
std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == separator) {
      parts.emplace_back();
    } else {
      parts.back().push_back(c);
    }
  }
  return parts;
}

symbols::frame frame_of(const std::string& text) {
  const std::vector<std::string> parts = split(text, '@');
  symbols::frame frame;
  frame.function = parts[0];
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (parts[i] == "inline") {
      frame.inlined = true;
    } else if (parts[i].find(':') != std::string::npos) {
      const std::vector<std::string> place = split(parts[i], ':');
      frame.file = place[0];
      frame.line = static_cast<std::uint32_t>(std::stoul(place[1]));
    } else {
      frame.module = parts[i];
    }
  }
  return frame;
}

}  // namespace

profiles::profiles(std::size_t rounds, double base_ns, double head_ns) {
  rounds_.base.processes.assign(rounds, {0, base_ns});
  rounds_.head.processes.assign(rounds, {0, head_ns});
}

profiles& profiles::base(std::string_view path, std::uint32_t samples) {
  return both(path, samples, 0);
}

profiles& profiles::head(std::string_view path, std::uint32_t samples) {
  return both(path, 0, samples);
}

profiles& profiles::both(std::string_view path, std::uint32_t base_samples, std::uint32_t head_samples) {
  const std::size_t rounds = rounds_.base.processes.size();
  for (auto& process : rounds_.base.processes) process.samples += base_samples;
  for (auto& process : rounds_.head.processes) process.samples += head_samples;
  rounds_.stacks.push_back({frames(path), std::vector<std::uint32_t>(rounds, base_samples),
                            std::vector<std::uint32_t>(rounds, head_samples)});
  return *this;
}

diff::profile_rounds profiles::with_ns_a_sample(double ns) const {
  diff::profile_rounds result = rounds_;
  for (auto& process : result.base.processes)
    process.iteration_ns = ns * static_cast<double>(process.samples);
  for (auto& process : result.head.processes)
    process.iteration_ns = ns * static_cast<double>(process.samples);
  return result;
}

std::vector<std::uint32_t> profiles::frames(std::string_view path) {
  std::vector<std::uint32_t> result;
  for (const std::string& text : split(path, ';')) {
    const symbols::frame frame = frame_of(text);
    auto& known = rounds_.frames;
    const auto at = std::find(known.begin(), known.end(), frame);
    result.push_back(static_cast<std::uint32_t>(at - known.begin()));
    if (at == known.end()) known.push_back(frame);
  }
  return result;
}

const diff::compared_function& function(const diff::explanation& e, std::string_view name) {
  const diff::compared_function* found = nullptr;
  for (const auto& f : e.functions) {
    if (f.frame.function != name) continue;
    if (found != nullptr) throw std::runtime_error("twice: " + std::string(name));
    found = &f;
  }
  if (found == nullptr) throw std::runtime_error("not there: " + std::string(name));
  return *found;
}

std::vector<std::string> names(const diff::explanation& e, const std::vector<std::uint32_t>& functions) {
  std::vector<std::string> result;
  for (const std::uint32_t f : functions) result.push_back(e.functions.at(f).frame.function);
  return result;
}

std::vector<std::string> coloured(const diff::explanation& e) {
  std::vector<std::string> result;
  for (const auto& f : e.functions) {
    if (f.self.significant || f.total.significant) result.push_back(f.frame.function);
  }
  for (const auto& node : e.nodes) {
    if (node.total.significant) result.push_back(e.functions.at(node.function).frame.function);
  }
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

diff::explanation explained(const profiles& p) {
  return diff::explain(p.with_ns_a_sample(1), {});
}

bool noted(const diff::explanation& e, std::string_view text) {
  return std::any_of(e.notes.begin(), e.notes.end(),
                     [&](const std::string& note) { return note.find(text) != std::string::npos; });
}

}  // namespace deft::tests
