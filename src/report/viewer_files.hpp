#pragma once

#include <string_view>

/// The files of src/report/viewer, embedded by EmbedViewer.cmake when the program is built. Scripts are
/// modules joined into one.
namespace deft::report::viewer {

extern const std::string_view page;        ///< page.html with {{marks}} for what to_html fills in.
extern const std::string_view style;       ///< Of both pages.
extern const std::string_view code_style;  ///< Of source lines and instructions.
extern const std::string_view report_style;
extern const std::string_view profile_style;
extern const std::string_view shared_script;  ///< Comes first in both pages.
extern const std::string_view report_script;
extern const std::string_view profile_script;

}  // namespace deft::report::viewer
