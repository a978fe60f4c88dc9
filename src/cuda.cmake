# Which backends are built in: CUDA (folders cuda/ or no_cuda/) and NCCL (nccl/ or no_nccl/).
set(SEVE_CUDA AUTO CACHE STRING "Train on NVIDIA GPUs: ON, OFF, or AUTO where the toolkit is found")
set_property(CACHE SEVE_CUDA PROPERTY STRINGS AUTO ON OFF)
if(NOT SEVE_CUDA MATCHES "^(AUTO|ON|OFF)$")
  message(FATAL_ERROR "SEVE_CUDA is '${SEVE_CUDA}': it is one of AUTO, ON, OFF")
endif()

set(SEVE_HAS_CUDA OFF)
set(SEVE_HAS_NCCL OFF)
if(NOT SEVE_CUDA STREQUAL OFF)
  find_package(CUDAToolkit 12.6 QUIET)
  if(CUDAToolkit_FOUND)
    set(SEVE_HAS_CUDA ON)
  elseif(SEVE_CUDA STREQUAL ON)
    message(FATAL_ERROR "SEVE_CUDA is ON, but there is no CUDA toolkit of 12.6 or newer: put its nvcc on PATH "
                        "or name its folder with -DCUDAToolkit_ROOT=DIR, or build with -DSEVE_CUDA=OFF")
  endif()
endif()

set(SEVE_BACKENDS_LEFT_OUT cuda nccl)
if(SEVE_HAS_CUDA)
  # A build folder keeps the architectures it was first configured for.
  if(DEFINED ENV{CUDAARCHS})
    set(architectures $ENV{CUDAARCHS})
  elseif(EXISTS /dev/nvidiactl)
    set(architectures native)
  else()
    set(architectures 75-real 80-real 90)  # the last with PTX for what comes after
  endif()
  set(CMAKE_CUDA_ARCHITECTURES ${architectures} CACHE STRING "GPUs to compile for")
  set(CMAKE_CUDA_COMPILER ${CUDAToolkit_NVCC_EXECUTABLE} CACHE FILEPATH "nvcc")
  enable_language(CUDA)
  if(NOT CMAKE_CUDA20_STANDARD_COMPILE_OPTION)  # CMake 3.25 does not know that nvcc 13 speaks C++20
    set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION -std=c++20)
  endif()
  set(CMAKE_CUDA_STANDARD 20)
  find_path(NCCL_INCLUDE nccl.h HINTS ${CUDAToolkit_INCLUDE_DIRS})
  find_library(NCCL_LIBRARY nccl HINTS ${CUDAToolkit_LIBRARY_DIR})
  if(NCCL_INCLUDE AND NCCL_LIBRARY)
    set(SEVE_HAS_NCCL ON)
  endif()
  set(SEVE_BACKENDS_LEFT_OUT no_cuda nccl)
  if(SEVE_HAS_NCCL)
    set(SEVE_BACKENDS_LEFT_OUT no_cuda no_nccl)
  endif()
  message(STATUS "GPUs: CUDA ${CUDAToolkit_VERSION} for ${CMAKE_CUDA_ARCHITECTURES}, NCCL ${SEVE_HAS_NCCL}")
else()
  message(STATUS "GPUs: none, built without CUDA")
endif()

# The sources of a folder of src/ with the backends that are built in.
function(seve_sources output folder)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.cc)
  foreach(backend ${SEVE_BACKENDS_LEFT_OUT})
    list(FILTER sources EXCLUDE REGEX "/${backend}/")
  endforeach()
  set(${output} ${sources} PARENT_SCOPE)
endfunction()

# What programs link last: seve_gpu, the kernels and CUDA's libraries; nothing without CUDA. Tests link an emulator in its
# place (tests/emulator).
function(seve_add_gpu)
  add_library(seve_gpu INTERFACE)
  if(NOT SEVE_HAS_CUDA)
    return()
  endif()
  file(GLOB_RECURSE kernels CONFIGURE_DEPENDS src/*.cu)
  add_library(seve_kernels STATIC ${kernels})
  target_include_directories(seve_kernels PRIVATE ${PROJECT_SOURCE_DIR}/src)
  # No contraction the source does not ask for: what host and device share rounds alike.
  target_compile_options(seve_kernels PRIVATE $<$<COMPILE_LANGUAGE:CUDA>:--fmad=false --expt-relaxed-constexpr
                                              -Xcompiler=-Wall>)
  target_link_libraries(seve_kernels PUBLIC seve_base CUDA::cudart CUDA::cublasLt)
  # Each needs the other.
  target_link_libraries(seve_gpu INTERFACE "$<LINK_GROUP:RESCAN,seve_kernels,seve_tensor>")
  if(SEVE_HAS_NCCL)
    target_link_libraries(seve_gpu INTERFACE ${NCCL_LIBRARY})
  endif()
endfunction()
