# A copy that others use: the program, the scripts that start it, profiles of clusters and configurations. Nothing in it
# is written to afterwards, so that it can be made read-only.
# Libraries outside the system's folders are found without their modules. As linked, not changed by installing: linkers of
# clusters add folders of their own, which CMake would take for an error.
set_target_properties(seve PROPERTIES INSTALL_RPATH_USE_LINK_PATH ON BUILD_WITH_INSTALL_RPATH ON)
install(TARGETS seve RUNTIME DESTINATION bin)
# Scripts look for the program where they find it in a clone.
install(CODE [[
  set(prefix "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}")
  file(MAKE_DIRECTORY "${prefix}/build/release")
  file(CREATE_LINK ../../bin/seve "${prefix}/build/release/seve" SYMBOLIC)
]])
# What installs packages or builds needs a clone.
install(DIRECTORY launch DESTINATION . USE_SOURCE_PERMISSIONS
        REGEX "/(__pycache__|packages.txt|setup|quickstart|build[^/]*)$" EXCLUDE)
install(DIRECTORY configs DESTINATION .)
file(GLOB profiles CONFIGURE_DEPENDS cluster/*.textproto)
install(FILES ${profiles} DESTINATION cluster)
