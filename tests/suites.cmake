# Makes every suite of a GoogleTest program a test of CTest, or with CASES every case, when the program has been linked:
#   cmake -DPROGRAM=FILE -DPREFIX=layers. -DCASES=OFF -DOUTPUT=FILE -P suites.cmake
# A process for each of some three thousand cases would take longer to start than most cases take.
execute_process(COMMAND ${PROGRAM} --gtest_list_tests OUTPUT_VARIABLE listing COMMAND_ERROR_IS_FATAL ANY)
# "Suite.", or "Suite/0.  # TypeParam = int", and below it "  Case" or "  Case/0  # GetParam() = 1".
string(REGEX REPLACE " +#[^\n]*" "" listing "${listing}")
string(REPLACE "\n" ";" listing "${listing}")
set(script)
foreach(line ${listing})
  set(filter)
  if(line MATCHES "^([^ ]+)\\.$")
    set(name ${CMAKE_MATCH_1})
    set(suite ${name})
    if(NOT CASES)
      set(filter ${suite}.*)
    endif()
  elseif(CASES AND line MATCHES "^  ([^ ]+)$")
    set(name ${suite}.${CMAKE_MATCH_1})
    set(filter ${name})
  endif()
  if(filter)
    string(APPEND script "add_test([==[${PREFIX}${name}]==] [==[${PROGRAM}]==] [==[--gtest_filter=${filter}]==])\n"
                         "set_tests_properties([==[${PREFIX}${name}]==] PROPERTIES LABELS unit ENVIRONMENT GTEST_BRIEF=1)\n")
  endif()
endforeach()
file(WRITE ${OUTPUT} "${script}")
