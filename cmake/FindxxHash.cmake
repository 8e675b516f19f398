# Finds xxHash (upstream ships a CMake package, Debian only a pkg-config file): config, then pkg-config, then a search.
#
#   xxHash::headers  header-only use with XXH_INLINE_ALL; links nothing
#   xxHash::xxhash   the library, defined where one was found
#   xxHash_FOUND, xxHash_VERSION
#
# deft uses the headers alone and privately, so the installed package neither ships nor calls this module.

find_package(xxHash CONFIG QUIET)
if(TARGET xxHash::xxhash)
  get_target_property(xxHash_INCLUDE_DIR xxHash::xxhash INTERFACE_INCLUDE_DIRECTORIES)
else()
  find_package(PkgConfig QUIET)
  if(PkgConfig_FOUND)
    pkg_check_modules(PC_xxHash QUIET libxxhash)
    set(xxHash_VERSION "${PC_xxHash_VERSION}")
  endif()
  find_path(xxHash_INCLUDE_DIR xxhash.h HINTS ${PC_xxHash_INCLUDE_DIRS})
  find_library(xxHash_LIBRARY xxhash HINTS ${PC_xxHash_LIBRARY_DIRS})
  mark_as_advanced(xxHash_INCLUDE_DIR xxHash_LIBRARY)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(xxHash REQUIRED_VARS xxHash_INCLUDE_DIR VERSION_VAR xxHash_VERSION)

if(xxHash_FOUND AND NOT TARGET xxHash::headers)
  add_library(xxHash::headers INTERFACE IMPORTED)
  target_include_directories(xxHash::headers INTERFACE "${xxHash_INCLUDE_DIR}")
  if(xxHash_LIBRARY AND NOT TARGET xxHash::xxhash)
    add_library(xxHash::xxhash UNKNOWN IMPORTED)
    set_target_properties(xxHash::xxhash PROPERTIES
      IMPORTED_LOCATION "${xxHash_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${xxHash_INCLUDE_DIR}")
  endif()
endif()
