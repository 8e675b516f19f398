# Read by cpack before it makes a package. An archive holds the program, what it preloads and the library it is linked
# with, in one folder of its own; Debian packages are as DeftPackage.cmake says.
if(CPACK_GENERATOR STREQUAL "TGZ")
  set(CPACK_PACKAGING_INSTALL_PREFIX /)
  set(CPACK_ARCHIVE_COMPONENT_INSTALL ON)
  set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
  set(CPACK_COMPONENT_INCLUDE_TOPLEVEL_DIRECTORY ON)
  list(REMOVE_ITEM CPACK_COMPONENTS_ALL dev)
  list(APPEND CPACK_COMPONENTS_ALL archive)
endif()
