# The emulator: CUDA's runtime, cuBLASLt, cuDNN and NCCL on the CPU (tests/emulator), under the kernels of src/ compiled
# for the CPU. Programs link seve_gpu_emulated where others link seve_gpu.
file(GLOB_RECURSE kernels CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/*.cu)
set_source_files_properties(${kernels} PROPERTIES LANGUAGE CXX)
add_library(seve_kernels_emulated STATIC ${kernels})
target_include_directories(seve_kernels_emulated PRIVATE ${PROJECT_SOURCE_DIR}/src)
target_include_directories(seve_kernels_emulated SYSTEM PRIVATE ${CUDAToolkit_INCLUDE_DIRS})
target_compile_options(seve_kernels_emulated PRIVATE -x c++ -include ${CMAKE_CURRENT_SOURCE_DIR}/emulator/device_language.h
                       -ffp-contract=off -w)

find_package(Boost REQUIRED COMPONENTS context)
file(GLOB sources CONFIGURE_DEPENDS emulator/*.cc)
list(FILTER sources EXCLUDE REGEX "_test(ing)?\\.cc$")
if(NOT SEVE_HAS_NCCL)
  list(FILTER sources EXCLUDE REGEX "/nccl_[^/]*$")
endif()
if(NOT SEVE_HAS_CUDNN)
  list(FILTER sources EXCLUDE REGEX "/cudnn_[^/]*$")
endif()
add_library(seve_emulator STATIC ${sources})
target_include_directories(seve_emulator PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
target_include_directories(seve_emulator SYSTEM PUBLIC ${CUDAToolkit_INCLUDE_DIRS} $<$<BOOL:${SEVE_HAS_NCCL}>:${NCCL_INCLUDE}>
                           $<$<BOOL:${SEVE_HAS_CUDNN}>:${CUDNN_INCLUDE}>)
target_include_directories(seve_emulator SYSTEM PRIVATE ${OPENBLAS_INCLUDE})
target_link_libraries(seve_emulator PUBLIC fmt::fmt Threads::Threads rt ${OPENBLAS_LIBRARY} PRIVATE Boost::context)

add_library(seve_gpu_emulated INTERFACE)
target_link_libraries(seve_kernels_emulated PUBLIC seve_base seve_emulator)
target_link_libraries(seve_gpu_emulated INTERFACE "$<LINK_GROUP:RESCAN,seve_kernels_emulated,seve_tensor>")

# The kernels of the emulator's own tests.
set_source_files_properties(emulator/test_kernels.cu PROPERTIES LANGUAGE CXX)
add_library(seve_emulator_test_kernels OBJECT emulator/test_kernels.cu)
target_include_directories(seve_emulator_test_kernels PRIVATE ${PROJECT_SOURCE_DIR}/src)
target_include_directories(seve_emulator_test_kernels SYSTEM PRIVATE ${CUDAToolkit_INCLUDE_DIRS})
target_compile_options(seve_emulator_test_kernels PRIVATE -x c++ -include ${CMAKE_CURRENT_SOURCE_DIR}/emulator/device_language.h
                       -ffp-contract=off -w)

# The program on emulated GPUs.
add_executable(seve_emulated $<TARGET_OBJECTS:seve_main>)
target_link_libraries(seve_emulated PRIVATE seve_cli seve_gpu_emulated)
