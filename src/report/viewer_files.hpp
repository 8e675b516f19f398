#pragma once

#include <string_view>

/// The files of src/report/viewer, embedded by EmbedViewer.cmake when the program is built.
namespace deft::report::viewer {

extern const std::string_view page;    ///< page.html with {{marks}} for what to_html fills in.
extern const std::string_view style;   ///< viewer.css
extern const std::string_view script;  ///< All modules as one.

}  // namespace deft::report::viewer
