#pragma once

#include <string>
#include <utility>
#include <vector>

namespace deft::profile {

/// Whether a library can be preloaded into a program.
struct preload_check {
  bool possible = false;
  std::string obstacle;           ///< Why not: "it is statically linked".
  bool other_privileges = false;  ///< It is setuid or setgid: the kernel lets us look at nothing of it.
};

/// Reads what the file begins with; of a script, what its interpreter begins with. `name` is looked up as a
/// command is. A file that cannot be read counts as possible: starting it will tell.
preload_check check_preload(const std::string& name);

/// Adds an agent's variables to a program's. What the program is to preload besides comes after the agent.
void add_agent(std::vector<std::pair<std::string, std::string>>& environment,
               const std::vector<std::pair<std::string, std::string>>& agent);

}  // namespace deft::profile
