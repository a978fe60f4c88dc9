# Makes every suite of a GoogleTest program a test of CTest, run when the program has been linked:
#   cmake -DPROGRAM=FILE -DPREFIX=layers. -DOUTPUT=FILE -P suites.cmake
# A process for each of some three thousand cases would take longer to start than most cases take.
execute_process(COMMAND ${PROGRAM} --gtest_list_tests OUTPUT_VARIABLE listing COMMAND_ERROR_IS_FATAL ANY)
# "Suite." or "Suite/0.  # TypeParam = int" begins a suite; its cases are indented.
string(REGEX MATCHALL "(^|\n)[^ \n]+\\.( +#[^\n]*)?\n" suites "${listing}")
set(script)
foreach(suite ${suites})
  string(REGEX REPLACE "^\n?([^ \n]+)\\..*" "\\1" suite "${suite}")
  string(APPEND script "add_test([==[${PREFIX}${suite}]==] [==[${PROGRAM}]==] [==[--gtest_filter=${suite}.*]==])
set_tests_properties([==[${PREFIX}${suite}]==] PROPERTIES LABELS unit ENVIRONMENT GTEST_BRIEF=1)
")
endforeach()
file(WRITE ${OUTPUT} "${script}")
