#pragma once

#include "cli/command_line.hpp"
#include "cli/exit_code.hpp"

namespace deft::cli {

// Each does what the command line asks for, tells the user, and returns what the program ends with.

exit_code perform(const run_command& run);
exit_code perform(const count_command& wish);
exit_code perform(const ab_command& ab);
exit_code perform(const cmd_ab_command& wish);
exit_code perform(const gate_command& gate);
exit_code perform(const report_command& report);
exit_code perform(const publish_command& publish);
exit_code perform(const profile_command& wish);
exit_code perform(const convert_command& wish);
exit_code perform(const doctor_command& wish);
exit_code perform(const history_command& wish);
exit_code perform(const layout_command& wish);
exit_code perform(const selftest_command& wish);
exit_code perform(const explain_command& wish);
exit_code perform(const diff_command& wish);

}  // namespace deft::cli
