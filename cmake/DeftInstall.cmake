# What is installed, by component: runtime (the shared library), dev (headers, archive or link name, CMake and
# pkg-config files), program (deft). The result may be moved: every path is found from the file that names it.

include(CMakePackageConfigHelpers)
set(deft_cmake_dir "${CMAKE_INSTALL_LIBDIR}/cmake/deft")

install(TARGETS deft deft_measure deft_profile EXPORT deft_targets
  LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT runtime NAMELINK_COMPONENT dev
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT dev
  FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT dev)
install(EXPORT deft_targets FILE deftTargets.cmake NAMESPACE deft:: DESTINATION "${deft_cmake_dir}" COMPONENT dev)
# Found only where mimalloc is, by who installs and by who uses.
if(TARGET deft_mimalloc)
  install(TARGETS deft_mimalloc EXPORT deft_mimalloc_targets
    LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT runtime NAMELINK_COMPONENT dev
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT dev
    FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT dev)
  install(EXPORT deft_mimalloc_targets FILE deftMimallocTargets.cmake NAMESPACE deft:: DESTINATION "${deft_cmake_dir}" COMPONENT dev)
endif()

# Before 1.0 a minor version may break: 0.1.x is asked for by 0.1 and by nothing else.
configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/deftConfig.cmake.in" "${PROJECT_BINARY_DIR}/deftConfig.cmake"
  INSTALL_DESTINATION "${deft_cmake_dir}" NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/deftConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/deftConfig.cmake" "${PROJECT_BINARY_DIR}/deftConfigVersion.cmake"
  DESTINATION "${deft_cmake_dir}" COMPONENT dev)

set(deft_pkgconfig_dir "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
file(RELATIVE_PATH deft_pc_prefix "/${deft_pkgconfig_dir}" "/")
string(REGEX REPLACE "/$" "" deft_pc_prefix "${deft_pc_prefix}")
set(deft_pc_static_libs "")
if(NOT BUILD_SHARED_LIBS)
  set(deft_pc_static_libs " -pthread")
endif()
foreach(name deft deft_measure deft_profile)
  configure_file("${PROJECT_SOURCE_DIR}/cmake/${name}.pc.in" "${PROJECT_BINARY_DIR}/${name}.pc" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/${name}.pc" DESTINATION "${deft_pkgconfig_dir}" COMPONENT dev)
endforeach()

install(FILES "${PROJECT_SOURCE_DIR}/extra/gdb/deft_printers.py" DESTINATION "${CMAKE_INSTALL_DATADIR}/deft/gdb" COMPONENT dev)
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT dev)

if(TARGET deft_program)
  file(RELATIVE_PATH deft_lib_from_bin "/${CMAKE_INSTALL_BINDIR}" "/${CMAKE_INSTALL_LIBDIR}")
  set_target_properties(deft_program PROPERTIES INSTALL_RPATH "$ORIGIN/${deft_lib_from_bin}")
  install(TARGETS deft_program RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT program)
  get_target_property(deft_manual_folder deft_program DEFT_MANUAL_FOLDER)
  if(deft_manual_folder)
    install(FILES "${deft_manual_folder}/deft.1" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1" COMPONENT program)
    foreach(completion IN ITEMS bash-completion/completions/deft zsh/site-functions/_deft fish/vendor_completions.d/deft.fish)
      get_filename_component(file "${completion}" NAME)
      get_filename_component(folder "${completion}" DIRECTORY)
      install(FILES "${deft_manual_folder}/${file}" DESTINATION "${CMAKE_INSTALL_DATADIR}/${folder}" COMPONENT program)
    endforeach()
  endif()
endif()
if(TARGET deft_agent)
  install(TARGETS deft_agent deft_agent_allocations deft_agent_instruction_counts deft_agent_allocation_counts
    LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}/deft" COMPONENT program)
endif()

if(PROJECT_IS_TOP_LEVEL)
  include(DeftPackage)
endif()
